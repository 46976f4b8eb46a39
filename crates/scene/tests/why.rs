//! Why the walk of 2017 goes wrong, told in the steps that it rests on.

use crate::support;

use experiment::Experiment;
use explore::{Limits, Trace};
use machine::{Check, Machine, Property, VIOLATION};
use std::collections::BTreeSet;
use std::path::Path;

/// The most states of a search here.
const STATES: u32 = 12_000;

/// Small scenarios that show every violation among them.
const SCENARIOS: [&str; 14] = [
    "noflush+return",
    "flush+clear",
    "global+cr3",
    "sva+exit",
    "pcid+reuse",
    "nested+vpid",
    "freebsd+rollover",
    "lazy+munmap",
    "lazy+collapse",
    "psc+fence",
    "split+multimatch",
    "sel4+unmap",
    "x2apic+munmap",
    "dragonos+munmap+munmap",
];

#[test]
fn the_bad_walk_rests_on_the_story_and_on_nothing_else() {
    let scenario = gallery::scenario("lazy+unmap+andy").map(|text| text.text).unwrap_or_default();
    let machine = support::compile(scenario, 0, &[]);
    let mut check = Check::new(&machine, Limits::default());
    check.run_to_end();
    let (_, schedule) = check.witness(Property::ABitCorruption.as_set()).expect("it is reachable");
    let (trace, _) = Trace::replay(&machine, &schedule);
    let last = trace.len() as u32;
    let reasons = scene::why(&machine, &trace, last);
    let mut steps: Vec<u32> = reasons.iter().flat_map(|reason| [reason.step, reason.on]).collect();
    steps.sort_unstable();
    steps.dedup();
    let mut before = trace.state(&machine, 0);
    let mut story = Vec::new();
    for (number, step) in (1..).zip(trace.steps()) {
        let after = trace.state(&machine, number);
        if steps.contains(&(number as u32)) {
            story.push(scene::caption(&machine, &before, step, &after).sentence);
        }
        before = after;
    }
    let said = |words: &str| assert!(story.iter().any(|s| s.contains(words)), "{words}: {story:#?}");
    said("takes itself out of A.cpumask");
    said("caches the pointer to A pud");
    said("it gets no IPI");
    said("frees A pud");
    said("stores \"Andy\"");
    said("\"Andy\" becomes \"andy\"");
    assert!(steps.len() <= trace.len() / 2, "most of the trace is left out: {story:#?}");
    for reason in &reasons {
        assert!(reason.on < reason.step && reason.step <= last && !reason.what.is_empty(), "{reason:?}");
    }
    // Deterministic, and a step that rests on the beginning alone has no reasons.
    assert_eq!(scene::why(&machine, &trace, last), reasons);
    assert_eq!(scene::why(&machine, &trace, 1), []);
}

/// The shortest run of each case of a few scenarios to each violation that it shows, and what its last step rests on: what has
/// changed under the entry, and the flush that did not remove it. To be read by people.
#[test]
fn each_violation_rests_on_its_cause() {
    let mut out = String::new();
    for slug in SCENARIOS {
        let text = gallery::scenario(slug).unwrap_or_else(|| panic!("there is no {slug}"));
        for (case, experiment) in Experiment::new(text.text).variants() {
            let Ok(machine) = experiment.compile().machine else { continue };
            let limits = Limits { states: STATES, ..Limits::default() };
            let mut check = Check::new(&machine, limits);
            check.run_to_end();
            for property in
                Property::ALL.into_iter().filter(|property| property.as_set().intersects(VIOLATION))
            {
                let Some((_, schedule)) = check.witness(property.as_set()) else { continue };
                let (trace, _) = Trace::replay(&machine, &schedule);
                let case = case.name.as_deref().unwrap_or("as written");
                let (name, grounds) = (property.name(), grounds(&machine, &trace));
                out += &format!("{name}: {}, {case}\n{grounds}\n", text.slug);
            }
        }
    }
    golden::check(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/why.txt"), &out);
}

/// The steps that the last step of a run rests on, and what each left.
fn grounds(machine: &Machine, trace: &Trace<Machine>) -> String {
    let reasons = scene::why(machine, trace, trace.len() as u32);
    let mut out = String::new();
    for (number, step) in (1..).zip(trace.steps()) {
        let left: BTreeSet<&str> =
            reasons.iter().filter(|reason| reason.on == number).map(|reason| reason.what.as_str()).collect();
        if left.is_empty() && number < trace.len() as u32 {
            continue;
        }
        let at = number as usize;
        let caption = scene::caption(machine, &trace.state(machine, at - 1), step, &trace.state(machine, at));
        out += &format!("{number:>4}  {}\n", caption.sentence);
        for what in left {
            out += &format!("        {what}\n");
        }
    }
    out
}
