//! The table: each kernel that the workload runs on, its verdict, and what it costs.

use super::time;
use crate::model::timed::{ALL, OWN, SEEDS, STEPS, Timed};
use crate::view::grid::{CellKind, words};
use cost::{Counters, End, Over, Per, SHOWN, ShownColumn, Told};
use lang::costs::{Figure, Sure};
use protocol::{Refusal, WireTimed};
use scene::{count, grouped};

/// What stands in the place of a number that is to come.
pub(super) const AWAITED: &str = "\u{2026}";

/// What the table says when the reader has stopped the runs.
pub(super) const STOPPED: &str = "The runs were stopped.";

/// What a reader can do in the table of a workload.
const NOTE: &str = "Choose a kernel\u{2019}s name to see one round of it on the stage. Choose a number to see the first step \
                    that its column counts. Choose a violation to see the shortest path to it. Columns with only zeros are left out.";

/// Something to choose from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What stands for it: a slug.
    pub slug: String,
    /// How it is called.
    pub name: String,
    /// It is chosen.
    pub chosen: bool,
}

/// The table, and what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CostTable {
    /// The reader has opened it.
    pub open: bool,
    /// Workloads of the library.
    pub workloads: Vec<Entry>,
    /// Tables of costs of the library.
    pub costs: Vec<Entry>,
    /// What the workload is.
    pub about: String,
    /// What is assumed: the costs, and what was changed in them.
    pub assumed: String,
    /// What a reader can do in the table.
    pub note: &'static str,
    /// What all columns have in common, if they are workloads.
    pub common: String,
    /// Something has another value than workload and costs say.
    pub changed: bool,
    /// How far it is.
    pub status: String,
    /// Answers are to come.
    pub running: bool,
    /// The reader has stopped the runs.
    pub halted: bool,
    /// What the overview can show. It has the workloads as columns, and in each of them the number that is chosen. In the table of a
    /// workload there is nothing to choose.
    pub numbers: Vec<Entry>,
    /// CPUs whose rounds numbers may be for: those of the scenario.
    pub blocks: u8,
    /// The kernels that the workload runs on.
    pub rows: Vec<CostRow>,
    /// How many these are, in words.
    pub lacking: String,
    /// Those that it does not compile with, and why.
    pub refused: Vec<(String, String)>,
    /// Of runs that ended before they had taken their steps: why.
    pub early: Vec<String>,
}

/// A number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it is sorted by.
    pub number: u64,
    /// How it is written; nothing if there is no number. Rates from ten thousand on have three digits.
    pub said: String,
    /// The exact number, if that is another one.
    pub exact: Option<String>,
    /// The verdict's kind and its sentence, if each number of a row has its own; then there is a round to be put on the stage.
    pub verdict: Option<(CellKind, String)>,
}

/// A kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostRow {
    /// Its name.
    pub kernel: String,
    /// The kind of its verdict.
    pub kind: CellKind,
    /// The verdict in a word or two.
    pub word: String,
    /// The verdict in a sentence.
    pub sentence: String,
    /// By column.
    pub cells: Vec<Cell>,
    /// There is a round to be put on the stage.
    pub staged: bool,
    /// Whether the row is from the figures before the last change.
    pub old: bool,
    /// The column from which something was put on the stage last: the way back leads there.
    pub came: Option<usize>,
}

/// The counters in a message.
pub(super) fn counters(found: &WireTimed) -> Counters {
    let mut counters = Counters { rounds: found.rounds.clone(), ..Counters::default() };
    for (place, number) in counters.numbers().into_iter().zip(&found.numbers) {
        *place = *number;
    }
    counters
}

/// A rate with three digits, if it has more than four.
fn short(rate: u64) -> String {
    let (size, unit) = match rate {
        0..10_000 => return grouped(rate),
        10_000..1_000_000 => (1_000, "k"),
        _ => (1_000_000, "M"),
    };
    match (rate / size, rate % size * 10 / size) {
        (whole @ 0..10, _) => format!("{whole}.{:02}{unit}", rate % size * 100 / size),
        (whole @ 10..100, part) => format!("{whole}.{part}{unit}"),
        (whole, _) => format!("{}{unit}", grouped(whole)),
    }
}

