//! The states in which executions end, and what a scenario asks of them.
//!
//! In a final state every block has ended, every store has reached memory, and no IPI or INVLPGB is pending. (A machine
//! that a machine check has stopped is not in a final state.) One search finds all final states. The scenario observes
//! a list of values of each, and final states with equal lists count as one.

use crate::{Machine, State};
use explore::{Completeness, Exploration, Handle, System};
use lang::program::{Finale, Leaf};

/// The final states that a search has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finals {
    /// The observed values of each final state that counts, in the order of `Finale::observed`; ascending,
    /// each once.
    pub states: Vec<Vec<u64>>,
    /// How many of them the condition holds for.
    pub holds: usize,
    /// Whether these are all that there are.
    pub complete: bool,
}

impl Machine {
    /// The observed values of a state, if it is a final state.
    #[must_use]
    pub fn outcome(&self, state: &State) -> Option<Vec<u64>> {
        let finale = self.program.finale.as_ref()?;
        if state.stopped || !self.all_done(state) {
            return None;
        }
        let mut enabled = Vec::new();
        self.enabled(state, &mut enabled);
        self.ended(state, &enabled).then(|| self.observed(finale, state))
    }

    fn observed(&self, finale: &Finale, state: &State) -> Vec<u64> {
        let value = |leaf: Leaf| match leaf {
            Leaf::Local { cpu, reg } => {
                let registers = &self.own_task(state, cpu).regs;
                registers.get(usize::from(reg)).copied().unwrap_or(0)
            }
            // An entry of a table that is not there holds nothing.
            Leaf::Place(place) => self.locate(state, 0, place).map_or(0, |loc| self.memory(state, loc)),
            Leaf::Fault(cpu) => u64::from(self.own_task(state, cpu).pc == self.program.end),
        };
        finale.observed.iter().map(|observed| value(observed.leaf)).collect()
    }

    /// Whether a state in which no CPU has anything to do is a final state that the scenario
    /// describes.
    pub(crate) fn final_state_shows(&self, state: &State) -> bool {
        let Some(finale) = &self.program.finale else { return false };
        !state.stopped && self.all_done(state) && finale.shows(&self.observed(finale, state))
    }

    /// All final states that a search has found; nothing if the scenario asks nothing of them.
    pub(crate) fn finals<M: Handle<System = Machine>>(&self, search: &impl Exploration<M>) -> Option<Finals> {
        let finale = self.program.finale.as_ref()?;
        let found = search.gather(|state| self.outcome(state));
        let states: Vec<Vec<u64>> = found.into_iter().filter(|values| finale.counts(values)).collect();
        let holds = states.iter().filter(|values| finale.condition.value(values) != 0).count();
        let complete = search.progress().completeness == Completeness::Complete;
        Some(Finals { states, holds, complete })
    }
}
