//! What the search remembers, compared with what the machine does, on every transition of the library's scenarios.
//!
//! The search takes each step once for each combination of the parts that the step is said to depend on. If that
//! were wrong, the search would take one state's outcome for another's. So this test restores every state as a
//! whole, lets the machine itself take every action, and compares the resulting states.

use explore::{Space, Successors, System, Worker};
use machine::{Machine, State};
use std::collections::BTreeSet;
use tests::{machine, without_large_cases};

/// Follows everything; returns how many transitions were compared, and how many of them the machine was asked for.
fn compare(machine: &Machine, about: &str) -> (u64, u64) {
    let mut space = Space::new(machine);
    let mut worker = Worker::new(&space);
    let initial = space.initial();
    let (mut known, mut todo) = (BTreeSet::from([initial]), vec![initial]);
    let mut compared = 0;
    while let Some(key) = todo.pop() {
        let mut successors = Successors::default();
        let Ok(shown) = worker.expand(&space, key, &mut successors) else {
            todo.push(key);
            let moved = space.grow(known.iter().copied());
            worker.follow(&space, &moved);
            known = known.into_iter().map(|key| space.moved(&moved, key)).collect();
            todo.iter_mut().for_each(|key| *key = space.moved(&moved, *key));
            continue;
        };
        let state: State = space.state(key);
        let mut enabled = Vec::new();
        machine.enabled(&state, &mut enabled);
        assert_eq!(successors.len(), enabled.len(), "{about}: {state:#?}");
        assert_eq!(shown.properties, machine.observe(&state, &enabled), "{about}: {state:#?}");
        assert_eq!(shown.ended, machine.ended(&state, &enabled), "{about}: {state:#?}");
        for (successor, &action) in successors.iter().zip(&enabled) {
            let mut after = state.clone();
            let properties = machine.step(&mut after, action, &mut ());
            assert_eq!(successor.properties, properties, "{about}: {action:?}");
            assert!(space.state(successor.key) == after, "{about}: {action:?} in {state:#?}");
            compared += 1;
            if known.insert(successor.key) {
                todo.push(successor.key);
            }
        }
    }
    (compared, worker.learned())
}

#[test]
fn remembered_steps_are_the_machines_own() {
    let (mut compared, mut learned) = (0, 0);
    for (about, experiment) in without_large_cases() {
        let machine = machine(&experiment);
        let (transitions, asked) = compare(&machine, &about);
        compared += transitions;
        learned += asked;
    }
    assert!(compared > 1_000_000, "only {compared} transitions");
    assert!(
        learned * 10 < compared,
        "the machine was asked for {learned} of {compared}: little is remembered"
    );
}
