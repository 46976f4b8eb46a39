//! What the lab does, without a browser.

use super::{Act, Lab};
use crate::model::jobs::Purpose;
use crate::model::lesson::Lesson;
use crate::model::library::{Library, needed};
use crate::model::player::PlayerAct;
use crate::model::session::{Session, Setting};
use crate::model::timed::TimedAct;
use crate::model::verdict::{Mood, settled};
use crate::view::verdict::VerdictView;
use experiment::Experiment;
use lang::source::SourceId;
use machine::VIOLATION;
use protocol::{FromExplorer, Refusal, Server, ToExplorer, WireOutlook, from_bytes, to_bytes};

pub(crate) fn act(lab: Lab, act: Act) -> Lab {
    lab.after(act)
}

/// What the worker would do.
pub(crate) fn checked(mut lab: Lab) -> Lab {
    let mut server = Server::default();
    server.handle(&to_bytes(&ToExplorer::hello()));
    let mut replies = server.handle(&to_bytes(&lab.check().request(&lab.setup().session)));
    while server.busy() {
        replies.extend(server.run(100_000));
    }
    for reply in replies {
        lab = act(lab, Act::Heard(vec![from_bytes(&reply).expect("the server's own words")]));
    }
    lab
}

#[test]
fn the_silence_of_the_explorer_is_told_until_it_is_heard_or_started_anew() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let told = |lab: &Lab| VerdictView::of(lab).silent;
    assert_eq!(told(&lab), None);
    let silent = act(lab, Act::Silent(Some(12)));
    assert!(told(&silent).is_some_and(|sentence| sentence.contains("not answered for 12 s")));
    assert_eq!(told(&act(silent.clone(), Act::Silent(None))), None);
    let anew = act(silent.clone(), Act::Restart);
    assert_eq!((told(&anew), anew.restarts()), (None, silent.restarts() + 1));
    // Nothing new is asked: the questions keep their numbers.
    assert!(Purpose::ALL.into_iter().all(|purpose| anew.job(purpose) == silent.job(purpose)));
}

#[test]
fn a_refusal_reaches_whoever_asked_and_nobody_else() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    let asked: Vec<Purpose> =
        Purpose::ALL.into_iter().filter(|purpose| lab.request(*purpose).is_some()).collect();
    assert_eq!(
        asked,
        [Purpose::Check, Purpose::Distances, Purpose::Lost, Purpose::Grid],
        "the answer to the check has led to the other questions"
    );
    let refused = |purpose: Purpose| {
        let job = Some(lab.job(purpose));
        act(lab.clone(), Act::Heard(vec![FromExplorer::Refused { job, reason: Refusal::Died }]))
    };
    let heard = |lab: &Lab| {
        let grid = !lab.grid().cells().is_empty();
        [lab.check().report().is_none(), lab.distances().refused().is_some(), grid]
    };
    assert_eq!(heard(&lab), [false; 3]);
    assert_eq!(heard(&refused(Purpose::Check)), [true, false, false]);
    assert_eq!(heard(&refused(Purpose::Distances)), [false, true, false]);
    assert_eq!(heard(&refused(Purpose::Lost)), [false; 3]);
    assert_eq!(heard(&refused(Purpose::Grid)), [false, false, true]);
}

/// A link of version 1 names what it compares with by a number. Where the number means nothing certain any more, the page
/// says so.
#[test]
fn a_comparison_that_is_left_out_is_said() {
    let base = link::Base::Library { slug: "lazy+munmap".into(), kernel: None, hash: 0 };
    let with = |numbered: Option<link::Numbered>| {
        let compared = numbered.map(link::ComparedAs::Numbered);
        let text = link::encode(&link::Link { compared, ..link::Link::new(base.clone()) });
        let lab = act(Lab::open(None).expect("a scenario compiles"), Act::Follow(text));
        lab.notice().expect("there is something to say").clone()
    };
    let said = with(Some(link::Numbered::Kernel(0)));
    assert!(
        said.warning
            && said.sentence.contains("The link's comparison is left out: the library no longer has"),
        "{said:?}"
    );
    assert!(!with(None).sentence.contains("comparison"));
}

