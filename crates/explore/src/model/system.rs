//! The one interface: what can happen, and what happens then.
//!
//! There is one transition function. Whoever wants to watch passes a [`Sink`] that records events; the search
//! passes `()`, which costs nothing. A step behaves the same either way: a test in `machine` holds them against
//! each other.
//!
//! A toy system, to see the shape:
//!
//! ```
//! use explore::{Limits, Marks, Search, Sink, System};
//!
//! /// Two threads add one to a shared counter, without a lock.
//! struct Race;
//! #[derive(Clone, PartialEq, Eq)]
//! struct State { counter: u8, read: [Option<u8>; 2], done: [bool; 2] }
//!
//! impl System for Race {
//!     type State = State;
//!     type Action = usize;
//!     type Event = ();
//!     fn initial(&self) -> State { State { counter: 0, read: [None; 2], done: [false; 2] } }
//!     fn enabled(&self, s: &State, out: &mut Vec<usize>) { out.extend((0..2).filter(|&t| !s.done[t])) }
//!     fn step(&self, s: &mut State, t: usize, _: &mut impl Sink<()>) -> Marks {
//!         match s.read[t] {
//!             None => s.read[t] = Some(s.counter),
//!             Some(old) => { s.counter = old + 1; s.done[t] = true; s.read[t] = None }
//!         }
//!         Marks::NONE
//!     }
//!     fn observe(&self, s: &State, enabled: &[usize]) -> Marks {
//!         if enabled.is_empty() && s.counter == 1 { Marks::one(0) } else { Marks::NONE }
//!     }
//!     fn ended(&self, _: &State, enabled: &[usize]) -> bool { enabled.is_empty() }
//!     fn pack(&self, s: &State, out: &mut Vec<u8>) {
//!         out.push(s.counter);
//!         for t in 0..2 { out.push(s.read[t].map_or(9, |r| r)); out.push(s.done[t].into()) }
//!     }
//!     fn unpack(&self, b: &[u8]) -> State {
//!         let read = |n: u8| (n != 9).then_some(n);
//!         State { counter: b[0], read: [read(b[1]), read(b[3])], done: [b[2] == 1, b[4] == 1] }
//!     }
//! }
//!
//! let mut search = Search::new(&Race, Limits::default());
//! search.run_to_end();
//! let lost = search.witness(0).unwrap();
//! assert_eq!(lost.schedule, [0, 1, 0, 1], "both read before either writes: an update is lost");
//! assert_eq!(search.progress().states, 12);
//! ```

use crate::Marks;
use std::sync::Arc;

/// Where a step reports what it did.
pub trait Sink<E> {
    /// Takes an event. The closure is only called by sinks that want it.
    fn event(&mut self, make: impl FnOnce() -> E);

    /// Whether it wants any.
    #[inline(always)]
    fn listens(&self) -> bool {
        true
    }

    /// Hears how much was done in the step that nobody sees: what it cost, in a unit of the system's.
    #[inline(always)]
    fn worked(&mut self, _work: u32) {}
}

/// Wants nothing.
impl<E> Sink<E> for () {
    #[inline(always)]
    fn event(&mut self, _: impl FnOnce() -> E) {}

    #[inline(always)]
    fn listens(&self) -> bool {
        false
    }
}

/// Wants everything.
impl<E> Sink<E> for Vec<E> {
    fn event(&mut self, make: impl FnOnce() -> E) {
        self.push(make());
    }
}

/// Something with states and actions. `self` is what never changes (the configuration); a state holds only what
/// steps change.
pub trait System: Send + Sync {
    /// A state: a value, small, without handles.
    type State: Clone + Eq + Send;
    /// What could be done next: plain data that carries every nondeterministic choice.
    type Action: Copy + Ord + Send;
    /// What a step did, for people.
    type Event;

    /// The only initial state.
    fn initial(&self) -> Self::State;

    /// Appends what can be done in `state`, in an order that depends on nothing but `state`.
    fn enabled(&self, state: &Self::State, out: &mut Vec<Self::Action>);

    /// Takes an enabled action and returns the properties that this step showed. Taking one that is not enabled
    /// is a bug of the caller.
    fn step(&self, state: &mut Self::State, action: Self::Action, sink: &mut impl Sink<Self::Event>)
    -> Marks;

    /// The properties that `state` itself shows, given what is enabled in it (a deadlock, say).
    fn observe(&self, state: &Self::State, enabled: &[Self::Action]) -> Marks;

    /// Whether an execution that reaches `state` may be called complete: nobody has anything left to do.
    fn ended(&self, state: &Self::State, enabled: &[Self::Action]) -> bool;

    /// Appends the canonical bytes of `state`: two states are equal exactly if their bytes are.
    fn pack(&self, state: &Self::State, out: &mut Vec<u8>);

    /// The inverse of [`System::pack`], for bytes it made.
    fn unpack(&self, bytes: &[u8]) -> Self::State;

    /// What a step shows behind which the system tells less than could happen, since it has come to a limit of its own.
    /// What it does tell happens; but a search that has seen it never calls itself complete.
    fn beyond(&self) -> Marks {
        Marks::NONE
    }

    // What follows is for speed, and only the search asks. A system that says nothing here is searched all the same.
    //
    // A state falls into parts, and actions into groups; most groups read and write few parts. What an action of a
    // group does in one state it does in every other state with the same values of those parts, so the search works
    // it out once and remembers (`worker.rs`).

    /// How many parts a state has: 1 to 64.
    fn parts(&self) -> u32 {
        1
    }

