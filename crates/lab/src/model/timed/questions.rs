//! What the explorer is asked about costs, and its answers.

use super::asked::LastAsked;
use super::basis::Basis;
use super::found::is_unsettled;
use super::{STEPS, Timed};
use crate::model::jobs::{Jobs, Purpose};
use protocol::{FromExplorer, Refusal, ToExplorer, WireCell, WireRun};
use std::rc::Rc;

/// The purposes of the two questions: the rows of the table, and the points of the picture.
pub(super) const PURPOSES: [Purpose; 2] = [Purpose::Timed, Purpose::Curve];

impl Timed {
    pub(super) fn ask(
        &mut self,
        place: usize,
        (of, states, runs): (Rc<Basis>, u32, Vec<WireRun>),
        jobs: &mut Jobs,
    ) {
        let asked = &self.asked[place];
        let same = (&asked.of, asked.states) == (&of, states);
        if asked.stopped.is_none() && runs.iter().all(|run| same && asked.runs.contains(run)) {
            return;
        }
        if runs.is_empty() && asked.job.is_none() {
            return;
        }
        let job = Some(jobs.number(PURPOSES[place]));
        self.asked[place] = LastAsked { job, stopped: None, of, states, runs: Rc::new(runs) };
    }

    /// The number of what was last asked for.
    #[must_use]
    pub fn job(&self, purpose: Purpose) -> u32 {
        self.asked[usize::from(purpose == Purpose::Curve)].job.unwrap_or_default()
    }

    /// The message that asks for it, or stops what was asked before.
    #[must_use]
    pub fn request(&self, purpose: Purpose) -> Option<ToExplorer> {
        let curve = purpose == Purpose::Curve;
        let LastAsked { job, stopped, of, states, runs } = &self.asked[usize::from(curve)];
        let job = (*job)?;
        if let (Some(job), true) = (stopped, runs.is_empty()) {
            return Some(ToExplorer::Cancel { job: *job });
        }
        Some(ToExplorer::Timed {
            job,
            curve,
            texts: (&of.texts).into(),
            selection: (&of.texts.selection).into(),
            costs: of.costs.to_string(),
            runs: runs.to_vec(),
            steps: STEPS,
            states: *states,
        })
    }

    /// Takes in what the explorer said.
    pub fn hear(&mut self, purpose: Purpose, said: &FromExplorer) {
        let LastAsked { of, runs, .. } = self.asked[usize::from(purpose == Purpose::Curve)].clone();
        let known = self.known_mut(&of);
        match said {
            FromExplorer::Timed { run, found, .. } => {
                let Some(run) = runs.get(*run as usize) else { return };
                // The second answer has the verdict.
                if known.get(run).is_none_or(is_unsettled) {
                    known.insert(run.clone(), Rc::new(found.clone()));
                }
            }
            FromExplorer::Refused { reason, .. } if *reason != Refusal::Cancelled => {
                let found = known;
                for run in runs.iter() {
                    let said = found.entry(run.clone()).or_insert_with(|| Rc::new(Err(reason.clone())));
                    // What was counted stays. Its verdict does not come any more.
                    if let (true, Ok(there)) = (is_unsettled(said), Rc::make_mut(said)) {
                        there.verdict = Some(WireCell::Refused(reason.clone()));
                    }
                }
            }
            _ => {}
        }
    }
}
