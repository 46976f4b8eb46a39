//! Parameterised systems: any number of members, all of one kind.

use super::PropertySet;

/// A system that says what its members do, but not how many members there are: CPUs that run the same kernel, clients
/// of a server.
///
/// A state is a shared part and one local state for each member. Members have no names. What a member does depends on
/// the shared part, on its own state, and on others in only three ways.
///
/// - An action may be [aimed](Crowd::aimed) at any one other member. It may read and write that member's state.
/// - An action may need something of *all* others ([`Crowd::permits`]), such as a wait for all answers.
/// - Everything else goes through the shared part.
///
/// A loop over all others is written as actions that are aimed at members that have not been visited, until all have
/// been. The mark of a visit belongs to the visited member.
///
/// The signatures enforce all of this, if [`Crowd::step`] is a function of its arguments. [`Views`](crate::Views)
/// computes what may happen with any number of members, and [`Few`](crate::Few) what happens with a few.
pub trait Crowd {
    /// What is shared.
    type Shared: Clone + Ord;

    /// The state of one member.
    type Member: Clone + Ord;

    /// What a member can do.
    type Action: Copy + Ord;

    /// What is shared in the beginning.
    fn shared(&self) -> Self::Shared;

    /// The states that a member may have in the beginning. Any number of members may have each of
    /// them.
    fn members(&self) -> Vec<Self::Member>;

    /// Appends the actions of a member that its own state and the shared part allow.
    fn actions(&self, shared: &Self::Shared, me: &Self::Member, out: &mut Vec<Self::Action>);

    /// Whether an action is aimed at one other member.
    fn aimed(&self, action: Self::Action) -> bool;

    /// Whether an aimed action may be aimed at this member.
    fn hits(&self, action: Self::Action, me: &Self::Member, other: &Self::Member) -> bool;

    /// Whether another member's state permits an action. It is asked for all others, including the one that is
    /// aimed at.
    fn permits(&self, action: Self::Action, me: &Self::Member, other: &Self::Member) -> bool;

    /// Takes a step, and returns what it shows. `other` is the member aimed at; nothing if the action
    /// is not aimed.
    fn step(
        &self,
        action: Self::Action,
        shared: &mut Self::Shared,
        me: &mut Self::Member,
        other: Option<&mut Self::Member>,
    ) -> PropertySet;
}
