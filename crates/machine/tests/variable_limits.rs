//! `limit`: a run ends where a variable goes beyond what the text declares, and no verdict calls that a proof.

use crate::support::*;
use explore::{Bound, Completeness, Limits};
use machine::{Check, LIMIT, Verdict};

/// Two CPUs count up for ever.
fn counters(tso: &str, limit: &str, count: &str) -> Machine {
    machine(
        &format!(
            "global gen: int = 0 {limit};
             sys count() {{ while gen < 1000000 {{ {count} BUG_ON(gen == 5, \"five\"); }} }}"
        ),
        &format!(
            "machine {{ cpus 2; tso {tso}; }} cpu 0 {{ count(); }} cpu 1 {{ count(); }}
             expect never kernel_bug; expect never deadlock; expect always kernel_bug \"five\";"
        ),
    )
}

fn verdicts(machine: &Machine) -> (Completeness, PropertySet, Vec<Verdict>) {
    let mut check = Check::new(machine, Limits { states: 20_000, ..Limits::default() });
    check.run_to_end();
    let progress = check.progress();
    let verdicts = machine.program().expectations.iter().map(|expectation| check.verdict(expectation));
    (progress.completeness, progress.seen, verdicts.collect())
}

#[test]
fn a_search_ends_at_the_limit_and_says_that_it_is_no_proof() {
    for (tso, count) in [("off", "inc_return(gen);"), ("off", "gen = gen + 1;"), ("2", "gen = gen + 1;")] {
        let (completeness, seen, verdicts) = verdicts(&counters(tso, "limit 4", count));
        assert_eq!(completeness, Completeness::Bounded(Bound::System), "{count}");
        assert!(seen.intersects(LIMIT) && !seen.intersects(BEYOND));
        // Nothing is found up to 4, and the verdict is not "never". A run that is cut off is no complete execution, and no
        // deadlock.
        assert_eq!(verdicts[..2], [Verdict::Open, Verdict::Open], "{count}");
        let (completeness, _, _) = self::verdicts(&counters(tso, "", count));
        assert_eq!(completeness, Completeness::Bounded(Bound::States), "without a limit there is no end");
    }
}

#[test]
fn what_shows_within_the_limit_is_found() {
    let (_, seen, verdicts) = verdicts(&counters("off", "limit 5", "inc_return(gen);"));
    assert!(seen.intersects(LIMIT));
    assert_eq!(verdicts[0], Verdict::Failed);
}

#[test]
fn a_limit_that_no_run_passes_changes_nothing() {
    let few = |limit: &str| {
        machine(
            &format!("global gen: int = 0 {limit}; sys count() {{ inc_return(gen); gen = gen + 1; }}"),
            "machine { cpus 2; tso 2; } cpu 0 { count(); } cpu 1 { count(); }",
        )
    };
    let (completeness, seen, _) = verdicts(&few("limit 4"));
    assert_eq!(completeness, Completeness::Complete);
    assert!(!seen.intersects(LIMIT));
    assert_eq!(count(&few("limit 4")), count(&few("")));
}

#[test]
fn behind_the_limit_nothing_happens_not_even_a_silent_check() {
    for (scope, tso) in [("percpu", "off"), ("global", "off"), ("global", "2")] {
        beyond(scope, tso);
    }
}

/// A store beyond the limit, which may be on its way in a store buffer.
fn beyond(scope: &str, tso: &str) {
    let machine = machine(
        &format!(
            "{scope} own: int = 0 limit 1; sys count() {{ own = 1; smp_mb(); own = 2; BUG_ON(own == 2); }}"
        ),
        &format!("machine {{ cpus 1; tso {tso}; }} cpu 0 {{ count(); }}"),
    );
    let mut cut = 0;
    let found = everywhere(&machine, |state, enabled| {
        if state.stopped {
            cut += 1;
            assert!(enabled.is_empty());
            assert!(!machine.ended(state, enabled), "a run that is cut off is not complete");
            assert_eq!(machine.observe(state, enabled), PropertySet::NONE);
        }
    });
    assert_eq!(cut, 1);
    assert_eq!(found, LIMIT);
}
