//! Opening a link: text, machine, run, and how the run compares with the recorded one.
//!
//! The page, the command line and the tests open links with this code and nothing else. So they agree about what a
//! link shows.
//!
//! Some 300 characters can ask for a long run. A caller that can't wait opens the link in slices ([`Opening`]),
//! reports the progress, and stops when told to. The trace limits how long any run can be.

use crate::moment::{base, digest};
use crate::{Compared, ComparedAs, Incomparable, Link, Outcome, Replayed, Unopened, numbers};
use experiment::{CompiledExperiment, Experiment, NoMachine};
use explore::{Replay, Trace};
use lang::Diagnostic;
use machine::{Action, MODEL, Machine};

/// A link that has been opened.
#[derive(Debug)]
pub struct Opened {
    /// What it is about.
    pub experiment: Experiment,
    /// The machine.
    pub machine: Machine,
    /// The run, as far as it goes here.
    pub trace: Trace<Machine>,
    /// How many of its steps have been taken at the moment shown.
    pub cursor: usize,
    /// How the run compares with the one recorded.
    pub outcome: Outcome,
    /// What the run is compared with, if it is. A number of version 1 is a name here, or the reason why it has none.
    pub compared: Option<Result<Compared, Incomparable>>,
    /// The link itself, for what the page shows beside the run.
    pub link: Link,
    /// Warnings of the compiler.
    pub diagnostics: Vec<Diagnostic>,
}

/// Opens a link.
///
/// # Errors
/// If there is nothing to show.
pub fn open(link: &Link) -> Result<Opened, Unopened> {
    let mut opening = Opening::begin(link.clone())?;
    opening.run(usize::MAX);
    Ok(opening.end())
}

/// A link being opened.
#[derive(Debug)]
pub struct Opening {
    link: Link,
    experiment: Experiment,
    machine: Machine,
    diagnostics: Vec<Diagnostic>,
    schedule: Vec<Action>,
    trace: Trace<Machine>,
}

impl Opening {
    /// Compiles the texts and sets the machine up: that is bounded, and soon done.
    ///
    /// # Errors
    /// If there is nothing to show.
    pub fn begin(link: Link) -> Result<Opening, Unopened> {
        let experiment = link.experiment()?;
        let CompiledExperiment { machine, diagnostics } = experiment.compile();
        let machine = match machine {
            Ok(machine) => machine,
            Err(NoMachine::Text) => return Err(Unopened::Text(diagnostics)),
            Err(NoMachine::Refused(refusal)) => return Err(Unopened::Machine(refusal)),
        };
        let (schedule, trace) = (actions(&link), Trace::new(&machine));
        Ok(Opening { link, experiment, machine, diagnostics, schedule, trace })
    }

    /// Takes up to `most` steps; whether there are more to take.
    pub fn run(&mut self, most: usize) -> bool {
        let rest = &self.schedule[self.trace.len()..];
        let most = most.min(rest.len());
        let taken = self.trace.run(&self.machine, &mut Replay::new(rest), most);
        taken == most && self.trace.len() < self.schedule.len()
    }

    /// The machine that the run is followed on.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// How many steps have been taken, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.trace.len(), self.link.schedule.len())
    }

    /// What has been opened: the run as far as it has been followed.
    #[must_use]
    pub fn end(self) -> Opened {
        let Opening { link, experiment, machine, diagnostics, schedule: _, trace } = self;
        let outcome = compared(&link, &experiment, &machine, &trace);
        let cursor = trace.len().min(link.cursor as usize);
        let compared = match &link.compared {
            Some(ComparedAs::Named(compared)) => Some(Ok(compared.clone())),
            Some(ComparedAs::Numbered(numbered)) => {
                Some(numbers::meant(*numbered, &link, &experiment, machine.program()))
            }
            None => None,
        };
        Opened { experiment, machine, trace, cursor, outcome, compared, link, diagnostics }
    }
}

/// Follows a link's schedule on a machine as far as it goes. A code that means nothing ends it, like an action that
/// is not enabled.
#[must_use]
pub fn replay(link: &Link, experiment: &Experiment, machine: &Machine) -> (Trace<Machine>, Outcome) {
    let (trace, _) = Trace::replay(machine, &actions(link));
    let outcome = compared(link, experiment, machine, &trace);
    (trace, outcome)
}

/// The actions that a link's codes mean, up to the first that means nothing.
fn actions(link: &Link) -> Vec<Action> {
    link.schedule.iter().map_while(|&code| Action::from_code(code)).collect()
}

fn compared(link: &Link, experiment: &Experiment, machine: &Machine, trace: &Trace<Machine>) -> Outcome {
    let (digest, texts) = (digest(machine, trace), base(experiment).hash());
    Outcome::of(link, Replayed { taken: trace.len(), full: trace.full(), digest, model: MODEL, texts })
}
