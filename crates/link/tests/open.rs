//! From a moment to a link and back to the moment, and what can prevent that.

use experiment::Experiment;
use explore::{Passed, Seeded, Sink, System, Trace};
use lang::Selection;
use link::{Base, Link, MAX_STEPS, Opening, Outcome, Unopened, View, decode, encode, moment, open};
use machine::{Action, Event, Machine};

const SLUG: &str = "lazy+unmap+andy";

/// An experiment with a scenario of the library, and a run of it.
fn run(edit: impl FnOnce(&mut Experiment)) -> (Experiment, Machine, Trace<Machine>) {
    let mut experiment = Experiment::library(SLUG).expect("the library has it");
    edit(&mut experiment);
    let machine = experiment.compile().into_machine().expect("it compiles");
    let mut trace = Trace::new(&machine);
    assert!(trace.run(&machine, &mut Seeded::new(7), 12) > 5);
    (experiment, machine, trace)
}

fn linked(edit: impl FnOnce(&mut Experiment)) -> Link {
    let (experiment, machine, trace) = run(edit);
    moment(&experiment, &machine, &trace, 5, View::TRACE)
}

#[test]
fn a_moment_is_the_same_after_the_way_there_and_back() {
    let (experiment, machine, trace) = run(|experiment| {
        let options = vec![("memory_barrier".to_owned(), "on".to_owned())];
        experiment.selection = Selection::new(Some(3), options);
    });
    let text = encode(&moment(&experiment, &machine, &trace, 5, View::default()));
    let opened = open(&decode(&text).expect("it was made here")).expect("it opens");
    assert_eq!(opened.experiment, experiment);
    assert_eq!((opened.cursor, opened.outcome), (5, Outcome::Reproduced));
    assert_eq!(opened.trace.schedule(), trace.schedule());
}

/// A link names another kernel by a word; the text stays the library's.
#[test]
fn a_moment_on_another_kernel_comes_back_on_that_kernel() {
    let (experiment, machine, trace) =
        run(|experiment| experiment.selection.kernel = Some("linux-4.14".to_owned()));
    assert_eq!(machine.program().kernel, "linux-4.14");
    let link = moment(&experiment, &machine, &trace, 5, View::default());
    assert!(matches!(&link.base, Base::Library { slug, .. } if slug == SLUG));
    let opened = open(&decode(&encode(&link)).expect("it was made here")).expect("it opens");
    assert_eq!((opened.experiment, opened.outcome), (experiment, Outcome::Reproduced));
    assert_eq!(opened.machine.program().kernel, "linux-4.14");
}

#[test]
fn texts_of_the_library_go_by_name_and_others_as_they_are() {
    assert!(matches!(linked(|_| {}).base, Base::Library { slug, kernel: None, .. } if slug == SLUG));
    let edited = linked(|there| there.scenario = format!("{}// mine\n", there.scenario).into());
    assert!(matches!(&edited.base, Base::Inline { scenario, .. } if scenario.ends_with("// mine\n")));
    let name = "lazy TLB lab";
    let library = gallery::kernel(name).expect("the scenario uses it").text;
    let same = linked(|there| there.kernels.insert(name, library));
    assert_eq!(same.base.kernel(), None, "it is the library's text");
    let other = linked(|there| there.kernels.insert(name, format!("{library}// mine\n")));
    let opened = open(&other).expect("it opens");
    assert_eq!(opened.outcome, Outcome::Reproduced);
    assert!(opened.experiment.kernels.own(name).is_some_and(|text| text.ends_with("// mine\n")));
}

#[test]
fn what_changed_since_is_said() {
    let link = linked(|_| {});
    let differs = open(&Link { digest: link.digest ^ 1, ..link.clone() }).expect("it opens");
    assert!(matches!(differs.outcome, Outcome::Differs { texts_changed: false, .. }));
    let mut broken = link.clone();
    broken.schedule[3] = u32::MAX;
    let stopped = open(&broken).expect("it opens");
    assert!(matches!(stopped.outcome, Outcome::Stopped { taken: 3, .. }), "{:?}", stopped.outcome);
    assert_eq!((stopped.trace.len(), stopped.cursor), (3, 3));
}

/// In version 1 of the model a handler could begin while stores of the interrupted program were still buffered.
#[test]
fn a_link_of_an_earlier_model_stops_where_this_one_does_not_follow_and_says_so() {
    let mut link = linked(|there| {
        there.scenario = "scenario \"s\" { use kernel \"k\" cpu 0 { send(); } cpu 1 { write(); write(); }
            expect never violation; }"
            .into();
        let kernel =
            "kernel \"k\" { about \".\" global x: int = 0; ipi poke() { x = 2; } sys write() { x = 1; }
            sys send() { ipi poke() to {1}; } }";
        there.kernels.insert("k", kernel);
    });
    // CPU 1 stores, CPU 0 sends, CPU 1 takes the IPI.
    link.schedule = vec![Action::Step { cpu: 1 }, Action::Step { cpu: 0 }, Action::Interrupt { cpu: 1 }]
        .into_iter()
        .map(Action::code)
        .collect();
    (link.cursor, link.model) = (3, 1);
    let opened = open(&decode(&encode(&link)).expect("it was made here")).expect("it opens");
    assert!(matches!(opened.outcome, Outcome::Stopped { taken: 2, of: 3, .. }), "{:?}", opened.outcome);
    let said = format!("The link is of model version 1, this is {}.", machine::MODEL);
    assert!(opened.outcome.to_string().ends_with(&said), "{}", opened.outcome);
    // With the store in memory first, it is as it was.
    link.schedule.insert(1, Action::Drain { cpu: 1 }.code());
    assert_eq!(open(&link).expect("it opens").trace.len(), 4);
}

