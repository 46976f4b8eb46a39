//! The first step of a run after which what it shows can no longer be avoided.

use crate::{FromExplorer, MAX_STEPS, MessagePart, Refusal, WireLimits};
use explore::{Forced, Lost};
use machine::{Action, Machine, Property, run_forced};
use std::sync::Arc;

/// The question of a job.
pub(crate) struct LostQuestion {
    pub(crate) number: u32,
    forced: Forced<Arc<Machine>>,
}

impl LostQuestion {
    pub(crate) fn new(
        number: u32,
        machine: Machine,
        property: u8,
        schedule: Vec<u32>,
        limits: WireLimits,
    ) -> Result<LostQuestion, Refusal> {
        if schedule.len() > MAX_STEPS {
            return Err(Refusal::TooBig(MessagePart::Run));
        }
        let properties = Property::from_number(property).ok_or(Refusal::Malformed)?.as_set();
        let actions = schedule.into_iter().map(Action::from_code);
        let actions = actions.collect::<Option<Vec<Action>>>().ok_or(Refusal::Malformed)?;
        let forced = Forced::new(Arc::new(machine), &actions, properties, limits.states);
        Ok(LostQuestion { number, forced: forced.ok_or(Refusal::Malformed)? })
    }

    /// Goes through up to `budget` states; the answer, if that was all.
    pub(crate) fn run(&mut self, budget: u32) -> Option<FromExplorer> {
        let Lost { from, settled } = run_forced(&mut self.forced, budget)?;
        // A run has at most MAX_STEPS steps.
        let from = u32::try_from(from).unwrap_or(u32::MAX);
        Some(FromExplorer::Lost { job: self.number, from, settled })
    }
}
