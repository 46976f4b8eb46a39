//! The numbers of a table come first, and its verdicts later.

use super::{Page, timed};
use cost::Per;
use lab::model::jobs::Purpose;
use lab::model::timed::TimedAct;
use lab::view::grid::CellKind;
use lab::view::timed::table::CostTable;
use lab::{Act, Lab};
use protocol::{FromExplorer, Refusal, ToExplorer, WireTimed, from_bytes, to_bytes};

/// What was counted is there at once. The verdicts come later, row by row, and the table says how many are to come.
#[test]
fn the_numbers_are_there_before_the_verdicts() {
    let mut page = Page { steps: 200, states: 500, ..Page::new(None) };
    page.lab = page.lab.after(timed(TimedAct::Open));
    let (mut counted, mut whole) = (None, 0);
    let request = page.lab.request(Purpose::Timed).expect("it is asked");
    let ToExplorer::Timed { job, curve, texts, selection, costs, runs, .. } = request else {
        panic!("{request:?}")
    };
    let request = ToExplorer::Timed { job, curve, texts, selection, costs, runs, steps: 200, states: 500 };
    let mut said = page.server.handle(&to_bytes(&request));
    while page.server.busy() {
        said.extend(page.server.run(100));
        for bytes in said.drain(..) {
            let told = from_bytes(&bytes).expect("the server's own words");
            page.lab = page.lab.after(Act::Heard(vec![told]));
        }
        let table = CostTable::of(page.lab.timed(), Per::Second);
        let waiting = table.rows.iter().filter(|row| row.kind == CellKind::Waiting).count();
        assert!(table.rows.iter().all(|row| !row.cells.is_empty()));
        if page.lab.timed().awaited() == 0 {
            let first = counted.get_or_insert(waiting);
            assert!(waiting <= *first && waiting == page.lab.timed().unsettled());
            assert_eq!(table.running, waiting > 0, "it can be stopped while a verdict is to come");
            let to_come = table.status.contains("not been found yet");
            assert_eq!(to_come, waiting > 0, "{}", table.status);
            whole = table.rows.len();
        }
    }
    assert_eq!((counted, whole), (Some(13), 13), "all verdicts come after all numbers");
    assert_eq!(page.lab.timed().unsettled(), 0);
}

/// A worker that dies during the searches takes no numbers away, and nobody waits for its verdicts.
#[test]
fn numbers_stay_where_their_verdicts_do_not_come() {
    let lab = Lab::open(None).expect("a scenario compiles").after(timed(TimedAct::Open));
    let (job, found) = (lab.job(Purpose::Timed), WireTimed { rounds: vec![0, 0], ..WireTimed::default() });
    let counted = FromExplorer::Timed { job, run: 0, found: Ok(found), more: true };
    let died = FromExplorer::Refused { job: Some(job), reason: Refusal::Died };
    let lab = lab.after(Act::Heard(vec![counted]));
    assert_eq!(lab.timed().unsettled(), 1);
    let lab = lab.after(Act::Heard(vec![died]));
    let table = CostTable::of(lab.timed(), Per::Second);
    let row = table.rows.iter().find(|row| !row.cells.is_empty()).expect("its numbers are there");
    assert_eq!((lab.timed().unsettled(), row.kind, table.running), (0, CellKind::Refused, false));
}
