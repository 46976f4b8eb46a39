//! Costs on the page, without a browser: the table is opened, the explorer answers, and the question of the thread has its
//! answer; with other assumptions, the reverse one.

use guide::judge::Judgement;
use lab::model::jobs::Purpose;
use lab::model::lesson::LessonAct;
use lab::model::permalink::needs_library;
use lab::model::player::PlayerAct;
use lab::model::timed::{COSTS, TimedAct};
use lab::view::timed::chart::Chart;
use lab::view::timed::clock::ClockView;
use lab::view::timed::lanes::lanes;
use lab::view::timed::table::{CostTable, Per};
use lab::{Act, Lab};
use protocol::{Server, ToExplorer, from_bytes, to_bytes};

/// The page and its explorer.
struct Desk {
    lab: Lab,
    server: Server,
    asked: [u32; 2],
    steps: u32,
    states: u32,
}

impl Desk {
    fn new(link: Option<&str>) -> Desk {
        let mut server = Server::default();
        server.handle(&to_bytes(&ToExplorer::hello()));
        Desk {
            lab: Lab::open(link).expect("a scenario compiles"),
            server,
            asked: [0; 2],
            steps: 10_000,
            states: 2_000,
        }
    }

    /// Does something, and lets the explorer answer what that asks about costs until nothing is asked any more.
    fn does(&mut self, act: Act) {
        self.lab = self.lab.after(act);
        self.settles(&[Purpose::Timed, Purpose::Curve]);
    }

    /// The same, and lets it answer for the table alone.
    fn does_in_the_table(&mut self, act: Act) {
        self.lab = self.lab.after(act);
        self.settles(&[Purpose::Timed]);
    }

    fn settles(&mut self, purposes: &[Purpose]) {
        loop {
            let mut news = false;
            for (place, &purpose) in purposes.iter().enumerate() {
                let job = self.lab.job(purpose);
                if self.asked[place] != job
                    && let Some(request) = self.lab.request(purpose)
                {
                    self.asked[place] = job;
                    self.server.handle(&to_bytes(&short(request, self.steps, self.states)));
                    news = true;
                }
            }
            let mut said = Vec::new();
            while self.server.busy() {
                let replies = self.server.run(100_000);
                said.extend(replies.iter().map(|bytes| from_bytes(bytes).expect("the server's own words")));
            }
            if !said.is_empty() {
                self.lab = self.lab.after(Act::Heard(said));
            } else if !news {
                return;
            }
        }
    }
}

/// Fewer steps, and mostly no verdicts: the tests are about what the lab does with the answers.
fn short(request: ToExplorer, most: u32, states: u32) -> ToExplorer {
    match request {
        ToExplorer::Timed { job, curve, texts, costs, runs, steps, .. } => {
            let states = if curve { 0 } else { states };
            let steps = steps.min(most);
            ToExplorer::Timed { job, curve, texts, costs, runs, steps, states }
        }
        other => other,
    }
}

fn timed(what: TimedAct) -> Act {
    Act::Timed(what)
}

#[test]
fn the_question_of_the_thread_is_answered_and_its_reverse() {
    let mut desk = Desk { steps: 25_000, ..Desk::new(None) };
    assert!(desk.lab.request(Purpose::Timed).is_none(), "nothing is run before somebody asks");
    desk.does(timed(TimedAct::Open));
    let table = CostTable::of(desk.lab.timed());
    assert!(table.rows.len() > 8 && !table.running, "{}", table.status);
    assert!(table.refused.len() > 20);
    let load = |desk: &Desk, kernel: &str| {
        let table = CostTable::of(desk.lab.timed());
        let row = table.rows.iter().find(|row| row.kernel == kernel).expect("it runs");
        row.cells[Per::Second as usize].first().expect("there is the sum").0
    };
    assert!(load(&desk, "init_mm switch") < load(&desk, "linux-4.13"));
    let chart = Chart::of(&desk.lab).expect("there is a picture");
    let sentence = &chart.sentences[0];
    assert!(sentence.starts_with("init_mm switch costs less than linux-4.13"), "{sentence}");
    assert!(chart.guesses.starts_with("At "), "{}", chart.guesses);
    // Without PCIDs, CR3 writes flush, and nobody calls.
    desk.does_in_the_table(timed(TimedAct::Costs("server-nopcid".to_owned())));
    desk.does_in_the_table(timed(TimedAct::Change(Some(("every 0".to_owned(), 100_000_000_000)))));
    let table = CostTable::of(desk.lab.timed());
    assert!(table.assumed.contains("10 rounds of CPU 0 a second"), "{}", table.assumed);
    let load = |place| desk.lab.timed().load(place, None).expect("it has run");
    assert!(load(0) > load(1), "{} and {}, {}", load(0), load(1), table.assumed);
}