#[test]
fn what_shows_nothing_is_refused_in_words() {
    let link = linked(|_| {});
    let base = |base: Base| open(&Link { base, ..link.clone() }).expect_err("there is nothing to show");
    let unknown = base(Base::Library { slug: "no+such".into(), kernel: None, hash: 0 });
    assert_eq!(unknown, Unopened::NoScenario("no+such".into()));
    assert!(unknown.to_string().contains("no+such"));
    let broken = base(Base::Inline { scenario: "scenario \"x\" {".into(), kernel: None, hash: 0 });
    assert!(broken.to_string().starts_with("The text in this link does not compile: "), "{broken}");
}

/// A link to an edited text and kernel, with one CPU that takes as many steps as a link may have.
fn hostile(kernel: &str, scenario: &str) -> Link {
    let base = Base::Inline {
        scenario: format!("scenario \"s\" {{ use kernel \"k\" {scenario} expect never violation; }}"),
        kernel: Some(format!("kernel \"k\" {{ {kernel} }}")),
        hash: 0,
    };
    Link { schedule: vec![Action::Step { cpu: 0 }.code(); MAX_STEPS], ..Link::new(base) }
}

/// How many silent operations a step carried out.
struct Work(u64);

impl Sink<Event> for Work {
    fn event(&mut self, _: impl FnOnce() -> Event) {}

    fn listens(&self) -> bool {
        true
    }

    fn worked(&mut self, work: u32) {
        self.0 += u64::from(work);
    }

    fn passed(&mut self) -> Option<&mut Passed> {
        None
    }
}

#[test]
fn a_short_link_is_no_long_wait() {
    let bomb = "sys u() { while true { smp_mb(); for i in 0 .. 13000 { } } }";
    let set_up = hostile(bomb, "machine { cpus 1; } setup { cpu 0 { u(); } } cpu 0 { u(); }");
    assert!(encode(&set_up).len() < 1_000, "{}", encode(&set_up).len());
    let refused = open(&set_up).expect_err("it is never set up");
    assert!(refused.to_string().contains("takes too long"), "{refused}");
    let run = open(&hostile(bomb, "machine { cpus 1; } cpu 0 { u(); }")).expect("its beginning can be shown");
    let Outcome::Cut { taken, of: 100_000 } = run.outcome else { panic!("{:?}", run.outcome) };
    assert_eq!(taken as usize, run.trace.len());
    // A round of the counting loop is five operations, and a step of this CPU is 13,000 rounds: the run is cut at the
    // first step by which 50 million operations have been carried out.
    let mut state = run.machine.initial();
    let mut work = Vec::new();
    for action in run.trace.schedule() {
        let mut step = Work(0);
        run.machine.step(&mut state, action, &mut step);
        work.push(step.0);
    }
    assert!(work.iter().all(|step| (65_000..65_010).contains(step)), "{:?}", work.first());
    let (all, last) = (work.iter().sum::<u64>(), work.last().copied().unwrap_or_default());
    assert!(all >= 50_000_000 && all - last < 50_000_000, "{all} operations in {taken} steps");
    let endless = "ipi f(_a: int, _b: int, _c: int) { } sys t() { while true { ipi f(1, 2, 3) to online; } }
        sys b() { while true { invlpgb_flush_all_nosync(); } }";
    for block in ["t();", "b();"] {
        let scenario = format!("machine {{ cpus 16; vendor amd; }} cpu 0 {{ {block} }} cpu 1 {{ }}");
        let opened = open(&hostile(endless, &scenario)).expect("it opens");
        let waiting = |cpu: &machine::CpuState| cpu.pending.len() + cpu.broadcasts.len();
        assert_eq!(opened.trace.last().cpus.iter().map(waiting).max(), Some(machine::MOST_WAITING));
    }
}

#[test]
fn opened_in_slices_it_is_the_same() {
    let link = linked(|_| {});
    let whole = open(&link).expect("it opens");
    let mut opening = Opening::begin(link).expect("it opens");
    let mut slices = 1;
    while opening.run(2) {
        assert_eq!(opening.progress().0, 2 * slices);
        slices += 1;
    }
    let opened = opening.end();
    assert_eq!(opened.trace.schedule(), whole.trace.schedule());
    assert_eq!((opened.cursor, opened.outcome), (whole.cursor, Outcome::Reproduced));
}