/// A link to the scenario that the page opens with, and as many steps as a link may have. The first few are taken as
/// they come; the others can't be.
fn long() -> String {
    let kernel = "kernel \"k\" { global g: int = 0; sys t() { while true { g = g + 1; } } }";
    let scenario = "scenario \"long\" { use kernel \"k\" machine { cpus 1; tso 0; } cpu 0 { t(); } expect never violation; }";
    let base = link::Base::Inline { scenario: scenario.into(), kernel: Some(kernel.into()), hash: 0 };
    let schedule = vec![machine::Action::Step { cpu: 0 }.code(); 3_000];
    link::encode(&link::Link { schedule, cursor: 2_000, ..link::Link::new(base) })
}

#[test]
fn a_long_run_is_followed_in_slices_and_can_be_stopped() {
    let lab = Lab::open(Some(&long())).expect("a scenario compiles");
    let opening = lab.opening().expect("it takes long").clone();
    assert_eq!(lab.session().slug, crate::DEFAULT, "what is there meanwhile");
    let stopped = act(lab.clone(), Act::StopOpening);
    assert!(stopped.opening().is_none() && stopped.notice().is_some_and(|notice| notice.warning));
    assert!(opening.run(|| true), "there is more to do");
    let further = act(lab, Act::OpeningOn);
    let told = further.opening().map(|opening| opening.sentence());
    assert_eq!(told.as_deref(), Some("Opening the link: step 408 of 3,000."));
    while opening.run(|| true) {}
    let opened = act(further.clone(), Act::Opened);
    assert_eq!((opened.player().trace().len(), opened.player().cursor()), (3_000, 2_000));
    assert_eq!(opened.player().machine().program().name, "long");
    // A reader who has meanwhile opened something else stays there.
    let elsewhere =
        act(Lab::open(Some(&long())).expect("a scenario compiles"), Act::Open("lazy+munmap".to_owned()));
    let late = act(elsewhere, Act::Opened);
    assert_eq!(late.session().slug, "lazy+munmap");
}

#[test]
fn another_picture_may_wait_for_its_verdict_but_a_writer_may_not() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    let other = act(lab.clone(), Act::Open("lazy+munmap".to_owned()));
    assert!(other.comes_after(&lab) && !other.comes_after(&other));
    let case = act(lab.clone(), Act::Case(None));
    assert!(case.comes_after(&lab));
    let text = format!("{}\n", lab.session().experiment.scenario);
    let edited = act(lab.clone(), Act::Edit(SourceId(0), text));
    assert!(edited.check().job != lab.check().job && !edited.comes_after(&lab));
    assert!(!act(lab.clone(), Act::Play(PlayerAct::Back)).comes_after(&lab));
}

#[test]
fn the_page_opens_at_the_end_of_a_counterexample() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    assert!(lab.player().at_end() && lab.player().cursor() > 0);
    assert!(lab.player().step().is_some_and(|step| step.properties.intersects(VIOLATION)));
    assert!(!lab.touched());
}

#[test]
fn why_a_link_was_refused_can_be_read_beside_the_counterexample() {
    let lab = checked(Lab::open(Some("1.!!!!")).expect("a scenario compiles"));
    assert!(lab.player().at_end() && lab.notice().is_some_and(|notice| notice.warning));
}

#[test]
fn a_reader_who_has_begun_is_not_interrupted() {
    let lab = act(Lab::open(None).expect("a scenario compiles"), Act::Play(PlayerAct::To(1)));
    assert_eq!(checked(lab).player().cursor(), 1);
}

#[test]
fn a_toggle_starts_another_check_and_late_answers_are_dropped() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    let late = lab.check().clone();
    let option = || Act::Option { name: "init_mm_switch".into(), choice: "on".into() };
    let lab = act(lab, option());
    assert_ne!(lab.check().job, late.job);
    let safe = checked(lab);
    let report = safe.check().report().expect("the check is done");
    assert!(report.complete() && !report.seen().intersects(VIOLATION));
}

#[test]
fn a_broken_text_leaves_the_last_machine_on_stage() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let (job, good) = (lab.check().job, lab.session().experiment.scenario.clone());
    let broken = act(lab, Act::Edit(SourceId::SCENARIO, good.replace("munmap_region", "munmap_regoin")));
    assert!(broken.stale() && !broken.diagnostics().is_empty());
    assert_eq!(broken.check().job, job);
    let mended = act(broken, Act::Reset(SourceId::SCENARIO));
    assert!(!mended.stale() && mended.diagnostics().is_empty());
}

