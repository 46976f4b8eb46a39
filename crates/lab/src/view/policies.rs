//! The policies: the kernels of the library, each with what the explorer says of the scenario on it.
//!
//! A row is a setting like any other, so the grid settles and remembers it.

use crate::model::grid::{Cell, Grid};
use crate::model::session::{Setting, Setup};
use crate::model::settings::kernels;
use crate::view::grid::{CellKind, CellView, words};
use lang::program::Origin;
use protocol::WireCell;
use std::collections::BTreeMap;

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// Kernels that the scenario runs on, or that are not known yet.
    pub rows: Vec<KernelRow>,
    /// Kernels that it does not compile with, or did not before the texts were edited, and why.
    pub refused: Vec<(String, String)>,
    /// The result in one sentence.
    pub summary: String,
}

/// A kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelRow {
    /// Its name.
    pub kernel: String,
    /// Whether its text on the page differs from the library's.
    pub edited: bool,
    /// What it says about itself.
    pub about: String,
    /// The verdict on it.
    pub cell: CellView,
}

/// What a text says about itself, read without compiling it.
#[must_use]
pub fn about(text: &str) -> String {
    let found = text.lines().find_map(|line| line.trim_start().strip_prefix("about \"")?.strip_suffix('"'));
    found.unwrap_or_default().replace("\\\"", "\"")
}

/// Whether it is not yet known how many kernels the table will have. The kernels that the scenario does not compile
/// with are reported first: as soon as there is a verdict, all others run.
#[must_use]
pub fn untried(setup: &Setup, grid: &Grid) -> bool {
    let settled = |cell: &Cell| !matches!(cell.verdict, WireCell::Refused(_));
    grid.cells().values().all(|cell| !settled(cell))
        && kernels(setup).iter().any(|setting| !grid.cells().contains_key(setting))
}

impl Policies {
    /// The table for what is on the page. A kernel that was refused before the texts were edited has no row until it is
    /// known to run.
    #[must_use]
    pub fn of(
        setup: &Setup,
        known: &BTreeMap<Setting, Cell>,
        refused_before: &BTreeMap<String, String>,
    ) -> Policies {
        let mut table = Policies::default();
        let mut untried = 0;
        let own = setup.session.kernel_name();
        let told = setup.session.experiment.selection.case.is_none()
            && setup.options(Origin::Kernel).all(|option| option.chosen == option.default);
        for setting in kernels(setup) {
            let Some(kernel) = setting.kernel.clone() else { continue };
            let known = known.get(&setting);
            if let Some(WireCell::Refused(why)) = known.map(|cell| &cell.verdict) {
                table.refused.push((kernel, why.to_string()));
                continue;
            }
            if let (None, Some(why)) = (known, refused_before.get(&kernel)) {
                table.refused.push((kernel, why.clone()));
                untried += 1;
                continue;
            }
            let (kind, word, sentence) = words(known.map(|cell| &cell.verdict));
            let link = known.and_then(|cell| cell.link.clone());
            let here = told && own.as_ref() == Some(&kernel);
            let label = kernel.clone();
            let cell = CellView { setting, label, link, kind, word, sentence, here, near: true };
            let about = setup.session.kernel_text(&kernel).map(|text| about(&text)).unwrap_or_default();
            let edited = setup.session.experiment.kernels.own(&kernel).is_some();
            table.rows.push(KernelRow { kernel, edited, about, cell });
        }
        table.summary = summary(&table.rows, untried);
        table
    }
}

/// The result of the table, counted.
fn summary(rows: &[KernelRow], untried: usize) -> String {
    let count = |kind: CellKind| rows.iter().filter(|row| row.cell.kind == kind).count();
    let open = match count(CellKind::Bounded) {
        0 => String::new(),
        open => format!(" On {open} the search stopped before it could tell."),
    };
    match count(CellKind::Waiting) + untried {
        0 => format!(
            "The scenario runs on {} kernels. A violation is reachable on {}, and there is none on {}.{open}",
            rows.len(),
            count(CellKind::Reachable),
            count(CellKind::Safe)
        ),
        waiting => format!("{waiting} kernels are still to be tried."),
    }
}

#[cfg(test)]
mod tests {
    use super::{Policies, untried};
    use crate::model::grid::{Cell, Grid};
    use crate::model::jobs::Jobs;
    use crate::model::session::Session;
    use crate::model::settings::kernels;
    use crate::view::grid::CellKind;
    use lang::source::SourceId;
    use protocol::{FromExplorer, Refusal, WireCell};
    use std::collections::BTreeMap;

