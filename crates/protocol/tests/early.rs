//! A large check tells what shows before it is done.

use experiment::Experiment;
use explore::Trace;
use machine::{Action, Property};
use protocol::{
    FromExplorer, Server, ToExplorer, WireLimits, WirePhase, WireSelection, WireTexts, from_bytes, to_bytes,
};

/// Everything that the server says of a check.
fn said(experiment: &Experiment, limits: WireLimits) -> Vec<FromExplorer> {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    let (texts, selection) = (WireTexts::from(experiment), WireSelection::default());
    server.handle(&to_bytes(&ToExplorer::Check { job: 1, texts, selection, limits }));
    let mut said = Vec::new();
    while server.busy() {
        let replies = server.run(100);
        said.extend(replies.iter().map(|reply| from_bytes(reply).expect("a server sends messages")));
    }
    said
}

#[test]
fn what_shows_is_told_before_the_shortest_run() {
    let experiment = Experiment::new(include_str!("../../bench/scenarios/four.tlb"));
    let machine = experiment.compile().into_machine().expect("it compiles");
    let said = said(&experiment, WireLimits::default());
    let [.., FromExplorer::Done { report, .. }] = &said[..] else { panic!("it ends with the report") };
    let (property, shortest) = report.witness(machine::VIOLATION).expect("it has a violation");
    let mut known = Vec::new();
    for (at, message) in said.iter().enumerate() {
        let FromExplorer::Early { job, property: number, witness, shortest, settled } = message else {
            continue;
        };
        assert_eq!((*job, Property::from_number(*number)), (1, Some(property)));
        let schedule: Vec<Action> = witness.iter().filter_map(|&code| Action::from_code(code)).collect();
        let (trace, diverged) = Trace::replay(&machine, &schedule);
        assert!(diverged.is_none() && schedule.len() == witness.len());
        let last = trace.steps().last().expect("it has steps");
        assert!(last.properties.intersects(property.as_set()), "the run shows it");
        known.push((at, schedule.len(), *shortest, *settled));
    }
    let mut flags: Vec<(bool, bool)> =
        known.iter().map(|&(_, _, shortest, settled)| (shortest, settled)).collect();
    // When the full search has come to the shortest run, it may still go on.
    flags.retain(|&(shortest, _)| !shortest);
    assert_eq!(flags, [(false, false), (false, true)], "nothing is told twice");
    assert!(known.iter().all(|&(_, steps, ..)| steps >= shortest.len()));
    assert!(report.shortest(property));
    // It begins with progress, and the search for the shortest run takes longer than what comes before it.
    let phases = said.iter().map(|message| match message {
        FromExplorer::Progress { outlook, .. } => Some(outlook.phase),
        _ => None,
    });
    let phases: Vec<Option<WirePhase>> = phases.collect();
    let saturated = phases.iter().position(|phase| *phase == Some(WirePhase::Saturated));
    assert!(saturated.is_some_and(|first| first < known[0].0), "{phases:?}");
    let settled = known[1].0;
    let found = known.get(2).map_or(said.len(), |known| known.0);
    let between = phases[settled + 1..found].iter().flatten();
    assert!(between.clone().all(|phase| *phase == WirePhase::Shortest), "{phases:?}");
    assert!(between.count() > 10, "{phases:?}");
}

#[test]
fn what_is_over_soon_tells_its_report_alone() {
    let experiment = Experiment::library("lazy+munmap").expect("it is in the library");
    let said = said(&experiment, WireLimits::default());
    assert!(!said.iter().any(|message| matches!(message, FromExplorer::Early { .. })));
    assert!(matches!(said.last(), Some(FromExplorer::Done { .. })));
}

/// How much is searched until then does not depend on the machine: a small part of what the shortest run takes.
#[test]
fn of_a_large_search_what_shows_is_told_after_a_small_part() {
    let experiment = Experiment::new(include_str!("../../bench/scenarios/four-long.tlb"));
    let said = said(&experiment, WireLimits::default());
    let states = |message: &FromExplorer| match message {
        FromExplorer::Progress { states, .. } => Some(*states),
        _ => None,
    };
    let first =
        said.iter().position(|message| matches!(message, FromExplorer::Early { .. })).expect("it shows");
    let (told, all) = (said[..first].iter().filter_map(states).max(), said.iter().filter_map(states).max());
    println!("told after {told:?} of {all:?} states");
    assert!(told.zip(all).is_some_and(|(told, all)| told * 4 < all), "{told:?} of {all:?}");
}