#[test]
fn a_link_holds_what_is_shown_and_a_link_without_costs_is_as_before() {
    let mut desk = Desk::new(None);
    let plain = desk.lab.link();
    assert!(plain.starts_with("1."), "{plain}");
    desk.lab = desk.lab.after(timed(TimedAct::Open));
    desk.lab = desk.lab.after(timed(TimedAct::Workload("threads+zap".to_owned())));
    let text = desk.lab.timed().text().replace("100 ns documented", "101 ns documented");
    desk.lab = desk.lab.after(Act::Edit(COSTS, text.clone()));
    desk.lab = desk.lab.after(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 3_000_000)))));
    desk.lab = desk.lab.after(timed(TimedAct::Over("c1_exit".to_owned())));
    let link = desk.lab.link();
    assert!(link.starts_with("3."), "{link}");
    let opened = Lab::open(Some(&link)).expect("a scenario compiles");
    assert_eq!(opened.link(), link);
    assert_eq!(&**opened.timed().text(), text);
    assert!(opened.request(Purpose::Timed).is_some(), "it is run at once");
    assert_eq!(opened.after(Act::Follow(plain.clone())).link(), plain, "the table closes");
    // Workloads and tables of costs are texts of the library: such a link waits for it, and the plain one does not.
    assert!(needs_library(&link) && !needs_library(&plain));
}

#[test]
fn a_link_to_what_the_library_does_not_have_shows_what_is_shown_at_first() {
    let lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    let linked = lab.timed().linked().expect("it is open");
    let costs = link::TimedCosts::Library("mainframe".to_owned());
    let other = link::Timed { workload: "no+such".to_owned(), costs, ..linked };
    let opened = Lab::open(Some(&lab.link_with(Some(other)))).expect("a scenario compiles");
    assert_eq!((opened.timed().workload(), opened.timed().preset()), ("idle+munmap", "server"));
    assert!(opened.request(Purpose::Timed).is_some());
}

#[test]
fn an_edited_table_with_an_error_keeps_what_there_was_and_says_where() {
    let mut desk = Desk::new(None);
    desk.does_in_the_table(timed(TimedAct::Open));
    let before = CostTable::of(desk.lab.timed()).rows;
    assert!(!before.is_empty());
    let broken = desk.lab.timed().text().replace("operation 1 ns", "operation 1 parsec");
    desk.does_in_the_table(Act::Edit(COSTS, broken));
    assert!(desk.lab.timed().diagnostics().iter().all(|found| found.source == COSTS));
    assert!(!desk.lab.timed().diagnostics().is_empty());
    assert_eq!(CostTable::of(desk.lab.timed()).rows, before);
    assert!(desk.lab.diagnostics().is_empty(), "scenario and kernel are fine");
    desk.does_in_the_table(Act::Reset(COSTS));
    assert!(desk.lab.timed().diagnostics().is_empty() && !desk.lab.timed().is_edited());
}

#[test]
fn what_is_stopped_is_cancelled_and_goes_on_when_asked() {
    let lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    let job = lab.job(Purpose::Timed);
    let stopped = lab.after(timed(TimedAct::Stop));
    assert_eq!(stopped.request(Purpose::Timed), Some(ToExplorer::Cancel { job }));
    assert!(CostTable::of(stopped.timed()).halted && !CostTable::of(stopped.timed()).running);
    let again = stopped.after(timed(TimedAct::Open));
    assert!(again.job(Purpose::Timed) > stopped.job(Purpose::Timed));
    assert!(matches!(again.request(Purpose::Timed), Some(ToExplorer::Timed { .. })));
}

