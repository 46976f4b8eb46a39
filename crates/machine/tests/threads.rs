//! Threads that no CPU is theirs: they go on where the kernel lets them, with what they have.

use crate::support::*;

/// A kernel with a queue of one thread, whose lock passes to the next thread in a switch.
const SCHEDULER: &str = "
    global rq_lock: int; global nr_queued: int; global queued: task; global seen: int; global other: int;
    sys start(t: task) { __switch_to(t); }
    sys back() { __switch_to(idle_task(cpu)); }
    sys wake_up(t: task) { spin_lock(rq_lock); queued = t; nr_queued = 1; spin_unlock(rq_lock); }
    sys cpu_idle() {
        until nr_queued == 1;
        spin_lock(rq_lock);
        if nr_queued == 1 { nr_queued = 0; __switch_to(queued); }
        spin_unlock(rq_lock);
    }
    sys pass() { spin_lock(rq_lock); queued = get_current(); nr_queued = 1; __switch_to(idle_task(cpu)); spin_unlock(rq_lock); }
    sys unlock() { spin_unlock(rq_lock); }
    sys note(n: int) { seen = n; smp_mb(); }";

fn of(kernel: &str, scenario: &str) -> Machine {
    machine(&format!("{SCHEDULER} {kernel}"), scenario)
}

const TWO: &str = "machine { cpus 2; tso off; } mm A { 0x400000 -> page \"a\"; }";

#[test]
fn a_thread_runs_where_it_is_taken_and_keeps_its_locals() {
    let machine = of(
        "sys where(c: int) { if cpu == 0 { other = c; } else { seen = c; } smp_mb(); }",
        &format!(
            "{TWO} setup {{ cpu 0 {{ wake_up(T); }} }}
             thread T in A {{ unlock(); let n = other + 5; pass(); unlock(); where(n); }}
             cpu 0 {{ cpu_idle(); }} cpu 1 {{ cpu_idle(); }}"
        ),
    );
    // Each CPU may end the thread, whichever began it.
    assert_eq!(outcomes(&machine, ["other", "seen"]), [[0, 5], [5, 0]]);
    assert!(!possible(&machine, Property::KernelBug));
    assert!(machine.interchangeable().is_empty());
}

#[test]
fn a_switch_is_a_step_and_the_other_task_goes_on_behind_its_own() {
    let machine = of(
        "",
        &format!(
            "{TWO} thread T in A {{ note(1); back(); note(2); }} cpu 0 {{ start(T); note(3); start(T); note(4); }}"
        ),
    );
    let mut run = Run::new(&machine);
    run.step(0);
    assert!(matches!(run.events[0], What::Switched { from: 0, to: 2, begins: true }), "{:?}", run.events);
    assert_eq!((run.state.cpus[0].thread, run.state.tasks[2].is_none()), (Some(2), true));
    assert!(run.state.tasks[0].as_ref().is_some_and(|own| own.begun));
    let mut seen = Vec::new();
    while run.can(Action::Step { cpu: 0 }) {
        run.step(0);
        seen.push(run.global("seen"));
    }
    seen.dedup();
    assert_eq!(seen, [1, 3, 2]);
    // The thread has ended on the CPU, and no switch has led back.
    assert!(machine.effects(run.state.cpus[0].task.pc).flow == lang::effects::Flow::End);
}

#[test]
fn who_runs_and_where_is_asked_anew_after_a_switch() {
    let machine = of(
        "percpu mine: int; sys p() { let c = cpu; pass(); WARN_ON_ONCE(c != cpu); BUG_ON(get_current() == idle_task(cpu)); }",
        &format!(
            "{TWO} setup {{ cpu 0 {{ wake_up(T); }} }} thread T in A {{ unlock(); p(); unlock(); }}
             cpu 0 {{ cpu_idle(); }} cpu 1 {{ cpu_idle(); }}"
        ),
    );
    assert!(possible(&machine, Property::KernelWarning));
    assert!(!possible(&machine, Property::KernelBug));
}

#[test]
fn a_task_that_runs_or_is_not_there_is_not_taken() {
    for (call, bug) in [("start(idle_task(1));", Some(1)), ("start(idle_task(0));", None)] {
        let machine = of("", &format!("{TWO} thread T in A {{ }} cpu 0 {{ {call} }}"));
        let mut run = Run::new(&machine);
        run.step(0);
        let found = run.events.iter().find_map(|what| match what {
            What::Bug(Bug::NotToRun(task)) => Some(*task),
            _ => None,
        });
        assert_eq!(found, bug, "{call}: {:?}", run.events);
    }
    // Two CPUs that take the same thread.
    let machine = of("", &format!("{TWO} thread T in A {{ }} cpu 0 {{ start(T); }} cpu 1 {{ start(T); }}"));
    assert!(possible(&machine, Property::KernelBug));
}

/// An idle task may wait for ever. A thread that nobody wakes is a deadlock.
#[test]
fn a_lost_wake_up_is_a_deadlock_and_an_idle_cpu_is_none() {
    let text = |wakes: &str| {
        of(
            "sys sleep() { __switch_to(idle_task(cpu)); }",
            &format!(
                "machine {{ cpus 1; tso off; }} mm A {{ {VA:#x} -> page \"a\"; }} setup {{ cpu 0 {{ wake_up(T); }} }}
                 thread T in A {{ unlock(); {wakes} note(1); }}
                 cpu 0 {{ cpu_idle(); cpu_idle(); }}"
            ),
        )
    };
    assert!(possible(&text("sleep();"), Property::Deadlock));
    assert!(!possible(&text(""), Property::Deadlock));
    let machine = text("pass(); unlock();");
    assert!(!possible(&machine, Property::Deadlock));
    assert_eq!(outcomes(&machine, ["seen"]), [[1]]);
}