#[test]
fn an_explanation_stays_while_its_grounds_are_looked_at() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    let last = lab.player().cursor();
    let asked = act(lab, Act::Why);
    assert_eq!(asked.why(), u32::try_from(last).ok());
    let looking = act(asked, Act::Play(PlayerAct::To(2)));
    assert_eq!(looking.why(), u32::try_from(last).ok());
    assert_eq!(act(looking.clone(), Act::Why).why(), None);
    assert_eq!(act(looking.clone(), Act::EndWhy).why(), None);
    let other = Act::Option { name: "init_mm_switch".into(), choice: "on".into() };
    assert_eq!(act(looking.clone(), other).why(), None, "it is another run");
    let start = act(act(looking, Act::EndWhy), Act::Play(PlayerAct::To(0)));
    assert_eq!(act(start, Act::Why).why(), None, "the beginning needs no explanation");
}

#[test]
fn things_tell_where_they_come_from() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    let asked = act(lab, Act::Origin(Some(3)));
    assert!(asked.why() == Some(3) && asked.notice().is_none());
    assert_eq!(act(asked.clone(), Act::Origin(Some(3))).why(), None, "asked again, it is put away");
    let early = act(asked, Act::Origin(None));
    assert!(early.why().is_none() && early.notice().is_some_and(|notice| !notice.warning));
}

#[test]
fn a_bad_link_is_said_and_the_default_opens() {
    let lab = Lab::open(Some("1.this-is-no-link")).expect("a scenario compiles");
    assert!(lab.notice().is_some_and(|notice| notice.warning));
    assert_eq!(lab.session().slug, crate::DEFAULT);
}

#[test]
fn every_scenario_of_the_library_opens() {
    let mut lab = Lab::open(None).expect("a scenario compiles");
    for text in gallery::scenarios() {
        lab = act(lab, Act::Open(text.slug.to_owned()));
        assert_eq!(lab.session().slug, text.slug, "{:?}", lab.diagnostics());
    }
}

#[test]
fn a_text_with_errors_comes_by_link_and_nothing_of_it_is_lost() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    let text = lab.session().experiment.scenario.replace("machine {", "machin {");
    let broken = act(lab.clone(), Act::Edit(SourceId::SCENARIO, text.clone()));
    assert!(broken.stale() && !broken.stands_in());
    let there = Lab::open(Some(&broken.link())).expect("a scenario compiles");
    assert!(there.stale() && there.stands_in() && !there.diagnostics().is_empty());
    assert!(broken.offers_cases_of().is_some() && there.offers_cases_of().is_none());
    assert_eq!(*there.session().experiment.scenario, *text);
    assert_eq!(there.player().cursor(), lab.player().cursor());
    assert_eq!(there.link(), broken.link(), "what was opened is what is written");
    let mended = act(there, Act::Edit(SourceId::SCENARIO, lab.session().experiment.scenario.to_string()));
    assert!(!mended.stale() && !mended.stands_in());
    assert_eq!(mended.link(), lab.link());
}

#[test]
fn a_kernel_that_is_written_before_its_scenario_is_found_by_its_name() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let (kernel, scenario) = (lab.session().kernel(), lab.session().text(SourceId::SCENARIO));
    let mine = kernel.replacen("\"lazy TLB lab\"", "\"mine\"", 1);
    let mut writing = act(lab, Act::Edit(SourceId::KERNEL, mine.clone()));
    // Letter by letter: no kernel has the name that is begun.
    for name in ["", "m", "mi", "min", "mine"] {
        let text = scenario.replace("\"lazy TLB lab\"", &format!("{name:?}"));
        writing = act(writing, Act::Edit(SourceId::SCENARIO, text));
    }
    assert_eq!(*writing.session().kernel(), *mine);
    assert!(writing.diagnostics().is_empty(), "{:?}", writing.diagnostics());
    let there = Lab::open(Some(&writing.link())).expect("a scenario compiles");
    assert_eq!(*there.session().kernel(), *mine);
}

#[test]
fn a_kernel_is_not_lost_while_the_scenario_has_errors() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let kernel = lab.session().kernel();
    let broken = act(lab, Act::Edit(SourceId::SCENARIO, "scenario \"half".to_owned()));
    assert_eq!(broken.session().kernel(), kernel);
    let mine = format!("{kernel}\n// mine");
    let edited = act(broken, Act::Edit(SourceId::KERNEL, mine.clone()));
    assert_eq!(*edited.session().kernel(), *mine);
    let there = Lab::open(Some(&edited.link())).expect("a scenario compiles");
    assert_eq!(*there.session().kernel(), *mine);
}

