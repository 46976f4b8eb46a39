//! IPIs, locks, and the environment's choices: who waits for whom.

use crate::support::*;

const PING: &str = "global hits: int = 0; global order: int = 0;
    ipi ping(n: int) { inc_return(hits); order = order * 10 + n; }
    sys off() { local_irq_disable(); }
    sys on() { local_irq_enable(); }";

fn with_ping(functions: &str, scenario: &str) -> Machine {
    machine(&format!("{PING} {functions}"), scenario)
}

const INTERRUPT: Action = Action::Interrupt { cpu: 1 };

#[test]
fn an_ipi_is_taken_only_with_interrupts_on_and_by_the_cpus_named() {
    let machine = with_ping(
        "sys send() { ipi ping(1) to {1}; }",
        "machine { cpus 3; } cpu 0 { send(); } cpu 1 { off(); on(); }",
    );
    let mut run = Run::new(&machine);
    run.step(1).step(0);
    assert!(!run.can(INTERRUPT) && run.state.cpus[2].pending.is_empty());
    run.step(1);
    assert!(run.can(INTERRUPT));
    run.take(INTERRUPT);
    assert!(!run.state.cpus[1].interruptible(), "interrupts are off in a handler");
    run.step(1).step(1);
    assert_eq!(run.global("hits"), 1);
}

/// A function that saves and restores the flag leaves it as it was, whether it is called with interrupts on or off.
#[test]
fn interrupts_are_restored_to_what_they_were() {
    let machine = with_ping(
        "sys nested() { let a = local_irq_save(); let b = local_irq_save(); local_irq_restore(b); local_irq_restore(a); }",
        "machine { tso off; } cpu 0 { nested(); }",
    );
    let mut run = Run::new(&machine);
    let mut on = Vec::new();
    for _ in 0..4 {
        run.step(0);
        on.push(run.state.cpus[0].irqs_on);
    }
    assert_eq!(on, [false, false, false, true]);
    assert!(matches!(run.blocked(0), Some(Blocked::Ended)));
}

/// A handler begins with its flag clear, and IRET brings back the flag of what it has interrupted.
#[test]
fn what_a_handler_saves_is_its_own_flag() {
    let machine = with_ping(
        "global saved: int = 7;
            ipi note() { let a = local_irq_save(); if a { saved = 1; } else { saved = 0; } local_irq_restore(a); }
            sys send() { ipi note() to {1} and wait; }",
        "machine { tso off; } cpu 0 { send(); }",
    );
    let mut run = Run::new(&machine);
    run.step(0).take(INTERRUPT);
    for _ in 0..4 {
        assert!(!run.state.cpus[1].interruptible(), "interrupts are off in a handler");
        run.step(1);
    }
    assert!(run.state.cpus[1].interruptible(), "and on again in what it has interrupted");
    assert_eq!(run.global("saved"), 0);
}

/// Whatever a handler does to its flag, IRET brings back the flag of the interrupted program: a second IPI is taken.
#[test]
fn what_a_handler_does_to_its_flag_ends_with_it() {
    let irets = [
        "local_irq_disable();",
        "local_irq_enable();",
        "let a = local_irq_save(); if a { g = 1; }",
        "local_irq_restore(g == 1);",
        "local_irq_restore(g == 0);",
    ];
    for body in irets {
        let functions = format!(
            "global g: int = 0; ipi note() {{ {body} }}
             sys send() {{ ipi note() to {{1}} and wait; ipi note() to {{1}} and wait; }}"
        );
        let machine = with_ping(&functions, "machine { tso off; } cpu 0 { send(); }");
        assert!(!possible(&machine, Property::Deadlock), "{body}");
        let mut run = Run::new(&machine);
        run.step(0).take(INTERRUPT);
        while run.state.cpus[1].handler.is_some() {
            assert!(!run.state.cpus[1].interruptible(), "{body}: handlers do not nest");
            run.step(1);
        }
        assert!(run.state.cpus[1].interruptible(), "{body}: the interrupted program's flag is back");
        assert_eq!(run.global("g"), 0, "{body}: a handler begins with its flag clear");
    }
}

