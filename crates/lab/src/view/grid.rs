//! The table of all settings in words, ready to be drawn.

use crate::model::grid::Cell;
use crate::model::session::{Setting, Setup};
use crate::model::settings::{GridAxes, MOST, cases};
use machine::Property;
use protocol::WireCell;
use scene::grouped;
use std::collections::BTreeMap;

/// The table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridView {
    /// The cases as written.
    pub cases: Vec<CellView>,
    /// A row of headings for each option that makes columns.
    pub columns: Vec<Vec<Head>>,
    /// Names of the options that make rows.
    pub row_options: Vec<String>,
    /// The rows.
    pub rows: Vec<GridRow>,
    /// The result in one sentence.
    pub summary: String,
    /// What does not vary here, and why.
    pub fixed: Option<String>,
}

/// A row: headings that begin in it, then cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridRow {
    /// Headings.
    pub heads: Vec<Head>,
    /// Cells.
    pub cells: Vec<CellView>,
}

/// A choice that several rows or columns share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The option.
    pub option: String,
    /// The choice.
    pub choice: String,
    /// How many rows or columns it is for.
    pub span: usize,
}

/// What kind of verdict a cell has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// The verdict is not known yet.
    Waiting,
    /// A violation is reachable.
    Reachable,
    /// No violation is reachable.
    Safe,
    /// No violation was found before the bound.
    Bounded,
    /// There is no such machine.
    Refused,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellView {
    /// The setting that it is about.
    pub setting: Setting,
    /// The setting in words: what differs from the case as written.
    pub label: String,
    /// The link to it.
    pub link: Option<String>,
    /// The kind of its verdict.
    pub kind: CellKind,
    /// The verdict in one or two words.
    pub word: String,
    /// The verdict in a sentence.
    pub sentence: String,
    /// Whether it is the setting on the page.
    pub here: bool,
    /// Whether it is that setting, or differs from it in one option.
    pub near: bool,
}

impl GridView {
    /// The table for what is on the page, which is the case `told` however it was set ([`Cases`](crate::model::cases::Cases)).
    #[must_use]
    pub fn of(setup: &Setup, known: &BTreeMap<Setting, Cell>, told: Option<usize>) -> GridView {
        let axes = GridAxes::of(setup);
        let [rows, columns] = axes.heads();
        let here = here(setup);
        let view = |setting: Setting, label: String, apart: usize| {
            let known = known.get(&setting);
            let (kind, word, sentence) = words(known.map(|cell| &cell.verdict));
            let link = known.and_then(|cell| cell.link.clone());
            CellView { setting, label, link, kind, word, sentence, here: apart == 0, near: apart < 2 }
        };
        let cell = |row: &[(String, String)], column: &[(String, String)]| {
            let setting = axes.setting(row, column);
            let apart = setting.options.iter().filter(|choice| !here.options.contains(choice)).count();
            let label = label(setup, &setting);
            view(setting, label, apart)
        };
        let spans = spans(&axes);
        let (row_spans, column_spans) = spans.split_at(axes.rows);
        let head = |(place, choice): (usize, &(String, String)), spans: &[usize], at: usize| {
            let (option, choice) = choice.clone();
            at.is_multiple_of(spans[place]).then(|| Head { option, choice, span: spans[place] })
        };
        let body = rows.iter().enumerate().map(|(at, row)| GridRow {
            heads: row.iter().enumerate().filter_map(|choice| head(choice, row_spans, at)).collect(),
            cells: columns.iter().map(|column| cell(row, column)).collect(),
        });
        let body: Vec<GridRow> = body.collect();
        let of_option = |place: usize| {
            let heads = columns.iter().enumerate();
            heads.filter_map(|(at, column)| head((place, &column[place]), column_spans, at)).collect()
        };
        let names = setup.session.cases();
        let case = |(place, setting): (usize, Setting)| {
            let named = names.iter().find(|case| case.case == setting.case).and_then(|case| {
                let own = scene::replaced(&case.replaces).map(|own| format!(", {own}"));
                Some(case.name.clone()? + &own.unwrap_or_default())
            });
            let mut view = view(
                setting,
                named.unwrap_or_else(|| "as written".to_owned()),
                usize::from(told != Some(place)),
            );
            // Each case speaks of other properties, so that other ones may be the headline.
            if let Some(WireCell::Reachable { property, .. }) =
                known.get(&view.setting).map(|cell| &cell.verdict)
                && let Some(property) = Property::from_number(*property)
            {
                view.word = format!("{} in {}", property.title(), view.word);
            }
            view
        };
        GridView {
            cases: cases(&setup.session).into_iter().enumerate().map(case).collect(),
            columns: (0..column_spans.len()).map(of_option).collect(),
            row_options: axes.varied[..axes.rows].iter().map(|option| option.name.clone()).collect(),
            summary: summary(&body, known),
            rows: body,
            fixed: fixed(&axes),
        }
    }
}

