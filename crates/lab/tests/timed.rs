//! Costs on the page, without a browser: the table is opened, the explorer answers, and the question of the thread has its
//! answer; with other assumptions, the reverse one.

use cost::Per;
use guide::judge::Judgement;
use lab::model::jobs::Purpose;
use lab::model::lesson::LessonAct;
use lab::model::permalink::needs_library;
use lab::model::player::PlayerAct;
use lab::model::timed::{COSTS, TimedAct};
use lab::view::timed::back::BackView;
use lab::view::timed::chart::Chart;
use lab::view::timed::clock::ClockView;
use lab::view::timed::lanes::lanes;
use lab::view::timed::table::{CostRow, CostTable, sorted};
use lab::{Act, Lab};
use protocol::{FromExplorer, Server, ToExplorer, WireTimed, from_bytes, to_bytes};

mod later;
mod overview;

/// The page and its explorer.
struct Page {
    lab: Lab,
    server: Server,
    asked: [u32; 2],
    steps: u32,
    states: u32,
}

impl Page {
    fn new(link: Option<&str>) -> Page {
        let mut server = Server::default();
        server.handle(&to_bytes(&ToExplorer::hello()));
        Page {
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

    /// Lets the explorer answer what is asked about the stage.
    fn checks(&mut self) {
        let request = self.lab.request(Purpose::Check).expect("it is asked");
        let mut said: Vec<Vec<u8>> = self.server.handle(&to_bytes(&request));
        while self.server.busy() {
            said.extend(self.server.run(100_000));
        }
        let said = said.iter().map(|bytes| from_bytes(bytes).expect("the server's own words")).collect();
        self.lab = self.lab.after(Act::Heard(said));
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
        ToExplorer::Timed { job, curve, texts, costs, runs, steps, states: wanted } => {
            let states = wanted.min(states);
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
    let mut page = Page { steps: 25_000, ..Page::new(None) };
    assert!(page.lab.request(Purpose::Timed).is_none(), "nothing is run before somebody asks");
    page.does(timed(TimedAct::Open));
    let table = CostTable::of(page.lab.timed(), Per::Second);
    assert!(table.rows.len() > 8 && !table.running, "{}", table.status);
    assert!(table.refused.len() > 20);
    let load = |page: &Page, kernel: &str| {
        let table = CostTable::of(page.lab.timed(), Per::Second);
        let row = table.rows.iter().find(|row| row.kernel == kernel).expect("it runs");
        row.cells.first().expect("there is the sum").number
    };
    assert!(load(&page, "init_mm switch") < load(&page, "linux-4.13"));
    let chart = Chart::of(&page.lab).expect("there is a picture");
    let sentence = &chart.sentences[0].0;
    assert!(sentence.starts_with("init_mm switch costs less than linux-4.13"), "{sentence}");
    assert!(chart.sentences[0].1.starts_with("At "), "{}", chart.sentences[0].1);
    // Without PCIDs, CR3 writes flush, and nobody calls.
    page.does_in_the_table(timed(TimedAct::Costs("server-nopcid".to_owned())));
    page.does_in_the_table(timed(TimedAct::Change(Some(("every 0".to_owned(), 100_000_000_000)))));
    let table = CostTable::of(page.lab.timed(), Per::Second);
    assert!(table.assumed.contains("10 unmaps a second"), "{}", table.assumed);
    let load = |place| page.lab.timed().load(place, None).expect("it has run");
    assert!(load(0) > load(1), "{} and {}, {}", load(0), load(1), table.assumed);
}

#[test]
fn a_link_holds_what_is_shown_and_a_link_without_costs_is_as_before() {
    let mut page = Page::new(None);
    let plain = page.lab.link();
    assert!(plain.starts_with("1."), "{plain}");
    page.lab = page.lab.after(timed(TimedAct::Open));
    page.lab = page.lab.after(timed(TimedAct::Workload("threads+zap".to_owned())));
    let text = page.lab.timed().text().replace("100 ns documented", "101 ns documented");
    page.lab = page.lab.after(Act::Edit(COSTS, text.clone()));
    page.lab = page.lab.after(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 3_000_000)))));
    page.lab = page.lab.after(timed(TimedAct::Over("c1_exit".to_owned())));
    let link = page.lab.link();
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
    let mut page = Page::new(None);
    page.does_in_the_table(timed(TimedAct::Open));
    let before = CostTable::of(page.lab.timed(), Per::Second).rows;
    assert!(!before.is_empty());
    let broken = page.lab.timed().text().replace("operation 1 ns", "operation 1 parsec");
    page.does_in_the_table(Act::Edit(COSTS, broken));
    assert!(page.lab.timed().diagnostics().iter().all(|found| found.source == COSTS));
    assert!(!page.lab.timed().diagnostics().is_empty());
    assert_eq!(CostTable::of(page.lab.timed(), Per::Second).rows, before);
    assert!(page.lab.diagnostics().is_empty(), "scenario and kernel are fine");
    page.does_in_the_table(Act::Reset(COSTS));
    assert!(page.lab.timed().diagnostics().is_empty() && !page.lab.timed().is_edited());
}

