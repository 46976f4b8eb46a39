//! What the explorer has said so far about the texts and options that are on the page.

use crate::session::Session;
use lang::program::Program;
use machine::{Action, Property, VIOLATION, by_name};
use protocol::{FromExplorer, Report, ToExplorer, WireLimits};
use std::rc::Rc;

/// Most states that a check in a browser keeps; the command line takes more.
const MOST_STATES: u32 = 3_000_000;

/// Violations from the gravest down: which one a headline is about.
const GRAVITY: [Property; 10] = [
    Property::ABitCorruption,
    Property::StaleAccess,
    Property::MachineCheck,
    Property::DeviceRead,
    Property::GarbageTlb,
    Property::GarbagePsc,
    Property::WalkOfFreed,
    Property::KernelBug,
    Property::Deadlock,
    Property::KernelWarning,
];

/// A check of one setup.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its number; answers to other numbers are late ones.
    pub job: u32,
    /// How far it has come.
    pub stage: Stage,
}

/// How far a check has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Asked for.
    Asked,
    /// Under way.
    Running {
        /// Distinct states found.
        states: u32,
        /// States not yet expanded.
        frontier: u32,
        /// Steps from the beginning.
        depth: u32,
    },
    /// Done.
    Done(Rc<Report>),
    /// It can't be done, and why.
    Failed(String),
}

impl Check {
    /// A check that has been asked for.
    #[must_use]
    pub fn asked(job: u32) -> Check {
        Check { job, stage: Stage::Asked }
    }

    /// The message that asks for it. All kernels the scenario could use go along: it names them itself.
    #[must_use]
    pub fn request(&self, session: &Session) -> ToExplorer {
        let mut kernels: Vec<(String, String)> = Vec::new();
        for case in session.cases() {
            let text = || {
                let edited = session.kernels.get(&case.kernel).map(|text| text.to_string());
                edited.or_else(|| gallery::kernel(&case.kernel).map(|text| text.text.to_owned()))
            };
            if kernels.iter().all(|(name, _)| *name != case.kernel)
                && let Some(text) = text()
            {
                kernels.push((case.kernel.clone(), text));
            }
        }
        let lang::Selection { case, options } = session.selection();
        let limits = WireLimits { states: MOST_STATES, ..WireLimits::default() };
        ToExplorer::Check {
            job: self.job,
            scenario: session.scenario.to_string(),
            kernels,
            case,
            options,
            limits,
        }
    }

    /// The check after the explorer said something; nothing if it was about something else.
    #[must_use]
    pub fn hear(&self, said: &FromExplorer) -> Option<Check> {
        let (job, stage) = match said {
            FromExplorer::Progress { job, states, frontier, depth, .. } => {
                (*job, Stage::Running { states: *states, frontier: *frontier, depth: *depth })
            }
            FromExplorer::Done { job, report } => (*job, Stage::Done(Rc::new(report.clone()))),
            // What was asked before the explorer was ready is asked again when it is: no answer to that.
            FromExplorer::Refused { job: Some(job), reason } => (*job, Stage::Failed(reason.to_string())),
            FromExplorer::Refused { job: None, reason } => (self.job, Stage::Failed(reason.to_string())),
            FromExplorer::Ready { .. } => return None,
        };
        (job == self.job).then_some(Check { job, stage })
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

/// The violation that a headline is about: the gravest of those that the scenario speaks of, else the gravest.
#[must_use]
pub fn headline(report: &Report, program: &Program) -> Option<(Property, Vec<Action>)> {
    let seen = report.seen();
    let spoken = |property: Property| {
        let mut named = program.expectations.iter().filter_map(|expectation| by_name(&expectation.property));
        named.any(|marks| marks != VIOLATION && marks.meets(property.mark()))
    };
    let shown = || GRAVITY.into_iter().filter(|property| property.mark().meets(seen));
    let property = shown().find(|&property| spoken(property)).or_else(|| shown().next())?;
    report.witness(property.mark())
}

/// All violations that show, from the gravest down, each with the length of its shortest witness.
#[must_use]
pub fn violations(report: &Report) -> Vec<(Property, usize)> {
    let length = |property: Property| report.witness(property.mark()).map(|(_, schedule)| schedule.len());
    GRAVITY.into_iter().filter_map(|property| Some((property, length(property)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::GRAVITY;
    use machine::{Property, VIOLATION};

    #[test]
    fn every_violation_has_its_rank() {
        let ranked =
            GRAVITY.into_iter().fold(explore::Marks::NONE, |marks, property| marks | property.mark());
        let named = Property::ALL.into_iter().filter(|property| property.mark().meets(VIOLATION));
        assert_eq!(ranked, named.fold(explore::Marks::NONE, |marks, property| marks | property.mark()));
    }
}