/// An NMI between the handler's CLI and its IRET changes nothing: the flag that each IRET brings back is its own.
#[test]
fn an_nmi_inside_a_handler_leaves_the_interrupted_programs_flag() {
    let functions = "ipi note() { local_irq_disable(); inc_return(hits); } nmi cut() { inc_return(order); }
        sys send() { ipi note() to {1} and wait; }";
    let machine = with_ping(functions, "machine { tso off; } nmi cpu 1; cpu 0 { send(); }");
    let mut run = Run::new(&machine);
    run.step(0).take(INTERRUPT).step(1).take(Action::Nmi { cpu: 1 });
    run.step(1).step(1);
    assert!(run.state.cpus[1].handler.is_some() && !run.state.cpus[1].interruptible());
    run.step(1).step(1);
    assert!(run.state.cpus[1].interruptible());
    assert_eq!((run.global("hits"), run.global("order")), (1, 1));
}

#[test]
fn a_cpu_never_interrupts_itself() {
    let machine = with_ping("sys send() { ipi ping(1) to online and wait; }", "cpu 0 { send(); }");
    let mut run = Run::new(&machine);
    run.step(0);
    assert_eq!((run.state.cpus[0].pending.len(), run.state.cpus[1].pending.len()), (0, 1));
}

#[test]
fn ipis_are_taken_in_the_order_in_which_they_came_and_one_at_a_time() {
    let machine = with_ping(
        "sys send() { ipi ping(1) to {1}; ipi ping(2) to {1}; wait_ipis; }",
        "machine { tso off; } cpu 0 { send(); }",
    );
    let mut run = Run::new(&machine);
    run.step(0).step(0).take(INTERRUPT);
    assert!(!run.can(INTERRUPT), "not in the middle of another one");
    assert_eq!(outcomes(&machine, ["order", "hits"]), [[12, 2]]);
}

#[test]
fn a_sender_waits_for_the_end_of_the_handler_and_not_only_for_its_beginning() {
    let machine = with_ping("sys send() { ipi ping(1) to {1} and wait; }", "cpu 0 { send(); }");
    let mut run = Run::new(&machine);
    run.step(0);
    assert_eq!(run.blocked(0), Some(Blocked::IpisNotHandled));
    run.take(INTERRUPT);
    while !run.state.cpus[1].interruptible() {
        assert_eq!(run.blocked(0), Some(Blocked::IpisNotHandled));
        let drain = Action::Drain { cpu: 1 };
        run.take(if run.can(drain) { drain } else { Action::Step { cpu: 1 } });
    }
    assert_eq!(run.blocked(0), None);
    // The handler's stores are in memory when it ends.
    assert_eq!((run.global("hits"), run.global("order")), (1, 1));
}

#[test]
fn the_end_of_a_handler_waits_for_the_store_buffer() {
    let machine = with_ping("sys send() { ipi ping(1) to {1} and wait; }", "cpu 0 { send(); }");
    everywhere(&machine, |state, _| {
        let sent = state.cpus[1].pending.is_empty() && !machine.initial().eq(state);
        if sent && !state.awaits(0) {
            assert_eq!(global(&machine, state, "order"), 1, "what the sender goes on to read");
        }
    });
}

#[test]
fn two_senders_that_wait_for_each_other_get_on_unless_both_have_interrupts_off() {
    let both = |before: &str| {
        let text = format!("sys send() {{ {before} ipi ping(1) to online and wait; }}");
        with_ping(&text, "cpu 0 { send(); } cpu 1 { send(); }")
    };
    assert!(!possible(&both(""), Property::Deadlock));
    assert!(possible(&both("local_irq_disable();"), Property::Deadlock));
}

#[test]
fn an_ipi_to_a_cpu_without_a_program_is_seen_and_counts_as_no_violation() {
    let idle = |setup: &str| {
        let scenario = format!("mm A {{ }} setup {{ cpu 1 {{ {setup} }} }} cpu 0 {{ send(); }}");
        possible(&with_ping("sys send() { ipi ping(1) to {1}; }", &scenario), Property::IpiToIdle)
    };
    assert!(idle("run(A); kthread();"));
    assert!(!idle("run(A);"));
    assert!(!VIOLATION.intersects(Property::IpiToIdle.as_set()));
}