#[test]
fn rows_are_sorted_by_any_column_both_ways() {
    let mut desk = Desk::new(None);
    desk.does_in_the_table(timed(TimedAct::Open));
    let table = CostTable::of(desk.lab.timed());
    for column in 0..2 + table.rows[0].cells[0].len() {
        for per in [Per::Second, Per::Round] {
            let key = |row: &lab::view::timed::table::CostRow| match column {
                0 => (row.kernel.clone(), 0),
                1 => (String::new(), row.kind as u64),
                _ => (String::new(), row.cells[per as usize][column - 2].0),
            };
            let up: Vec<_> = table.sorted(column, per, false).into_iter().map(key).collect();
            assert!(up.is_sorted(), "column {column}");
            let down: Vec<_> = table.sorted(column, per, true).into_iter().map(key).collect();
            assert!(down.iter().rev().is_sorted(), "column {column}, from the largest on");
            assert_eq!(up.len(), table.rows.len());
        }
    }
}

#[test]
fn a_round_comes_onto_the_stage_and_lanes_show_who_waits() {
    let mut desk = Desk::new(None);
    desk.does(timed(TimedAct::Open));
    let shown = lanes(desk.lab.timed(), 1);
    assert_eq!(shown.len(), 2);
    assert!(shown[1].sentence.contains("waits for IPIs"), "{}: {}", shown[1].kernel, shown[1].sentence);
    for lane in shown.iter().flat_map(|one| &one.lanes) {
        assert!(lane.windows(2).all(|two| two[0].x + two[0].width <= two[1].x + 1), "bars do not overlap");
    }
    desk.does(timed(TimedAct::Stage("linux-4.13".to_owned(), None)));
    let player = desk.lab.player();
    assert_eq!(player.cursor(), 0);
    assert!(player.trace().len() > 40, "{} steps", player.trace().len());
    // A block begins somewhere in its time between two rounds: until then its CPU has nothing to do.
    let strips = &desk.lab.clock().expect("it is a round").round.strips;
    let of_cpu: Vec<_> = strips.iter().filter(|strip| strip.cpu == 0).map(|strip| strip.doing).collect();
    assert_eq!(of_cpu[..2], [cost::Doing::Rests, cost::Doing::Works]);
    let again = Lab::open(Some(&desk.lab.link())).expect("a scenario compiles");
    assert_eq!(again.player().trace().schedule(), player.trace().schedule());
    assert!(!again.notice().expect("a link was opened").warning);
    assert!(again.clock().is_some(), "the clock comes with the link");
}

#[test]
fn a_number_puts_the_run_where_it_is_counted_with_the_clock() {
    let mut desk = Desk::new(None);
    desk.does_in_the_table(timed(TimedAct::Open));
    for (place, column) in cost::SHOWN.iter().enumerate() {
        desk.lab = desk.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), Some(place))));
        let (clock, cursor) = (desk.lab.clock().expect("it is a round"), desk.lab.player().cursor());
        match clock.round.firsts[place] {
            Some(first) => assert_eq!(cursor, first, "{}", column.name),
            None => assert!(desk.lab.notice().is_some_and(|notice| notice.sentence.contains(column.meaning))),
        }
    }
    // An IPI that wakes a CPU from C6: there is a round in which that happens, and its wait is a bar.
    let c6 = cost::SHOWN.iter().position(|shown| shown.name == "C6").expect("there is the column");
    for kernel in ["linux-6.18", "linux-6.14"] {
        desk.lab = desk.lab.after(timed(TimedAct::Stage(kernel.to_owned(), Some(c6))));
        let round = &desk.lab.clock().expect("it is a round").round;
        assert!(round.firsts[c6].is_some(), "{kernel}");
        assert!(round.times.is_sorted() && round.times.len() == round.schedule.len());
        let view = ClockView::of(&desk.lab, 2).expect("there is a clock");
        assert!(view.lanes.sentence.contains("waits for IPIs"), "{}", view.lanes.sentence);
        let waits = view.lanes.lanes[0].iter().find(|bar| bar.doing == cost::Doing::WaitsForOthers as u8);
        assert!(waits.expect("the sender waits").width > 500, "133 us of 500 us");
    }
    // Another choice at a step is another run, which no clock has decided.
    let away = desk.lab.after(Act::Play(PlayerAct::To(3))).after(Act::Take(0));
    let other = away.player().trace().schedule() != desk.lab.player().trace().schedule();
    assert!(!other || away.clock().is_none());
}

