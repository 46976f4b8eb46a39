//! A check that the page has asked for, from its texts on.

use crate::{FromExplorer, Report, WireLimits};
use explore::Progress;
use machine::{Asked, Check, Machine, run_check};
use std::sync::Arc;

/// A check under way.
pub(crate) struct Job {
    pub(crate) number: u32,
    machine: Arc<Machine>,
    check: Check<Arc<Machine>>,
}

impl Job {
    pub(crate) fn new(number: u32, machine: Machine, limits: WireLimits) -> Job {
        let machine = Arc::new(machine);
        let asked = Asked::by(machine.program());
        let check = Check::of(machine.clone(), limits.into(), asked);
        Job { number, machine, check }
    }

    /// Expands up to `budget` states; the answer is progress, or the report if nothing is left to do.
    pub(crate) fn run(&mut self, budget: u32) -> FromExplorer {
        let job = self.number;
        if !run_check(&mut self.check, budget) {
            return FromExplorer::Done { job, report: Report::of(&self.check, self.machine.program()) };
        }
        let Progress { states, frontier, transitions, depth, bytes, seen, completeness: _ } =
            self.check.progress();
        FromExplorer::Progress {
            job,
            states,
            frontier,
            transitions,
            depth,
            bytes,
            seen: seen.0,
            outlook: self.check.outlook().into(),
        }
    }
}
