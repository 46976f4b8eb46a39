//! The previous verdict: a change that reverses the verdict says so.

use super::Lab;
use crate::model::verdict::{self, Settled};

impl Lab {
    /// Records the verdict, and the earlier one if that was different.
    pub(super) fn settle(&mut self) {
        let Some(report) = self.check.report() else { return };
        let (mood, title) = verdict::settled(self.player.machine().program(), report);
        let settled = Settled { mood, title };
        self.was = self.settled.take().filter(|before| *before != settled);
        self.settled = Some(settled);
    }

    /// The verdict before the last change, if it was different; while a verdict is awaited, the earlier one in any
    /// case.
    #[must_use]
    pub fn was(&self) -> Option<&Settled> {
        if self.check.report().is_some() { self.was.as_ref() } else { self.settled.as_ref() }
    }
}
