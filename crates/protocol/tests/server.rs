//! The server, driven as a worker drives it: bytes in, bytes out, slices in between.

use experiment::Experiment;
use explore::{Limits, Trace};
use machine::Check;
use protocol::{
    BUILD, FromExplorer, MAX_KERNELS, MAX_OPTIONS, MAX_TEXT, MessagePart, PROTOCOL, Refusal, Report, Server,
    ToExplorer, WireBound, WireLimits, WireSelection, WireTexts, WireVerdict, from_bytes, to_bytes,
};

const SCENARIO: &str = "lazy+munmap";

fn experiment() -> Experiment {
    Experiment::library(SCENARIO).expect("it is in the library")
}

fn check(job: u32) -> ToExplorer {
    ToExplorer::Check {
        job,
        texts: WireTexts::from(&experiment()),
        selection: WireSelection::default(),
        limits: WireLimits::default(),
    }
}

fn say(server: &mut Server, message: &ToExplorer) -> Vec<FromExplorer> {
    read(&server.handle(&to_bytes(message)))
}

fn read(replies: &[Vec<u8>]) -> Vec<FromExplorer> {
    replies.iter().map(|reply| from_bytes(reply).expect("a server sends messages")).collect()
}

fn greeted() -> Server {
    let mut server = Server::default();
    assert_eq!(say(&mut server, &ToExplorer::hello()), [FromExplorer::Ready { build: BUILD.into() }]);
    server
}

/// Runs to the end; returns the report, and how many messages of progress came before it.
fn finish(server: &mut Server, number: u32, budget: u32) -> (Report, u32) {
    let mut before = 0;
    let mut reached = 0;
    loop {
        assert!(server.busy());
        let replies = read(&server.run(budget));
        match &replies[..] {
            [FromExplorer::Early { job, witness, .. }, FromExplorer::Progress { states, .. }] => {
                assert!(*job == number && !witness.is_empty());
                reached = *states;
                before += 1;
            }
            [FromExplorer::Progress { job, states, .. }] => {
                assert_eq!(*job, number);
                assert!(*states >= reached, "states are never forgotten");
                reached = *states;
                before += 1;
            }
            [FromExplorer::Done { job, report }] => {
                assert_eq!(*job, number);
                assert!(!server.busy());
                assert_eq!(server.run(budget), Vec::<Vec<u8>>::new());
                return (report.clone(), before);
            }
            other => panic!("{other:?}"),
        }
    }
}

fn refused(job: Option<u32>, reason: Refusal) -> Vec<FromExplorer> {
    vec![FromExplorer::Refused { job, reason }]
}

#[test]
fn a_check_gives_what_the_machine_gives_and_its_witnesses_replay() {
    let mut server = greeted();
    assert_eq!(say(&mut server, &check(7)), []);
    let (report, _) = finish(&mut server, 7, 100);

    let machine = experiment().compile().into_machine().expect("it compiles");
    let mut same = Check::new(&machine, Limits::default());
    same.run_to_end();
    assert!(report.complete());
    assert_eq!(report.frontier, 0);
    assert_eq!(report.states, same.progress().states);
    assert_eq!(report.transitions, same.progress().transitions);
    assert_eq!(report.seen(), same.progress().seen);
    assert_eq!(report.expectations.len(), machine.program().expectations.len());
    for (wire, expectation) in report.expectations.iter().zip(&machine.program().expectations) {
        assert_eq!(wire.property, expectation.property);
        assert_eq!(wire.verdict, same.verdict(expectation).into());
        assert_eq!(wire.verdict, WireVerdict::Met, "{}", wire.text());
    }
    let mut shown = 0;
    for (wire, finding) in report.findings.iter().zip(same.findings()) {
        assert_eq!(wire.property(), Some(finding.property));
        assert_eq!(wire.schedule(), finding.witness);
        let Some(schedule) = wire.schedule() else { continue };
        let (trace, diverged) = Trace::replay(&machine, &schedule);
        assert_eq!(diverged, None);
        assert!(
            trace.steps().last().is_some_and(|step| step.properties.intersects(finding.property.as_set()))
        );
        shown += 1;
    }
    assert!(shown > 0, "{SCENARIO} shows something");
    let shortest = report.witness(machine::VIOLATION).map(|(_, schedule)| schedule.len());
    assert_eq!(shortest, same.witness(machine::VIOLATION).map(|(_, schedule)| schedule.len()));
}

#[test]
fn slices_change_nothing_but_how_often_it_reports() {
    let mut server = greeted();
    say(&mut server, &check(1));
    let (one, often) = finish(&mut server, 1, 50);
    say(&mut server, &check(2));
    let (other, seldom) = finish(&mut server, 2, u32::MAX);
    assert_eq!(one, other);
    assert!(often > seldom && seldom <= 1 + one.expectations.len() as u32, "{often} {seldom}");
}

#[test]
fn a_check_stops_when_told_to() {
    let mut server = greeted();
    say(&mut server, &check(1));
    assert_eq!(say(&mut server, &ToExplorer::Cancel { job: 9 }), [], "another job is not this one");
    assert!(server.busy());
    server.run(10);
    let stopped = refused(Some(1), Refusal::Cancelled);
    assert_eq!(say(&mut server, &ToExplorer::Cancel { job: 1 }), stopped);
    assert!(!server.busy());
    assert_eq!(say(&mut server, &ToExplorer::Cancel { job: 1 }), [], "too late");

    say(&mut server, &check(2));
    server.run(10);
    assert_eq!(say(&mut server, &check(3)), refused(Some(2), Refusal::Cancelled));
    assert!(finish(&mut server, 3, 1_000).0.complete());
}

