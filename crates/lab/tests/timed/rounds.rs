//! A round on the stage, as the clock decides it.

use super::{Page, timed};
use cost::Per;
use lab::model::player::PlayerAct;
use lab::model::timed::TimedAct;
use lab::view::timed::back::BackView;
use lab::view::timed::clock::ClockView;
use lab::view::timed::lanes::lanes;
use lab::view::timed::table::CostTable;
use lab::{Act, Lab};
use lang::source::SourceId;

#[test]
fn a_round_comes_onto_the_stage_and_lanes_show_who_waits() {
    let mut page = Page::new(None);
    page.does(timed(TimedAct::Open));
    let shown = lanes(page.lab.timed(), 1);
    assert_eq!(shown.len(), 2);
    assert!(shown[1].sentence.contains("waits for IPIs"), "{}: {}", shown[1].kernel, shown[1].sentence);
    for lane in shown.iter().flat_map(|one| &one.lanes) {
        assert!(lane.windows(2).all(|two| two[0].x + two[0].width <= two[1].x + 1), "bars do not overlap");
    }
    page.does(timed(TimedAct::Stage("linux-4.13".to_owned(), None)));
    let player = page.lab.player();
    assert_eq!(player.cursor(), 0);
    assert!(player.trace().len() > 40, "{} steps", player.trace().len());
    // A block begins somewhere in its time between two rounds: until then its CPU has nothing to do.
    let strips = &page.lab.clock().expect("it is a round").round.strips;
    let of_cpu: Vec<_> = strips.iter().filter(|strip| strip.cpu == 0).map(|strip| strip.doing).collect();
    assert_eq!(of_cpu[..2], [cost::Doing::Rests, cost::Doing::Works]);
    let again = Lab::open(Some(&page.lab.link())).expect("a scenario compiles");
    assert_eq!(again.player().trace().schedule(), player.trace().schedule());
    assert!(!again.notice().expect("a link was opened").warning);
    assert!(again.clock().is_some(), "the clock comes with the link");
}

#[test]
fn a_number_puts_the_run_where_it_is_counted_with_the_clock() {
    let mut page = Page::new(None);
    page.does_in_the_table(timed(TimedAct::Open));
    for (place, column) in cost::SHOWN.iter().enumerate() {
        page.lab = page.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), Some(place))));
        let (clock, cursor) = (page.lab.clock().expect("it is a round"), page.lab.player().cursor());
        match clock.round.firsts[place] {
            Some(first) => assert_eq!(cursor, first, "{}", column.name),
            None => assert!(page.lab.notice().is_some_and(|notice| notice.sentence.contains(column.meaning))),
        }
    }
    // An IPI that wakes a CPU from C6: there is a round in which that happens, and its wait is a bar.
    let c6 = cost::SHOWN.iter().position(|shown| shown.name == "C6").expect("there is the column");
    for kernel in ["linux-6.18", "linux-6.14"] {
        page.lab = page.lab.after(timed(TimedAct::Stage(kernel.to_owned(), Some(c6))));
        let round = &page.lab.clock().expect("it is a round").round;
        assert!(round.firsts[c6].is_some(), "{kernel}");
        assert!(round.times.is_sorted() && round.times.len() == round.schedule.len());
        let view = ClockView::of(&page.lab, 2).expect("there is a clock");
        assert!(view.lanes.sentence.contains("waits for IPIs"), "{}", view.lanes.sentence);
        let waits = view.lanes.lanes[0].iter().find(|bar| bar.doing == cost::Doing::WaitsForOthers as u8);
        assert!(waits.expect("the sender waits").width > 500, "133 us of 500 us");
    }
    // Another choice at a step is another run, which no clock has decided.
    let away = page.lab.after(Act::Play(PlayerAct::To(3))).after(Act::Take(0));
    let other = away.player().trace().schedule() != page.lab.player().trace().schedule();
    assert!(!other || away.clock().is_none());
}

