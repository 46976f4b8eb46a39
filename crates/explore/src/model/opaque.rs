//! Systems that say nothing about their states except what a step does.

use super::{Asymmetric, Factored, Rounds, System};
use crate::PropertySet;

/// A system whose states are searched as they are, as one part each: every step is computed, and every state is
/// observed.
///
/// ```
/// # use explore::{PropertySet, Sink, System};
/// # struct Race;
/// # impl System for Race {
/// #     type State = u8; type Action = u8; type Event = ();
/// #     fn initial(&self) -> u8 { 0 }
/// #     fn enabled(&self, _: &u8, _: &mut Vec<u8>) {}
/// #     fn step(&self, _: &mut u8, _: u8, _: &mut impl Sink<()>) -> PropertySet { PropertySet::NONE }
/// #     fn observe(&self, _: &u8, _: &[u8]) -> PropertySet { PropertySet::NONE }
/// #     fn ended(&self, _: &u8, _: &[u8]) -> bool { true }
/// #     fn truncated(&self) -> PropertySet { PropertySet::NONE }
/// #     fn pack(&self, s: &u8, out: &mut Vec<u8>) { out.push(*s) }
/// #     fn unpack(&self, b: &[u8]) -> u8 { b[0] }
/// # }
/// impl explore::Opaque for Race {}
/// ```
pub trait Opaque: System {}

impl<S: Opaque> Factored for S {
    fn parts(&self) -> u32 {
        1
    }

    fn pack_part(&self, state: &S::State, _: u32, out: &mut Vec<u8>) {
        self.pack(state, out);
    }

    fn unpack_part(&self, bytes: &[u8], _: u32, state: &mut S::State) {
        *state = self.unpack(bytes);
    }

    fn copy_part(&self, from: &S::State, _: u32, to: &mut S::State) {
        to.clone_from(from);
    }

    fn groups(&self) -> u32 {
        1
    }

    fn control(&self, _: u32) -> u32 {
        0
    }

    fn footprint(&self, _: &S::State, _: u32, _: &mut Vec<u8>) -> Option<u64> {
        Some(1)
    }

    fn enabled_in(&self, state: &S::State, _: u32, out: &mut Vec<S::Action>) {
        self.enabled(state, out);
    }

    fn halting_part(&self) -> Option<u32> {
        None
    }

    fn halts(&self, _: &S::State) -> bool {
        false
    }

    fn optional(&self, _: S::Action) -> bool {
        true
    }

    fn quiescent_reads(&self) -> u64 {
        1
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &S::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

impl<S: Opaque> Asymmetric for S {}
