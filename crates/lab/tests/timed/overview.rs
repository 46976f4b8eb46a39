//! Every kernel on every workload.

use super::{Page, timed};
use cost::Per;
use lab::model::jobs::Purpose;
use lab::model::timed::{ALL, TimedAct};
use lab::view::grid::CellKind;
use lab::view::timed::table::{CostTable, sorted};
use protocol::ToExplorer;

fn overview(page: &Page) -> CostTable {
    CostTable::of(page.lab.timed(), Per::Second)
}

fn every() -> lab::Act {
    timed(TimedAct::Workload(ALL.to_owned()))
}

fn counted() -> Page {
    let mut page = Page { steps: 300, states: 500, ..Page::new(None) };
    page.does(timed(TimedAct::Open));
    assert!(!page.lab.timed().all(), "nobody has asked");
    page.does(every());
    page
}

#[test]
fn each_kernel_has_a_number_and_a_verdict_on_each_workload_that_it_runs() {
    let mut page = counted();
    let view = overview(&page);
    let slugs: Vec<&str> = view.workloads.iter().map(|workload| &*workload.slug).collect();
    assert_eq!(slugs, gallery::workloads().map(|text| text.slug).chain([ALL]).collect::<Vec<_>>());
    assert!(view.workloads.iter().all(|one| one.chosen == (one.slug == ALL)));
    assert!(view.rows.len() > 9 && !view.running, "{}", view.status);
    assert!(view.status.contains("run none of these workloads"), "{}", view.status);
    for row in &view.rows {
        assert_eq!(row.cells.len(), slugs.len() - 1);
        let of = |wanted: CellKind| {
            row.cells.iter().filter(|cell| cell.verdict.as_ref().is_some_and(|it| it.0 == wanted)).count()
        };
        let (wrong, run) =
            (of(CellKind::Reachable), row.cells.iter().filter(|cell| cell.verdict.is_some()).count());
        assert_eq!((&*row.word, row.kind == CellKind::Reachable), (&*format!("{wrong} of {run}"), wrong > 0));
    }
    for cell in view.rows.iter().flat_map(|row| &row.cells) {
        let Some((kind, sentence)) = &cell.verdict else {
            assert_eq!(cell.said, "", "a kernel that lacks a function");
            continue;
        };
        assert!(*kind != CellKind::Waiting && !cell.said.is_empty(), "{sentence}");
    }
    let place = |slug: &str| slugs.iter().position(|one| *one == slug).expect("it is there");
    let row = |kernel: &str| view.rows.iter().find(|row| row.kernel == kernel).expect("it runs one");
    assert_eq!(row("linux-4.13").cells[place("flush2+threads")].said, "", "it lacks a function");
    // It says what the table says, with whatever number.
    let number = cost::SHOWN.iter().position(|shown| shown.name == "misses").expect("there is the column");
    page.does(timed(TimedAct::Number(number)));
    let other = overview(&page);
    assert!(other.numbers.iter().enumerate().all(|(place, one)| one.chosen == (place == number)));
    page.does(timed(TimedAct::Workload("idle+munmap".to_owned())));
    let table = CostTable::of(page.lab.timed(), Per::Second);
    for line in &table.rows {
        let there = other.rows.iter().find(|row| row.kernel == line.kernel).expect("it runs one");
        assert_eq!(there.cells[place("idle+munmap")].said, line.cells[number].said);
        let cell = &row(&line.kernel).cells[place("idle+munmap")];
        assert_eq!(
            (&cell.said, cell.verdict.as_ref().map(|it| it.0)),
            (&line.cells[0].said, Some(line.kind))
        );
    }
    // The note speaks of what can be chosen here, and the head says all of the number's name.
    assert!(
        !view.rows.iter().any(|row| row.staged)
            && !view.note.contains("name to see")
            && !view.note.contains("violation")
    );
    assert!(table.note.contains("kernel\u{2019}s name") && table.common.is_empty());
    assert_eq!((&*view.common, &*other.common), ("CPU time in all", "CPU time misses"));
    // Kernels without a number come last, whichever way it is sorted.
    let column = place("flush2+threads");
    for descending in [false, true] {
        let rows = sorted(&view.rows, column + 2, descending);
        let empty: Vec<bool> = rows.iter().map(|row| row.cells[column].said.is_empty()).collect();
        assert!(empty.is_sorted() && empty.contains(&true) && !empty[0], "{empty:?}");
    }
}

