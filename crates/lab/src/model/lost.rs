//! From which step on it was lost: the question about the run that the verdict shows, and the explorer's answer.

use crate::model::jobs::{Jobs, Purpose};
use crate::model::player::Player;
use crate::model::session::Setup;
use crate::model::verdict;
use machine::{Action, Property};
use protocol::{FromExplorer, MAX_STEPS, Report, ToExplorer, WireLimits};
use std::rc::Rc;

/// Most states that are looked at for it.
pub const MOST_STATES: u32 = 50_000;

/// The subject of the question.
#[derive(Clone, Debug)]
struct Question {
    setup: Rc<Setup>,
    report: Rc<Report>,
    property: Property,
    schedule: Rc<Vec<Action>>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstLoss {
    /// The violation.
    pub property: Property,
    /// The run.
    pub schedule: Rc<Vec<Action>>,
    /// The step after which it is lost, and after each step behind it: 0 if it is lost from the beginning.
    pub from: usize,
    /// Whether it is known not to be lost one step before.
    pub settled: bool,
}

/// The question, and what is known.
#[derive(Clone, Debug, Default)]
pub struct Lost {
    job: u32,
    asked: Option<Question>,
    known: Option<FirstLoss>,
}

impl Lost {
    /// The same, with a question about the run that a new report shows first.
    #[must_use]
    pub fn wanting(&self, player: &Player, report: Option<&Rc<Report>>, jobs: &mut Jobs) -> Lost {
        let Some(report) = report else { return Lost { job: self.job, ..Lost::default() } };
        let setup = player.setup();
        let same = |asked: &Question| Rc::ptr_eq(&asked.setup, setup) && Rc::ptr_eq(&asked.report, report);
        if self.asked.as_ref().is_some_and(same) {
            return self.clone();
        }
        let shown = verdict::headline(report, player.machine().program());
        let Some((property, schedule)) = shown.filter(|(_, schedule)| schedule.len() <= MAX_STEPS) else {
            return Lost { job: self.job, ..Lost::default() };
        };
        let (setup, report, schedule) = (setup.clone(), report.clone(), Rc::new(schedule));
        let asked = Some(Question { setup, report, property, schedule });
        Lost { job: jobs.number(Purpose::Lost), asked, known: None }
    }

    /// The number of the last question.
    #[must_use]
    pub fn job(&self) -> u32 {
        self.job
    }

    /// The message that asks the question.
    #[must_use]
    pub fn request(&self) -> Option<ToExplorer> {
        let Question { setup, property, schedule, .. } = self.asked.as_ref()?;
        let experiment = &setup.session.experiment;
        Some(ToExplorer::Lost {
            job: self.job,
            texts: experiment.into(),
            selection: (&experiment.selection).into(),
            property: property.number(),
            schedule: schedule.iter().map(|action| action.code()).collect(),
            limits: WireLimits { states: MOST_STATES, ..WireLimits::default() },
        })
    }

    /// The same after the explorer said something; nothing if it was about something else. If it refuses, nothing is known.
    #[must_use]
    pub fn hear(&self, said: &FromExplorer) -> Option<Lost> {
        let Question { property, schedule, .. } = self.asked.as_ref()?;
        match *said {
            FromExplorer::Lost { job, from, settled } if job == self.job => {
                let from = (from as usize).min(schedule.len());
                let known = FirstLoss { property: *property, schedule: schedule.clone(), from, settled };
                Some(Lost { known: Some(known), ..self.clone() })
            }
            _ => None,
        }
    }

    /// The answer, once there is one.
    #[must_use]
    pub fn known(&self) -> Option<&FirstLoss> {
        self.known.as_ref()
    }
}