/// The field keeps what was written; places in the kernel refer to the text followed by the library's.
#[test]
fn a_kernel_of_the_library_is_extended_in_its_place() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let (library, name) = (lab.session().kernel(), lab.session().kernel_name().expect("it names one"));
    let mine = format!("kernel \"mine\" extends {name:?} {{\n    sys note() {{ smp_mb(); }}\n}}\n");
    let edited = act(lab, Act::Edit(SourceId::KERNEL, mine.clone()));
    assert!(!edited.stale() && edited.diagnostics().is_empty(), "{:?}", edited.diagnostics());
    assert_eq!(*edited.session().kernel(), *mine);
    assert_eq!(edited.setup().text(SourceId::KERNEL), format!("{mine}\n{library}"));
    let program = edited.setup().machine.program();
    let sites = program.sites.iter().filter(|site| site.source == SourceId::KERNEL);
    assert!(sites.clone().count() > 20, "the library's functions");
    for site in sites.filter(|site| site.function != "note") {
        assert!(library.contains(site.span.of(edited.setup().text(SourceId::KERNEL))));
    }
    let there = Lab::open(Some(&edited.link())).expect("it compiles");
    assert_eq!(*there.session().kernel(), *mine);
    assert_eq!(there.player().trace().len(), edited.player().trace().len());
}

#[test]
fn a_verdict_tells_what_it_was_before() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    assert_eq!(lab.was(), None);
    let option = |choice: &str| Act::Option { name: "init_mm_switch".into(), choice: choice.into() };
    let asked = act(lab, option("on"));
    assert_eq!(asked.was().map(|was| was.mood), Some(Mood::Reachable), "while the next one is awaited");
    let safe = checked(asked);
    assert_eq!(safe.was().map(|was| was.mood), Some(Mood::Reachable));
    let back = checked(act(safe, option("off")));
    assert_eq!(back.was().map(|was| was.mood), Some(Mood::Safe));
    let same = checked(act(back.clone(), Act::Check));
    assert_eq!(same.was(), None, "it is what it was");
    assert_eq!(
        act(back.clone(), Act::Open("lazy+return".to_owned())).was(),
        None,
        "it is about something else"
    );
    let costs = act(back, Act::Timed(TimedAct::Open));
    let round = act(costs, Act::Timed(TimedAct::Stage("linux-4.13".to_owned(), None)));
    assert!(round.clock().is_some(), "a round is on the stage");
    assert_eq!(round.was(), None, "and it is another scenario");
}

/// A reader who had come so far is led to the moment before; another one stays, and is told of a later step.
#[test]
fn where_a_run_ends_is_told_with_the_moment_that_is_shown() {
    let told = |cursor: usize| {
        let lab = act(Lab::open(None).expect("a scenario compiles"), Act::Play(PlayerAct::To(cursor)));
        let lab = act(lab, Act::Option { name: "init_mm_switch".to_owned(), choice: "on".to_owned() });
        let sentence = lab.notice().expect("it says where the run ends").sentence.clone();
        let step: usize = sentence.split(' ').nth(1).and_then(|n| n.parse().ok()).expect("a step");
        (step, lab.player().cursor(), sentence.contains("This is the moment before."))
    };
    let (step, cursor, before) = told(25);
    assert!(step > 3 && before && cursor == step - 1);
    assert_eq!(told(2), (step, 2, false));
}

#[test]
fn what_is_chosen_is_a_step_of_the_history_and_what_is_played_is_not() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let kernel = Setting { kernel: Some("linux-4.14".into()), ..Setting::default() };
    let option = |choice: &str| Act::Option { name: "init_mm_switch".into(), choice: choice.into() };
    let deeds = [
        (option("on"), 1),
        (option("on"), 1),
        (Act::Case(Some(0)), 2),
        (Act::Setting(kernel.clone()), 3),
        (Act::Setting(kernel), 3),
        (Act::Play(PlayerAct::To(2)), 3),
        (Act::Edit(SourceId::SCENARIO, "scenario".into()), 3),
        (Act::Case(Some(0)), 4),
        (Act::Open("lazy+return".into()), 5),
    ];
    deeds.into_iter().fold(lab, |lab, (deed, chapter)| {
        let next = act(lab, deed.clone());
        assert_eq!(next.chapter(), chapter, "{deed:?}");
        next
    });
}

