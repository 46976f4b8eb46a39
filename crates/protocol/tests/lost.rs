//! From which step on a run was lost, asked by message.

use experiment::Experiment;
use explore::{Forced, Limits};
use machine::{Action, Check, Machine, Property};
use protocol::{
    FromExplorer, MAX_STEPS, MessagePart, Refusal, Server, ToExplorer, WireLimits, WireSelection, WireTexts,
    from_bytes, to_bytes,
};

const WANTED: Property = Property::WalkOfFreed;

fn experiment() -> Experiment {
    Experiment::library("lazy+munmap").expect("it is in the library")
}

/// A shortest run that shows it.
fn run(machine: &Machine) -> Vec<Action> {
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    check.witness(WANTED.as_set()).expect("it shows").1
}

fn question(job: u32, schedule: Vec<u32>, states: u32) -> ToExplorer {
    ToExplorer::Lost {
        job,
        texts: WireTexts::from(&experiment()),
        selection: WireSelection::default(),
        property: WANTED.number(),
        schedule,
        limits: WireLimits { states, ..WireLimits::default() },
    }
}

fn greeted() -> Server {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    server
}

fn read(replies: &[Vec<u8>]) -> Vec<FromExplorer> {
    replies.iter().map(|reply| from_bytes(reply).expect("a server sends messages")).collect()
}

fn say(server: &mut Server, message: &ToExplorer) -> Vec<FromExplorer> {
    read(&server.handle(&to_bytes(message)))
}

fn rest(server: &mut Server) -> Vec<FromExplorer> {
    let mut said = Vec::new();
    while server.busy() {
        said.extend(read(&server.run(7)));
    }
    said
}

#[test]
fn the_answer_is_that_of_the_search_and_comes_in_slices() {
    let machine = experiment().compile().into_machine().expect("it compiles");
    let run = run(&machine);
    let codes: Vec<u32> = run.iter().map(|action| action.code()).collect();
    let mut server = greeted();
    for states in [0, 5, 50_000] {
        let known = Forced::new(&machine, &run, WANTED.as_set(), states).expect("it shows").run_to_end();
        assert!(say(&mut server, &question(3, codes.clone(), states)).is_empty());
        let from = known.from as u32;
        assert_eq!(rest(&mut server), [FromExplorer::Lost { job: 3, from, settled: known.settled }]);
    }
}

#[test]
fn a_new_check_and_a_new_question_put_an_end_to_it() {
    let machine = experiment().compile().into_machine().expect("it compiles");
    let codes: Vec<u32> = run(&machine).iter().map(|action| action.code()).collect();
    let mut server = greeted();
    say(&mut server, &question(3, codes.clone(), 50_000));
    say(&mut server, &question(4, codes.clone(), 50_000));
    assert!(matches!(rest(&mut server)[..], [FromExplorer::Lost { job: 4, .. }]));
    say(&mut server, &question(5, codes, 50_000));
    let (texts, selection) = (WireTexts::from(&experiment()), WireSelection::default());
    let check = ToExplorer::Check { job: 6, texts, selection, limits: WireLimits::default() };
    assert_eq!(
        say(&mut server, &check),
        [FromExplorer::Refused { job: Some(5), reason: Refusal::Cancelled }]
    );
}

#[test]
fn a_run_that_does_not_show_it_is_refused() {
    let mut server = greeted();
    let refused = |reason| [FromExplorer::Refused { job: Some(3), reason }];
    let mut asked = |schedule| say(&mut server, &question(3, schedule, 50_000));
    assert_eq!(asked(Vec::new()), refused(Refusal::Malformed));
    assert_eq!(asked(vec![u32::MAX]), refused(Refusal::Malformed), "there is no such action");
    assert_eq!(asked(vec![Action::Fault { cpu: 1 }.code()]), refused(Refusal::Malformed));
    assert_eq!(asked(vec![0; MAX_STEPS + 1]), refused(Refusal::TooBig(MessagePart::Run)));
}
