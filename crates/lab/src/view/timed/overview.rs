//! The overview: a row for each kernel, a column for each workload, one number and the verdict in each cell.

use super::table::{AWAITED, Cell, CostRow, CostTable, Entry, STOPPED, cell, counters, verdicts};
use crate::model::timed::{Timed, number_name};
use crate::view::grid::{CellKind, words};
use cost::{Per, SHOWN, ShownColumn};
use protocol::Refusal;
use scene::count;

/// What stands above the overview.
const ABOUT: &str = "The sign beside a number is the explorer\u{2019}s verdict on that workload alone: a kernel may be safe in a scenario of \
                     the tour and not here. A cell is empty if the kernel lacks a \
                     function that the workload calls.";

/// What a reader can do in it.
const NOTE: &str = "Choose a number to see one round of its kernel on its workload on the stage, at the step that is counted first.";

impl CostTable {
    /// Fills the table with the overview, with the numbers of one column of a workload's table.
    pub(super) fn compare_workloads(&mut self, timed: &Timed, number: usize, per: Per) {
        ABOUT.clone_into(&mut self.about);
        self.note = NOTE;
        let entry = |(place, shown): (usize, &ShownColumn)| Entry {
            slug: place.to_string(),
            name: number_name(shown),
            chosen: place == number,
        };
        self.numbers = SHOWN.iter().enumerate().map(entry).collect();
        let Some(shown) = SHOWN.get(number) else { return };
        self.common = number_name(shown);
        let (mut uncounted, mut unsettled, mut lacking) = (0, 0, 0);
        for (kernel, found) in timed.overview() {
            let (mut cells, mut of_kind) = (Vec::new(), [0_usize; 5]);
            for found in found {
                cells.push(match found.map(|found| &**found) {
                    Some(Ok(found)) => {
                        let (kind, _, sentence) = words(found.verdict.as_ref());
                        of_kind[kind as usize] += 1;
                        Cell { verdict: Some((kind, sentence)), ..cell(shown, &counters(found), per) }
                    }
                    Some(Err(Refusal::Text { .. } | Refusal::Machine(_))) => Cell::default(),
                    Some(Err(why)) => Cell {
                        said: "not run".to_owned(),
                        verdict: Some((CellKind::Refused, why.to_string())),
                        ..Cell::default()
                    },
                    None => {
                        uncounted += 1;
                        Cell { said: AWAITED.to_owned(), ..Cell::default() }
                    }
                });
            }
            let all: usize = of_kind.iter().sum();
            if all == 0 {
                lacking += 1;
                continue;
            }
            let waiting = of_kind[CellKind::Waiting as usize];
            unsettled += waiting;
            let wrong = of_kind[CellKind::Reachable as usize];
            // One violation decides; that there is none, all of them.
            let mut kind = CellKind::Safe;
            for graver in [CellKind::Bounded, CellKind::Waiting, CellKind::Reachable] {
                if of_kind[graver as usize] > 0 {
                    kind = graver;
                }
            }
            // What is not settled is not counted as safe.
            let settled = format!("{wrong} of {}", all - waiting);
            let (word, sentence) = match waiting {
                0 => (settled.clone(), format!("A violation is reachable on {settled} workloads.")),
                _ if waiting == all => (AWAITED.to_owned(), "Not settled yet.".to_owned()),
                _ => (
                    format!("{settled} {AWAITED}"),
                    format!(
                        "A violation is reachable on {settled} workloads. {waiting} are not settled yet."
                    ),
                ),
            };
            let came = timed.came_from(&kernel);
            self.rows.push(CostRow { kernel, kind, word, sentence, cells, staged: false, old: false, came });
        }
        self.running = uncounted + unsettled > 0 && !timed.halted();
        self.status = match uncounted {
            _ if timed.halted() => STOPPED.to_owned(),
            0 => format!("{lacking} kernels run none of these workloads.{}", verdicts(unsettled)),
            left => format!("{} not been run yet.", count(left, "number has", "numbers have")),
        };
    }
}