#[test]
fn a_number_of_ipis_to_preempted_cpus_leads_to_one_that_is_preempted() {
    let mut page = Page { states: 0, ..Page::new(None) };
    page.does_in_the_table(timed(TimedAct::Open));
    page.does_in_the_table(timed(TimedAct::Costs("guest".to_owned())));
    let place =
        cost::SHOWN.iter().position(|shown| shown.name == "not running").expect("there is the column");
    let mut shown = 0;
    for workload in ["ebizzy", "idle+munmap", "threads+zap"] {
        page.does_in_the_table(timed(TimedAct::Workload(workload.to_owned())));
        for row in CostTable::of(page.lab.timed(), Per::Second).rows {
            if row.cells[place].number == 0 {
                continue;
            }
            page.lab = page.lab.after(timed(TimedAct::Stage(row.kernel.clone(), Some(place))));
            let what = format!("{workload} on {}", row.kernel);
            let clock = page.lab.clock().expect("it is a round");
            assert_eq!(clock.round.firsts[place], Some(page.lab.player().cursor()), "{what}");
            // The moment stands in a bar of a CPU that the host has preempted.
            let view = ClockView::of(&page.lab, 2).expect("there is a clock");
            let bars = view.lanes.lanes.iter().flatten();
            let mut preempted = bars.filter(|bar| bar.doing == cost::Doing::Preempted as u8);
            assert!(preempted.any(|bar| bar.x <= view.at && view.at < bar.x + bar.width), "{what}");
            assert!(view.lanes.sentence.contains("preempted by the host"), "{}", view.lanes.sentence);
            // The link to it brings the same lanes.
            let again = Lab::open(Some(&page.lab.link())).expect("a scenario compiles");
            assert_eq!(ClockView::of(&again, 2), Some(view), "{what}");
            shown += 1;
        }
    }
    assert!(shown > 15, "{shown} numbers");
}

/// Time that passes in hundreds of thousands of pieces without a step must not hold the page.
#[test]
fn a_round_in_which_hardly_anything_happens_is_given_up() {
    let mut page = Page::new(None);
    page.lab = page.lab.after(timed(TimedAct::Open));
    for (what, value) in [
        ("speculation", lang::costs::LEAST_PERIOD),
        ("c6_exit", lang::costs::MAX_TIME),
        ("c1_exit", lang::costs::MAX_TIME),
    ] {
        page.lab = page.lab.after(timed(TimedAct::Change(Some((what.to_owned(), value)))));
    }
    // A column that counts nothing here: all seeds are tried.
    let invlpgb = cost::SHOWN.iter().position(|shown| shown.name == "INVLPGB");
    page.lab = page.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), invlpgb)));
    let link = page.lab.link();
    assert!(Lab::open(Some(&link)).is_some());
}

/// A round is an entry of the browser's history that another run does not replace, and the way to the costs stays.
#[test]
fn a_reader_comes_back_to_a_round_and_to_the_costs() {
    let mut page = Page { states: 1_000_000, ..Page::new(None) };
    page.lab = page.lab.after(timed(TimedAct::Open));
    page.lab = page.lab.after(timed(TimedAct::Stage("linux-4.14-rc1".to_owned(), None)));
    page.checks();
    assert!(page.lab.clock().is_some());
    let (chapter, link) = (page.lab.chapter(), page.lab.link());
    let report = page.lab.check().report().expect("there is a verdict").clone();
    let program = page.lab.player().machine().program();
    let (property, _) = lab::model::verdict::headline(&report, program).expect("there is a violation");
    page.lab = page.lab.after(Act::Show(property));
    assert!(page.lab.clock().is_none(), "it is another run");
    assert_eq!(page.lab.chapter(), chapter + 1, "the round has an entry of its own");
    let kernel = |lab: &Lab| BackView::of(lab).map(|back| back.kernel);
    assert_eq!(kernel(&page.lab).as_deref(), Some("linux-4.14-rc1"));
    // Both ways lead back by links, too.
    for (link, round) in [(link, true), (page.lab.link(), false)] {
        let lab = page.lab.after(Act::Follow(link));
        assert_eq!(lab.clock().is_some(), round);
        assert_eq!(kernel(&lab).as_deref(), Some("linux-4.14-rc1"));
    }
    let away = page.lab.after(Act::Open("lazy+return".to_owned()));
    assert_eq!(kernel(&away), None);
}

