//! The picture: what kernels cost over a range of values.

use super::{Page, timed};
use cost::Per;
use lab::Lab;
use lab::model::timed::TimedAct;
use lab::view::timed::chart::Chart;
use lab::view::timed::table::CostTable;

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
