//! Compares the progress that a running check estimates with its real progress.

use experiment::Experiment;
use protocol::{
    FromExplorer, Report, Server, ToExplorer, WireLimits, WireOutlook, WirePhase, WireSelection, WireTexts,
    from_bytes, to_bytes,
};

/// What a check says of its outlook, message by message, and its report.
fn outlooks(experiment: &Experiment, limits: WireLimits) -> (Vec<WireOutlook>, Report) {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    let (texts, selection) = (WireTexts::from(experiment), WireSelection::default());
    server.handle(&to_bytes(&ToExplorer::Check { job: 1, texts, selection, limits }));
    let mut said = Vec::new();
    loop {
        for reply in server.run(1_000) {
            match from_bytes(&reply).expect("a server sends messages") {
                FromExplorer::Progress { outlook, .. } => said.push(outlook),
                FromExplorer::Early { .. } => {}
                FromExplorer::Done { report, .. } => return (said, report),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn an_estimate_comes_when_levels_get_narrower_and_is_near_what_there_is() {
    for name in ["return+zap+zap", "lazy+return+munmap", "busy+idle+munmap"] {
        let experiment = Experiment::library(name).expect("it is in the library");
        let (said, report) = outlooks(&experiment, WireLimits::default());
        assert!(report.complete() && report.states > 20_000 && report.needs.is_none(), "{name}");
        let every = said.iter().filter(|outlook| outlook.phase == WirePhase::Every);
        let estimates: Vec<(u32, u64)> =
            every.filter_map(|outlook| Some((outlook.states, outlook.estimate?))).collect();
        let first = estimates.first().expect("there are estimates").0;
        assert!(first < report.states / 10 * 9, "{name}: the first one when there were {first} states");
        for (states, estimate) in estimates {
            let there = u64::from(report.states);
            assert!(
                estimate * 2 > there && there * 2 > estimate,
                "{name}: {estimate} at {states}, of {there}"
            );
        }
    }
}

#[test]
fn a_search_that_stops_at_its_limit_says_what_it_needs() {
    let experiment = Experiment::library("busy+idle+munmap").expect("it is in the library");
    let whole = outlooks(&experiment, WireLimits::default()).1;
    let limits = WireLimits { states: whole.states / 5 * 4, ..WireLimits::default() };
    let stopped = outlooks(&experiment, limits).1;
    let needs = stopped.needs.expect("most of the states are there");
    assert!(!needs.saturated);
    let there = u64::from(whole.states);
    assert!(needs.states * 2 > there && there * 2 > needs.states, "{needs:?}, of {there}");
    assert!(needs.bytes >= stopped.bytes, "{needs:?}, {}", stopped.bytes);
    let early = outlooks(&experiment, WireLimits { states: 2_000, ..limits }).1;
    assert!(early.needs.is_none() && !early.complete(), "that early nothing can be told");
}

#[test]
fn the_search_under_way_is_told() {
    // Some hundred thousand states, of which few are saturated.
    let experiment = Experiment::new(include_str!("../../bench/scenarios/four.tlb"));
    let (said, report) = outlooks(&experiment, WireLimits::default());
    assert!(report.complete() && report.saturated, "{report:?}");
    let mut phases: Vec<WirePhase> = said.iter().map(|outlook| outlook.phase).collect();
    phases.dedup();
    assert_eq!(phases[..3], [WirePhase::Every, WirePhase::Saturated, WirePhase::Shortest]);
    // The same without anything that it would have to find a shortest run to.
    let text = include_str!("../../bench/scenarios/four.tlb");
    let text = text.replace("expect sometimes walk_of_freed;", "expect never machine_check;");
    let (said, report) = outlooks(&Experiment::new(text), WireLimits::default());
    assert!(report.complete() && report.saturated, "{report:?}");
    let saturated: Vec<&WireOutlook> =
        said.iter().filter(|outlook| outlook.phase == WirePhase::Saturated).collect();
    assert!(!saturated.is_empty() && saturated.iter().all(|outlook| outlook.states <= report.states));
    assert!(saturated.is_sorted_by_key(|outlook| outlook.states));
}
