//! Why the walk of 2017 goes wrong, told in the steps that it rests on.

use crate::support;

use explore::{Limits, Trace};
use machine::{Check, Property};

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
