//! The states of a system as 64-bit numbers.
//!
//! Each value that a part of a state takes gets a number when it first turns up. The numbers of a state's parts are
//! the leaves of a binary tree; each pair of numbers that meets at an inner node gets a number in turn; the two
//! numbers below the root are the state's key. Nothing is hashed away: different states have different keys, and
//! every state can be had back from its key. A step changes few parts, so few nodes are looked up. (The idea is the
//! tree compression of LTSmin: Laarman, van de Pol, Weber, "Parallel recursive state compression for free", 2011.)
//!
//! A space may be used by several threads at once, each with a [`Worker`](crate::Worker) that finds out what leads
//! from one state to the next. Which number a state gets then depends on who was first; nothing else does.

use crate::System;
use crate::pairs::Pairs;
use crate::values::Values;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A state, as the number that a space gave it.
pub type Key = u64;

/// There is no room for another node: [`Space::grow`] makes some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// The states of a system that have been met.
#[derive(Debug)]
pub struct Space<S: System> {
    system: S,
    parts: usize,
    values: Mutex<Values>,
    /// Inner nodes by their place in the tree: node n has the children 2n and 2n + 1, the root is 1, the leaves are
    /// numbered from the number of parts on.
    nodes: Vec<Pairs>,
    /// For each group, its leading part, its place among the groups that the part leads, and how many those are.
    pub(crate) leads: Vec<(u8, u8, u8)>,
    /// Number of the shape of "at rest".
    pub(crate) rest: u32,
    initial: Key,
}

impl<S: System> Space<S> {
    /// A space that knows the initial state.
    #[must_use]
    pub fn new(system: S) -> Space<S> {
        let parts = system.parts().clamp(1, 64) as usize;
        let mut led = vec![Vec::new(); parts];
        for group in 0..system.groups() {
            led[system.lead(group) as usize].push(group);
        }
        let place = |group: u32| {
            let lead = system.lead(group) as usize;
            let place = led[lead].iter().position(|&other| other == group).unwrap_or_default();
            (lead as u8, place as u8, led[lead].len() as u8)
        };
        let leads = (0..system.groups()).map(place).collect();
        let mut values = Values::new(led);
        let state = system.initial();
        let mut tree = vec![0; 2 * parts];
        for part in 0..parts {
            tree[parts + part] = values.insert(&system, &state, part);
        }
        let rest = values.fixed(system.rest_reads());
        let nodes: Vec<Pairs> = (0..parts).map(|_| Pairs::default()).collect();
        for node in (2..parts).rev() {
            // The first pair of an empty table.
            tree[node] = nodes[node].insert(tree[2 * node], tree[2 * node + 1]).unwrap_or_default();
        }
        let initial = root(&tree, parts);
        Space { values: Mutex::new(values), nodes, leads, rest, initial, parts, system }
    }

    /// The system.
    pub fn system(&self) -> &S {
        &self.system
    }

    /// The initial state.
    #[must_use]
    pub fn initial(&self) -> Key {
        self.initial
    }

    /// How many parts a state has.
    pub(crate) fn parts(&self) -> usize {
        self.parts
    }

    /// Bytes of memory in use.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.nodes.iter().map(Pairs::memory).sum::<u64>() + self.values().memory()
    }

    /// The values of the parts. (A thread that panicked with them in its hands left them whole: numbers are only
    /// ever added.)
    pub(crate) fn values(&self) -> MutexGuard<'_, Values> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes room for more nodes where there is none.
    pub fn grow(&mut self) {
        self.nodes.iter_mut().for_each(|nodes| nodes.grow(0));
    }

    /// Makes room where little is left: for a round that could not stop half-way.
    pub(crate) fn make_room(&mut self) {
        self.nodes.iter_mut().for_each(|nodes| nodes.grow(50));
    }

    /// A state that has been met, from its key.
    #[must_use]
    pub fn state(&self, key: Key) -> S::State {
        let mut tree = vec![0; 2 * self.parts];
        self.unfold(key, &mut tree);
        let mut state = self.system.initial();
        let values = self.values();
        for part in 0..self.parts {
            self.system.unpack_part(values.get(part, tree[self.parts + part]), part as u32, &mut state);
        }
        state
    }

    /// The key of a state; nothing if it has not been met.
    #[must_use]
    pub fn key(&self, state: &S::State) -> Option<Key> {
        let mut tree = vec![0; 2 * self.parts];
        let (mut bytes, values) = (Vec::new(), self.values());
        for part in 0..self.parts {
            bytes.clear();
            self.system.pack_part(state, part as u32, &mut bytes);
            tree[self.parts + part] = values.find(part, &bytes)?;
        }
        for node in (2..self.parts).rev() {
            tree[node] = self.nodes[node].find(tree[2 * node], tree[2 * node + 1])?;
        }
        Some(root(&tree, self.parts))
    }

    /// Fills a tree from the root down.
    #[inline]
    pub(crate) fn unfold(&self, key: Key, tree: &mut [u32]) {
        if self.parts == 1 {
            tree[1] = key as u32;
            return;
        }
        (tree[2], tree[3]) = ((key >> 32) as u32, key as u32);
        for node in 2..self.parts {
            (tree[2 * node], tree[2 * node + 1]) = self.nodes[node].get(tree[node]);
        }
    }

    /// The key of the state that differs from that of `tree` in these parts: part, value, part, value. `other` is a
    /// copy of `tree`, and is one again afterwards.
    #[inline]
    pub(crate) fn fold(&self, tree: &[u32], other: &mut [u32], changed: &[u32]) -> Result<Key, Full> {
        // Inner nodes below which something changed: the highest number is the deepest.
        let mut dirty = 0u64;
        for change in changed.chunks_exact(2) {
            let leaf = self.parts + change[0] as usize;
            other[leaf] = change[1];
            dirty |= 1 << (leaf >> 1);
        }
        let mut seen = 0u64;
        let mut full = false;
        while dirty > 3 {
            let node = 63 - dirty.leading_zeros() as usize;
            dirty &= !(1 << node);
            seen |= 1 << node;
            match self.nodes[node].insert(other[2 * node], other[2 * node + 1]) {
                Some(id) => other[node] = id,
                None => full = true,
            }
            dirty |= 1 << (node >> 1);
        }
        let key = root(other, self.parts);
        for change in changed.chunks_exact(2) {
            let leaf = self.parts + change[0] as usize;
            other[leaf] = tree[leaf];
        }
        while seen != 0 {
            let node = seen.trailing_zeros() as usize;
            seen &= seen - 1;
            other[node] = tree[node];
        }
        if full { Err(Full) } else { Ok(key) }
    }
}

/// The numbers below the root, as one.
#[inline(always)]
fn root(tree: &[u32], parts: usize) -> Key {
    if parts == 1 { u64::from(tree[1]) } else { u64::from(tree[2]) << 32 | u64::from(tree[3]) }
}