/// A number of a column, to sort by and to read.
pub(super) fn cell(shown: &ShownColumn, counters: &Counters, per: Per) -> Cell {
    let told = shown.told(counters, per);
    let said = match told {
        Told::Rate(rate) => short(rate),
        // What happens in few rounds is not to look as if it never did.
        Told::Each(parts @ 1..100) => format!("0.{parts:04}"),
        Told::Each(parts) => format!("{}.{:02}", grouped(parts / 10_000), parts / 100 % 100),
        Told::Share(part) => format!("{}.{:02}", part / 100, part % 100),
        Told::Time(length) => time(length),
        Told::Never => "\u{2013}".to_owned(),
    };
    let exact = matches!(told, Told::Rate(10_000..)).then(|| grouped(told.number()));
    Cell { number: told.number(), said, exact, verdict: None }
}

impl CostTable {
    /// The table for what is known of costs, with numbers per second or per round.
    #[must_use]
    pub fn of(timed: &Timed, per: Per) -> CostTable {
        if !timed.is_open() {
            return CostTable::default();
        }
        let mut table = CostTable {
            open: true,
            workloads: workloads(timed),
            costs: named(entries(gallery::costs(), timed.preset())),
            about: crate::view::policies::about(timed.workload_text()),
            assumed: assumed(timed),
            note: NOTE,
            changed: !timed.changes().is_empty(),
            running: timed.awaited() + timed.unsettled() > 0,
            halted: timed.halted(),
            blocks: timed.blocks(),
            ..CostTable::default()
        };
        if let Some(number) = timed.number() {
            table.compare_workloads(timed, number, per);
            return table;
        }
        for (kernel, found, old) in timed.rows() {
            match found.as_deref() {
                None => {}
                Some(Err(why @ (Refusal::Text { .. } | Refusal::Machine(_)))) => {
                    table.refused.push((kernel, why.to_string()));
                }
                Some(Err(why)) => table.rows.push(CostRow {
                    kernel,
                    kind: CellKind::Refused,
                    word: "not run".to_owned(),
                    sentence: why.to_string(),
                    cells: Vec::new(),
                    staged: false,
                    old,
                    came: None,
                }),
                Some(Ok(found)) => {
                    if let Some(why) = End::ALL.get(usize::from(found.end)).and_then(|end| end.early()) {
                        table.early.push(format!("A run of {kernel} ended early: {why}."));
                    }
                    let came = timed.came_from(&kernel);
                    table.rows.push(CostRow { came, ..row(kernel, found, old, per) });
                }
            }
        }
        table.lacking =
            count(table.refused.len(), "kernel cannot run this workload", "kernels cannot run this workload");
        let (rows, awaited) = (table.rows.len(), timed.awaited());
        table.status = match awaited {
            _ if timed.halted() => STOPPED.to_owned(),
            0 => format!(
                "{}: {SEEDS} runs each, with different seeds and {} steps. {} a function that the workload calls.{}",
                count(rows, "kernel runs this workload", "kernels run this workload"),
                grouped(STEPS.into()),
                count(table.refused.len(), "other kernel lacks", "other kernels lack"),
                verdicts(timed.unsettled()),
            ),
            left => {
                let old = table.rows.iter().any(|row| row.old);
                let pale = if old { " Pale rows are from the figures before the change." } else { "" };
                let left = count(left, "kernel has", "kernels have");
                format!("{left} not been run yet.{pale}")
            }
        };
        table
    }

    /// Whether a column of numbers has only zeros: such a column is left out.
    #[must_use]
    pub fn empty(&self, column: usize) -> bool {
        let zero = |row: &CostRow| row.cells.get(column).is_none_or(|cell| cell.number == 0);
        !self.rows.is_empty() && self.rows.iter().all(zero)
    }
}

