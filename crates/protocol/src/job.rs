//! A check that the page has asked for, from its texts to its report.

use crate::{FromExplorer, Report, WireLimits};
use explore::Progress;
use machine::{Action, Asked, Check, Early, Machine, run_check};
use std::sync::Arc;

/// A check under way.
pub(crate) struct Job {
    pub(crate) number: u32,
    machine: Arc<Machine>,
    check: Check<Arc<Machine>>,
    /// What has been told before the check is done.
    told: Option<Early>,
}

impl Job {
    pub(crate) fn new(number: u32, machine: Machine, limits: WireLimits) -> Job {
        let machine = Arc::new(machine);
        let asked = Asked::by(machine.program());
        let check = Check::of(machine.clone(), limits.into(), asked);
        Job { number, machine, check, told: None }
    }

    /// Expands up to `budget` states. The answer ends with progress, or with the report if nothing is left to do. Before
    /// progress stands what shows, if that is news.
    pub(crate) fn run(&mut self, budget: u32) -> Vec<FromExplorer> {
        let job = self.number;
        if !run_check(&mut self.check, budget) {
            return vec![FromExplorer::Done { job, report: Report::of(&self.check, self.machine.program()) }];
        }
        let mut replies: Vec<FromExplorer> = self.early().into_iter().collect();
        let Progress { states, frontier, transitions, depth, bytes, .. } = self.check.progress();
        replies.push(FromExplorer::Progress {
            job,
            states,
            frontier,
            transitions,
            depth,
            bytes,
            outlook: self.check.outlook().into(),
        });
        replies
    }

    /// What shows, if that has not been told.
    fn early(&mut self) -> Option<FromExplorer> {
        let news = self.check.early().filter(|news| self.told != Some(*news))?;
        self.told = Some(news);
        let Early { property, shortest, settled } = news;
        let (_, schedule) = self.check.witness(property.as_set())?;
        let witness = schedule.into_iter().map(Action::code).collect();
        Some(FromExplorer::Early {
            job: self.number,
            property: property.number(),
            witness,
            shortest,
            settled,
        })
    }
}
