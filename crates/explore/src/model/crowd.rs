//! Systems of any number of members.

use super::PropertySet;

/// A system that says what its members do, and not how many there are: CPUs that run the same kernel, clients of a server.
///
/// A state is something shared and one local state for each member. Members have no names: what a member does depends on what
/// is shared, on its own state, and on others in three ways only.
///
/// - An action may be [aimed](Crowd::aimed) at one other member, whichever: it may read and write that member's state.
/// - An action may need something of *all* others ([`Crowd::permits`]), as a wait for everybody's answer does.
/// - Everything else goes through what is shared.
///
/// A loop over all others is written as actions that are aimed at one of those who have not been visited, until all have. The
/// mark that says so belongs to the visited one.
///
/// All of this is a promise that the signatures enforce, as far as [`Crowd::step`] is a function of its arguments. What may
/// happen with any number of members is for [`Views`](crate::Views) to say, and what happens with a few for
/// [`Few`](crate::Few).
pub trait Crowd {
    /// What is shared.
    type Shared: Clone + Ord;

    /// The state of one member.
    type Member: Clone + Ord;

    /// What a member can do.
    type Action: Copy + Ord;

    /// What is shared in the beginning.
    fn shared(&self) -> Self::Shared;

    /// What a member may be in the beginning. There may be any number of each.
    fn members(&self) -> Vec<Self::Member>;

    /// Appends what a member may do, as far as it alone and what is shared can tell.
    fn actions(&self, shared: &Self::Shared, me: &Self::Member, out: &mut Vec<Self::Action>);

    /// Whether an action is aimed at one other member.
    fn aimed(&self, action: Self::Action) -> bool;

    /// Whether an aimed action may be aimed at this one.
    fn hits(&self, action: Self::Action, me: &Self::Member, other: &Self::Member) -> bool;

    /// Whether another member's state permits an action. It is asked of all others, the one aimed at included.
    fn permits(&self, action: Self::Action, me: &Self::Member, other: &Self::Member) -> bool;

    /// Takes a step; what it shows. `other` is the one aimed at, and nobody if the action is not aimed.
    fn step(
        &self,
        action: Self::Action,
        shared: &mut Self::Shared,
        me: &mut Self::Member,
        other: Option<&mut Self::Member>,
    ) -> PropertySet;
}
