//! One schedule on two machines.

use crate::support;

use explore::{Limits, System, Trace};
use machine::{Action, Check, Machine, Property};
use scene::{Other, compare, timeline, why_not};

fn told() -> (&'static str, Machine, Trace<Machine>) {
    let scenario = gallery::scenario("lazy+unmap+andy").map(|text| text.text).unwrap_or_default();
    let machine = support::compile(scenario, 0, &[]);
    let mut check = Check::new(&machine, Limits::default());
    check.run_to_end();
    let (_, schedule) = check.witness(Property::ABitCorruption.as_set()).expect("it is reachable");
    let trace = Trace::replay(&machine, &schedule).0;
    (scenario, machine, trace)
}

#[test]
fn on_the_same_machine_everything_is_the_same() {
    let (_, machine, trace) = told();
    let compared = compare(&machine, &trace, &machine);
    assert_eq!(compared.first(), None);
    assert_eq!(compared.steps.len(), trace.len());
    assert_eq!(compared.timeline, timeline(&machine, &trace));
    assert_eq!(compared.here, compared.there);
}

#[test]
fn the_fix_diverges_and_says_where_and_why() {
    let (scenario, machine, trace) = told();
    let fixed = support::compile(scenario, 0, &[("init_mm_switch", "on")]);
    let compared = compare(&machine, &trace, &fixed);
    let (first, _) = compared.first().expect("they differ");
    let left_out: Vec<u32> = compared.left_out().collect();
    assert!(!left_out.is_empty() && left_out[0] >= first && left_out.is_sorted());
    assert!(compared.here.intersects(Property::ABitCorruption.as_set()));
    assert!(!compared.there.intersects(machine::VIOLATION), "these choices do it no harm");
    // The walk of the story can't happen there, since no cached pointer leads there.
    let walk = trace.len();
    let Other::Cannot { what, why } = &compared.steps[walk - 1] else {
        panic!("{:?}", compared.steps[walk - 1])
    };
    assert!(what.contains("walks 0x400000") && why.contains("cached"), "{what}: {why}");
    // Its marks stand in the columns of the steps that it took.
    let marked = |step: u32| compared.timeline.marks.iter().any(|mark| mark.step == step);
    for step in 1..=trace.len() as u32 {
        assert_eq!(marked(step), !left_out.contains(&step), "step {step}");
    }
    assert_eq!(compared.timeline.steps, trace.len() as u32);
    assert!(compared.timeline.bands.iter().all(|band| band.from_step <= band.to_step));
}

#[test]
fn what_lasts_to_the_end_of_a_run_lasts_to_the_end_of_its_diagram() {
    let (scenario, machine, trace) = told();
    let ordered = support::compile(scenario, 0, &[("tso", "off")]);
    // Up to a store that drains: without store buffers there is no such step.
    let drains = |step: &explore::Step<Action, _>| matches!(step.action, Action::Drain { .. });
    let end = trace.steps().iter().rposition(drains).expect("stores drain") + 1;
    let compared = compare(&machine, &trace.fork(&machine, end), &ordered);
    assert_eq!(compared.left_out().last(), Some(end as u32), "its last step is left out");
    assert!(compared.timeline.bands.iter().any(|band| band.to_step == end as u32));
}

#[test]
fn the_barrier_changes_nothing_in_this_run() {
    let (scenario, machine, trace) = told();
    let barrier = support::compile(scenario, 0, &[("memory_barrier", "on")]);
    let compared = compare(&machine, &trace, &barrier);
    assert_eq!(compared.first(), None, "the barrier stands where this run never comes");
    assert!(compared.there.intersects(Property::ABitCorruption.as_set()));
}

#[test]
fn a_difference_in_what_comes_of_a_step_is_told_from_both_sides() {
    let (scenario, machine, trace) = told();
    let busy = support::compile(scenario, 0, &[("lazy_tlb", "off")]);
    let compared = compare(&machine, &trace, &busy);
    let differs = |other: &&Other| matches!(other, Other::Differs { .. });
    let Some(Other::Differs { here, there }) = compared.steps.iter().find(differs) else {
        panic!("{:#?}", compared.steps)
    };
    assert_ne!(here, there);
}

#[test]
fn what_can_be_done_has_nothing_in_its_way_and_everything_else_has() {
    let (scenario, machine, trace) = told();
    let fixed = support::compile(scenario, 0, &[("init_mm_switch", "on"), ("tso", "off")]);
    for moment in 0..=trace.len() {
        let state = trace.state(&machine, moment);
        let mut enabled = Vec::new();
        machine.enabled(&state, &mut enabled);
        for step in trace.steps() {
            let reason = why_not(&machine, &state, step.action);
            assert_eq!(reason.is_none(), enabled.contains(&step.action), "{:?}: {reason:?}", step.action);
        }
    }
    // On another machine, too.
    let start = fixed.initial();
    assert!(trace.steps().iter().any(|step| why_not(&fixed, &start, step.action).is_some()));
}
