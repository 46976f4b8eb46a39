//! The one interface that everything rests on: what can happen, and what happens then.

use super::{PropertySet, Sink};

/// A transition system: states, and actions that lead from one to the next.
///
/// `self` is what never changes (the configuration). A state holds only what steps change.
///
/// There is one transition function, [`System::step`]. Stepping by hand, replay, seeded runs and the search all call
/// it; an observer passes a [`Sink`] that records events.
pub trait System: Send + Sync {
    /// A state: a small value, without handles.
    type State: Clone + Eq + Send;
    /// What can be done next: plain data that holds every nondeterministic choice.
    type Action: Copy + Ord + Send;
    /// What a step did, for people.
    type Event;

    /// The only initial state.
    fn initial(&self) -> Self::State;

    /// Appends the actions that are enabled in `state`, in an order that depends on nothing but `state`.
    fn enabled(&self, state: &Self::State, out: &mut Vec<Self::Action>);

    /// Takes an enabled action, and returns the properties that this step shows. It is a bug of the caller to take an
    /// action that is not enabled.
    fn step(
        &self,
        state: &mut Self::State,
        action: Self::Action,
        sink: &mut impl Sink<Self::Event>,
    ) -> PropertySet;

    /// The properties that `state` itself shows, given the actions that are enabled in it (a deadlock, say).
    fn observe(&self, state: &Self::State, enabled: &[Self::Action]) -> PropertySet;

    /// Whether an execution that reaches `state` counts as complete: no process has anything left to do.
    fn ended(&self, state: &Self::State, enabled: &[Self::Action]) -> bool;

    /// The properties which say that the system itself has left something out, at one of its own limits (a full
    /// queue, say): the results are true, but more could happen. A search that has seen one of them never calls
    /// itself complete. [`PropertySet::NONE`] for a system without such limits.
    fn truncated(&self) -> PropertySet;

    /// Appends the canonical bytes of `state`: two states are equal if and only if their bytes are.
    fn pack(&self, state: &Self::State, out: &mut Vec<u8>);

    /// The inverse of [`System::pack`], for bytes that it made.
    fn unpack(&self, bytes: &[u8]) -> Self::State;
}
