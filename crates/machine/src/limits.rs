//! What a machine has room for, so that no text makes a state that grows without end.
//!
//! Hardware has room for a few of these things and then makes the sender wait. No source says how many. So a sender
//! that finds one of our queues full waits too. That is a limit of the model and not of the hardware: behind the
//! limit more could happen than the model shows. The step that reaches the limit says so ([`BEYOND`]), and a search
//! that has seen such a step is not complete, whatever else it found.

use crate::step::Step;
use crate::{Machine, What};
use explore::PropertySet;

/// The most IPIs that wait at a CPU, and the most INVLPGBs that are on their way to one.
pub const MOST_WAITING: usize = 64;

/// Shown by a step that ran into a limit of the model. It is no property: no text can ask for it.
pub const BEYOND: PropertySet = PropertySet(1 << 31);

/// What all of set-up may cost, in silent operations; each step counts as [`STEP`] of them.
pub(crate) const MOST_SETUP: u64 = 1_000_000;

/// What a step of set-up costs beside its silent operations: finding out what is enabled.
pub(crate) const STEP: u64 = 50;

impl Machine {
    /// The sender of something waits, since a CPU has no room for it.
    pub(crate) fn wait_for_room(&self, step: &mut Step<'_>, cpu: u8) {
        step.properties |= BEYOND;
        step.event(|| What::NoRoom { at: cpu });
    }
}