#[test]
fn a_bound_is_named() {
    let mut server = greeted();
    let ToExplorer::Check { job, texts, selection, .. } = check(1) else { unreachable!() };
    let limits = WireLimits { states: 20, ..WireLimits::default() };
    let message = ToExplorer::Check { job, texts, selection, limits };
    say(&mut server, &message);
    let (report, _) = finish(&mut server, 1, 1_000);
    assert_eq!(report.bound, Some(WireBound::States));
    assert!(report.frontier > 0);
    assert!(report.expectations.iter().any(|expectation| expectation.verdict == WireVerdict::Open));
}

#[test]
fn a_check_that_has_seen_all_it_was_asked_stops_and_names_that() {
    let mut server = greeted();
    let kernel = "kernel \"counter\" { global n: int = 0;
        sys count() { while true { let old = n; n = old + 1; WARN_ON_ONCE(old == 3); } } }";
    let scenario = "scenario \"endless\" { use kernel \"counter\" machine { cpus 2; tso 1; }
        cpu 0 { count(); } cpu 1 { count(); } expect sometimes kernel_warning; }";
    let ToExplorer::Check { job, texts, selection, limits } =
        custom(scenario, vec![("counter".to_owned(), kernel.to_owned())], Vec::new())
    else {
        unreachable!()
    };
    let limits = WireLimits { states: 400_000, ..limits };
    let message = ToExplorer::Check { job, texts, selection, limits };
    say(&mut server, &message);
    let (report, _) = finish(&mut server, 5, 50_000);
    assert_eq!(report.bound, Some(WireBound::Found));
    assert!(!report.complete() && report.frontier > 0);
    // What was not asked is open.
    let bug =
        report.findings.iter().find(|finding| finding.property == machine::Property::KernelBug.number());
    assert_eq!(bug.and_then(|finding| finding.observation), None);
}

#[test]
fn strangers_are_turned_away() {
    let mut server = Server::default();
    assert_eq!(say(&mut server, &check(1)), refused(Some(1), Refusal::NotGreeted));
    let old = ToExplorer::Hello { protocol: PROTOCOL, build: "yesterday's".into() };
    let reason = Refusal::OtherBuild { ours: BUILD.into(), theirs: "yesterday's".into() };
    assert_eq!(say(&mut server, &old), refused(None, reason));
    let new = ToExplorer::Hello { protocol: PROTOCOL + 1, build: BUILD.into() };
    let reason = Refusal::OtherProtocol { ours: PROTOCOL, theirs: PROTOCOL + 1 };
    assert_eq!(say(&mut server, &new), refused(None, reason));
    assert_eq!(say(&mut server, &check(2)), refused(Some(2), Refusal::NotGreeted));
    assert!(!server.busy());
}

/// A check of `scenario` with everything else as it is given.
fn custom(scenario: &str, kernels: Vec<(String, String)>, options: Vec<(String, String)>) -> ToExplorer {
    ToExplorer::Check {
        job: 5,
        texts: WireTexts { scenario: scenario.to_owned(), kernels },
        selection: WireSelection { options, ..WireSelection::default() },
        limits: WireLimits::default(),
    }
}

#[test]
fn texts_that_are_wrong_are_refused_with_a_reason() {
    let mut server = greeted();
    let [FromExplorer::Refused { job: Some(5), reason: Refusal::Text { errors, first } }] =
        &say(&mut server, &custom("scenario \"s\" { cpu 0 { } }", Vec::new(), Vec::new()))[..]
    else {
        panic!("a scenario without a kernel is checked");
    };
    assert_eq!(*errors, 1);
    assert!(first.contains("kernel"), "{first}");
    let overlapping = experiment().scenario.replace(
        "machine {",
        "machine { dram 0 .. 1 GiB; device \"a\" at 0x1000; device \"b\" at 0x80000000; ",
    );
    let refusal = &say(&mut server, &custom(&overlapping, Vec::new(), Vec::new()))[..];
    assert!(
        matches!(refusal, [FromExplorer::Refused { reason: Refusal::Machine(_) | Refusal::Text { .. }, .. }]),
        "{refusal:?}"
    );
    assert!(!server.busy());
}

#[test]
fn sizes_have_limits() {
    let mut server = greeted();
    let pair = || ("a".to_owned(), "b".to_owned());
    for (message, part) in [
        (custom(&" ".repeat(MAX_TEXT + 1), Vec::new(), Vec::new()), MessagePart::Text),
        (custom("", vec![("k".into(), " ".repeat(MAX_TEXT + 1))], Vec::new()), MessagePart::Text),
        (custom("", vec![pair(); MAX_KERNELS + 1], Vec::new()), MessagePart::Kernels),
        (custom("", Vec::new(), vec![pair(); MAX_OPTIONS + 1]), MessagePart::Options),
    ] {
        assert_eq!(say(&mut server, &message), refused(Some(5), Refusal::TooBig(part)));
    }
    let huge = vec![0; protocol::MAX_MESSAGE + 1];
    assert_eq!(read(&server.handle(&huge)), refused(None, Refusal::TooBig(MessagePart::Message)));
}

#[test]
fn every_refusal_is_a_sentence() {
    for refusal in [
        Refusal::OtherBuild { ours: "a".into(), theirs: "b".into() },
        Refusal::OtherProtocol { ours: 1, theirs: 2 },
        Refusal::NotGreeted,
        Refusal::Malformed,
        Refusal::TooBig(MessagePart::Text),
        Refusal::Text { errors: 1, first: "no such thing".into() },
        Refusal::Text { errors: 2, first: "no such thing".into() },
        Refusal::Machine("no room".into()),
        Refusal::Cancelled,
    ] {
        let sentence = refusal.to_string();
        assert!(sentence.starts_with(char::is_uppercase) && sentence.ends_with('.'), "{sentence}");
    }
}
