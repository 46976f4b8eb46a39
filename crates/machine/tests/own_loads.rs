//! Loads of a CPU's own variable that only it writes take no separate step, and no property depends on it.

use crate::support::*;

/// CPU 0 keeps a flag that CPU 1 reads. `remote` is a store to CPU 0's flag that CPU 1 never makes: with it in the
/// text, a load of the flag is a step.
fn flag(remote: bool, cpu0: &str, handler: &str) -> Machine {
    let never = if remote { "per_cpu(flag, 0) = 77;" } else { "y = 77;" };
    machine(
        &format!(
            "percpu flag: int = 0; global x: int = 0; global y: int = 0; global r0: int = 0; global r1: int = 0;
             ipi poke() {{ {handler} }}
             sys p() {{ {cpu0} }}
             sys q() {{ x = 1; smp_mb(); r1 = per_cpu(flag, 0); if x == 99 {{ {never} }} ipi poke() to {{0}} and wait; }}"
        ),
        "machine { tso 2; } cpu 0 { p(); } cpu 1 { q(); }",
    )
}

const TEXTS: [(&str, &str); 5] = [
    ("flag = 1; r0 = flag + 10 * x; y = flag;", "y = 7;"),
    ("flag = 1; smp_mb(); r0 = flag + 10 * x; flag = flag + 1;", "y = x;"),
    (
        "local_irq_disable(); flag = 1; let a = flag; r0 = a + 10 * x; local_irq_enable(); y = flag;",
        "flag = flag + 4;",
    ),
    ("if flag == 0 { r0 = x; } flag = 3; if flag == 3 { y = flag; }", "y = y + 1;"),
    ("xchg(flag, 2); r0 = flag; flag = 0; y = flag + x;", "r0 = r0 + 8;"),
];

#[test]
fn leaving_out_the_step_changes_no_outcome_and_saves_states() {
    for (cpu0, handler) in TEXTS {
        let (silent, step) = (flag(false, cpu0, handler), flag(true, cpu0, handler));
        let names = ["r0", "r1", "x", "y"];
        assert_eq!(outcomes(&silent, names), outcomes(&step, names), "{cpu0}");
        assert_eq!(everywhere(&silent, |_, _| ()), everywhere(&step, |_, _| ()), "{cpu0}");
        assert!(count(&silent) < count(&step), "{cpu0}");
    }
}

#[test]
fn where_a_handler_writes_the_variable_its_load_is_a_step_while_interrupts_are_on() {
    let machine = flag(false, "r0 = flag; local_irq_disable(); y = flag; local_irq_enable();", "flag = 5;");
    let mut run = Run::new(&machine);
    run.step(0);
    assert!(matches!(run.events[..], [What::Read { .. }]), "{:?}", run.events);
    let mut run = Run::new(&machine);
    run.step(0).step(0).step(0);
    assert!(matches!(run.events[..], [What::IrqsOn(false), What::Read { .. }]), "{:?}", run.events);
    // The handler may come before the first load, between the two, or after both.
    assert_eq!(outcomes(&machine, ["r0", "y"]), [[0, 0], [0, 5], [5, 5]]);
}

#[test]
fn a_store_to_such_a_variable_is_still_a_step_and_goes_through_the_buffer() {
    let machine = flag(false, "flag = 1; r0 = x;", "y = 1;");
    let mut run = Run::new(&machine);
    run.step(0);
    assert!(matches!(run.events[0], What::Buffered { value: 1, .. }), "{:?}", run.events);
    // Store buffering: both see nothing of the other.
    assert!(outcomes(&machine, ["r0", "r1"]).contains(&[0, 0]));
}

#[test]
fn a_load_of_another_cpus_variable_is_a_step() {
    let machine = flag(false, "flag = 1;", "y = 1;");
    let mut run = Run::new(&machine);
    run.step(1).drain(1).step(1);
    assert!(matches!(run.events[..], [What::Fenced]), "{:?}", run.events);
    run.step(1);
    assert!(matches!(run.events[0], What::Read { .. }), "{:?}", run.events);
}

#[test]
fn a_load_of_a_variable_that_another_cpu_writes_is_a_step() {
    let machine = machine(
        "percpu flag: int = 0; global y: int = 0; global r0: int = 9;
         sys p() { let a = y; r0 = a * 10 + flag; }
         sys q() { xchg(y, 1); xchg(per_cpu(flag, 0), 1); }",
        "cpu 0 { p(); } cpu 1 { q(); }",
    );
    // Both stores of CPU 1 may come between the two loads of CPU 0.
    assert_eq!(outcomes(&machine, ["r0"]), [[0], [1], [10], [11]]);
}