/// The setting that is on the page, with every option named.
pub(super) fn here(setup: &Setup) -> Setting {
    let chosen = setup.machine.program().options.iter().filter_map(|option| {
        Some((option.name.clone(), option.choices.get(usize::from(option.chosen))?.clone()))
    });
    Setting {
        case: setup.session.experiment.selection.case,
        options: chosen.collect(),
        kernel: setup.session.experiment.selection.kernel.clone(),
    }
}

/// For each option, how many rows (or columns) a choice of it is for.
fn spans(axes: &GridAxes) -> Vec<usize> {
    let span = |place: usize| {
        let end = if place < axes.rows { axes.rows } else { axes.varied.len() };
        axes.varied[place + 1..end].iter().map(|option| option.choices.len()).product()
    };
    (0..axes.varied.len()).map(span).collect()
}

fn label(setup: &Setup, setting: &Setting) -> String {
    let options = &setup.machine.program().options;
    let differs = |(name, choice): &&(String, String)| {
        let option = options.iter().find(|option| option.name == *name);
        option.and_then(|option| option.choices.get(usize::from(option.default))) != Some(choice)
    };
    let set = setting.options.iter().filter(differs).map(|(name, choice)| format!("{name} {choice}"));
    let set: Vec<String> = set.collect();
    if set.is_empty() { "as written".to_owned() } else { set.join(", ") }
}

pub(crate) fn words(verdict: Option<&WireCell>) -> (CellKind, String, String) {
    let steps = |steps: u32| scene::steps(steps as usize);
    match verdict {
        None => (CellKind::Waiting, "\u{2026}".into(), "Not settled yet.".into()),
        Some(WireCell::Reachable { property, steps: length, shortest }) => {
            let what = Property::from_number(*property).map_or("something goes wrong", Property::sentence);
            let fewer = if *shortest { "" } else { " or fewer" };
            let steps = format!("{}{fewer}", steps(*length));
            (CellKind::Reachable, steps.clone(), format!("Reachable in {steps}: {what}."))
        }
        Some(WireCell::Safe { states, saturated }) => {
            let states = scene::states(*states, *saturated);
            (CellKind::Safe, "none".into(), format!("No violation in all {states}."))
        }
        Some(WireCell::Bounded { states }) => {
            let states = grouped(u64::from(*states));
            let sentence = format!("None found within {states} states, which is not a proof.");
            (CellKind::Bounded, "open".into(), sentence)
        }
        Some(WireCell::Refused(why)) => (CellKind::Refused, "can't be".into(), why.to_string()),
    }
}

/// The result of the table, counted.
fn summary(rows: &[GridRow], known: &BTreeMap<Setting, Cell>) -> String {
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let count = |kind: CellKind| cells().filter(|cell| cell.kind == kind).count();
    let all = cells().count();
    let settled = all - count(CellKind::Waiting);
    if settled < all {
        return format!("{settled} of {all} settings are settled.");
    }
    let mut parts = vec![format!(
        "Of {all} settings, a violation is reachable in {}{}, and there is none in {}.",
        count(CellKind::Reachable),
        kinds(cells().filter_map(|cell| known.get(&cell.setting))),
        count(CellKind::Safe)
    )];
    match count(CellKind::Bounded) {
        0 => {}
        some => parts.push(format!("{some} stayed open: a setting that is chosen is searched further.")),
    }
    // Why is said here, too: a finger finds no title.
    let refused: Vec<&CellView> = cells().filter(|cell| cell.kind == CellKind::Refused).collect();
    if let Some(first) = refused.first() {
        let same = refused.iter().all(|cell| cell.sentence == first.sentence);
        let example = if same { "" } else { ", one of them for this reason" };
        let why = first.sentence.trim_end_matches('.');
        parts.push(format!("{} can\u{2019}t be built{example}: {why}.", refused.len()));
    }
    parts.join(" ")
}

