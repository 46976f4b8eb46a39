//! Distances: the explorer's distances for a run are those that a search from each of its moments
//! would find.

use experiment::Experiment;
use machine::{Action, Property};
use protocol::{
    FromExplorer, MAX_STEPS, MessagePart, Refusal, Server, ToExplorer, WireLimits, WireMoment, WireSelection,
    WireTexts, from_bytes, to_bytes,
};

const SCENARIO: &str = "lazy+unmap+andy";

fn texts() -> WireTexts {
    WireTexts::from(&Experiment::library(SCENARIO).expect("it is in the library"))
}

fn question(job: u32, property: u8, schedule: Vec<u32>, states: u32) -> ToExplorer {
    let limits = WireLimits { states, ..WireLimits::default() };
    let (texts, selection) = (texts(), WireSelection::default());
    ToExplorer::Distances { job, texts, selection, property, schedule, limits }
}

fn asked(server: &mut Server, message: &ToExplorer) -> Vec<FromExplorer> {
    let mut replies = server.handle(&to_bytes(message));
    while server.busy() {
        replies.extend(server.run(1_000));
    }
    replies.iter().map(|reply| from_bytes(reply).expect("a server sends messages")).collect()
}

fn greeted() -> Server {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    server
}

/// A shortest schedule to a property.
fn witness(server: &mut Server, property: Property) -> Vec<u32> {
    let (selection, limits) = (WireSelection::default(), WireLimits::default());
    let check = ToExplorer::Check { job: 1, texts: texts(), selection, limits };
    let Some(FromExplorer::Done { report, .. }) = asked(server, &check).pop() else { panic!("no report") };
    let (_, schedule) = report.witness(property.as_set()).expect("it shows");
    schedule.into_iter().map(Action::code).collect()
}

fn moments(server: &mut Server, property: Property, schedule: &[u32]) -> Vec<WireMoment> {
    match asked(server, &question(7, property.number(), schedule.to_vec(), 50_000)).pop() {
        Some(FromExplorer::Distances { job: 7, moments }) => moments,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_step_of_a_shortest_run_is_one_nearer() {
    let mut server = greeted();
    for property in [Property::ABitCorruption, Property::MachineCheck, Property::WalkOfFreed] {
        let schedule = witness(&mut server, property);
        let moments = moments(&mut server, property, &schedule);
        assert_eq!(moments.len(), schedule.len() + 1);
        for (at, taken) in schedule.iter().enumerate() {
            let left = (schedule.len() - at) as u32;
            assert_eq!(moments[at].steps, Some(left), "{property:?}, {at}");
            let after = moments[at].choices.iter().find(|(code, _)| code == taken);
            assert_eq!(after.map(|(_, steps)| *steps), Some(Some(left - 1)), "{property:?}, {at}");
            // No action is nearer than the shortest path, and one is as near.
            let nearest = moments[at].choices.iter().filter_map(|(_, steps)| *steps).min();
            assert_eq!(nearest, Some(left - 1));
        }
    }
}

#[test]
fn what_never_shows_is_never_near() {
    let mut server = greeted();
    let moments = moments(&mut server, Property::StaleAccess, &[]);
    assert!(moments.len() == 1 && moments[0].steps.is_none() && !moments[0].choices.is_empty());
    assert!(moments[0].choices.iter().all(|(_, steps)| steps.is_none()));
}

#[test]
fn what_is_too_big_is_refused() {
    let refused = |message: &ToExplorer| match asked(&mut greeted(), message).pop() {
        Some(FromExplorer::Refused { job: Some(7), reason }) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&question(7, 1, vec![0; MAX_STEPS + 1], 50_000)), Refusal::TooBig(MessagePart::Run));
    assert_eq!(refused(&question(7, 1, Vec::new(), 100)), Refusal::TooBig(MessagePart::States));
    assert_eq!(refused(&question(7, 200, Vec::new(), 50_000)), Refusal::Malformed);
    assert_eq!(refused(&question(7, 1, vec![u32::MAX], 50_000)), Refusal::Malformed);
    let unasked = Server::default().handle(&to_bytes(&question(7, 1, Vec::new(), 50_000)));
    let reason = Refusal::NotGreeted;
    assert_eq!(from_bytes(&unasked[0]), Ok(FromExplorer::Refused { job: Some(7), reason }));
}

#[test]
fn a_check_does_not_wait_for_distances() {
    let mut server = greeted();
    let property = Property::ABitCorruption;
    let schedule = witness(&mut server, property);
    server.handle(&to_bytes(&question(7, property.number(), schedule, 50_000)));
    // Part of the states, then part of the arrows: no answer yet.
    for _ in 0..3 {
        assert!(server.run(500).is_empty() && server.busy());
    }
    let (selection, limits) = (WireSelection::default(), WireLimits::default());
    let check = ToExplorer::Check { job: 8, texts: texts(), selection, limits };
    let replies = asked(&mut server, &check);
    let done = replies.iter().position(|reply| matches!(reply, FromExplorer::Done { job: 8, .. }));
    let told = replies.iter().position(|reply| matches!(reply, FromExplorer::Distances { job: 7, .. }));
    assert!(done.is_some() && done < told, "{done:?}, {told:?}");
}
