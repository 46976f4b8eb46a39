//! The rules that stand in the list of scenarios, `library/catalogue`, are those that each scenario's story rests on.
//!
//! The stories are the shortest paths to the properties that a scenario expects sometimes: as written, or else in the
//! first of its cases that expects one. `cargo xtask bless` renews the numbers.

use experiment::Experiment;
use explore::{Limits, System, Trace};
use lang::program::Observation;
use machine::{Check, Machine, named};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tests::machine;

/// The rules by which the captions of a machine's stories explain their steps.
fn laws(machine: &Machine) -> BTreeSet<u8> {
    let expected = machine.program().expectations.iter().filter(|e| e.observation != Observation::Never);
    let expected: Vec<_> = expected.filter_map(|e| named(machine.program(), &e.property)).collect();
    let mut laws = BTreeSet::new();
    if expected.is_empty() {
        return laws;
    }
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    for (_, schedule) in expected.into_iter().filter_map(|expected| check.witness(expected)) {
        let (trace, _) = Trace::replay(machine, &schedule);
        let mut before = machine.initial();
        for step in trace.steps() {
            let mut after = before.clone();
            machine.step(&mut after, step.action, &mut ());
            laws.extend(scene::caption(machine, &before, step, &after).laws);
            before = after;
        }
    }
    laws
}

/// A scenario's rules, as they stand in the list.
fn rules(text: &str) -> String {
    let variants = Experiment::new(text).variants();
    let found = variants.iter().map(|(_, there)| laws(&machine(there))).find(|laws| !laws.is_empty());
    found.into_iter().flatten().map(|law| format!(" H{law}")).collect()
}

#[test]
fn the_list_has_the_rules_of_each_story() {
    let all: BTreeMap<&str, String> =
        gallery::scenarios().map(|scenario| (scenario.slug, rules(scenario.text))).collect();
    let line = |line: &str| {
        let Some(entry) = line.strip_prefix("- ") else { return format!("{line}\n") };
        let written = entry.split(" H").next().unwrap_or_default();
        let slug = written.split(' ').next().unwrap_or_default();
        format!("- {written}{}\n", all.get(slug).map_or("", String::as_str))
    };
    let list: String = gallery::catalogue().expect("the library is here").text.lines().map(line).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../library/catalogue");
    golden::check(folder.join("scenarios.md"), &list);
    assert!(all.values().filter(|rules| rules.contains(" H13")).count() > 20, "walks at any time");
}
