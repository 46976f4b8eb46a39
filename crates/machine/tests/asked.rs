//! A check stops where nothing that it was asked is open, says so, and does not call itself complete.

use crate::support::*;
use explore::{Bound, Completeness, Limits};
use lang::program::Observation;

/// More states than any search here counts; a warning after a few of them.
fn endless() -> Machine {
    let kernel =
        "global n: int = 0; sys count() { while true { let old = n; n = old + 1; WARN_ON_ONCE(old == 3); } }";
    machine(kernel, "machine { cpus 2; tso 1; } mm A { } cpu 0 { count(); } cpu 1 { count(); }")
}

const LIMITS: Limits = Limits {
    states: 400_000,
    bytes: 1 << 30,
    avoid: PropertySet::NONE,
    stop_at: PropertySet::NONE,
    threads: 1,
    symmetry: true,
    partial_orders: true,
};

/// States kept and how it ended, in slices of `budget`.
fn end(machine: &Machine, limits: Limits, asked: Asked, budget: u32) -> (u32, Completeness) {
    let mut check = Check::of(machine, limits, asked);
    while check.run(budget) {}
    let progress = check.progress();
    assert_eq!(check.observation(Property::KernelWarning.as_set()), Some(Observation::Sometimes));
    // The search has not looked at all states.
    assert_eq!(check.observation(Property::KernelBug.as_set()), None);
    (progress.states, progress.completeness)
}

#[test]
fn a_check_stops_where_nothing_is_open() {
    let machine = endless();
    let warning = Property::KernelWarning.as_set();
    let (states, found) = end(&machine, LIMITS, Asked::whether(warning), u32::MAX);
    assert_eq!(found, Completeness::Bounded(Bound::Found));
    assert!(states < LIMITS.states);
    // Neither slices nor threads change where the search stops.
    assert_eq!(end(&machine, LIMITS, Asked::whether(warning), 1_000), (states, found));
    assert_eq!(
        end(&machine, Limits { threads: 2, ..LIMITS }, Asked::whether(warning), 70_001),
        (states, found)
    );

    let all = Completeness::Bounded(Bound::States);
    assert_eq!(end(&machine, LIMITS, Asked::Count, u32::MAX).1, all);
    let open = Asked::whether(Property::KernelBug.as_set());
    assert_eq!(end(&machine, LIMITS, open, u32::MAX).1, all);
    // What the scenario expects: never a machine check.
    assert_eq!(end(&machine, LIMITS, Asked::by(machine.program()), u32::MAX).1, all);
}

#[test]
fn a_small_scenario_is_counted_to_its_end() {
    let machine = machine(
        "global n: int = 0; sys add() { let old = n; n = old + 1; WARN_ON_ONCE(old == 1); }",
        "machine { cpus 2; } mm A { } cpu 0 { add(); } cpu 1 { add(); }",
    );
    let mut check = Check::of(&machine, LIMITS, Asked::whether(Property::KernelWarning.as_set()));
    check.run_to_end();
    assert_eq!(check.progress().completeness, Completeness::Complete);
    assert_eq!(check.observation(Property::KernelBug.as_set()), Some(Observation::Never));
}