    /// Appends the canonical bytes of a part: two states are equal exactly if the bytes of all their parts are.
    fn pack_part(&self, state: &Self::State, _part: u32, out: &mut Vec<u8>) {
        self.pack(state, out);
    }

    /// Replaces a part by what [`System::pack_part`] made of it.
    fn unpack_part(&self, bytes: &[u8], _part: u32, state: &mut Self::State) {
        *state = self.unpack(bytes);
    }

    /// Replaces a part by another state's.
    fn copy_part(&self, from: &Self::State, _part: u32, to: &mut Self::State) {
        to.clone_from(from);
    }

    /// How many groups there are. [`System::enabled`] gives their actions one group after the other.
    fn groups(&self) -> u32 {
        1
    }

    /// The part that tells what a group reads.
    fn lead(&self, _group: u32) -> u32 {
        0
    }

    /// What the actions of a group read and write, as a set of parts by number: finding out which are enabled
    /// included. It may depend on the group's leading part alone. Nothing, if that part says that the group has no
    /// action. If only something of the leading part is read and nothing of it written, leave it out of the set
    /// and append what is read to `view`.
    fn reads(&self, _state: &Self::State, _group: u32, _view: &mut Vec<u8>) -> Option<u64> {
        Some(1)
    }

    /// Appends the enabled actions of a group.
    fn group(&self, state: &Self::State, _group: u32, out: &mut Vec<Self::Action>) {
        self.enabled(state, out);
    }

    /// The part whose value alone may rule out every action of every group, if there is one.
    fn halting(&self) -> Option<u32> {
        None
    }

    /// Whether it does.
    fn halts(&self, _state: &Self::State) -> bool {
        false
    }

    /// Whether an action leaves the system at rest: [`System::observe`] and [`System::ended`] say nothing of a state
    /// in which an action is enabled that does not.
    fn quiet(&self, _action: Self::Action) -> bool {
        true
    }

    /// What `observe` and `ended` read of a state in which every enabled action is quiet, as a set of parts.
    fn rest_reads(&self) -> u64 {
        1
    }

    /// How many ways there are to give a state's members each other's names so that nothing else changes: what can be
    /// done in the one can be done in the other under the new names, shows the same, and leads to states that differ
    /// in the same way. The initial state has no other names.
    fn mirrors(&self) -> u32 {
        0
    }

    /// A state with new names. A part of it depends on one part of `state`.
    fn mirror(&self, _mirror: u32, state: &Self::State) -> Self::State {
        state.clone()
    }

    /// The part of a state with new names that depends on `part`.
    fn mirrored_part(&self, _mirror: u32, part: u32) -> u32 {
        part
    }
}

/// Whoever holds a system, borrowed or shared, has one: a search or a check may own what it searches.
macro_rules! held {
    ($($held:ty),+) => {$(
        impl<S: System> System for $held {
            type State = S::State;
            type Action = S::Action;
            type Event = S::Event;

            fn initial(&self) -> S::State {
                (**self).initial()
            }

            #[inline]
            fn enabled(&self, state: &S::State, out: &mut Vec<S::Action>) {
                (**self).enabled(state, out);
            }

            #[inline]
            fn step(&self, state: &mut S::State, action: S::Action, sink: &mut impl Sink<S::Event>) -> Marks {
                (**self).step(state, action, sink)
            }

            #[inline]
            fn observe(&self, state: &S::State, enabled: &[S::Action]) -> Marks {
                (**self).observe(state, enabled)
            }

            #[inline]
            fn ended(&self, state: &S::State, enabled: &[S::Action]) -> bool {
                (**self).ended(state, enabled)
            }

            #[inline]
            fn pack(&self, state: &S::State, out: &mut Vec<u8>) {
                (**self).pack(state, out);
            }

            #[inline]
            fn unpack(&self, bytes: &[u8]) -> S::State {
                (**self).unpack(bytes)
            }

            fn beyond(&self) -> Marks {
                (**self).beyond()
            }

            fn parts(&self) -> u32 {
                (**self).parts()
            }

            fn pack_part(&self, state: &S::State, part: u32, out: &mut Vec<u8>) {
                (**self).pack_part(state, part, out);
            }

            fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut S::State) {
                (**self).unpack_part(bytes, part, state);
            }

            fn copy_part(&self, from: &S::State, part: u32, to: &mut S::State) {
                (**self).copy_part(from, part, to);
            }

            fn groups(&self) -> u32 {
                (**self).groups()
            }

            fn lead(&self, group: u32) -> u32 {
                (**self).lead(group)
            }

            fn reads(&self, state: &S::State, group: u32, view: &mut Vec<u8>) -> Option<u64> {
                (**self).reads(state, group, view)
            }

            fn group(&self, state: &S::State, group: u32, out: &mut Vec<S::Action>) {
                (**self).group(state, group, out);
            }

            fn halting(&self) -> Option<u32> {
                (**self).halting()
            }

            fn halts(&self, state: &S::State) -> bool {
                (**self).halts(state)
            }

            fn quiet(&self, action: S::Action) -> bool {
                (**self).quiet(action)
            }

            fn rest_reads(&self) -> u64 {
                (**self).rest_reads()
            }

            fn mirrors(&self) -> u32 {
                (**self).mirrors()
            }

            fn mirror(&self, mirror: u32, state: &S::State) -> S::State {
                (**self).mirror(mirror, state)
            }

            fn mirrored_part(&self, mirror: u32, part: u32) -> u32 {
                (**self).mirrored_part(mirror, part)
            }
        }
    )+};
}

held!(&S, Arc<S>);
