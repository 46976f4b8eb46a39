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
    let mut wakes = [0; WAKES.len()];
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
                if let Some((whom, how)) = what.strip_prefix("woke ").and_then(|it| it.split_once(", which "))
                {
                    // Whom it woke goes on at the later step, or is interrupted then.
                    let cpu = trace.steps()[of as usize - 1].action.cpu();
                    assert_eq!(whom, scene::unit(&machine, cpu), "{} {of} {on} {what}", text.slug);
                    let kind =
                        WAKES.iter().position(|(told, _)| how.contains(told)).expect("of a known kind");
                    wakes[kind] += 1;
                    did(&WAKES[kind].1);
                } else if what == "the IPI" {
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
                    let cpu = |step: u32| trace.steps()[step as usize - 1].action.cpu();
                    // A thread may have come from another CPU.
                    assert!(
                        cpu(on) == cpu(step) || !machine.program().tasks.is_empty(),
                        "{} {of} {on} {what}",
                        text.slug
                    );
                }
            }
        }
    }
    assert!(values > 50 && ipis > 50 && branches > 500, "{values} {ipis} {branches}");
    // A sleeper of the library seldom goes on: `who_slept_was_woken_by_an_ipi` has one.
    assert!(wakes.iter().filter(|&&some| some > 50).count() == WAKES.len() - 1, "{wakes:?}");
}

/// How it is told what somebody waited for, and what ends such a wait.
/// What the panel says, and the events that it may speak of.
type Wake = (&'static str, fn(&What) -> bool);

const WAKES: [Wake; 4] = [
    ("the answer to its IPI", |what| matches!(what, What::IpiDone { .. })),
    ("this flush", |what| matches!(what, What::BroadcastDone { .. })),
    ("slept", |what| matches!(what, What::IpiSent { .. })),
    (" = ", |what| {
        matches!(what, What::Buffered { .. } | What::Acquired { .. })
            || matches!(what, What::Written { how, .. } if *how != How::Drained)
    }),
];

fn two_cpus(kernel: &str, blocks: &str) -> Machine {
    let scenario = format!(
        "scenario \"s\" {{ use kernel \"k\" machine {{ cpus 2; tso 0; }} {blocks} expect never deadlock; }}"
    );
    let compiled = lang::compile(&scenario, &[("k", kernel)], &lang::Selection::default());
    Machine::new(compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics))).expect("it fits")
}

/// Who had to wait is woken by whoever gave what was waited for. Who had not is woken by nobody.
#[test]
fn who_waited_was_woken_by_a_step() {
    let kernel = "kernel \"k\" { global lock: int; global x: int; global y: int;
        sys give() { spin_lock(lock); x = 1; spin_unlock(lock); }
        sys take() { y = 1; until x == 1; y = 2; spin_lock(lock); y = 3; } }";
    let machine = two_cpus(kernel, "cpu 0 { give(); } cpu 1 { take(); }");
    let told = |schedule: &[u8]| told(&machine, kernel, schedule).expect("software took the step");
    let waited = |step: u32, on: u32, what: &str| {
        reason(step, on, &format!("\u{201c}{what}\u{201d} had to wait until then"))
    };
    assert_eq!(told(&[1, 0, 0, 1]), [reason(4, 3, "woke CPU 1, which waited for x = 1")]);
    let behind = [reason(4, 3, "woke CPU 1, which waited for x = 1"), waited(5, 4, "until x == 1")];
    assert_eq!(told(&[1, 0, 0, 1, 1]), behind);
    let locked = [
        reason(4, 3, "woke CPU 1, which waited for x = 1"),
        waited(8, 4, "until x == 1"),
        reason(7, 6, "woke CPU 1, which waited for lock = 0"),
        waited(8, 7, "spin_lock(lock)"),
    ];
    assert_eq!(told(&[1, 0, 0, 1, 1, 0, 1, 1]), locked);
    // The condition held, and the lock was free.
    assert_eq!(told(&[0, 0, 0, 1, 1, 1, 1, 1]), []);
}

/// A CPU goes on behind MWAIT since an IPI came; who sent it goes on since that was answered.
#[test]
fn who_slept_was_woken_by_an_ipi() {
    let kernel = "kernel \"k\" { global x: int;
        ipi kick() { x = 1; }
        sys wake() { ipi kick() to online - {cpu} and wait; x = 2; }
        sys nap() { mwait_c1(); x = 3; } }";
    let machine = two_cpus(kernel, "cpu 0 { wake(); } cpu 1 { nap(); }");
    let step = |cpu: u8| Action::Step { cpu };
    // CPU 1 sleeps; CPU 0 sends; CPU 1 takes it, handles it, and is back.
    let mut schedule = vec![step(1), step(0), Action::Interrupt { cpu: 1 }, step(1), step(1)];
    let told = |schedule: &[Action]| {
        let (trace, diverged) = Trace::replay(&machine, schedule);
        assert!(diverged.is_none(), "{diverged:?} {:?}", trace.schedule());
        let texts = Sources { scenario: "", kernel, joints: &[] };
        scene::control(&machine, &trace, schedule.len() as u32, texts).expect("software took the step")
    };
    schedule.push(step(1));
    let woken = [
        reason(3, 2, "woke CPU 1, which slept"),
        reason(6, 3, "\u{201c}mwait_c1()\u{201d} had to wait until then"),
    ];
    let behind = told(&schedule);
    assert!(woken.iter().all(|it| behind.contains(it)), "{behind:#?}");
    schedule.push(step(0));
    let answered = told(&schedule);
    assert!(
        answered.contains(&reason(7, 5, "woke CPU 0, which waited for the answer to its IPI")),
        "{answered:#?}"
    );
}

/// A thread runs since the idle task switched to it, which waited for whoever made the thread runnable.
#[test]
fn a_switch_is_told_with_who_made_the_thread_runnable() {
    let text = gallery::scenario("migrate+munmap").expect("it is in the library").text;
    let machine = support::compile(text, 0, &[]);
    let mut switched = 0;
    for seed in 0..8 {
        let mut trace = Trace::new(&machine);
        trace.run(&machine, &mut Seeded::new(seed), 60);
        for step in 1..=trace.len() as u32 {
            let reasons = scene::control(&machine, &trace, step, Sources::default()).unwrap_or_default();
            let to = reasons.iter().find(|reason| reason.what.starts_with("the switch to "));
            let Some(to) = to.filter(|to| to.on != to.step) else { continue };
            switched += reasons
                .iter()
                .filter(|woke| woke.step == to.on && woke.what.starts_with("woke CPU "))
                .count();
        }
    }
    assert!(switched > 3, "{switched}");
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
