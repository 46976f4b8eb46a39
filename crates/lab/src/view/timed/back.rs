//! The way back from the stage to the table of costs.

use crate::model::lab::Lab;

/// What the way back says: which kernel is on the stage, and what of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackView {
    /// Before the kernel's name.
    pub before: &'static str,
    /// The kernel, as the table names it.
    pub kernel: String,
    /// After its name.
    pub after: &'static str,
}

impl BackView {
    /// The way back; nothing if what is on the stage is not from the table.
    #[must_use]
    pub fn of(lab: &Lab) -> Option<BackView> {
        let kernel = lab.staged()?.to_owned();
        let (before, after) = if lab.clock().is_some() {
            ("A round of ", ", by the clock.")
        } else if lab.unveils() {
            ("The explorer is looking for the shortest path to a violation on ", ". It comes onto the stage.")
        } else {
            ("The workload on ", ".")
        };
        Some(BackView { before, kernel, after })
    }
}
