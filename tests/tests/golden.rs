//! What the explorer finds in every scenario, in files for people to read: `tests/golden/<slug>.txt`.
//!
//! Each file has the figures and observations of every case. It also has the steps of the scenario's own shortest
//! path to the first property that it expects sometimes. A change of the model or of a text shows here as a
//! difference to read. `cargo xtask bless` renews the files.

use experiment::Experiment;
use explore::{Completeness, Limits, Trace};
use lang::program::Observation;
use machine::{Check, Machine, VIOLATION, by_name, headline, named};
use scene::{Sources, grouped};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use tests::machine;

fn outcomes(machine: &Machine, check: &Check<&Machine>) -> String {
    let progress = check.progress();
    let complete = match progress.completeness {
        Completeness::Complete => "Complete",
        _ => "Bounded",
    };
    let mut out = format!(
        "States {}   Transitions {}   Depth {}   {complete}\n",
        grouped(u64::from(progress.states)),
        grouped(progress.transitions),
        progress.depth
    );
    for finding in check.findings() {
        if let Some(witness) = finding.witness {
            let word =
                finding.observation.map_or("Open".to_owned(), |observation| format!("{observation:?}"));
            let labelled = finding.number != finding.property.number();
            let name = if labelled { "by a label" } else { finding.property.name() };
            let _ = writeln!(out, "{word:<10} {name:<17} witness {} steps", witness.len());
        }
    }
    for expectation in &machine.program().expectations {
        let verdict = check.verdict(expectation);
        let _ = writeln!(out, "expect {:?} {}: {verdict:?}", expectation.observation, expectation.property);
    }
    out
}

/// The story of a machine: its shortest path to the first thing it expects sometimes.
fn story(machine: &Machine, check: &Check<&Machine>, scenario: &str) -> Option<String> {
    let expected = machine.program().expectations.iter();
    let (_, schedule) = expected
        .filter(|e| e.observation != Observation::Never)
        .filter_map(|e| check.witness(named(machine.program(), &e.property)?))
        .next()?;
    let (trace, _) = Trace::replay(machine, &schedule);
    let kernel = gallery::kernel(&machine.program().kernel)?.text;
    Some(scene::text(machine, &trace, Sources { scenario, kernel, joints: &[] }))
}

/// A headline that a text does not speak of, although it says what shows. The list of scenarios has what texts say.
fn unspoken(machine: &Machine, check: &Check<&Machine>) -> Option<&'static str> {
    let shows = machine.program().expectations.iter().filter(|e| e.observation != Observation::Never);
    let named = |e: &lang::program::Expectation| by_name(e.property.split(' ').next()?);
    let named: Vec<_> = shows.filter_map(named).filter(|shown| shown.intersects(VIOLATION)).collect();
    let headline = headline(check.progress().seen, machine.program())?;
    let spoken = named.is_empty() || named.iter().any(|shown| shown.intersects(headline.as_set()));
    (!spoken).then(|| headline.name())
}

fn found(scenario: gallery::LibraryText) -> String {
    let mut out = String::new();
    for (case, experiment) in Experiment::new(scenario.text).variants() {
        let machine = machine(&experiment);
        let mut check = Check::new(&machine, Limits::default());
        check.run_to_end();
        let name = case.name.as_deref().unwrap_or("as written");
        let unspoken = unspoken(&machine, &check);
        assert_eq!(unspoken, None, "{}, {name}: the headline is none of what the text says", scenario.slug);
        let _ = write!(out, "== {} on {}\n{}", name, machine.program().kernel, outcomes(&machine, &check));
        if case.case.is_none()
            && let Some(story) = story(&machine, &check, scenario.text)
        {
            let _ = write!(out, "\n{story}");
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_explorer_finds_what_it_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut slugs = BTreeSet::new();
    let mut differ = Vec::new();
    for scenario in gallery::scenarios() {
        let name = format!("{}.txt", scenario.slug);
        differ.extend(golden::differs(folder.join(&name), &found(scenario)));
        slugs.insert(name);
    }
    for file in fs::read_dir(&folder).expect("the goldens are there") {
        let name = file.expect("they can be read").file_name().to_string_lossy().into_owned();
        if !slugs.contains(&name) {
            if golden::blessing() {
                fs::remove_file(folder.join(&name)).expect("it can be removed");
            } else {
                differ.push(format!("{name} belongs to no scenario"));
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
