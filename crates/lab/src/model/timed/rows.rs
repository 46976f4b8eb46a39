//! The rows of the table: a kernel each, with what its run has counted.

use super::found::Found;
use super::{SEEDS, Timed};
use protocol::WireRun;
use std::rc::Rc;

impl Timed {
    /// Every kernel, in the order of the library; those of the reader first.
    pub(super) fn names(&self) -> Vec<String> {
        let own = self
            .kernels
            .iter()
            .filter(|(name, text)| gallery::kernel(name).is_none() && lang::extended_kernel(text).is_none());
        own.map(|(name, _)| name.to_owned()).chain(cost::kernels().map(str::to_owned)).collect()
    }

    pub(super) fn row(&self, kernel: &str) -> WireRun {
        WireRun { kernel: kernel.to_owned(), changes: self.changes.clone(), seeds: SEEDS, strips: 0 }
    }

    /// The rows of the table: each kernel, what is known of it, and whether that is from the figures before the last change.
    #[must_use]
    pub fn rows(&self) -> Vec<(String, Option<Found>, bool)> {
        let known = |kernel: String| {
            let found = self.found.get(&self.row(&kernel)).cloned();
            let old =
                self.before.iter().find(|row| found.is_none() && row.0 == kernel).map(|row| row.1.clone());
            let is_old = old.is_some();
            (kernel, found.or(old), is_old)
        };
        self.names().into_iter().map(known).collect()
    }

    /// What the table shows stays until there is something newer.
    pub(super) fn remember(&mut self) {
        let rows = self.rows().into_iter();
        self.before = Rc::new(rows.filter_map(|(kernel, found, _)| Some((kernel, found?))).collect());
    }
}
