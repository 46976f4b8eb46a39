//! Idle states: what a CPU that halts keeps, and that it walks nothing meanwhile.

use crate::support::*;
use lang::program::Sleep;

fn sleeper(how: &str, cpu0: &str) -> Machine {
    machine(
        &format!(
            "global n: int = 0; ipi poke() {{ inc_return(n); }}
             sys wake() {{ ipi poke() to {{1}} and wait; }}
             sys zap(m: mm) {{ xchg(pmd(m, 0x400000), 0); }}
             sys nap() {{ {how}; n = n + 5; }}"
        ),
        &format!(
            "mm A {{ 0x400000 -> page \"a\"; 0x8000000000 -> page \"far\"; }}
             setup {{ cpu 1 {{ run(A); kthread(); }} }} cpu 0 {{ {cpu0} }} cpu 1 {{ nap(); }}"
        ),
    )
}

#[test]
fn a_cpu_that_halts_walks_nothing_and_in_c1_keeps_what_it_has() {
    let machine = sleeper("mwait_c1()", "");
    let mut run = Run::new(&machine);
    // Some of it.
    let walk = run.walks(1)[0];
    run.take(walk);
    let before = run.cached(1);
    assert!(!run.walks(1).is_empty());
    run.step(1);
    assert_eq!(run.state.cpus[1].asleep, Some(Sleep::C1));
    assert!(run.walks(1).is_empty());
    assert_eq!(run.cached(1), before);
    // It wakes for no reason, and walks on.
    run.step(1);
    assert!(matches!(run.events[0], What::Woke));
    assert!(!run.walks(1).is_empty());
}

#[test]
fn in_c6_everything_cached_is_dropped_on_the_way() {
    let machine = sleeper("mwait_c6()", "");
    let mut run = Run::new(&machine);
    run.walk_all(1);
    assert_eq!(run.cached(1), (2, 6));
    run.step(1);
    assert_eq!(run.state.cpus[1].asleep, Some(Sleep::C6));
    assert!(run.walks(1).is_empty());
    assert_eq!(run.cached(1), (0, 0));
    // CR3 stays, and what is walked afterwards is read from memory.
    run.step(1).walk_all(1);
    assert_eq!(run.cached(1), (2, 6));
}

#[test]
fn an_ipi_ends_a_sleep() {
    for how in ["mwait_c1()", "mwait_c6()"] {
        let machine = sleeper(how, "wake();");
        let mut run = Run::new(&machine);
        run.step(1).step(0).take(Action::Interrupt { cpu: 1 });
        assert_eq!(run.state.cpus[1].asleep, None);
        assert!(!run.walks(1).is_empty(), "its handler runs, and walks come with it");
        // It does not go back to sleep: the instruction is over.
        run.step(1).step(1);
        assert!(run.state.cpus[1].interruptible(), "the handler has ended");
        run.step(1);
        assert!(!matches!(run.events[0], What::Slept { .. }), "{:?}", run.events);
        everywhere(&machine, |state, enabled| {
            assert!(!enabled.is_empty() || machine.all_done(state));
        });
        assert_eq!(outcomes(&machine, ["n"]), [[5], [6]], "what comes after it is done once");
    }
}

#[test]
fn a_pointer_cached_before_c1_is_walked_after_it_and_one_cached_before_c6_is_not() {
    for (how, stale) in [("mwait_c1()", true), ("mwait_c6()", false)] {
        let machine = sleeper(how, "zap(A);");
        let mut run = Run::new(&machine);
        run.walk_all(1).step(1).step(0).step(1);
        let cached = run.state.cpus[1].hw.structures(machine.watched()[0]);
        assert_eq!(cached.filter(|entry| entry.level == x86::Level::Pd).count() == 1, stale, "{how}");
    }
}