#[test]
fn a_stopped_search_is_no_verdict_and_can_be_begun_again() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let job = lab.check().job;
    let progress = FromExplorer::Progress {
        job,
        states: 1000,
        frontier: 10,
        transitions: 3000,
        depth: 7,
        bytes: 1,
        outlook: WireOutlook { states: 1000, frontier: 10, depth: 7, ..WireOutlook::default() },
    };
    let stopped = act(act(lab, Act::Heard(vec![progress])), Act::Stop);
    assert_eq!(stopped.check().request(&stopped.setup().session), ToExplorer::Cancel { job });
    assert!(stopped.check().report().is_none() && !stopped.check().awaited());
    let late = checked(stopped.clone());
    assert!(late.check().report().is_none(), "late answers are dropped");
    assert!(checked(act(stopped, Act::Check)).check().report().is_some());
}

/// The page begins without most of the library. What somebody asks of it earlier than it comes is done when it comes.
#[test]
fn what_needs_the_library_waits_for_it() {
    let lab = act(Lab::open(None).expect("a scenario compiles"), Act::Library(Library::Coming));
    let said = |lab: &Lab| lab.library().sentence(lab.waits());
    assert_eq!((lab.waits(), said(&lab)), (false, None), "nobody has asked for it");
    let lab = checked(lab);
    assert_eq!(lab.request(Purpose::Grid), None, "not all kernels are known");
    let asked = act(lab.clone(), Act::Open("lazy+munmap".to_owned()));
    assert_eq!(asked.session(), lab.session());
    assert_eq!(said(&asked).as_deref(), Some("The library is being loaded."));
    let lost = act(asked, Act::Library(Library::Lost("the host does not answer".to_owned())));
    let sentence = said(&lost).expect("there is something to say");
    assert!(sentence.contains("the host does not answer"), "{sentence}");
    assert!(lost.request(Purpose::Grid).is_some(), "the verdicts under all options are to be had");
    let again = act(lost, Act::Library(Library::Coming));
    assert!(again.waits());
    let here = act(again, Act::Library(Library::Here));
    assert_eq!((here.session().slug.as_str(), here.waits(), said(&here)), ("lazy+munmap", false, None));
    let lab = act(lab, Act::Library(Library::Here));
    assert!(lab.request(Purpose::Grid).is_some());
    assert_eq!(act(lab, Act::Open("lazy+munmap".to_owned())).session(), here.session());
}

#[test]
fn only_links_into_the_library_wait_for_it() {
    let waits = |link: &link::Link| needed(&Lesson::default(), &link::encode(link));
    let of = |experiment: &Experiment| {
        let machine = experiment.compile().machine.expect("it compiles");
        link::moment(experiment, &machine, &explore::Trace::new(&machine), 0, link::View::default())
    };
    let library = |slug| Experiment::library(slug).expect("the library has it");
    let first = library(crate::DEFAULT);
    assert!(!waits(&of(&first)) && waits(&of(&first.on_kernel(Some("linux-4.14")))));
    let other = library("lazy+munmap");
    assert!(waits(&of(&other)));
    let own = Experiment::new(format!("{}// mine", other.scenario));
    assert!(waits(&of(&own)), "its kernel is the library's");
    let name = own.kernel_name().expect("it has a kernel");
    let kernel = own.kernel_text().expect("there is such a kernel").to_owned();
    assert!(!waits(&of(&own.with_kernel(name, format!("{kernel}// mine")))), "it holds its own texts");
    let compared = Some(link::ComparedAs::Named(link::Compared::Kernel("linux-4.14".to_owned())));
    assert!(waits(&link::Link { compared, ..of(&first) }));
    let lesson = Lesson::default();
    let moments = |index: usize| format!("tour/{}", lesson.moments[index].slug);
    assert!(!needed(&lesson, &moments(0)));
    assert!(needed(&lesson, &moments(lesson.moments.len() - 1)), "the last one tells of another");
}

/// A text that came by link before the library is known as the library's, or as made from it, when that has come.
#[test]
fn a_session_is_found_in_the_library_when_that_comes() {
    let session = Session::library("lazy+munmap").expect("the library has it");
    let strayed = Session { slug: String::new(), ..session.clone() };
    assert_eq!(strayed.found(), session);
    assert_eq!(session.found(), session);
    let edited = session.edited(SourceId::SCENARIO, &format!("{}// mine", session.experiment.scenario));
    assert_eq!(Session { slug: String::new(), ..edited.clone() }.found(), edited);
}

