//! What the explorer has said so far about the texts and options that are on the page.

use crate::model::jobs::{Jobs, Purpose};
use crate::model::session::Session;
use lang::program::Program;
use machine::{Action, GRAVITY, Property};
use protocol::{FromExplorer, Report, ToExplorer, WireLimits, WireOutlook};
use std::rc::Rc;

/// Most states that a check in a browser keeps; the command line takes more.
pub const MOST_STATES: u32 = 3_000_000;

/// A check of one setup.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its number; answers to other numbers are late ones.
    pub job: u32,
    /// Its progress.
    pub stage: Stage,
    /// What is known before it is done.
    pub early: Option<Rc<Early>>,
}

/// A violation that a check has found before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Early {
    /// The violation.
    pub property: Property,
    /// A run that shows it.
    pub schedule: Vec<Action>,
    /// Whether no run that shows it is shorter.
    pub shortest: bool,
    /// Whether no graver violation is to come.
    pub settled: bool,
}

/// The progress of a check.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Asked for.
    Asked,
    /// Under way.
    Running {
        /// Distinct states found, by all of its searches.
        states: u32,
        /// The search under way.
        outlook: WireOutlook,
    },
    /// Stopped by the reader.
    Stopped {
        /// The number of the question.
        of: u32,
        /// Distinct states found.
        states: u32,
        /// Steps from the beginning.
        depth: u32,
    },
    /// Done.
    Done(Rc<Report>),
    /// It failed, for this reason.
    Failed(String),
}

impl Check {
    /// A check that has been asked for.
    #[must_use]
    pub fn asked(job: u32) -> Check {
        Check { job, stage: Stage::Asked, early: None }
    }

    /// The check after the reader has stopped it. It has a new number, so that the explorer gets a message.
    #[must_use]
    pub fn stopped(&self, jobs: &mut Jobs) -> Check {
        match self.stage {
            Stage::Running { states, outlook: WireOutlook { depth, .. }, .. } => Check {
                job: jobs.number(Purpose::Check),
                stage: Stage::Stopped { of: self.job, states, depth },
                early: self.early.clone(),
            },
            _ => self.clone(),
        }
    }

    /// The message that asks for it, or that stops what was asked for before.
    #[must_use]
    pub fn request(&self, session: &Session) -> ToExplorer {
        if let Stage::Stopped { of, .. } = self.stage {
            return ToExplorer::Cancel { job: of };
        }
        let limits = WireLimits { states: MOST_STATES, ..WireLimits::default() };
        let experiment = &session.experiment;
        let (texts, selection) = (experiment.into(), (&experiment.selection).into());
        ToExplorer::Check { job: self.job, texts, selection, limits }
    }

    /// The check after the explorer said something; nothing if it was about something else.
    #[must_use]
    pub fn hear(&self, said: &FromExplorer) -> Option<Check> {
        let mut early = None;
        let (job, stage) = match said {
            FromExplorer::Progress { job, states, outlook, .. } => {
                early.clone_from(&self.early);
                (*job, Stage::Running { states: *states, outlook: *outlook })
            }
            FromExplorer::Early { job, property, witness, shortest, settled } => {
                let schedule = witness.iter().map(|&code| Action::from_code(code)).collect::<Option<_>>()?;
                let (shortest, settled) = (*shortest, *settled);
                let property = Property::from_number(*property)?;
                early = Some(Rc::new(Early { property, schedule, shortest, settled }));
                let begun = Stage::Running { states: 0, outlook: WireOutlook::default() };
                (*job, if self.stage == Stage::Asked { begun } else { self.stage.clone() })
            }
            FromExplorer::Done { job, report } => (*job, Stage::Done(Rc::new(report.clone()))),
            // What was asked before the explorer was ready is asked again when it is ready. So this is
            // not an answer.
            FromExplorer::Refused { job: Some(job), reason } => (*job, Stage::Failed(reason.to_string())),
            FromExplorer::Refused { job: None, reason } => (self.job, Stage::Failed(reason.to_string())),
            FromExplorer::Ready { .. }
            | FromExplorer::Cell { .. }
            | FromExplorer::Distances { .. }
            | FromExplorer::Lost { .. }
            | FromExplorer::Timed { .. } => {
                return None;
            }
        };
        (job == self.job).then_some(Check { job, stage, early })
    }

    /// Whether an answer may still come.
    #[must_use]
    pub fn awaited(&self) -> bool {
        matches!(self.stage, Stage::Asked | Stage::Running { .. })
    }

    /// Whether an answer may still come, and nothing is known before.
    #[must_use]
    pub fn silent(&self) -> bool {
        self.awaited() && self.early.is_none()
    }

    /// A run that shows a property: a shortest one if the check is done, or else what is known so far.
    #[must_use]
    pub fn witness(&self, property: Property) -> Option<Vec<Action>> {
        let early = self.early.as_ref().filter(|early| early.property == property);
        let done = || Some(self.report()?.witness(property.as_set())?.1);
        early.map(|early| early.schedule.clone()).or_else(done)
    }

    /// How many states have been found, while it runs.
    #[must_use]
    pub fn states(&self) -> Option<u32> {
        match self.stage {
            Stage::Running { states, .. } => Some(states),
            _ => None,
        }
    }

    /// The report, if it is done.
    #[must_use]
    pub fn report(&self) -> Option<&Rc<Report>> {
        match &self.stage {
            Stage::Done(report) => Some(report),
            _ => None,
        }
    }
}

/// The tone of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It is not known yet.
    Working,
    /// A violation is reachable.
    Reachable,
    /// No violation is reachable.
    Safe,
    /// No violation was found before a bound.
    Bounded,
    /// There is no answer.
    Failed,
}

impl Mood {
    /// Its name, for styles and tests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Mood::Working => "working",
            Mood::Reachable => "reachable",
            Mood::Safe => "safe",
            Mood::Bounded => "bounded",
            Mood::Failed => "failed",
        }
    }
}

/// A verdict in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Its tone.
    pub mood: Mood,
    /// Its two or three words.
    pub title: String,
}

/// The violation that a headline is about, and a shortest way to it.
#[must_use]
pub fn headline(report: &Report, program: &Program) -> Option<(Property, Vec<Action>)> {
    report.witness(machine::headline(report.seen(), program)?.as_set())
}

/// The tone of a verdict, and its title.
#[must_use]
pub fn settled(program: &Program, report: &Report) -> (Mood, String) {
    let depth = program.machine.store_buffer;
    let (mood, title) = match (machine::headline(report.seen(), program), report.complete()) {
        (Some(property), _) => (Mood::Reachable, property.row().verdict),
        (None, true) if report.stores_waited => {
            return (Mood::Safe, format!("Safe with {depth}-entry store buffers"));
        }
        (None, true) if depth == 0 => (Mood::Safe, "Safe without store buffers"),
        (None, true) => (Mood::Safe, "Safe"),
        (None, false) => (Mood::Bounded, "None found, no proof"),
    };
    (mood, title.to_owned())
}

/// All reachable violations, from the gravest down, each with the length of its shortest witness.
#[must_use]
pub fn violations(report: &Report) -> Vec<(Property, usize)> {
    let length = |property: Property| report.witness(property.as_set()).map(|(_, schedule)| schedule.len());
    GRAVITY.into_iter().filter_map(|property| Some((property, length(property)?))).collect()
}