#[test]
fn a_number_of_ipis_to_preempted_cpus_leads_to_one_that_is_preempted() {
    let mut desk = Desk { states: 0, ..Desk::new(None) };
    desk.does_in_the_table(timed(TimedAct::Open));
    desk.does_in_the_table(timed(TimedAct::Costs("guest".to_owned())));
    let place =
        cost::SHOWN.iter().position(|shown| shown.name == "not running").expect("there is the column");
    let mut shown = 0;
    for workload in ["ebizzy", "idle+munmap", "threads+zap"] {
        desk.does_in_the_table(timed(TimedAct::Workload(workload.to_owned())));
        for row in CostTable::of(desk.lab.timed()).rows {
            if row.cells[Per::Second as usize][place].0 == 0 {
                continue;
            }
            desk.lab = desk.lab.after(timed(TimedAct::Stage(row.kernel.clone(), Some(place))));
            let what = format!("{workload} on {}", row.kernel);
            let clock = desk.lab.clock().expect("it is a round");
            assert_eq!(clock.round.firsts[place], Some(desk.lab.player().cursor()), "{what}");
            // The moment stands in a bar of a CPU that the host has preempted.
            let view = ClockView::of(&desk.lab, 2).expect("there is a clock");
            let bars = view.lanes.lanes.iter().flatten();
            let mut preempted = bars.filter(|bar| bar.doing == cost::Doing::Preempted as u8);
            assert!(preempted.any(|bar| bar.x <= view.at && view.at < bar.x + bar.width), "{what}");
            assert!(view.lanes.sentence.contains("preempted by the host"), "{}", view.lanes.sentence);
            // The link to it brings the same lanes.
            let again = Lab::open(Some(&desk.lab.link())).expect("a scenario compiles");
            assert_eq!(ClockView::of(&again, 2), Some(view), "{what}");
            shown += 1;
        }
    }
    assert!(shown > 15, "{shown} numbers");
}

#[test]
fn rows_stay_as_of_the_old_figures_until_there_are_others() {
    let mut desk = Desk::new(None);
    desk.does_in_the_table(timed(TimedAct::Open));
    let before = CostTable::of(desk.lab.timed()).rows;
    for act in [
        Act::Edit(COSTS, desk.lab.timed().text().replace("ipi_latency 1 us", "ipi_latency 50 us")),
        timed(TimedAct::Change(Some(("c1_exit".to_owned(), 9_000_000)))),
        timed(TimedAct::Costs("server-nopcid".to_owned())),
    ] {
        let changed = desk.lab.after(act);
        let table = CostTable::of(changed.timed());
        assert_eq!(table.rows.len(), before.len());
        assert!(table.rows.iter().all(|row| row.old && !row.staged) && table.running, "{}", table.status);
        assert!(table.status.contains("from the figures before"), "{}", table.status);
        assert_eq!(table.rows[0].cells, before[0].cells);
    }
    desk.does_in_the_table(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 9_000_000)))));
    assert!(CostTable::of(desk.lab.timed()).rows.iter().all(|row| !row.old));
    let other = desk.lab.after(timed(TimedAct::Workload("threads+zap".to_owned())));
    assert!(CostTable::of(other.timed()).rows.is_empty(), "those of another workload say nothing");
}

#[test]
fn the_picture_and_the_table_say_the_same_of_what_the_reader_has() {
    let mut desk = Desk::new(None);
    desk.lab = desk.lab.after(timed(TimedAct::Open));
    desk.does(timed(TimedAct::Contest(2, "linux-6.18".to_owned())));
    let (chart, table) = (Chart::of(&desk.lab).expect("there is a picture"), CostTable::of(desk.lab.timed()));
    assert_eq!((chart.kernels.len(), chart.sentences.len()), (3, 2));
    for (kernel, line) in chart.kernels.iter().zip(&chart.lines) {
        let own: Vec<_> = line.iter().filter(|spot| spot.own).collect();
        let row = table.rows.iter().find(|row| row.kernel == *kernel).expect("it runs");
        let said = row.cells[Per::Second as usize][0].1.trim_end_matches('0').trim_end_matches('.');
        assert_eq!(own.len(), 1);
        assert!(
            own[0].sentence.ends_with(&format!("costs {said} %"))
                || own[0].sentence.ends_with(&format!("costs {} %", row.cells[0][0].1)),
            "{} and {said}",
            own[0].sentence
        );
        assert_eq!(Some(own[0].x), chart.now);
        assert!(line.is_sorted_by_key(|spot| spot.x) && line.len() >= 7);
    }
    // Three kernels are in the link.
    let link = desk.lab.link();
    assert!(link.starts_with("4."), "{link}");
    let again = Lab::open(Some(&link)).expect("a scenario compiles");
    assert_eq!(again.timed().contest(), desk.lab.timed().contest());
    desk.lab = desk.lab.after(timed(TimedAct::Contest(2, String::new())));
    assert!(desk.lab.link().starts_with("3."));
}