/// An answer that is out of view is told before what was said already, which may warn.
#[test]
fn what_is_told_stands_before_what_was_said_already() {
    let tell = |lab: &Lab| act(lab.clone(), Act::Tell("The answer.".to_owned()));
    let said = |lab: &Lab| lab.notice().map(|notice| (notice.sentence.clone(), notice.warning));
    let lab = Lab::open(None).expect("a scenario compiles");
    assert_eq!(said(&lab), None);
    assert_eq!(said(&tell(&lab)), Some(("The answer.".to_owned(), false)));
    let lab = act(lab, Act::Follow("1.broken".to_owned()));
    let (before, warns) = said(&lab).expect("no such link");
    assert!(warns, "{before}");
    assert_eq!(said(&tell(&lab)), Some((format!("The answer. {before}"), true)));
    // What is told is no deed: it does not go into the address, and the next deed ends it.
    assert_eq!(tell(&lab).touched(), lab.touched());
    assert_eq!(said(&act(tell(&lab), Act::Play(PlayerAct::Back))), None);
}

/// The title says for which store buffers it is settled, the sentence that larger ones are not.
#[test]
fn a_full_store_buffer_bounds_what_is_safe() {
    let safe = Lab::open(None).expect("a scenario compiles").after(Act::Open("lazy+munmap".to_owned()));
    let case = safe.session().cases().into_iter().find(|case| case.name.as_deref() == Some("4.20"));
    let case = case.expect("it is there").case;
    let lab = checked(act(safe, Act::Case(case)));
    let title = |lab: &Lab, stores_waited| {
        let report =
            protocol::Report { stores_waited, ..(**lab.check().report().expect("it is done")).clone() };
        settled(lab.player().machine().program(), &report)
    };
    assert_eq!(title(&lab, false), (Mood::Safe, "Safe".to_owned()));
    assert_eq!(title(&lab, true), (Mood::Safe, "Safe with 2-entry store buffers".to_owned()));
}

/// Folding is a view of the run: stepping goes past, a moment may still be chosen, and the link does not change.
#[test]
fn a_fold_is_gone_past_and_opened() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let (at_first, folded) = (lab.clone(), act(lab, Act::Fold));
    let fold = folded
        .folding()
        .and_then(|folding| folding.closed().find(|fold| fold.steps() > 2))
        .expect("it has one");
    let (first, last) = (fold.first as usize, fold.last as usize);
    let before = act(folded.clone(), Act::Play(PlayerAct::To(first - 1)));
    let past = act(before.clone(), Act::Play(PlayerAct::Forward));
    assert_eq!(past.player().cursor(), last + 1);
    assert!(!past.player().forward(), "what moved in the folded steps is not shown");
    assert_eq!(act(past, Act::Play(PlayerAct::Back)).player().cursor(), first - 1);
    // Time goes past it as well.
    let playing = act(act(before.clone(), Act::Play(PlayerAct::Toggle)), Act::Play(PlayerAct::Tick(60_000)));
    assert_eq!((playing.player().cursor(), playing.player().playing()), (last + 1, true));
    // Any moment can be chosen, and shows.
    let inside = act(before.clone(), Act::Play(PlayerAct::To(first + 1)));
    assert_eq!(inside.player().cursor(), first + 1);
    let columns = crate::view::columns::Columns::of(&inside, None);
    assert!(columns.hides(fold.first + 1).is_none());
    assert_eq!(columns.hides(fold.first).map(|fold| fold.steps()), Some(1));
    assert!(columns.hides(fold.last).is_some());
    // Opened, it is gone through; another run of the same machine keeps it open.
    let opened = act(before.clone(), Act::Unfold(fold.last));
    let gone = act(opened, Act::Play(PlayerAct::Forward));
    assert_eq!(gone.player().cursor(), first);
    let other = act(gone, Act::Play(PlayerAct::RunOn));
    assert!(other.folding().is_some_and(|folding| folding.closed().all(|other| other.first != fold.first)));
    let at = |lab: Lab| act(lab, Act::Play(PlayerAct::To(3))).link();
    assert_eq!(at(before.clone()), at(at_first.clone()));
    assert!(act(before, Act::Fold).folding().is_none());
    assert!(!act(at_first, Act::Fold).touched(), "it is no part of the address");
}