#[test]
fn what_is_stopped_is_cancelled_and_goes_on_when_asked() {
    let lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    let job = lab.job(Purpose::Timed);
    let stopped = lab.after(timed(TimedAct::Stop));
    assert_eq!(stopped.request(Purpose::Timed), Some(ToExplorer::Cancel { job }));
    assert!(
        CostTable::of(stopped.timed(), Per::Second).halted
            && !CostTable::of(stopped.timed(), Per::Second).running
    );
    let again = stopped.after(timed(TimedAct::Open));
    assert!(again.job(Purpose::Timed) > stopped.job(Purpose::Timed));
    assert!(matches!(again.request(Purpose::Timed), Some(ToExplorer::Timed { .. })));
}

#[test]
fn rows_are_sorted_by_any_column_both_ways() {
    let mut page = Page::new(None);
    page.does_in_the_table(timed(TimedAct::Open));
    for per in [Per::Second, Per::Round(0), Per::Round(1)] {
        let table = CostTable::of(page.lab.timed(), per);
        for column in 0..2 + table.rows[0].cells.len() {
            let key = |row: &CostRow| match column {
                0 => (row.kernel.clone(), 0),
                1 => (String::new(), row.kind as u64),
                _ => (String::new(), row.cells[column - 2].number),
            };
            let up: Vec<_> = sorted(&table.rows, column, false).into_iter().map(key).collect();
            assert!(up.is_sorted(), "column {column}");
            let down: Vec<_> = sorted(&table.rows, column, true).into_iter().map(key).collect();
            assert!(down.iter().rev().is_sorted(), "column {column}, from the largest on");
            assert_eq!(up.len(), table.rows.len());
        }
    }
}

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

#[test]
fn rows_stay_as_of_the_old_figures_until_there_are_others() {
    let mut page = Page::new(None);
    page.does_in_the_table(timed(TimedAct::Open));
    let before = CostTable::of(page.lab.timed(), Per::Second).rows;
    for act in [
        Act::Edit(COSTS, page.lab.timed().text().replace("ipi_latency 1 us", "ipi_latency 50 us")),
        timed(TimedAct::Change(Some(("c1_exit".to_owned(), 9_000_000)))),
        timed(TimedAct::Costs("server-nopcid".to_owned())),
    ] {
        let changed = page.lab.after(act);
        let table = CostTable::of(changed.timed(), Per::Second);
        assert_eq!(table.rows.len(), before.len());
        assert!(table.rows.iter().all(|row| row.old && !row.staged) && table.running, "{}", table.status);
        assert!(table.status.contains("from the figures before"), "{}", table.status);
        let said = |row: &CostRow| row.cells.iter().map(|cell| cell.said.clone()).collect::<Vec<_>>();
        assert_eq!(said(&table.rows[0]), said(&before[0]));
    }
    page.does_in_the_table(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 9_000_000)))));
    assert!(CostTable::of(page.lab.timed(), Per::Second).rows.iter().all(|row| !row.old));
    let other = page.lab.after(timed(TimedAct::Workload("threads+zap".to_owned())));
    assert!(
        CostTable::of(other.timed(), Per::Second).rows.is_empty(),
        "those of another workload say nothing"
    );
}

