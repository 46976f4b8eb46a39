//! Timed runs through the server: as many answers as runs, in slices, with the numbers of a run made here.

use cost::{Settings, TimedRun, TimedSubject, experiment_of, library_costs, on_kernel};
use protocol::{
    FromExplorer, Refusal, Server, ToExplorer, WireCell, WireLimits, WireRun, WireSelection, WireTimed,
    from_bytes, to_bytes,
};

const STEPS: u32 = 20_000;

fn workload() -> &'static str {
    gallery::workload("idle+munmap").expect("it is in the library").text
}

fn costs() -> String {
    gallery::costs().find(|text| text.slug == "server").expect("it is in the library").text.to_owned()
}

fn asked(job: u32, runs: Vec<WireRun>, states: u32) -> ToExplorer {
    let texts = (&experiment_of(workload())).into();
    let selection = WireSelection::default();
    ToExplorer::Timed { job, curve: false, texts, selection, costs: costs(), runs, steps: STEPS, states }
}

fn on(kernel: &str) -> WireRun {
    WireRun { kernel: kernel.to_owned(), changes: Vec::new(), seeds: 1, strips: 0 }
}

fn greeted() -> Server {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    server
}

fn heard(replies: Vec<Vec<u8>>) -> Vec<FromExplorer> {
    replies.iter().map(|bytes| from_bytes(bytes).expect("the server's own words")).collect()
}

/// All that it says, asked for so many states at a time.
fn all(server: &mut Server, asked: &ToExplorer, budget: u32) -> Vec<FromExplorer> {
    let mut said = heard(server.handle(&to_bytes(asked)));
    while server.busy() {
        said.extend(heard(server.run(budget)));
    }
    said
}

fn found(said: &FromExplorer) -> &Result<WireTimed, Refusal> {
    let FromExplorer::Timed { found, .. } = said else { panic!("{said:?}") };
    found
}

#[test]
fn the_numbers_are_those_of_the_run_however_it_is_sliced() {
    let question = asked(1, vec![on("linux-4.13"), on("init_mm switch"), on("vmalloc")], 50_000);
    let at_once = all(&mut greeted(), &question, u32::MAX);
    assert_eq!(at_once, all(&mut greeted(), &question, 7), "slices change nothing");
    // Who lacks functions, then what was counted, then the same with the verdicts.
    assert_eq!(at_once.len(), 5);
    let more = |said: &FromExplorer| matches!(said, FromExplorer::Timed { more: true, .. });
    assert_eq!(at_once.iter().map(more).collect::<Vec<_>>(), [false, true, true, false, false]);
    for (first, then) in [(1, 3), (2, 4)] {
        let (first, then) = (found(&at_once[first]).as_ref(), found(&at_once[then]).as_ref());
        let (first, then) = (first.expect("it runs"), then.expect("it runs"));
        assert_eq!(first.verdict, None);
        assert_eq!(&WireTimed { verdict: first.verdict.clone(), ..then.clone() }, first);
    }
    let experiment = on_kernel(&experiment_of(workload()), "linux-4.13");
    let server = library_costs("server").expect("it is in the library");
    let subject = TimedSubject::new(&experiment, &server, None).expect("it compiles");
    let run = TimedRun::new(subject.machine, &server, &subject.workload, Settings::default());
    let mut counters = run.to_end(u64::from(STEPS)).0;
    let told = found(&at_once[3]).as_ref().expect("it runs");
    assert_eq!(told.load, counters.load());
    assert_eq!(told.rounds, counters.rounds);
    let numbers: Vec<u64> = counters.numbers().into_iter().map(|number| *number).collect();
    assert_eq!(told.numbers, numbers);
    assert!(matches!(told.verdict, Some(WireCell::Safe { .. })));
    assert!(
        matches!(&at_once[0], FromExplorer::Timed { run: 2, found: Err(Refusal::Text { .. }), .. }),
        "that it lacks functions is known at once"
    );
}

/// A reader has asked for the table. Verdicts on all settings, for which nobody has asked, wait for its rows; the points of the picture
/// wait for them.
#[test]
fn the_rows_of_the_table_go_before_the_grid_and_the_picture_after_it() {
    let mut server = greeted();
    let ToExplorer::Timed { texts, costs, runs, steps, .. } = asked(2, vec![on("linux-4.13")], 0) else {
        panic!("it asks for timed runs")
    };
    let points = ToExplorer::Timed {
        job: 3,
        curve: true,
        texts: texts.clone(),
        selection: WireSelection::default(),
        costs: costs.clone(),
        runs: runs.clone(),
        steps,
        states: 0,
    };
    let (variants, limits) = (vec![WireSelection::default()], WireLimits::default());
    let grid = ToExplorer::Grid { job: 1, texts, variants, limits };
    let mut said = heard(server.handle(&to_bytes(&grid)));
    for question in [points, asked(2, runs, 0)] {
        said.extend(heard(server.handle(&to_bytes(&question))));
    }
    while server.busy() {
        said.extend(heard(server.run(1_000)));
    }
    let jobs = said.iter().map(|said| match said {
        FromExplorer::Cell { job, .. } | FromExplorer::Timed { job, .. } => *job,
        other => panic!("{other:?}"),
    });
    assert_eq!(jobs.collect::<Vec<_>>(), [2, 1, 3]);
}