/// Beside another machine's run both are folded alike, whatever comes first.
#[test]
fn two_runs_that_are_compared_are_folded_alike() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let folds =
        |lab: &Lab| lab.folding().map(|folding| folding.closed().collect::<Vec<_>>()).unwrap_or_default();
    let alone = folds(&act(lab.clone(), Act::Fold));
    let all = crate::model::comparison::offered(lab.setup(), false);
    let fewer = all.into_iter().flat_map(|group| group.1).filter(|(other, name)| {
        let compared = act(act(lab.clone(), Act::Compare(Some(other.clone()))), Act::Fold);
        let folded = act(act(lab.clone(), Act::Fold), Act::Compare(Some(other.clone())));
        assert_eq!(folds(&compared), folds(&folded), "{name}");
        assert_eq!(folded.folding().and_then(|folding| folding.beside()), Some(other));
        assert_eq!(folds(&act(folded.clone(), Act::Compare(None))), alone, "{name}");
        folds(&folded) != alone && !folds(&folded).is_empty()
    });
    assert!(fewer.count() > 0, "a difference is not folded");
}

#[test]
fn where_nothing_is_folded_the_page_says_so() {
    let lab = act(Lab::open(None).expect("a scenario compiles"), Act::Open("asid+rollover".to_owned()));
    let asked = act(lab, Act::Fold);
    assert!(
        asked.folding().is_some()
            && asked.notice().is_some_and(|told| told.sentence.starts_with("Nothing is folded"))
    );
}

#[test]
fn control_is_asked_once_and_answered_for_its_step() {
    let lab = Lab::open(None).expect("a scenario compiles");
    let lab = act(lab, Act::Play(PlayerAct::To(5)));
    assert_eq!(lab.asks_control(), None);
    let asked = act(lab, Act::WhyHere);
    let (number, step) = asked.asks_control().expect("it is asked");
    assert_eq!((step, asked.why()), (5, Some(5)));
    // Elsewhere in the run, the question stays.
    let looking = act(asked, Act::Play(PlayerAct::To(2)));
    let heard = act(looking.clone(), Act::Came(number, Some("5 1 the call of f".to_owned())));
    assert_eq!((heard.asks_control(), heard.why()), (None, Some(5)));
    assert_eq!(
        crate::view::why::Grounds::of_control(5, heard.control().expect("it is told")).reasons.len(),
        1
    );
    // The other question, and then this one again, is about the same step; a late answer to the first is none.
    let data = act(heard, Act::Why);
    assert_eq!((data.why(), data.control()), (Some(5), None));
    let again = act(data, Act::WhyHere);
    assert_ne!(again.asks_control(), Some((number, 5)));
    assert!(act(again.clone(), Act::Came(number, None)).asks_control().is_some());
    assert_eq!(act(again, Act::WhyHere).why(), None);
    // Another run ends it.
    let other = looking.player().enabled();
    let next = looking.player().trace().steps()[2].action;
    let other = *other.iter().find(|action| **action != next).expect("there is a choice");
    assert_eq!(act(looking, Act::Play(PlayerAct::Choose(other))).asks_control(), None);
}

/// A run that an edit has changed is told once, and not with each edit that follows.
#[test]
fn where_the_run_parts_is_told_once_while_somebody_writes() {
    let lab = checked(Lab::open(None).expect("a scenario compiles"));
    let kernel = lab.session().text(SourceId::KERNEL).to_string();
    let typed = |lab: &Lab, text: String| act(lab.clone(), Act::Edit(SourceId::KERNEL, text));
    let other = kernel.replacen("option init_mm_switch = off", "option init_mm_switch = on", 1);
    assert_ne!(other, kernel);
    let told = typed(&lab, other.clone());
    assert!(
        told.notice().is_some_and(|notice| notice.sentence.contains("can't happen now")),
        "{:?}",
        told.notice()
    );
    for further in ["{ ", " ", "\n"] {
        let again = typed(&told, format!("{other}{further}"));
        assert_eq!(again.notice(), None, "{further}");
    }
    // When the run has been whole again in between, it is news.
    let back = typed(&told, kernel);
    assert_eq!(back.notice(), None);
    assert!(typed(&back, other).notice().is_some());
}
