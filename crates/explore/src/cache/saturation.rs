//! Takes all gains of a state at once ([`Monotone`]).
//!
//! The gains of a group depend on its footprint alone. So, like a step, all of them together are computed once for each
//! combination of values in the footprint: which bits of the key they flip in the end, and what they show on the way.

use crate::model::{Action, State};
use crate::{Handle, Monotone, PropertySet, System};

/// How a search takes gains.
pub(crate) struct Saturation<H: Handle> {
    gaining: fn(&H::System, u32) -> bool,
    gains: fn(&H::System, &State<H>, Action<H>) -> bool,
    /// Gains that show one of these are not taken.
    avoid: PropertySet,
}

// By hand: what it holds can be copied whatever `H` is.
impl<H: Handle> Clone for Saturation<H> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<H: Handle> Copy for Saturation<H> {}

impl<H: Handle> Saturation<H> {
    /// All gains but those that show something of `avoid`.
    pub(crate) fn new(avoid: PropertySet) -> Saturation<H>
    where
        H::System: Monotone,
    {
        Saturation { gaining: H::System::gaining, gains: H::System::gains, avoid }
    }

    /// Whether a group may have gains.
    pub(crate) fn gaining(&self, system: &H::System, group: u32) -> bool {
        (self.gaining)(system, group)
    }

    /// Takes the first gain among the enabled actions, if there is one: the action, and what it shows.
    pub(crate) fn take_one(
        &self,
        system: &H::System,
        state: &mut State<H>,
        enabled: &[Action<H>],
    ) -> Option<(Action<H>, PropertySet)> {
        enabled.iter().find_map(|&action| {
            if !(self.gains)(system, state, action) {
                return None;
            }
            if self.avoid.is_empty() {
                return Some((action, system.step(state, action, &mut ())));
            }
            let mut after = state.clone();
            let shown = system.step(&mut after, action, &mut ());
            if shown.intersects(self.avoid) {
                return None;
            }
            *state = after;
            Some((action, shown))
        })
    }
}
