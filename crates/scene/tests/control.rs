//! How control came to a statement.

use crate::support;

use explore::{Seeded, Trace};
use machine::{Action, How, Machine, What};
use scene::{Reason, Sources};

const KERNEL: &str = "kernel \"k\" {
    global flag: int = 0;
    global x: int = 0;
    fn note() { x = 1; }
    sys set() { flag = 1; }
    sys look() {
        if flag == 1 && x == 0 { note(); }
        x = 2;
        for i in 0 .. 2 { x = 3; }
        x = 4;
        while x != 4 { }
        x = 5;
    }
}";

/// What is told of the last of some steps: the steps, and what each left; with texts of the kernel.
fn told(machine: &Machine, text: &str, schedule: &[u8]) -> Option<Vec<Reason>> {
    let schedule: Vec<Action> = schedule.iter().map(|&cpu| Action::Step { cpu }).collect();
    let (trace, diverged) = Trace::replay(machine, &schedule);
    assert!(diverged.is_none(), "{diverged:?}");
    scene::control(
        machine,
        &trace,
        schedule.len() as u32,
        Sources { scenario: "", kernel: text, joints: &[] },
    )
}

fn reason(step: u32, on: u32, what: &str) -> Reason {
    Reason { step, on, what: what.to_owned() }
}

#[test]
fn a_branch_is_told_with_what_its_condition_read_and_who_stored_it() {
    let scenario = "scenario \"s\" { use kernel \"k\" machine { cpus 2; tso 0; }
        cpu 0 { set(); } cpu 1 { look(); } expect never deadlock; }";
    let compiled = lang::compile(scenario, &[("k", KERNEL)], &lang::Selection::default());
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    let machine = Machine::new(program).expect("it fits");
    let told = |schedule: &[u8]| told(&machine, KERNEL, schedule).expect("software took the step");
    // CPU 0 sets the flag, CPU 1 reads it and x, and is in the body.
    let body = told(&[0, 1, 1, 1]);
    let condition = "\u{201c}flag == 1 && x == 0\u{201d}";
    let whole = format!("{condition} was true, with x = 0 from the beginning");
    assert!(body.contains(&reason(4, 3, &whole)), "{body:#?}");
    assert!(body.contains(&reason(2, 1, "flag = 1")), "{body:#?}");
    assert!(body.contains(&reason(4, 3, "the call of note")), "{body:#?}");
    // Behind the branch neither way of it counts: only that the call has returned, which nobody could tell from the place.
    let behind = told(&[0, 1, 1, 1, 1]);
    assert_eq!(behind, [reason(5, 3, "the call of note, which has returned")]);
    // Without the flag it is false, and still does not matter behind it.
    assert_eq!(told(&[1, 1]), []);
    // In the middle of the condition, its first part has led on.
    let middle = told(&[0, 1, 1]);
    assert!(middle.contains(&reason(3, 2, &format!("{condition} was being tested"))), "{middle:#?}");
    // A loop that counts leads to what stands behind it in any case. One that waits for memory does so when memory has changed.
    assert_eq!(told(&[1, 1, 1, 1, 1]), []);
    let after = told(&[1, 1, 1, 1, 1, 1, 1]);
    assert!(after.contains(&reason(7, 6, "\u{201c}x != 4\u{201d} was false")), "{after:#?}");
    assert!(after.contains(&reason(6, 5, "x = 4")), "{after:#?}");
}

/// Each reason is an earlier step which did what is said of it, in runs of every scenario by chance.
#[test]
fn each_step_did_what_is_told_of_it() {
    let (mut values, mut ipis, mut branches) = (0, 0, 0);
    for text in gallery::scenarios() {
        let machine = support::compile(text.text, 0, &[]);
        let mut trace = Trace::new(&machine);
        trace.run(&machine, &mut Seeded::new(5), 60);
        for step in 1..=trace.len() as u32 {
            let reasons = scene::control(&machine, &trace, step, Sources::default());
            let software = matches!(trace.steps()[step as usize - 1].action, Action::Step { .. });
            assert!(reasons.is_some() || !software, "{} {step}", text.slug);
            for Reason { step: of, on, what } in reasons.into_iter().flatten() {
                assert!(on < of && of <= step, "{} {of} {on} {what}", text.slug);
                let did = |wanted: &dyn Fn(&What) -> bool| {
                    let events = &trace.steps()[on as usize - 1].events;
                    assert!(events.iter().any(|event| wanted(&event.what)), "{} {of} {on} {what}", text.slug);
                };
                if what == "the IPI" {
                    ipis += 1;
                    did(&|what| matches!(what, What::IpiSent { .. }));
                } else if what.contains(" = ") && !what.contains("\u{201c}") && of != step {
                    values += 1;
                    // A drain is told by its store.
                    did(&|what| {
                        matches!(what, What::Buffered { .. } | What::Acquired { .. })
                            || matches!(what, What::Written { how, .. } if *how != How::Drained)
                    });
                } else if what.starts_with('\u{201c}') {
                    branches += 1;
                    assert_eq!(of, step);
                    assert_eq!(
                        trace.steps()[on as usize - 1].action.cpu(),
                        trace.steps()[step as usize - 1].action.cpu(),
                        "{} {of} {on} {what}",
                        text.slug
                    );
                }
            }
        }
    }
    assert!(values > 50 && ipis > 50 && branches > 500, "{values} {ipis} {branches}");
}

/// A value that an operation leaves and gives is told as it is then; a store's way to memory is told by the store.
#[test]
fn what_an_operation_leaves_is_what_it_gives() {
    let kernel = "kernel \"k\" { global n: int = 0; global x: int = 0;
        sys go() { let new = inc_return(n); if new == 1 { x = 1; } } }";
    let scenario =
        "scenario \"s\" { use kernel \"k\" machine { cpus 1; } cpu 0 { go(); } expect never deadlock; }";
    let compiled = lang::compile(scenario, &[("k", kernel)], &lang::Selection::default());
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    let machine = Machine::new(program).expect("it fits");
    let body = told(&machine, kernel, &[0, 0]).expect("software took the step");
    assert!(body.contains(&reason(2, 1, "n = 1")), "{body:#?}");
    let schedule = [Action::Step { cpu: 0 }, Action::Step { cpu: 0 }, Action::Drain { cpu: 0 }];
    let (trace, diverged) = Trace::replay(&machine, &schedule);
    assert!(diverged.is_none(), "{diverged:?}");
    let drained = scene::control(&machine, &trace, 3, Sources::default()).expect("a statement stored it");
    assert_eq!(drained, [reason(3, 2, "the store, which then waited in the store buffer")]);
}
