//! What the explorer is asked for, and by which numbers.
//!
//! A check, the distances of a run and the settings of a table are asked for side by side. One counter numbers all
//! of them, and the last number of each purpose is noted. So an answer, or a refusal, reaches the part that asked.
//! An answer that comes too late reaches nobody.

use protocol::FromExplorer;

/// The purpose of a question. Those that a reader waits for come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The verdict on what is on the stage.
    Check,
    /// How far the run is from the violation.
    Distances,
    /// From which step on it was lost.
    Lost,
    /// What kernels cost: the rows of the table.
    Timed,
    /// The verdicts on all settings.
    Grid,
    /// The points of its picture.
    Curve,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Purpose; 6] =
        [Purpose::Check, Purpose::Distances, Purpose::Lost, Purpose::Timed, Purpose::Grid, Purpose::Curve];

    /// Its place in a list with an item for each purpose.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// The count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    last: u32,
    current: [Option<u32>; Purpose::ALL.len()],
}

impl Jobs {
    /// A new number. Earlier questions of this purpose are not awaited any more.
    pub fn number(&mut self, purpose: Purpose) -> u32 {
        self.last += 1;
        self.current[purpose.index()] = Some(self.last);
        self.last
    }

    /// What a message of the explorer is about; nothing if no part of the page waits for it.
    #[must_use]
    pub fn purpose(&self, said: &FromExplorer) -> Option<Purpose> {
        if matches!(said, FromExplorer::Refused { job: None, .. }) {
            // It could not read what it was asked: the check, which is asked for first, will not come.
            return Some(Purpose::Check);
        }
        let job = said.job()?;
        Purpose::ALL.into_iter().find(|purpose| self.current[purpose.index()] == Some(job))
    }
}

#[cfg(test)]
mod tests {
    use super::{Jobs, Purpose};
    use protocol::{FromExplorer, Refusal};

    #[test]
    fn a_refusal_belongs_to_whoever_asked_last_for_its_purpose() {
        let mut jobs = Jobs::default();
        let first = Purpose::ALL.map(|purpose| jobs.number(purpose));
        let refusal = |job| FromExplorer::Refused { job, reason: Refusal::Died };
        for (purpose, job) in Purpose::ALL.into_iter().zip(first) {
            assert_eq!(jobs.purpose(&refusal(Some(job))), Some(purpose));
        }
        let again = jobs.number(Purpose::Grid);
        assert!(!first.contains(&again));
        assert_eq!(jobs.purpose(&refusal(Some(again))), Some(Purpose::Grid));
        assert_eq!(jobs.purpose(&refusal(Some(first[Purpose::Grid.index()]))), None, "it is late");
        assert_eq!(jobs.purpose(&refusal(None)), Some(Purpose::Check));
    }
}