#[test]
fn the_picture_and_the_table_say_the_same_of_what_the_reader_has() {
    let mut page = Page::new(None);
    page.lab = page.lab.after(timed(TimedAct::Open));
    page.does(timed(TimedAct::Contest(2, "linux-6.18".to_owned())));
    let (chart, table) =
        (Chart::of(&page.lab).expect("there is a picture"), CostTable::of(page.lab.timed(), Per::Second));
    assert_eq!((chart.kernels.len(), chart.sentences.len()), (3, 2));
    assert!(chart.sentences.iter().all(|(_, guesses)| guesses.starts_with("At ")), "{:?}", chart.sentences);
    for (kernel, line) in chart.kernels.iter().zip(&chart.lines) {
        let own: Vec<_> = line.iter().filter(|spot| spot.own).collect();
        let row = table.rows.iter().find(|row| row.kernel == *kernel).expect("it runs");
        let said = row.cells[0].said.trim_end_matches('0').trim_end_matches('.');
        assert_eq!(own.len(), 1);
        assert!(
            own[0].sentence.ends_with(&format!("costs {said} %"))
                || own[0].sentence.ends_with(&format!("costs {} %", row.cells[0].said)),
            "{} and {said}",
            own[0].sentence
        );
        assert_eq!((own[0].x, "now"), (chart.now.0, chart.now.1.as_str()));
        assert!(line.is_sorted_by_key(|spot| spot.x) && line.len() >= 7);
    }
    // Three kernels are in the link.
    let link = page.lab.link();
    assert!(link.starts_with("4."), "{link}");
    let again = Lab::open(Some(&link)).expect("a scenario compiles");
    assert_eq!(again.timed().contest(), page.lab.timed().contest());
    page.lab = page.lab.after(timed(TimedAct::Contest(2, String::new())));
    assert!(page.lab.link().starts_with("3."));
}

/// A challenge at its beginning, with all kernels run and judged.
fn challenge(slug: &str) -> Page {
    let mut page = Page { states: 1_000_000, ..Page::new(None) };
    page.does_in_the_table(Act::Follow(format!("challenge/{slug}")));
    assert_eq!(page.lab.lesson().challenge().map(|challenge| challenge.slug), Some(slug));
    page
}

/// What is shown after the offered solution has been opened.
fn solved(page: &mut Page) -> Option<Judgement> {
    page.lab = page.lab.after(Act::Lesson(LessonAct::Solve));
    let link = page.lab.lesson().solution().expect("a solution").to_owned();
    page.does_in_the_table(Act::Follow(link));
    page.lab.judgement()
}

#[test]
fn the_cheapest_safe_kernel_is_judged_by_clock_and_explorer() {
    let waiting = Lab::open(Some("challenge/cheapest-safe")).expect("a scenario compiles");
    assert_eq!(waiting.judgement(), None, "nobody knows yet");
    let mut page = challenge("cheapest-safe");
    assert_eq!(page.lab.judgement(), Some(Judgement::Open));
    let mut stage = |kernel: &str| {
        page.lab = page.lab.after(timed(TimedAct::Stage(kernel.to_owned(), None)));
        page.lab.judgement()
    };
    // The cheapest of all is the one with the bug; IPIs to all that are lazy are safe and dear.
    assert_eq!(stage("linux-4.14-rc1"), Some(Judgement::Open));
    assert!(matches!(stage("linux-4.13"), Some(Judgement::Dear { took: 100.., allowed: 25 })));
    assert_eq!(stage("linux-4.14"), Some(Judgement::Solved));
    assert_eq!(stage("init_mm switch"), Some(Judgement::Solved));
    assert_eq!(solved(&mut page), Some(Judgement::Solved));
    page.does_in_the_table(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 1_000)))));
    assert_eq!(page.lab.judgement(), Some(Judgement::Elsewhere));
}

