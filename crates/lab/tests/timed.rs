//! Costs on the page, without a browser: the table is opened, the explorer answers, and the question of the thread has its
//! answer; with other assumptions, the reverse one.

use lab::model::jobs::Purpose;
use lab::model::permalink::needs_library;
use lab::model::timed::{COSTS, TimedAct};
use lab::view::timed::chart::Chart;
use lab::view::timed::lanes::lanes;
use lab::view::timed::table::{CostTable, Per};
use lab::{Act, Lab};
use protocol::{Server, ToExplorer, from_bytes, to_bytes};

/// The page and its explorer.
struct Desk {
    lab: Lab,
    server: Server,
    asked: [u32; 2],
}

impl Desk {
    fn new(link: Option<&str>) -> Desk {
        let mut server = Server::default();
        server.handle(&to_bytes(&ToExplorer::hello()));
        Desk { lab: Lab::open(link).expect("a scenario compiles"), server, asked: [0; 2] }
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
                    self.server.handle(&to_bytes(&short(request)));
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

/// Fewer steps and no verdicts: the test asks what becomes of the answers.
fn short(request: ToExplorer) -> ToExplorer {
    match request {
        ToExplorer::Timed { job, curve, texts, costs, runs, steps, .. } => {
            let (steps, states) = if curve { (steps.min(30_000), 0) } else { (20_000, 2_000) };
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
    let mut desk = Desk::new(None);
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
    assert!(chart.sentence.starts_with("init_mm switch costs less than linux-4.13"), "{}", chart.sentence);
    assert!(chart.guesses.starts_with("At "), "{}", chart.guesses);
    // Without PCIDs, CR3 writes flush, and nobody calls.
    desk.does_in_the_table(timed(TimedAct::Costs("server-nopcid".to_owned())));
    desk.does_in_the_table(timed(TimedAct::Change(Some(("every 0".to_owned(), 100_000_000_000)))));
    let table = CostTable::of(desk.lab.timed());
    assert!(table.assumed.contains("10 rounds of CPU 0 a second"), "{}", table.assumed);
    assert!(load(&desk, "init_mm switch") > load(&desk, "linux-4.13"), "{}", table.assumed);
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
    desk.does(timed(TimedAct::Stage("linux-4.13".to_owned())));
    let player = desk.lab.player();
    assert_eq!(player.cursor(), 0);
    assert!(player.trace().len() > 40, "{} steps", player.trace().len());
    let again = Lab::open(Some(&desk.lab.link())).expect("a scenario compiles");
    assert_eq!(again.player().trace().schedule(), player.trace().schedule());
    assert!(!again.notice().expect("a link was opened").warning);
}