/// A challenge at its beginning, with all kernels run and judged.
fn challenge(slug: &str) -> Desk {
    let mut desk = Desk { states: 1_000_000, ..Desk::new(None) };
    desk.does_in_the_table(Act::Follow(format!("challenge/{slug}")));
    assert_eq!(desk.lab.lesson().challenge().map(|challenge| challenge.slug), Some(slug));
    desk
}

/// What is shown after the offered solution has been opened.
fn solved(desk: &mut Desk) -> Option<Judgement> {
    desk.lab = desk.lab.after(Act::Lesson(LessonAct::Solve));
    let link = desk.lab.lesson().solution().expect("a solution").to_owned();
    desk.does_in_the_table(Act::Follow(link));
    desk.lab.judgement()
}

#[test]
fn the_cheapest_safe_kernel_is_judged_by_clock_and_explorer() {
    let waiting = Lab::open(Some("challenge/cheapest-safe")).expect("a scenario compiles");
    assert_eq!(waiting.judgement(), None, "nobody knows yet");
    let mut desk = challenge("cheapest-safe");
    assert_eq!(desk.lab.judgement(), Some(Judgement::Open));
    let mut stage = |kernel: &str| {
        desk.lab = desk.lab.after(timed(TimedAct::Stage(kernel.to_owned(), None)));
        desk.lab.judgement()
    };
    // The cheapest of all is the one with the bug; IPIs to all that are lazy are safe and dear.
    assert_eq!(stage("linux-4.14-rc1"), Some(Judgement::Open));
    assert!(matches!(stage("linux-4.13"), Some(Judgement::Dear { took: 100.., allowed: 25 })));
    assert_eq!(stage("linux-4.14"), Some(Judgement::Solved));
    assert_eq!(stage("init_mm switch"), Some(Judgement::Solved));
    assert_eq!(solved(&mut desk), Some(Judgement::Solved));
    desk.does_in_the_table(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 1_000)))));
    assert_eq!(desk.lab.judgement(), Some(Judgement::Elsewhere));
}

#[test]
fn the_figure_that_decides_is_judged_by_clock_and_explorer() {
    let mut desk = challenge("one-figure");
    assert_eq!(desk.lab.judgement(), Some(Judgement::Open));
    let mut judged = |name: &str, value: u64| {
        desk.does_in_the_table(timed(TimedAct::Change(None)));
        desk.does_in_the_table(timed(TimedAct::Change(Some((name.to_owned(), value)))));
        desk.lab.judgement()
    };
    assert_eq!(judged("c1_exit", 1_000_000), Some(Judgement::Open), "half a C1 exit turns nothing");
    assert_eq!(judged("cr3_keep", 601_000), Some(Judgement::Elsewhere), "more than ten times as much");
    assert_eq!(judged("every 0", 1_000_000_000_000), Some(Judgement::Elsewhere), "the workload is fixed");
    assert_eq!(judged("cr3_keep", 600_000), Some(Judgement::Solved));
    desk.does_in_the_table(timed(TimedAct::Change(Some(("cr3_flush".to_owned(), 171_000)))));
    assert_eq!(desk.lab.judgement(), Some(Judgement::Dear { took: 2, allowed: 1 }));
    desk.does_in_the_table(timed(TimedAct::Change(None)));
    assert_eq!(desk.lab.judgement(), Some(Judgement::Open));
    assert_eq!(solved(&mut desk), Some(Judgement::Solved));
}
