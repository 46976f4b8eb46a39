//! What a block does before its first access: nobody else can see when, but what it shows is in a run like everything
//! that comes later.

use crate::support::*;
use explore::Limits;
use lang::program::Observation;

/// The verdict of a complete search on a property, and how many steps lead to it.
fn settled(machine: &Machine, property: Property) -> (Option<Observation>, Option<usize>) {
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    let steps = check.witness(property.as_set()).map(|(_, schedule)| schedule.len());
    (check.observation(property.as_set()), steps)
}

/// Whether every run shows something is found out only if it is asked for.
const ASKED: &str = "expect always kernel_warning; expect always kernel_bug;";

/// An operation that shows a property without help from another CPU.
const SHOWS: [(&str, Property); 5] = [
    ("WARN_ON_ONCE(true);", Property::KernelWarning),
    ("BUG_ON(true);", Property::KernelBug),
    ("let n = 0; for i in 0 .. 7 { n = n + i; } WARN_ON_ONCE(n == 21); n = n + 1;", Property::KernelWarning),
    ("for i in 0 .. 13000 { } for j in 0 .. 13000 { }", Property::KernelBug),
    ("for i in 0 .. 13000 { } for j in 0 .. 13000 { } WARN_ON_ONCE(true);", Property::KernelBug),
];

#[test]
fn what_a_block_begins_with_is_in_every_run() {
    for (begins, property) in SHOWS {
        for goes_on in ["", "x = 1;"] {
            let kernel = format!("global x: int = 0; sys f() {{ {begins} {goes_on} }}");
            let machine = machine(&kernel, &format!("cpu 0 {{ f(); }} cpu 1 {{ }} {ASKED}"));
            let found = settled(&machine, property);
            assert_eq!(found, (Some(Observation::Always), Some(1)), "{begins} {goes_on}");
            let unreduced = Machine::unreduced(machine.program().clone()).expect("it fits");
            assert_eq!(settled(&unreduced, property), found, "{begins} {goes_on}");
            let mut run = Run::new(&machine);
            run.step(0);
            assert!(run.shows(property) && !run.events.is_empty(), "{begins} {goes_on}");
        }
    }
}

/// Each of two CPUs takes part in what the other one shows: neither hides it, nor does a reduction.
#[test]
fn both_of_two_blocks_show_what_they_begin_with() {
    let kernel = "global x: int = 0; sys f(n: int) { let own = n; WARN_ON_ONCE(own == 1); x = own; }";
    for (first, second, steps) in [(1, 1, 1), (0, 1, 1), (1, 0, 1)] {
        let machine = machine(kernel, &format!("cpu 0 {{ f({first}); }} cpu 1 {{ f({second}); }} {ASKED}"));
        let found = settled(&machine, Property::KernelWarning);
        assert_eq!(found, (Some(Observation::Always), Some(steps)), "{first} {second}");
    }
    let machine = machine(kernel, "cpu 0 { f(0); } cpu 1 { f(0); }");
    assert_eq!(settled(&machine, Property::KernelWarning).0, Some(Observation::Never));
}

#[test]
fn a_check_that_nothing_fails_needs_no_step() {
    let machine = machine("global x: int = 0; sys f() { WARN_ON_ONCE(false); x = 1; }", "cpu 0 { f(); }");
    let mut run = Run::new(&machine);
    run.step(0);
    assert!(matches!(run.events[..], [What::Buffered { value: 1, .. }]), "{:?}", run.events);
}

/// A set-up that fails is refused, whether at its first operation or at any other.
#[test]
fn set_up_may_not_begin_with_what_it_may_not_do() {
    let texts = |body: &str| {
        laid_out(&format!("global x: int = 0; sys f() {{ {body} }}"), "setup { cpu 0 { f(); } } cpu 0 { }")
    };
    for (begins, _) in SHOWS {
        for body in [begins.to_owned(), format!("x = 1; {begins}")] {
            assert!(matches!(texts(&body), Err(MachineRefusal::SetupViolates { cpu: 0, .. })), "{body}");
        }
    }
    assert!(texts("WARN_ON_ONCE(false); x = 1;").is_ok());
}
