//! Every kernel on every workload: what has been counted of it, and what is still to come.
//!
//! Nothing is asked until the reader opens the overview. First all workloads are counted; then come the verdicts, which take
//! longer. Whatever is found is kept with the tables of the other workloads: a workload that the reader turns to has its table at
//! once.

use super::basis::Basis;
use super::found::{Found, Runs, is_unsettled};
use super::{OWN, Timed};
use cost::ShownColumn;
use protocol::WireRun;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What the overview calls a number.
pub(crate) fn number_name(shown: &ShownColumn) -> String {
    format!("{} {}", shown.group, shown.name)
}

impl Timed {
    /// Whether the table is the overview.
    #[must_use]
    pub fn all(&self) -> bool {
        self.all.is_some()
    }

    /// The column of a workload's table that the overview shows; nothing if the table is none.
    #[must_use]
    pub fn number(&self) -> Option<usize> {
        self.all.as_ref().map(|_| self.number)
    }

    /// The column of a kernel's row from which something was put on the stage last: 0 is the kernel's name, 1 its verdict.
    #[must_use]
    pub fn came_from(&self, kernel: &str) -> Option<usize> {
        self.came.as_ref().filter(|came| came.0 == kernel).map(|came| came.1)
    }

    /// Notes what belongs to each workload, for the overview.
    pub(super) fn base_all(&mut self) {
        if self.all.is_none() {
            return;
        }
        let mut slugs: Vec<&str> = gallery::workloads().map(|text| text.slug).collect();
        if self.own.is_some() {
            slugs.insert(0, OWN);
        }
        let base = |slug: &str| {
            let base = Basis { texts: self.texts_of(slug), costs: self.base.costs.clone() };
            (slug.to_owned(), Rc::new(base))
        };
        self.all = Some(Rc::new(slugs.into_iter().map(base).collect()));
    }

    /// What is known of something that runs belong to.
    fn known(&self, of: &Rc<Basis>) -> Option<&Runs> {
        if *of == self.base {
            return Some(&self.found);
        }
        self.kept.iter().find(|kept| kept.0 == *of).map(|kept| &kept.1)
    }

    /// The same, to add something to it.
    pub(super) fn known_mut(&mut self, of: &Rc<Basis>) -> &mut BTreeMap<WireRun, Found> {
        if *of == self.base {
            return Rc::make_mut(&mut self.found);
        }
        let kept = Rc::make_mut(&mut self.kept);
        let place = kept.iter().position(|kept| kept.0 == *of).unwrap_or_else(|| {
            kept.insert(0, (of.clone(), Runs::default()));
            0
        });
        Rc::make_mut(&mut kept[place].1)
    }

    /// For each kernel, what is known of it on each workload that is offered, in their order.
    #[must_use]
    pub fn overview(&self) -> Vec<(String, Vec<Option<&Found>>)> {
        let all = self.all.iter().flat_map(|all| all.iter());
        let known: Vec<Option<&Runs>> = all.map(|(_, of)| self.known(of)).collect();
        let cells = |kernel: String| {
            let row = self.row(&kernel);
            let found = known.iter().map(|known| known.as_ref()?.get(&row)).collect();
            (kernel, found)
        };
        self.names().into_iter().map(cells).collect()
    }

    /// Kernels that have not run on a workload; if states may be searched, also those that have no verdict.
    pub(super) fn missing(&self, of: &Rc<Basis>, states: u32) -> Vec<WireRun> {
        let known = self.known(of);
        let mut runs: Vec<WireRun> = self.names().iter().map(|kernel| self.row(kernel)).collect();
        runs.retain(|run| match known.and_then(|known| known.get(run)) {
            None => true,
            Some(found) => states > 0 && is_unsettled(found),
        });
        runs
    }
}