const LOCK: &str = "global lock: int = 0; global n: int = 0;";

#[test]
fn what_is_done_under_a_lock_is_not_interleaved() {
    let twice = |body: &str| {
        let text = format!("{LOCK} sys add() {{ {body} }}");
        outcomes(&machine(&text, "cpu 0 { add(); } cpu 1 { add(); }"), ["n", "lock"])
    };
    assert_eq!(twice("spin_lock(lock); n = n + 1; spin_unlock(lock);"), [[2, 0]]);
    assert_eq!(twice("n = n + 1;"), [[1, 0], [2, 0]]);
}

#[test]
fn a_lock_is_free_for_others_when_the_store_that_frees_it_has_reached_memory() {
    let text = format!(
        "{LOCK} sys hold() {{ spin_lock(lock); spin_unlock(lock); }} sys take() {{ spin_lock(lock); }}"
    );
    let machine = machine(&text, "cpu 0 { hold(); } cpu 1 { take(); }");
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    assert_eq!(run.blocked(1), Some(Blocked::LockHeld));
    run.drain(0);
    assert_eq!(run.blocked(1), None);
    run.step(1);
    assert_eq!(run.global("lock"), 1);
}

#[test]
fn two_locks_taken_in_opposite_order_may_hang_the_machine() {
    let order = |first: &str, second: &str| {
        let text = format!(
            "global a: int = 0; global b: int = 0;
             sys p() {{ spin_lock(a); spin_lock(b); spin_unlock(b); spin_unlock(a); }}
             sys q() {{ spin_lock({first}); spin_lock({second}); spin_unlock({second}); spin_unlock({first}); }}"
        );
        possible(&machine(&text, "cpu 0 { p(); } cpu 1 { q(); }"), Property::Deadlock)
    };
    assert!(!order("a", "b"));
    assert!(order("b", "a"));
}

#[test]
fn maybe_is_answered_both_ways() {
    let text = "global n: int = 0; sys p() { if maybe() { n = 1; } else { n = 2; } }";
    assert_eq!(outcomes(&machine(text, "cpu 0 { p(); }"), ["n"]), [[1], [2]]);
}

#[test]
fn until_waits_for_what_the_cpu_itself_sees() {
    let text = "global x: int = 0; global y: int = 0; sys p() { x = 1; until x == 1; until y == 1; } sys q() { y = 1; }";
    let machine = machine(text, "cpu 0 { p(); } cpu 1 { q(); }");
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    assert_eq!((run.global("x"), run.blocked(0)), (0, Some(Blocked::Condition)));
    run.step(1);
    assert_eq!(run.blocked(0), Some(Blocked::Condition));
    run.drain(1);
    assert_eq!(run.blocked(0), None);
}

/// IRET and SYSRET load RFLAGS, and user code has IF set. A kernel text that leaves IF clear has forgotten something.
#[test]
fn user_code_with_interrupts_off_is_a_warning() {
    let kernel =
        "sys off() { local_irq_disable(); } sys on() { local_irq_enable(); } sys call() { smp_mb(); }
        sys back(m: mm) then user(m) { local_irq_disable(); write_cr3(m.pgd, 0); }
        sys enter() then kernel { local_irq_disable(); } sys leave() then user { local_irq_enable(); }";
    for (blocks, warns) in [
        ("cpu 0 { run(A); off(); }", true),
        ("cpu 0 { run(A); enter(); call(); leave(); }", false),
        ("cpu 0 { back(A); }", true),
        // A kernel thread and the idle task do as they like.
        ("cpu 0 { off(); call(); on(); }", false),
        ("cpu 0 { run(A); kthread(); off(); }", false),
    ] {
        let machine = machine(kernel, &format!("machine {{ cpus 1; }} mm A {{ }} {blocks}"));
        assert_eq!(possible(&machine, Property::KernelWarning), warns, "{blocks}");
    }
}