#[test]
fn the_figure_that_decides_is_judged_by_clock_and_explorer() {
    let mut page = challenge("one-figure");
    assert_eq!(page.lab.judgement(), Some(Judgement::Open));
    let mut judged = |name: &str, value: u64| {
        page.does_in_the_table(timed(TimedAct::Change(None)));
        page.does_in_the_table(timed(TimedAct::Change(Some((name.to_owned(), value)))));
        page.lab.judgement()
    };
    assert_eq!(judged("c1_exit", 1_000_000), Some(Judgement::Open), "half a C1 exit turns nothing");
    assert_eq!(judged("cr3_keep", 601_000), Some(Judgement::Elsewhere), "more than ten times as much");
    assert_eq!(judged("every 0", 1_000_000_000_000), Some(Judgement::Elsewhere), "the workload is fixed");
    assert_eq!(judged("cr3_keep", 600_000), Some(Judgement::Solved));
    page.does_in_the_table(timed(TimedAct::Change(Some(("cr3_flush".to_owned(), 171_000)))));
    assert_eq!(page.lab.judgement(), Some(Judgement::Dear { took: 2, allowed: 1 }));
    page.does_in_the_table(timed(TimedAct::Change(None)));
    assert_eq!(page.lab.judgement(), Some(Judgement::Open));
    assert_eq!(solved(&mut page), Some(Judgement::Solved));
}

#[test]
fn any_number_in_a_link_is_one_that_can_run() {
    let lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    for what in
        ["c6_exit", "every 0", "sleep 1", "cpus", "tlb_entries", "speculation", "vcpu_runs", "no such thing"]
    {
        for value in [1, u64::MAX] {
            let linked = lab.timed().linked().expect("it is open");
            let changes = vec![(what.to_owned(), value)];
            let changed = link::Timed { changes, over: what.to_owned(), ..linked };
            let mut page = Page { steps: 50, states: 0, ..Page::new(Some(&lab.link_with(Some(changed)))) };
            page.settles(&[Purpose::Timed]);
            let said = &page.lab.timed().changes()[0];
            assert!(said.1 <= lang::costs::MAX_TIME, "{said:?}");
            let chart = Chart::of(&page.lab).expect("there is a picture");
            assert!(chart.now.1.contains("now"), "{what} {value}: {}", chart.now.1);
            page.lab = page.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), Some(0))));
        }
    }
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

#[test]
fn a_value_beyond_the_picture_is_at_its_edge_with_an_arrow() {
    let mut page = Page { steps: 200, states: 0, ..Page::new(None) };
    page.does(timed(TimedAct::Open));
    let now = |page: &Page| Chart::of(&page.lab).expect("there is a picture").now;
    assert_eq!(now(&page).1, "now");
    // 1 ms is what the workload says.
    for (value, side) in [
        (1_000_000_000_000, "\u{2190} now: 1 unmap a second"),
        (1_000_000, "now: 1000000 unmaps a second \u{2192}"),
    ] {
        page.does_in_the_table(timed(TimedAct::Change(Some(("every 0".to_owned(), value)))));
        let (x, words) = now(&page);
        assert_eq!(words, side);
        let [left, _, right, _] = lab::view::timed::chart::FIELD;
        assert!(x == left || x == right, "{x}");
        let spots = Chart::of(&page.lab).expect("there is a picture").lines;
        assert!(spots.iter().flatten().all(|spot| !spot.own), "no point stands where it is not");
    }
}

#[test]
fn a_run_that_ended_early_says_so_below_the_table() {
    let lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    let heard = |end: cost::End| {
        let found = WireTimed { rounds: vec![0, 0], end: end as u8, ..WireTimed::default() };
        let said =
            FromExplorer::Timed { job: lab.job(Purpose::Timed), run: 0, found: Ok(found), more: false };
        CostTable::of(lab.after(Act::Heard(vec![said])).timed(), Per::Second)
    };
    assert_eq!((heard(cost::End::Steps).rows.len(), heard(cost::End::Steps).early), (1, Vec::new()));
    let early = heard(cost::End::Stuck).early;
    assert!(early.len() == 1 && early[0].contains("no CPU can go on"), "{early:?}");
}

