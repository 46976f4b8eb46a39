//! The fewest changes that make a kernel safe: one setting after the other is checked, those with the fewest changes
//! first, by an explorer of its own.

use crate::model::jobs::{Jobs, Purpose};
use crate::model::lesson::Way;
use crate::model::session::Session;
use crate::model::verdict::Check;
use machine::VIOLATION;
use protocol::{FromExplorer, ToExplorer};

/// A search for them.
#[derive(Clone, Debug)]
pub struct Fewest {
    start: Session,
    /// Ways that are still to be tried, the next one first.
    ways: std::vec::IntoIter<Way>,
    way: Way,
    jobs: Jobs,
    check: Check,
}

impl Fewest {
    /// Begins with the first of some ways to change a session.
    #[must_use]
    pub fn new(start: Session, ways: Vec<Way>) -> Fewest {
        let (mut ways, mut jobs) = (ways.into_iter(), Jobs::default());
        let way = ways.next().unwrap_or_default();
        let check = Check::asked(jobs.number(Purpose::Check));
        Fewest { start, ways, way, jobs, check }
    }

    /// The number of what is asked now.
    #[must_use]
    pub fn job(&self) -> u32 {
        self.check.job
    }

    /// The message that asks it.
    #[must_use]
    pub fn request(&self) -> ToExplorer {
        let mut session = self.start.clone();
        session.options.extend(self.way.iter().cloned());
        self.check.request(&session)
    }

    /// Takes in what the explorer said; gives the changes, if they have been found.
    pub fn hear(&mut self, said: &FromExplorer) -> Option<Way> {
        self.check = self.check.hear(said)?;
        let report = self.check.report()?;
        if report.complete() && !report.seen().meets(VIOLATION) {
            return Some(self.way.clone());
        }
        if let Some(way) = self.ways.next() {
            self.way = way;
            self.check = Check::asked(self.jobs.number(Purpose::Check));
        }
        None
    }
}
