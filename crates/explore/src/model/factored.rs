//! A state as a product of parts, and which parts the steps of a system read and write: their footprints.

use super::System;
use crate::PropertySet;
use std::collections::BTreeSet;

/// A system whose states fall into parts, and whose actions fall into groups that each read and write few parts. An
/// action of a group has the same effect in all states with the same values of those parts. So a search computes a
/// step once for each combination of the values that it depends on, and looks it up from then on. (LTSmin calls this
/// transition caching.) The search finds the same states, in the same order, as without.
///
/// Everything here is a promise, and a wrong one makes the search unsound. Debug builds refuse a step that writes a
/// part outside the footprint of its group. A test should compare what a [`Space`](crate::Space) remembers with what
/// the system does. A system whose states have no useful parts is [`Opaque`](super::Opaque).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what its steps depend on",
    note = "write `impl explore::Opaque for {Self} {{}}` to have every step computed, or implement `explore::Factored`"
)]
pub trait Factored: System {
    /// How many parts a state has: 1 to 64.
    fn parts(&self) -> u32;

    /// Appends the canonical bytes of a part: two states are equal if and only if the bytes of all their parts are.
    fn pack_part(&self, state: &Self::State, part: u32, out: &mut Vec<u8>);

    /// Replaces a part by the one that [`Factored::pack_part`] made these bytes of.
    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut Self::State);

    /// Replaces a part by another state's. This does by way of bytes what most systems can do faster.
    fn copy_part(&self, from: &Self::State, part: u32, to: &mut Self::State) {
        let mut bytes = Vec::new();
        self.pack_part(from, part, &mut bytes);
        self.unpack_part(&bytes, part, to);
    }

    /// How many groups of actions there are. [`System::enabled`] gives the actions of one group after the other.
    fn groups(&self) -> u32;

    /// The control part of a group: the part whose value says what the group's actions read and write (as a program
    /// counter does).
    fn control(&self, group: u32) -> u32;

    /// The footprint of a group: all parts that its actions read or write, as a set of bits by number. Every part
    /// that decides which of its actions are enabled counts as read. `None` if the group has no action.
    ///
    /// The answer may depend on the value of the control part alone. Where the actions read only something of the
    /// control part and write nothing of it, leave the part out of the set and append what they read to `projection`:
    /// then states that agree on the projection share their steps.
    fn footprint(&self, state: &Self::State, group: u32, projection: &mut Vec<u8>) -> Option<u64>;

    /// Appends the enabled actions of a group.
    fn enabled_in(&self, state: &Self::State, group: u32, out: &mut Vec<Self::Action>);

    /// The part whose value alone may rule out every action of every group (as a machine that has halted does), if
    /// there is one.
    fn halting_part(&self) -> Option<u32>;

    /// Whether the value of that part rules out every action.
    fn halts(&self, state: &Self::State) -> bool;

    /// Whether an action is optional: it may remain untaken for ever. A state in which every enabled action is
    /// optional is quiescent. [`System::observe`] and [`System::ended`] are called only for quiescent states, and
    /// must show nothing for any other state (except what [`Factored::goes_round`] shows). If they may show something in
    /// every state, every action must be optional.
    fn optional(&self, action: Self::Action) -> bool;

    /// The parts that [`System::observe`] and [`System::ended`] read of a quiescent state, as a set of bits by number.
    fn quiescent_reads(&self) -> u64;

    /// What [`Factored::goes_round`] may ever show. If it is nothing, nothing is looked at.
    fn may_go_round(&self) -> PropertySet;

    /// What a state shows that is not quiescent, since it goes on and on and comes to no end. Whatever can be reached from
    /// such a state has to be such a state too. [`System::observe`] says the same. A search asks when it knows all states.
    fn goes_round(&self, state: &Self::State, known: &mut Rounds) -> PropertySet;
}

/// What is known of states that have been asked about, by their bytes.
#[derive(Clone, Debug, Default)]
pub struct Rounds {
    /// They go round for ever.
    pub for_ever: BTreeSet<Vec<u8>>,
    /// They come to something.
    pub come_on: BTreeSet<Vec<u8>>,
}
