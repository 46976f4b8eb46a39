//! The fewest changes that make a kernel safe. An explorer of its own checks one setting after the other, and
//! settings with the fewest changes come first.

use crate::model::jobs::{Jobs, Purpose};
use crate::model::lesson::Switches;
use crate::model::session::Session;
use crate::model::verdict::Check;
use machine::VIOLATION;
use protocol::{FromExplorer, ToExplorer};

/// A search for them.
#[derive(Clone, Debug)]
pub struct Fewest {
    start: Session,
    /// The candidates still to be tried, the next one first.
    left: std::vec::IntoIter<Switches>,
    /// The candidate that is tried now.
    trying: Switches,
    jobs: Jobs,
    check: Check,
}

impl Fewest {
    /// Begins with the first of some candidates.
    #[must_use]
    pub fn new(start: Session, candidates: Vec<Switches>) -> Fewest {
        let (mut left, mut jobs) = (candidates.into_iter(), Jobs::default());
        let trying = left.next().unwrap_or_default();
        let check = Check::asked(jobs.number(Purpose::Check));
        Fewest { start, left, trying, jobs, check }
    }

    /// The number of the present question.
    #[must_use]
    pub fn job(&self) -> u32 {
        self.check.job
    }

    /// The message that asks the question.
    #[must_use]
    pub fn request(&self) -> ToExplorer {
        let mut session = self.start.clone();
        session.choose(self.trying.iter().cloned());
        self.check.request(&session)
    }

    /// Takes the explorer's answer; returns the changes, if they have been found.
    pub fn hear(&mut self, said: &FromExplorer) -> Option<Switches> {
        self.check = self.check.hear(said)?;
        let report = self.check.report()?;
        if report.complete() && !report.seen().intersects(VIOLATION) {
            return Some(self.trying.clone());
        }
        if let Some(next) = self.left.next() {
            self.trying = next;
            self.check = Check::asked(self.jobs.number(Purpose::Check));
        }
        None
    }
}