/// Which violations settings have, if they have several: their numbers of steps lead to different things.
fn kinds<'a>(cells: impl Iterator<Item = &'a Cell>) -> String {
    let found: Vec<u8> = cells
        .filter_map(|cell| match cell.verdict {
            WireCell::Reachable { property, .. } => Some(property),
            _ => None,
        })
        .collect();
    let told: Vec<String> = (0..=u8::MAX)
        .filter_map(|number| {
            let count = found.iter().filter(|found| **found == number).count();
            let title = Property::from_number(number).filter(|_| count > 0)?.title();
            Some(format!("{title} in {count}"))
        })
        .collect();
    if told.len() > 1 { format!(" ({})", told.join(", ")) } else { String::new() }
}

fn fixed(axes: &GridAxes) -> Option<String> {
    let choice = |(name, choice): &(String, String)| format!("{name} ({choice})");
    let names: Vec<String> = axes.fixed.iter().map(choice).collect();
    (!names.is_empty()).then(|| {
        format!(
            "A table of more than {MOST} settings would not be legible. These options keep their current choice: {}.",
            names.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{CellKind, GridView};
    use crate::model::cases::Cases;
    use crate::model::grid::Cell;
    use crate::model::session::{Session, Setting, Setup};
    use crate::model::settings::GridAxes;
    use protocol::{Refusal, WireCell};
    use std::collections::BTreeMap;

    fn setup() -> Setup {
        let session = Session::library(crate::DEFAULT).expect("it is in the library");
        session.compile().0.expect("it compiles")
    }

    #[test]
    fn heads_cover_all_rows_and_columns() {
        let setup = setup();
        let view = GridView::of(&setup, &BTreeMap::new(), Cases::of(&setup).here);
        let width = view.rows[0].cells.len();
        for heads in &view.columns {
            assert_eq!(heads.iter().map(|head| head.span).sum::<usize>(), width);
        }
        for option in &view.row_options {
            let heads = view.rows.iter().flat_map(|row| &row.heads).filter(|head| head.option == *option);
            assert_eq!(heads.map(|head| head.span).sum::<usize>(), view.rows.len());
        }
        let here: Vec<_> = view.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.here).collect();
        assert_eq!(here.len(), 1, "the page is at one setting");
        assert_eq!(here[0].label, "as written");
        let near = view.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.near).count();
        assert_eq!(near, 1 + view.columns.len() + view.row_options.len(), "one more for each option");
        assert!(view.cases.len() > 1 && view.cases[0].here && !view.cases[1].here);
        assert!(view.summary.starts_with("0 of "));
    }

    #[test]
    fn every_verdict_has_its_words() {
        let setup = setup();
        let settings = GridAxes::of(&setup).settings();
        let verdicts = [
            WireCell::Reachable { property: 1, steps: 1, shortest: true },
            WireCell::Safe { states: 48_210, saturated: false },
            WireCell::Bounded { states: 400_000 },
            WireCell::Refused(Refusal::Machine("no room".into())),
        ];
        let cell = |(place, setting): (usize, &Setting)| {
            let verdict = verdicts[place % verdicts.len()].clone();
            (setting.clone(), Cell { verdict, link: None })
        };
        let known: BTreeMap<Setting, Cell> = settings.iter().enumerate().map(cell).collect();
        let view = GridView::of(&setup, &known, Cases::of(&setup).here);
        let cells: Vec<_> = view.rows.iter().flat_map(|row| &row.cells).collect();
        assert_eq!((cells[0].kind, cells[0].word.as_str()), (CellKind::Reachable, "1 step"));
        assert!(cells[1].sentence.contains("all 48,210 states"));
        assert!(cells[2].sentence.contains("not a proof"));
        assert!(cells[3].sentence.contains("no room"));
        let quarter = cells.len() / 4;
        let said = format!("reachable in {quarter}, and there is none in {quarter}");
        assert!(view.summary.contains(&said), "{}", view.summary);
        let why = format!("{quarter} can\u{2019}t be built: {}", cells[3].sentence);
        assert!(view.summary.contains(&why), "{}", view.summary);
        // Steps to different things are not to be compared.
        let mut known = known;
        let reachable = known.values_mut().filter(|cell| matches!(cell.verdict, WireCell::Reachable { .. }));
        let verdict = WireCell::Reachable { property: 2, steps: 9, shortest: true };
        reachable.take(1).for_each(|cell| cell.verdict = verdict.clone());
        let view = GridView::of(&setup, &known, Cases::of(&setup).here);
        let title = |number| machine::Property::from_number(number).expect("there is one").title();
        let said = format!("({} in {}, {} in 1)", title(1), quarter - 1, title(2));
        assert!(view.summary.contains(&said), "{}", view.summary);
    }
}
