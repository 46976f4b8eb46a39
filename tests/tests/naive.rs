//! A second opinion: a search so plain that it can be read at a glance, compared with the explorer.
//!
//! It keeps whole states in a standard set, knows nothing of packing, numbering or budgets, and goes level by
//! level. Both searches must find the same number of states and transitions, the same properties, and the same
//! shortest distance for each property.
#![expect(clippy::disallowed_types, reason = "as unlike ours as can be; no result depends on an order")]

use explore::{Limits, System};
use machine::{Check, Machine, State};
use std::collections::HashSet;
use tests::{cases, machine, variants, without_large_cases};

/// Whole copies of so many states fit in memory: 3 KiB each. A variant with more states is not checked here. (The searches
/// of fewer states are compared in `saturation.rs`.)
const MOST: usize = 30_000;

#[derive(Debug, PartialEq, Eq)]
struct Opinion {
    states: usize,
    transitions: u64,
    /// Least number of steps for each property, by number, labelled ones included.
    least: Vec<Option<usize>>,
}

fn naive(machine: &Machine) -> Opinion {
    let mut least = vec![None; 32];
    let mut known: HashSet<State> = HashSet::from([machine.initial()]);
    let mut level = vec![machine.initial()];
    let (mut depth, mut transitions) = (0, 0);
    while !level.is_empty() {
        let mut next = Vec::new();
        for state in &level {
            let mut enabled = Vec::new();
            machine.enabled(state, &mut enabled);
            for property in machine.observe(state, &enabled).iter() {
                least[property as usize].get_or_insert(depth);
            }
            for action in enabled {
                let mut after = state.clone();
                let properties = machine.step(&mut after, action, &mut ());
                transitions += 1;
                for property in properties.iter() {
                    let least = &mut least[property as usize];
                    *least = Some(least.map_or(depth + 1, |steps| steps.min(depth + 1)));
                }
                if known.insert(after.clone()) {
                    next.push(after);
                }
            }
        }
        level = next;
        depth += 1;
    }
    Opinion { states: known.len(), transitions, least }
}

fn explorer(machine: &Machine) -> Opinion {
    // `reductions.rs` compares the two ways of counting.
    let mut check = Check::new(machine, Limits { symmetry: false, ..Limits::default() });
    check.run_to_end();
    let progress = check.progress();
    let mut least = vec![None; 32];
    for finding in check.findings() {
        least[usize::from(finding.number)] = finding.witness.map(|witness| witness.len());
    }
    Opinion { states: progress.states as usize, transitions: progress.transitions, least }
}

#[test]
fn the_naive_search_agrees_with_the_explorer_on_the_library() {
    let mut left_out = 0;
    for (name, experiment) in without_large_cases() {
        let machine = machine(&experiment);
        let ours = explorer(&machine);
        if ours.states > MOST {
            println!("{name}: {} states are too many to be kept whole", ours.states);
            left_out += 1;
        } else {
            assert_eq!(naive(&machine), ours, "{name}");
        }
    }
    assert!(left_out < 10, "{left_out} variants are left out");
}

#[test]
fn and_on_all_other_cases() {
    for (name, texts) in cases() {
        for (case, experiment) in variants(&texts) {
            let machine = machine(&experiment);
            assert_eq!(naive(&machine), explorer(&machine), "{name} case {case}");
        }
    }
}
