//! The sizes of a machine's queues and lists, so that no text makes a state that grows without end.
//!
//! Hardware has room for a few of these things and then makes the sender wait. No source says how many. So in the model
//! a sender that finds a queue full waits too. That is a limit of the model and not of the hardware: beyond the limit
//! more could happen than the model shows. The step that reaches the limit says so ([`BEYOND`]), and a search that has
//! seen such a step is not complete, whatever else it found. The same goes for copies of what is cached: an action
//! names one of [`MOST_COPIES`] by its number, and
//! fewer in a guest.

use explore::PropertySet;

/// The most IPIs that wait at a CPU, and the most INVLPGBs that are on their way to one.
pub const MOST_WAITING: usize = 64;

/// The most copies for an address, in the TLB or of one level in the paging-structure caches, that actions tell apart.
pub const MOST_COPIES: usize = 1 << u8::BITS;

/// Shown by a step that ran into a limit of the model. It is no property: no text can ask for it.
pub const BEYOND: PropertySet = PropertySet(1 << 31);

/// Shown by a step that leads a variable beyond the limit that the text has declared for it. The run ends there. It is no
/// property either.
pub const LIMIT: PropertySet = PropertySet(1 << 30);

/// What all of set-up may cost, in silent operations; each step counts as [`STEP`] of them.
pub(crate) const MOST_SETUP: u64 = 1_000_000;

/// What a step of set-up costs beside its silent operations: finding out what is enabled.
pub(crate) const STEP: u64 = 50;
