//! The table: its rows, what is edited and stopped, and how it is sorted.

use super::{Page, timed};
use cost::Per;
use lab::model::jobs::Purpose;
use lab::model::timed::{COSTS, TimedAct};
use lab::view::timed::back::BackView;
use lab::view::timed::chart::Chart;
use lab::view::timed::table::{CostRow, CostTable, sorted};
use lab::{Act, Lab};
use protocol::{FromExplorer, ToExplorer, WireTimed};

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
fn a_violation_in_the_table_opens_the_way_to_it() {
    let mut page = Page { states: 1_000_000, ..Page::new(None) };
    page.does_in_the_table(timed(TimedAct::Open));
    page.lab = page.lab.after(timed(TimedAct::Witness("linux-4.14-rc1".to_owned())));
    assert_eq!(page.lab.player().trace().len(), 0, "the explorer is still asked");
    let says = |page: &Page| {
        let back = BackView::of(&page.lab).expect("there is a way back");
        format!("{}{}{}", back.before, back.kernel, back.after)
    };
    assert!(says(&page).contains("looking for the shortest path to a violation on linux-4.14-rc1"));
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