#[test]
fn two_seeds_are_one_run_after_the_other() {
    let server = library_costs("server").expect("it is in the library");
    let experiment = on_kernel(&experiment_of(workload()), "linux-4.13");
    let subject = TimedSubject::new(&experiment, &server, None).expect("it compiles");
    let counters = [1, 2].map(|seed| {
        let settings = Settings { seed, ..Settings::default() };
        TimedRun::new(subject.machine.clone(), &server, &subject.workload, settings)
            .to_end(u64::from(STEPS))
            .0
    });
    let run = WireRun { seeds: 2, ..on("linux-4.13") };
    let said = all(&mut greeted(), &asked(1, vec![run], 0), 1_000);
    let told = found(&said[0]).as_ref().expect("it runs");
    let [time, overhead] = [counters.each_ref().map(|c| c.time), counters.each_ref().map(|c| c.overhead())];
    assert_eq!(told.numbers[..2], [2 * u64::from(STEPS), time[0] + time[1]], "steps and time");
    assert_eq!(told.rounds[0], counters[0].rounds[0] + counters[1].rounds[0]);
    assert_eq!(told.load, (overhead[0] + overhead[1]) * 1_000_000 / (time[0] + time[1]));
}

#[test]
fn a_change_changes_the_numbers_and_one_that_nothing_has_is_refused() {
    let changed = |what: &str| WireRun { changes: vec![(what.to_owned(), 5_000_000)], ..on("linux-4.13") };
    let runs = vec![on("linux-4.13"), changed("ipi_latency"), changed("every 0"), changed("no_such_thing")];
    let said = all(&mut greeted(), &asked(1, runs, 0), 1_000);
    let load = |place: usize| found(&said[place]).as_ref().expect("it runs").load;
    assert!(load(1) > load(0) && load(2) > load(1), "{} {} {}", load(0), load(1), load(2));
    assert!(matches!(found(&said[3]), Err(Refusal::Costs(_))));
}

#[test]
fn what_is_under_way_can_be_stopped_and_waits_for_a_check() {
    let mut server = greeted();
    assert_eq!(heard(server.handle(&to_bytes(&asked(1, vec![on("linux-4.13"); 9], 0)))), []);
    assert_eq!(heard(server.run(10)), []);
    assert_eq!(heard(server.run(10)), []);
    let said = heard(server.handle(&to_bytes(&ToExplorer::Cancel { job: 1 })));
    assert_eq!(said, [FromExplorer::Refused { job: Some(1), reason: Refusal::Cancelled }]);
    assert!(!server.busy());
    // Another job of the kind takes the place of the first.
    server.handle(&to_bytes(&asked(2, vec![on("linux-4.13")], 0)));
    let said = heard(server.handle(&to_bytes(&asked(3, vec![on("linux-4.13")], 0))));
    assert_eq!(said, [FromExplorer::Refused { job: Some(2), reason: Refusal::Cancelled }]);
    let too_many = asked(4, vec![on("linux-4.13"); protocol::MAX_RUNS + 1], 0);
    let said = heard(server.handle(&to_bytes(&too_many)));
    assert!(said.iter().any(|said| matches!(said, FromExplorer::Refused { job: Some(4), .. })), "{said:?}");
}

#[test]
fn lanes_are_told_in_the_order_of_time_and_add_up() {
    let run = WireRun { strips: 500, ..on("linux-4.13") };
    let said = all(&mut greeted(), &asked(1, vec![run], 0), 1_000);
    let strips = &found(&said[0]).as_ref().expect("it runs").strips;
    assert_eq!(strips.len(), 500);
    for cpu in [0, 1] {
        let of_cpu: Vec<_> = strips.iter().filter(|strip| strip.0 == cpu).collect();
        assert!(of_cpu.len() > 10 && of_cpu[0].2 == 0, "CPU {cpu} has a lane from the beginning on");
        assert!(of_cpu.windows(2).all(|two| two[0].2 <= two[1].2 && two[0].1 != two[1].1), "CPU {cpu}");
    }
    // CPU 0 never sleeps and waits for IPIs; CPU 1 sleeps in C1 and in C6, and handles IPIs.
    let does =
        |cpu: u8, doing: cost::Doing| strips.iter().any(|strip| (strip.0, strip.1) == (cpu, doing as u8));
    assert!(does(0, cost::Doing::WaitsForOthers) && !does(0, cost::Doing::C1));
    assert!(does(1, cost::Doing::C1) && does(1, cost::Doing::C6) && does(1, cost::Doing::Wakes));
}

/// Most of what happens in a run may be no step: walks that come to nothing. A slice ends after so much of it too, so that the worker
/// hears what is said to it.
#[test]
fn a_slice_has_a_bound_though_no_step_is_taken() {
    let slices = |changes: Vec<(String, u64)>| {
        let mut server = greeted();
        server.handle(&to_bytes(&asked(1, vec![WireRun { changes, ..on("linux-4.13") }], 0)));
        let mut slices = 0;
        while server.busy() {
            server.run(100);
            slices += 1;
        }
        slices
    };
    let (plain, walks) =
        (slices(Vec::new()), slices(vec![("speculation".to_owned(), lang::costs::LEAST_PERIOD)]));
    assert!(plain >= 50 && walks > 5 * plain, "{plain} and {walks} slices");
}
