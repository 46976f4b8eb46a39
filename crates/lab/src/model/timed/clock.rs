//! A round on the stage that the clock has decided: which seed it has, and when each step is taken.

use super::Timed;
use crate::model::session::{Session, Setup};
use cost::{Over, Round, TimedSubject};
use experiment::Experiment;
use explore::Trace;
use machine::{Action, Machine};
use std::rc::Rc;
use std::sync::Arc;

/// So many seeds are tried, of each way to begin, until a round has what the reader asked for.
const SEEDS: u64 = 64;

/// So much may happen in all of them together. The reader waits meanwhile: it is less than a second.
const EVENTS: u64 = 1_000_000;

/// A round, and the setup that it is a run of.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The kernel, as the table names it.
    pub kernel: String,
    /// The round.
    pub round: Rc<Round>,
    setup: Rc<Setup>,
}

/// What the stage has from the table of costs.
#[derive(Clone, Debug)]
pub struct Staged {
    /// The kernel, as the table names it.
    pub kernel: String,
    scenario: Arc<str>,
}

impl Staged {
    /// A kernel, in the session that it was put on the stage with.
    pub(crate) fn of(kernel: &str, session: &Session) -> Staged {
        Staged { kernel: kernel.to_owned(), scenario: session.experiment.scenario.clone() }
    }

    /// Whether a session has the same workload.
    pub(crate) fn is_on(&self, session: &Session) -> bool {
        self.scenario == session.experiment.scenario
    }
}

impl Clock {
    /// Whether a run is this round, or its beginning.
    #[must_use]
    pub fn tells(&self, setup: &Rc<Setup>, trace: &Trace<Machine>) -> bool {
        let shown = trace.schedule();
        Rc::ptr_eq(&self.setup, setup) && self.round.schedule.get(..shown.len()) == Some(&shown[..])
    }

    /// The setup.
    pub(crate) fn setup(&self) -> &Rc<Setup> {
        &self.setup
    }

    /// When the step before a moment was taken, in picoseconds.
    #[must_use]
    pub fn time(&self, cursor: usize) -> u64 {
        cursor.checked_sub(1).and_then(|step| self.round.times.get(step)).copied().unwrap_or(0)
    }
}

impl Timed {
    /// A kernel on the workload, with the costs and the changes, and its session.
    fn subject(&self, kernel: &str) -> Option<(TimedSubject, lang::costs::Costs, Setup)> {
        let mut changes = Vec::new();
        for (what, value) in &self.changes {
            changes.push((Over::named(what).ok()?, *value));
        }
        let experiment = alone(cost::on_kernel(&self.base.texts, kernel));
        let (subject, costs) = cost::changed(&experiment, self.costs.as_ref()?, None, &changes).ok()?;
        let setup = Session::of(subject.experiment.clone()).compile().0?;
        Some((subject, costs, setup))
    }

    /// A kernel on the workload, as it is put on the stage.
    pub(crate) fn setup(&self, kernel: &str) -> Option<Setup> {
        Some(self.subject(kernel)?.2)
    }

    /// A round on a kernel, and the number of steps after which a column first counts something. The seeds are tried in
    /// order, until one gives a round in which the column counts something.
    pub(crate) fn round(&self, kernel: &str, column: Option<usize>) -> Option<(Clock, Option<usize>)> {
        let (subject, costs, setup) = self.subject(kernel)?;
        let setup = Rc::new(setup);
        let machine = Round::machine(&subject)?;
        let (mut first, mut events) = (None, EVENTS);
        for start in Round::starts(&costs, SEEDS) {
            let Some(round) = Round::of(&machine, &subject, &costs, start, &[], &mut events) else { break };
            let round = Rc::new(round);
            let place = column.and_then(|column| *round.firsts.get(column)?);
            let clock = Clock { kernel: kernel.to_owned(), round, setup: setup.clone() };
            if column.is_none() || place.is_some() {
                return Some((clock, place));
            }
            first.get_or_insert(clock);
        }
        Some((first?, None))
    }

    /// What a link has put on the stage, if the table that it shows would put the same there.
    pub(crate) fn staged_by(&self, setup: &Setup) -> Option<Staged> {
        let name = setup.session.kernel_name().filter(|_| self.open)?;
        let kernel = cost::added_to(&name);
        let (_, _, here) = self.subject(kernel)?;
        (here.session == setup.session).then(|| Staged::of(kernel, &setup.session))
    }

    /// The clock of a run that came by a link, if the run is a round of the workload and costs that are shown.
    pub(crate) fn clock_of(&self, setup: &Rc<Setup>, shown: &[Action]) -> Option<Clock> {
        if !self.open || shown.is_empty() {
            return None;
        }
        let name = setup.session.kernel_name()?;
        let kernel = cost::added_to(&name);
        let (subject, costs, here) = self.subject(kernel)?;
        if here.session != setup.session {
            return None;
        }
        let machine = Round::machine(&subject)?;
        let mut events = EVENTS;
        Round::starts(&costs, SEEDS).find_map(|start| {
            let round = Rc::new(Round::of(&machine, &subject, &costs, start, shown, &mut events)?);
            Some(Clock { kernel: kernel.to_owned(), round, setup: setup.clone() })
        })
    }
}

/// The texts without the workload's own kernel, if another kernel takes its place.
fn alone(mut experiment: Experiment) -> Experiment {
    let used = experiment.kernel_name();
    if let Some(named) = experiment.named_kernel().filter(|named| used.as_ref() != Some(named)) {
        experiment.kernels.remove(&named);
    }
    experiment
}