/// Rows in the order of a column: 0 is the kernel, 1 the verdict; then the numbers. Rows without a number there are the last ones.
#[must_use]
pub fn sorted(rows: &[CostRow], column: usize, descending: bool) -> Vec<&CostRow> {
    let key = |row: &CostRow| match column {
        0 => 0,
        1 => row.kind as u64,
        _ => match row.cells.get(column - 2) {
            Some(cell) if !cell.said.is_empty() && cell.said != AWAITED => cell.number.saturating_add(1),
            _ if descending => 0,
            _ => u64::MAX,
        },
    };
    // One by one: sorting brings as much code as a small panel.
    let mut sorted: Vec<&CostRow> = Vec::with_capacity(rows.len());
    for row in rows {
        let before = |other: &&CostRow| match column {
            0 => (other.kernel <= row.kernel) != descending,
            _ if descending => key(other) >= key(row),
            _ => key(other) <= key(row),
        };
        let place = sorted.iter().position(|other| !before(other)).unwrap_or(sorted.len());
        sorted.insert(place, row);
    }
    sorted
}

/// How many verdicts are still searched for, in a sentence.
pub(super) fn verdicts(left: usize) -> String {
    match left {
        0 => String::new(),
        left => format!(" {} not been found yet.", count(left, "verdict has", "verdicts have")),
    }
}

fn row(kernel: String, found: &WireTimed, old: bool, per: Per) -> CostRow {
    let counters = counters(found);
    let (kind, word, sentence) = words(found.verdict.as_ref());
    let cells = SHOWN.iter().map(|shown| cell(shown, &counters, per)).collect();
    CostRow { kernel, kind, word, sentence, cells, staged: !old, old, came: None }
}

fn entries(texts: impl Iterator<Item = gallery::LibraryText>, chosen: &str) -> Vec<Entry> {
    let entry = |text: gallery::LibraryText| Entry {
        slug: text.slug.to_owned(),
        name: text.slug.replace('-', " "),
        chosen: text.slug == chosen,
    };
    texts.map(entry).collect()
}

/// Tables of costs have the names that their texts give them, as the tab of the text has.
fn named(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.iter_mut().for_each(|entry| entry.name = costs_name(&entry.slug));
    entries
}

/// What a table of costs of the library is called in its own text.
#[must_use]
pub fn costs_name(slug: &str) -> String {
    let text = gallery::costs().find(|text| text.slug == slug).map_or("", |text| text.text);
    let name = text.lines().find_map(|line| line.strip_prefix("costs \"")?.split('"').next());
    name.unwrap_or(slug).to_owned()
}

/// The workloads, that of the reader first, and all of them as the last one.
fn workloads(timed: &Timed) -> Vec<Entry> {
    let chosen = if timed.all() { ALL } else { timed.workload() };
    let mut workloads = entries(gallery::workloads(), chosen);
    if let Some(own) = own(timed) {
        workloads.insert(0, own);
    }
    workloads.push(Entry { slug: ALL.to_owned(), name: "every workload".to_owned(), chosen: timed.all() });
    workloads
}

/// The reader's own scenario among the workloads.
fn own(timed: &Timed) -> Option<Entry> {
    let name = format!("your scenario: {}", timed.own()?);
    Some(Entry { slug: OWN.to_owned(), name, chosen: timed.workload() == OWN && !timed.all() })
}

/// What is assumed, in sentences: which costs, what was changed in them, and how much of it is guessed.
fn assumed(timed: &Timed) -> String {
    let Some(costs) = timed.costs() else { return String::new() };
    let mut said = costs.about.join(" ");
    let choices = timed.choices();
    if !choices.is_empty() {
        said += &format!(" The scenario runs as it is on the stage: {}.", choices.join(", "));
    }
    if timed.is_edited() {
        said += " The text of the costs has been edited on this page.";
    }
    for (what, value) in timed.changes() {
        if let Ok(over) = Over::named(what) {
            said += &format!(" Changed: {}.", timed.told(over, *value));
        }
    }
    let guessed = Figure::ALL.iter().filter(|&&figure| costs.value(figure).sure == Sure::Guessed).count();
    said + &format!(" {guessed} of {} figures are guesses.", Figure::ALL.len())
}
