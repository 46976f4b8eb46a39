//! What is still to come: runs, and verdicts.

use super::Timed;
use super::found::{Found, is_unsettled};
use protocol::Refusal;

impl Timed {
    /// How many kernels have still to run. One that did not compile with the workload does not compile after a change of a
    /// figure either.
    #[must_use]
    pub fn awaited(&self) -> usize {
        let lacks = |found: &Found| matches!(**found, Err(Refusal::Text { .. }));
        let waits = |(_, found, old): &(String, Option<Found>, bool)| {
            found.as_ref().is_none_or(|found| *old && !lacks(found))
        };
        if self.halted { 0 } else { self.rows().iter().filter(|row| waits(row)).count() }
    }

    /// How many kernels have run, and wait for their verdict.
    #[must_use]
    pub fn unsettled(&self) -> usize {
        let waits = |(_, found, _): &(String, Option<Found>, bool)| found.as_ref().is_some_and(is_unsettled);
        if self.halted { 0 } else { self.rows().iter().filter(|row| waits(row)).count() }
    }
}