#[test]
fn each_point_is_a_link_to_the_table_with_its_value() {
    let mut page = Page { steps: 100, states: 0, ..Page::new(None) };
    page.does(timed(TimedAct::Open));
    let chart = Chart::of(&page.lab).expect("there is a picture");
    let spots: Vec<_> = chart.lines.iter().flatten().collect();
    assert!(spots.len() > 10, "{}", spots.len());
    for spot in spots {
        let opened = Lab::open(Some(&spot.link)).expect("a scenario compiles");
        assert!(opened.timed().is_open());
        assert_eq!(opened.timed().changes(), std::slice::from_ref(&spot.change), "{}", spot.sentence);
        let (over, now, _) = opened.timed().range().expect("there is a value to vary");
        assert_eq!((over.name(), now), spot.change);
    }
}

#[test]
fn a_violation_in_the_table_opens_the_way_to_it() {
    let mut page = Page { states: 1_000_000, ..Page::new(None) };
    page.does_in_the_table(timed(TimedAct::Open));
    page.lab = page.lab.after(timed(TimedAct::Witness("linux-4.14-rc1".to_owned())));
    assert_eq!(page.lab.player().trace().len(), 0, "the explorer is still asked");
    let says = |page: &Page| {
        let back = BackView::of(&page.lab).expect("there is a way back");
        format!("{}{}{}", back.before, back.kernel, back.after)
    };
    assert!(says(&page).contains("looking for the shortest way to a violation on linux-4.14-rc1"));
    page.checks();
    let player = page.lab.player();
    let program = player.machine().program();
    assert_eq!(cost::added_to(&program.kernel), "linux-4.14-rc1");
    assert!(player.trace().len() > 10, "the whole way is loaded");
    assert_eq!(says(&page), "The workload on linux-4.14-rc1.");
    let row = CostTable::of(page.lab.timed(), Per::Second)
        .rows
        .into_iter()
        .find(|row| row.kernel == "linux-4.14-rc1");
    assert!(row.expect("it runs").sentence.contains(&player.trace().len().to_string()));
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

#[test]
fn a_scenario_of_the_readers_own_is_timed_and_goes_into_links() {
    let mut page = Page { steps: 300, states: 0, ..Page::new(None) };
    page.lab = page.lab.after(timed(TimedAct::Open));
    let names = |page: &Page| {
        let table = CostTable::of(page.lab.timed(), Per::Second);
        table.workloads.into_iter().map(|entry| (entry.slug, entry.name)).collect::<Vec<_>>()
    };
    assert!(
        names(&page).iter().all(|entry| entry.0 != lab::model::timed::OWN),
        "the scenario at first has no workload"
    );
    let text =
        gallery::workload("threads+zap").expect("it is there").text.replace("\"threads+zap\"", "\"mine\"");
    page.lab = page.lab.after(Act::Edit(lang::source::SourceId::SCENARIO, text));
    assert_eq!(names(&page)[0], (lab::model::timed::OWN.to_owned(), "your scenario: mine".to_owned()));
    page.does_in_the_table(timed(TimedAct::Workload(lab::model::timed::OWN.to_owned())));
    let table = CostTable::of(page.lab.timed(), Per::Second);
    assert!(table.rows.len() > 5 && page.lab.timed().awaited() == 0, "{}", table.status);
    let link = page.lab.link();
    let mut opened = Page { steps: 300, states: 0, ..Page::new(Some(&link)) };
    opened.settles(&[Purpose::Timed]);
    assert_eq!(opened.lab.timed().workload(), lab::model::timed::OWN);
    assert_eq!(CostTable::of(opened.lab.timed(), Per::Second).rows, table.rows);
    // A round of it comes onto the stage, and it stays what is timed.
    opened.lab = opened.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), None)));
    assert!(opened.lab.clock().is_some());
    assert_eq!(opened.lab.timed().workload(), lab::model::timed::OWN);
    // A link to it whose scenario has no workload shows what is shown at first.
    let linked = page.lab.timed().linked();
    let other = Lab::open(None).expect("a scenario compiles").link_with(linked);
    assert_eq!(Lab::open(Some(&other)).expect("a scenario compiles").timed().workload(), "idle+munmap");
}