#[test]
fn all_workloads_are_counted_before_the_first_verdict_and_each_table_is_there_then() {
    let mut page = Page { steps: 300, states: 500, ..Page::new(None) };
    page.does(timed(TimedAct::Open));
    page.lab = page.lab.after(every());
    let (mut asked, mut last) = (Vec::new(), None);
    while last != Some(page.lab.job(Purpose::Curve)) {
        last = Some(page.lab.job(Purpose::Curve));
        if let Some(ToExplorer::Timed { runs, states, .. }) = page.lab.request(Purpose::Curve) {
            asked.push((states > 0, runs.len()));
        }
        page.settles(&[Purpose::Curve]);
    }
    // `settles` goes on by itself: what it has asked for first is a workload without verdicts.
    assert!(!asked[0].0 && asked[0].1 > 60, "{asked:?}");
    assert!(!overview(&page).running);
    let turned = page.lab.after(timed(TimedAct::Workload("make-j".to_owned())));
    let table = CostTable::of(turned.timed(), Per::Second);
    assert!(
        table.rows.len() > 9 && !table.running && table.rows.iter().all(|row| !row.old),
        "{}",
        table.status
    );
    let request = turned.request(Purpose::Timed);
    assert!(matches!(&request, Some(ToExplorer::Timed { runs, .. }) if runs.is_empty()), "{request:?}");
}

#[test]
fn a_number_puts_its_kernel_and_its_workload_on_the_stage() {
    let mut page = counted();
    let column = gallery::workloads().position(|text| text.slug == "make-j");
    page.lab = page.lab.after(timed(TimedAct::Stage("linux-4.13".to_owned(), column)));
    assert_eq!((page.lab.timed().workload(), page.lab.timed().all()), ("make-j", true), "the overview stays");
    // The way back leads to that very number, as long as the table is the same.
    let came = |page: &Page| {
        let rows = overview(page).rows.into_iter();
        rows.filter_map(|row| Some((row.kernel, row.came?))).collect::<Vec<_>>()
    };
    assert_eq!(came(&page), [("linux-4.13".to_owned(), column.expect("it is there") + 2)]);
    let turned = page.lab.after(timed(TimedAct::Workload("idle+munmap".to_owned())));
    assert!(CostTable::of(turned.timed(), Per::Second).rows.iter().all(|row| row.came.is_none()));
    assert_eq!(page.lab.staged(), Some("linux-4.13"));
    assert!(page.lab.clock().is_some() && page.lab.player().trace().len() > 100);
}

#[test]
fn the_overview_stops_and_goes_on_and_a_figure_is_counted_anew() {
    let mut page = Page { steps: 300, states: 500, ..Page::new(None) };
    page.does(timed(TimedAct::Open));
    page.lab = page.lab.after(every());
    let job = page.lab.job(Purpose::Curve);
    assert!(overview(&page).running);
    let stopped = page.lab.after(timed(TimedAct::Stop));
    assert_eq!(stopped.request(Purpose::Curve), Some(ToExplorer::Cancel { job }));
    let again = stopped.after(timed(TimedAct::Open));
    assert!(matches!(again.request(Purpose::Curve), Some(ToExplorer::Timed { states: 0, .. })));
    page.does(timed(TimedAct::Open));
    let before = overview(&page);
    page.does(timed(TimedAct::Change(Some(("c1_exit".to_owned(), 90_000_000)))));
    let after = overview(&page);
    assert!(!after.running && after.rows.len() == before.rows.len(), "{}", after.status);
    assert_ne!(after.rows, before.rows, "all workloads have it");
    // A rate belongs to one workload, so the overview has none.
    page.does(timed(TimedAct::Workload("idle+munmap".to_owned())));
    page.does_in_the_table(timed(TimedAct::Change(Some(("every 0".to_owned(), 900_000_000)))));
    page.does(every());
    assert_eq!(page.lab.timed().changes().len(), 1, "the figure");
    assert_eq!(overview(&page).rows, after.rows);
}

/// linux-4.20 is safe in the scenarios of the tour and not on each workload. Both places where a reader meets it say what that is.
#[test]
fn the_overview_and_the_tour_say_that_a_verdict_is_about_one_scenario() {
    let settings = cost::Settings { seed: 1, ..cost::Settings::default() };
    let kernel = "linux-4.20";
    let workload = cost::experiment_of(gallery::workload("idle+munmap").expect("it is there").text);
    let costs =
        cost::costs_of(gallery::costs().find(|costs| costs.slug == "server").expect("it is there").text)
            .expect("it is a table");
    let row = cost::row(&workload, Some(kernel), &costs, None, settings, (1, 200_000));
    let judged = row.found.expect("it runs").judged;
    assert!(matches!(judged, Some(cost::ScenarioVerdict::Violates { .. })), "{judged:?}");
    let told = experiment::Experiment::new(gallery::scenario("lazy+munmap").expect("it is there").text);
    let case =
        told.cases().into_iter().find(|case| case.name.as_deref() == Some("4.20")).expect("it is there");
    let told = told.selecting(lang::Selection::new(case.case, Vec::new()));
    let machine = told.compile().machine.expect("it compiles");
    assert_eq!(machine.program().kernel, kernel);
    assert!(machine.program().expectations.iter().any(|expected| expected.property == "violation"));

    let moments = guide::tour();
    let after = &moments.last().expect("there is one").text;
    let words = format!("{after:?}");
    assert!(words.contains("A verdict is about one scenario.") && words.contains("idle+munmap"), "{words}");
    let about = overview(&counted()).about;
    assert!(about.contains("verdict on that workload alone") && about.contains("the tour"), "{about}");
}
