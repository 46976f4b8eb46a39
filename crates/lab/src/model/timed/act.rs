//! What a reader does with costs, and what becomes of them.

use super::asked::LastAsked;
use super::questions::PURPOSES;
use super::{ALL, Timed, costs_text};
use crate::model::jobs::Jobs;
use cost::Over;
use std::rc::Rc;
use std::sync::Arc;

/// What a reader can do with costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimedAct {
    /// Runs the kernels.
    Open,
    /// Stops them.
    Stop,
    /// Chooses a workload, by slug; or, with [`ALL`], the overview.
    Workload(String),
    /// Chooses a table of costs of the library, by slug.
    Costs(String),
    /// Gives something another value; or, with nothing, all the values that workload and costs say.
    Change(Option<(String, u64)>),
    /// Chooses a kernel for a place among those that are compared; an empty name clears the place.
    Contest(usize, String),
    /// Chooses over what they are compared.
    Over(String),
    /// Puts one round on a kernel, as the clock decides it, on the stage: at the beginning, or where a column of the table counts
    /// something for the first time. In the overview the column says on which workload.
    Stage(String, Option<usize>),
    /// Puts the workload on a kernel on the stage, and the shortest way to its violation as soon as the explorer has found it.
    Witness(String),
    /// Chooses the number that the overview shows: a column of the table of a workload.
    Number(usize),
    /// Puts back what was on the stage before something of the table came there.
    Back,
}

impl Timed {
    /// The same after a reader has done something; putting something on the stage is the lab's business.
    #[must_use]
    pub fn after(&self, act: &TimedAct, jobs: &mut Jobs) -> Timed {
        let mut timed = self.clone();
        timed.halted = false;
        match act {
            TimedAct::Open => timed.open = true,
            TimedAct::Stop => {
                timed.halted = true;
                for (place, asked) in timed.asked.iter_mut().enumerate() {
                    let stopped = asked.job;
                    let job = stopped.map(|_| jobs.number(PURPOSES[place]));
                    *asked = LastAsked { job, stopped, ..LastAsked::default() };
                }
            }
            TimedAct::Workload(slug) => {
                timed.came = None;
                timed.all = (slug == ALL).then(Rc::default);
                if slug != ALL {
                    timed.workload.clone_from(slug);
                }
                timed.changes.retain(|change| matches!(Over::named(&change.0), Ok(Over::Figure(_))));
                timed.rebase();
            }
            TimedAct::Costs(slug) => {
                timed.preset.clone_from(slug);
                timed.text = costs_text(slug);
                timed.changes.retain(|change| !matches!(Over::named(&change.0), Ok(Over::Figure(_))));
                timed.rebase();
            }
            TimedAct::Change(None) => {
                timed.remember();
                timed.changes.clear();
            }
            TimedAct::Change(Some((what, value))) => {
                timed.remember();
                timed.changes.retain(|change| change.0 != *what);
                timed.changes.push((what.clone(), *value));
            }
            TimedAct::Contest(place, kernel) => timed.compare(*place, kernel),
            TimedAct::Over(over) => timed.over.clone_from(over),
            TimedAct::Number(number) => timed.number = *number,
            TimedAct::Stage(kernel, column) => {
                timed.came = Some((kernel.clone(), column.map_or(0, |column| column + 2)));
                let all = timed.all.as_ref().zip(*column);
                if let Some((slug, _)) = all.and_then(|(all, column)| all.get(column)) {
                    timed.workload.clone_from(slug);
                    timed.rebase();
                }
            }
            TimedAct::Witness(kernel) => timed.came = Some((kernel.clone(), 1)),
            // The table stays as it is.
            TimedAct::Back => {}
        }
        timed
    }

    /// The same with another text of the costs.
    #[must_use]
    pub fn edited(&self, text: Option<&str>) -> Timed {
        let text = text.map_or_else(|| costs_text(&self.preset), Arc::from);
        let mut timed = Timed { text, halted: false, ..self.clone() };
        timed.rebase();
        timed
    }
}
