//! Partial-order reduction: postpones steps whose order makes no difference ([`Commuting`]).
//!
//! What a process may do follows from the value of its control part, like its footprints. So the system is asked once
//! for each value. For each state it remains to find which processes' prospects conflict.

use super::layout::Layout;
use crate::model::State;
use crate::width::{low_u32, to_u32};
use crate::{Commuting, Handle, Key, PropertySet, Prospect, Touched};
use std::collections::BTreeMap;

/// How a search asks for prospects.
pub(crate) struct PartialOrder<H: Handle> {
    pub(crate) prospect: fn(&H::System, &State<H>, u32) -> Option<Prospect>,
    pub(crate) asleep: fn(&H::System, &State<H>) -> u64,
    pub(crate) bystander: fn(&H::System, u32) -> bool,
    /// A state in which a step shows one of these is followed in all directions.
    pub(crate) avoid: PropertySet,
}

// By hand: what it holds can be copied whatever `H` is.
impl<H: Handle> Clone for PartialOrder<H> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<H: Handle> Copy for PartialOrder<H> {}

impl<H: Handle> PartialOrder<H> {
    /// Everything that the system offers, if it offers prospects.
    pub(crate) fn new(system: &H::System, avoid: PropertySet) -> Option<PartialOrder<H>>
    where
        H::System: Commuting,
    {
        system.commutes().then_some(PartialOrder {
            prospect: H::System::prospect,
            asleep: H::System::asleep,
            bystander: H::System::bystander,
            avoid,
        })
    }
}

/// What of a state's actions is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// All of them.
    All,
    /// The first action of the process at this place.
    First(usize),
    /// All actions of the processes in this set.
    Of(u64),
}

/// A process: where the value of its control part lies in a key, and its prospects.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) control: u32,
    /// The band of its groups.
    pub(crate) band: usize,
    shift: u32,
    most: u32,
    /// For each known number, the place of the prospect.
    places: Vec<u32>,
}

impl Process {
    pub(crate) fn new(layout: &Layout, control: u32, band: usize) -> Process {
        let (shift, most) = layout.of(control).map_or((0, 0), |field| (field.shift(), field.most));
        Process { control, band, shift, most, places: Vec::new() }
    }

    /// How many numbers are known.
    pub(crate) fn known(&self) -> u32 {
        to_u32(self.places.len())
    }

    fn place(&self, key: Key) -> Option<u32> {
        self.places.get((low_u32(key >> self.shift) & self.most) as usize).copied()
    }

    /// Takes the prospect of the next number.
    pub(crate) fn add(&mut self, place: u32) {
        self.places.push(place);
    }
}

/// All prospects that have turned up, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prospects {
    all: Vec<Option<Prospect>>,
    places: BTreeMap<Option<Prospect>, u32>,
    /// Those of the processes in the state at hand.
    now: Vec<Prospect>,
}

impl Prospects {
    /// The place of a prospect.
    pub(crate) fn place(&mut self, prospect: Option<Prospect>) -> u32 {
        let next = to_u32(self.all.len());
        let place = *self.places.entry(prospect).or_insert(next);
        if place == next {
            self.all.push(prospect);
        }
        place
    }

    /// Chooses which steps of a state are followed. `moves` says whether a process has an action. `asleep` are the
    /// sleeping resources ([`Commuting::asleep`]), unless a process wakes them.
    pub(crate) fn choose(
        &mut self,
        processes: &[Process],
        key: Key,
        asleep: u64,
        moves: impl Fn(usize) -> bool,
    ) -> Choice {
        self.now.clear();
        for process in processes {
            let place = process.place(key).and_then(|place| *self.all.get(place as usize)?);
            let Some(prospect) = place else { return Choice::All };
            self.now.push(prospect);
        }
        // Only the others act until a member of the set does. So what counts is whom they may call and what they
        // may wake.
        let of = |others: u64| self.now.iter().enumerate().filter(move |(at, _)| others >> at & 1 == 1);
        let calls = |others: u64| of(others).any(|(_, one)| one.calls);
        let tells = |touched: Touched, others: u64| {
            let woken = of(others).fold(0, |woken, (_, one)| woken | one.wakes);
            let called = calls(others);
            of(others).fold(0, |told, (at, one)| {
                let ever = if called { one.ever.and(one.called) } else { one.ever };
                told | u64::from(touched.conflicts(ever, asleep & !woken)) << at
            })
        };
        let everybody = u64::MAX >> (64 - self.now.len());
        for (at, one) in self.now.iter().enumerate() {
            let others = everybody & !(1 << at);
            let alone = one.alone.filter(|_| one.straight && moves(at) && (one.deaf || !calls(others)));
            if alone.is_some_and(|touched| tells(touched, others) == 0) {
                return Choice::First(at);
            }
        }
        let count = |set: u64| (0..self.now.len()).filter(|&at| set >> at & 1 == 1 && moves(at)).count();
        let mut best = (count(everybody), Choice::All);
        for first in (0..self.now.len()).filter(|&at| moves(at)) {
            let (mut set, mut todo) = (1_u64 << first, 1_u64 << first);
            while todo != 0 {
                let at = todo.trailing_zeros() as usize;
                let told = tells(self.now[at].next, everybody & !set);
                set |= told;
                todo = todo & (todo - 1) | told;
            }
            let straight = self.now.iter().enumerate().all(|(at, one)| set >> at & 1 == 0 || one.straight);
            if straight && count(set) < best.0 {
                best = (count(set), Choice::Of(set));
            }
        }
        best.1
    }
}