/// The way back leads to the table, and the stage has again what was there before: the text, the run, the moment of it.
#[test]
fn the_way_back_brings_what_was_on_the_stage() {
    let mut page = Page::new(None);
    page.does(timed(TimedAct::Open));
    page.lab = page.lab.after(Act::Play(PlayerAct::Load(page.lab.player().trace().schedule(), 0)));
    for _ in 0..3 {
        page.lab = page.lab.after(Act::Play(PlayerAct::Forward));
    }
    let edited = format!("// mine\n{}", page.lab.session().text(SourceId::SCENARIO));
    page.lab = page.lab.after(Act::Edit(SourceId::SCENARIO, edited));
    let there = |lab: &Lab| (lab.session().clone(), lab.player().trace().schedule(), lab.player().cursor());
    let (before, link) = (there(&page.lab), page.lab.link());
    for acts in [
        &[TimedAct::Stage("linux-4.13".to_owned(), None)][..],
        &[
            TimedAct::Stage("linux-4.13".to_owned(), Some(0)),
            TimedAct::Stage("linux-4.14".to_owned(), Some(1)),
        ],
        &[TimedAct::Witness("linux-4.14-rc1".to_owned()), TimedAct::Stage("linux-4.14".to_owned(), None)],
    ] {
        for act in acts {
            page.lab = page.lab.after(timed(act.clone()));
            assert!(page.lab.staged().is_some() && there(&page.lab) != before);
        }
        let chapter = page.lab.chapter();
        page.lab = page.lab.after(timed(TimedAct::Back));
        assert_eq!(there(&page.lab), before);
        assert_eq!(page.lab.link(), link);
        assert!(page.lab.staged().is_none() && BackView::of(&page.lab).is_none());
        assert_eq!(page.lab.chapter(), chapter + 1, "the browser\u{2019}s Back leads to the round again");
        assert!(page.lab.check().awaited(), "the explorer is asked about what is there now");
    }
    // Once it is back, there is nothing more to come back to.
    let again = page.lab.after(timed(TimedAct::Back));
    assert_eq!((there(&again), again.chapter()), (before, page.lab.chapter()));
}

/// From a moment of the tour it leads back into the moment, as it was.
#[test]
fn the_way_back_leads_into_the_tour_again() {
    let mut page = Page::new(Some("tour/cost"));
    page.does(timed(TimedAct::Open));
    let (link, moment) = (page.lab.link(), page.lab.lesson().address());
    assert!(!page.lab.lesson().wandered());
    page.lab = page.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), None)));
    assert!(page.lab.lesson().wandered());
    page.lab = page.lab.after(timed(TimedAct::Back));
    assert_eq!((page.lab.link(), page.lab.lesson().address()), (link, moment));
    assert!(!page.lab.lesson().wandered());
}

/// Nobody has written a round's texts. They are named for what they are.
#[test]
fn the_texts_of_a_round_are_a_workload_and_not_the_readers() {
    let mut page = Page::new(None);
    page.does_in_the_table(timed(TimedAct::Open));
    let words = |lab: &Lab| lab.about().words();
    for workload in gallery::workloads().map(|text| text.slug) {
        page.lab = page.lab.after(timed(TimedAct::Workload(workload.to_owned())));
        page.lab = page.lab.after(timed(TimedAct::Stage("linux-6.18".to_owned(), None)));
        assert!(page.lab.staged().is_some(), "{workload}");
        assert_eq!(words(&page.lab).as_deref(), Some("a workload of the costs"), "{workload}");
        assert!(
            lab::view::texts::sources(page.lab.session())
                .iter()
                .all(|text| !text.edited && text.changes.is_none())
        );
        let holds = lab::view::holds::holds(&page.lab, "1.x").join("\n");
        assert!(holds.contains("of a workload of the costs.") && !holds.contains("Your"), "{holds}");
    }
    // With an edit they are the reader's, and it is said how far they are.
    for source in [SourceId::SCENARIO, SourceId::KERNEL] {
        let edited = format!("// mine\n{}", page.lab.session().text(source));
        let said = words(&page.lab.after(Act::Edit(source, edited))).expect("it is edited");
        assert!(!said.contains("workload"), "{said}");
    }
}