/// An `irq` runs on the thread that it interrupts. It may switch away, and the thread continues later.
#[test]
fn an_interrupt_preempts_a_user_program() {
    let machine = of(
        "irq resched() { seen = 7; __switch_to(idle_task(cpu)); }
         sys kick() { ipi resched() to {1}; }
         sys resume(t: task) { start2(t); }
         fn start2(t: task) { __switch_to(t); }",
        &format!(
            "{TWO} setup {{ cpu 1 {{ run(A); let w = load({VA:#x}); }} }}
             thread T in A {{ let a = load({VA:#x}); let b = load({VA:#x}); note(1); back(); }}
             cpu 0 {{ kick(); }} cpu 1 {{ start(T); other = 1; resume(T); }}"
        ),
    );
    let mut run = Run::new(&machine);
    run.step(1).take(Action::Access { cpu: 1, copy: 0 }).step(0);
    run.take(Action::Interrupt { cpu: 1 });
    assert!(run.state.cpus[1].exception.is_some() && !run.state.cpus[1].irqs_on);
    while run.state.cpus[1].thread.is_some() {
        run.step(1);
    }
    let left = run.state.tasks[2].as_ref().expect("it waits");
    assert!(left.exception.is_some() && left.begun);
    assert_eq!(left.mode, lang::program::Mode::User(1));
    // It continues in the handler, whose end leads back to the second access.
    run.software(1);
    assert!(run.can(Action::Access { cpu: 1, copy: 0 }), "{:?}", run.enabled());
    assert_eq!(run.global("seen"), 7);
    run.take(Action::Access { cpu: 1, copy: 0 }).software(1);
    assert_eq!((run.global("seen"), run.global("other")), (1, 1));
}

/// A thread that is killed ends as the kernel says, and the CPU continues.
#[test]
fn a_thread_that_is_killed_exits() {
    let machine = of(
        "sys do_exit() { other = 9; __switch_to(idle_task(cpu)); }",
        &format!("{TWO} thread T in A {{ let a = load(0x500000); note(1); }} cpu 0 {{ start(T); note(2); }}"),
    );
    assert_eq!(outcomes(&machine, ["seen", "other"]), [[2, 9]]);
}

#[test]
fn set_up_and_handlers_of_ipis_do_not_switch() {
    let errors = |kernel: &str, scenario: &str| {
        let kernel =
            format!("kernel \"k\" {{ sys run(m: mm) {{ write_cr3(m.pgd, 0); }} {SCHEDULER} {kernel} }}");
        let scenario =
            format!("scenario \"s\" {{ use kernel \"k\" {TWO} {scenario} expect never violation; }}");
        let compiled = lang::compile(&scenario, &[("k", kernel.as_str())], &lang::Selection::default());
        compiled.diagnostics.into_iter().map(|d| d.message).collect::<Vec<_>>().join("; ")
    };
    let ipi = errors("ipi f() { back(); }", "thread T in A { } cpu 0 { start(T); }");
    assert!(ipi.is_empty() || ipi.contains("not"), "{ipi}");
    let ipi = errors("ipi f() { __switch_to(idle_task(cpu)); }", "thread T in A { } cpu 0 { start(T); }");
    assert!(ipi.contains("a handler of IPIs cannot switch"), "{ipi}");
    let setup = errors("", "setup { cpu 0 { start(T); } } thread T in A { } cpu 0 { note(1); }");
    assert!(setup.contains("set-up cannot switch"), "{setup}");
}

/// What a killed thread's `do_exit` does silently belongs to the step that kills it, and a search that remembers steps has
/// to know. So does what comes after the end of a handler that gives up an access.
#[test]
fn what_a_killed_thread_does_silently_belongs_to_the_step_that_kills_it() {
    let exit = "percpu dead: int; sys do_exit() { dead = dead + 1; __switch_to(idle_task(cpu)); }
         percpu mine: int; sys count() { mine = mine + 1; smp_mb(); }";
    for handler in ["", "fault exc_page_fault(address: va) { smp_mb(); bad_area(); }"] {
        for tso in ["off", "1"] {
            for access in
                ["load(0x500000);", "count(); load(0x500000);", "let x = load(0x400000); store(0x400000, 1);"]
            {
                let machine = of(
                    &format!("{exit} {handler}"),
                    &format!(
                        "machine {{ cpus 2; tso {tso}; }} mm A {{ 0x400000 -> page \"a\" ro; }}
                         setup {{ cpu 0 {{ run(A); }} }}
                         thread T in A {{ {access} note(1); }} thread U in A {{ {access} }}
                         cpu 0 {{ start(T); note(2); start(U); }} cpu 1 {{ count(); }}"
                    ),
                );
                let limits = explore::Limits { symmetry: false, ..explore::Limits::default() };
                let mut check = Check::new(&machine, limits);
                check.run_to_end();
                assert_eq!(check.progress().states as usize, count(&machine), "{handler} tso {tso} {access}");
            }
        }
    }
}