    #[test]
    fn how_many_kernels_there_will_be_is_open_until_one_has_run() {
        let session = Session::library(crate::DEFAULT).expect("it is in the library");
        let setup = session.compile().0.expect("it compiles");
        let mut grid = Grid::new(&session);
        assert!(untried(&setup, &grid), "nobody has asked");
        grid = grid.wanting(&setup, &mut Jobs::default());
        let last = kernels(&setup).len() as u32 - 1;
        let mut hear = |variant: u32, verdict: WireCell| {
            assert!(grid.hear(&FromExplorer::Cell {
                job: grid.job(),
                variant,
                verdict,
                shared: false,
                link: None
            }));
            untried(&setup, &grid)
        };
        assert!(
            hear(last, WireCell::Refused(Refusal::Machine("no room".into()))),
            "others may not fit either"
        );
        assert!(!hear(0, WireCell::Safe { states: 7, saturated: false }), "all have been tried by then");
    }

    #[test]
    fn every_kernel_has_one_place() {
        let session = Session::library(crate::DEFAULT).expect("it is in the library");
        let setup = session.compile().0.expect("it compiles");
        let settings = kernels(&setup);
        assert_eq!(settings.len(), gallery::kernels().count());
        let empty = Policies::of(&setup, &BTreeMap::new(), &BTreeMap::new());
        assert_eq!(empty.rows.iter().filter(|row| row.cell.here).count(), 1);
        assert!(empty.rows.iter().all(|row| row.cell.kind == CellKind::Waiting && !row.about.is_empty()));
        let refused = WireCell::Refused(Refusal::Machine("no room".into()));
        let known = settings.iter().cloned().map(|setting| {
            let compiles = session.with_setting(&setting).compile().0.is_some();
            let verdict =
                if compiles { WireCell::Safe { states: 7, saturated: false } } else { refused.clone() };
            (setting, Cell { verdict, link: None })
        });
        let known = known.collect();
        let table = Policies::of(&setup, &known, &BTreeMap::new());
        assert!(table.rows.len() > 9, "the history of Linux runs it");
        assert_eq!(table.rows.len() + table.refused.len(), settings.len());
        assert!(table.summary.contains("there is none on"), "{}", table.summary);
        assert!(table.refused.iter().all(|(_, why)| why.contains("no room")));
        // Edited, the table has as many rows until the kernels are tried again, and says that they are to be tried.
        let again = Policies::of(&setup, &BTreeMap::new(), &table.refused.iter().cloned().collect());
        assert_eq!((again.rows.len(), again.refused.len()), (table.rows.len(), table.refused.len()));
        assert_eq!(again.summary, format!("{} kernels are still to be tried.", settings.len()));
    }

    #[test]
    fn an_edited_kernel_has_its_row_and_says_so() {
        let session = Session::library(crate::DEFAULT).expect("it is in the library");
        let edited = session.edited(SourceId::KERNEL, &format!("{}// mine\n", session.kernel()));
        let table =
            Policies::of(&edited.compile().0.expect("it compiles"), &BTreeMap::new(), &BTreeMap::new());
        let rows: Vec<_> = table.rows.iter().filter(|row| row.edited).collect();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].cell.here && Some(&rows[0].kernel) == session.kernel_name().as_ref());
        // Opened, the row is the kernel as it was edited.
        assert_eq!(edited.with_setting(&rows[0].cell.setting).kernel(), edited.kernel());
    }

    #[test]
    fn a_row_leads_to_its_kernel_by_a_link_and_back() {
        let session = Session::library("lazy+munmap").expect("it is in the library");
        let setup = session.compile().0.expect("it compiles");
        for setting in kernels(&setup) {
            let there = session.with_setting(&setting);
            let Some(link) = crate::model::permalink::beginning(&there) else { continue };
            let opened = crate::model::permalink::decode(&link).expect("a link made here opens here");
            let setup = opened.player.setup();
            assert_eq!(setup.session.kernel_name(), setting.kernel);
            assert_eq!(setup.machine.program(), there.compile().0.expect("it compiled").machine.program());
            assert_eq!(
                &*setup.session.experiment.scenario, &*session.experiment.scenario,
                "nobody rewrites the text"
            );
        }
    }
}
