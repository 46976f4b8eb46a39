//! Laws of the machine, on random walks through every scenario of the library, with fixed seeds.

use explore::{Chooser, Seeded, System, Trace};
use machine::{Action, Machine};
use tests::{library, machine};

const WALKS: u64 = 20;
const STEPS: usize = 120;

/// Every scenario with every case.
fn machines() -> Vec<(String, Machine)> {
    library().into_iter().map(|(name, experiment)| (name, machine(&experiment))).collect()
}

#[test]
fn recording_changes_nothing_and_packing_loses_nothing() {
    for (name, machine) in machines() {
        for seed in 0..WALKS {
            let mut chooser = Seeded::new(seed);
            let mut state = machine.initial();
            let mut enabled = Vec::new();
            for step in 0..STEPS {
                enabled.clear();
                machine.enabled(&state, &mut enabled);
                let Some(action) = chooser.choose(&enabled) else { break };
                let (mut silent, mut loud, mut events) = (state.clone(), state, Vec::new());
                let properties = machine.step(&mut silent, action, &mut ());
                assert_eq!(properties, machine.step(&mut loud, action, &mut events), "{name} {seed} {step}");
                assert_eq!(silent, loud, "{name} seed {seed} step {step} {action:?}");
                assert!(!events.is_empty(), "{name} seed {seed} step {step} {action:?} reports nothing");
                let mut packed = Vec::new();
                machine.pack(&loud, &mut packed);
                assert_eq!(machine.unpack(&packed), loud, "{name} seed {seed} step {step}");
                state = loud;
            }
        }
    }
}

#[test]
fn a_schedule_reproduces_its_trace_from_any_moment() {
    for (name, machine) in machines() {
        for seed in 0..WALKS {
            let mut trace = Trace::new(&machine);
            trace.run(&machine, &mut Seeded::new(seed), STEPS);
            let schedule = trace.schedule();
            let codes: Vec<u32> = schedule.iter().map(|action| action.code()).collect();
            let decoded: Vec<Action> = codes.iter().filter_map(|&code| Action::from_code(code)).collect();
            let (again, diverged) = Trace::replay(&machine, &decoded);
            assert_eq!(diverged, None, "{name}");
            assert_eq!(again.steps(), trace.steps(), "{name}");
            assert_eq!(again.last(), trace.last(), "{name}");
            for moment in [0, 1, 15, 16, 17, trace.len() / 2, trace.len()] {
                let moment = moment.min(trace.len());
                let fork = trace.fork(&machine, moment);
                assert_eq!(fork.last(), &trace.state(&machine, moment), "{name} at {moment}");
                assert_eq!(fork.schedule(), schedule[..moment], "{name} at {moment}");
            }
        }
    }
}

#[test]
fn enabled_actions_are_listed_once_and_in_one_order() {
    for (name, machine) in machines() {
        let mut trace = Trace::new(&machine);
        trace.run(&machine, &mut Seeded::new(7), STEPS);
        for moment in 0..=trace.len() {
            let state = trace.state(&machine, moment);
            let (mut once, mut twice) = (Vec::new(), Vec::new());
            machine.enabled(&state, &mut once);
            machine.enabled(&state, &mut twice);
            assert_eq!(once, twice, "{name}");
            let mut sorted = once.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), once.len(), "{name}: an action is listed twice");
        }
    }
}
