//! A part of a level expanded by several threads, with the result that one would have had.
//!
//! While a round is under way the visited set stays as it is, so that all threads may look into it. A state that is
//! not there goes into a table of the round, with the least place at which it was reached: the number of its parent
//! in the round, then the place of the action. Afterwards the new states are put in the order of these places, which
//! is the order in which one thread would have found them. So the numbers of states, the shortest ways and the
//! witnesses are the same for any number of threads.

use crate::visited::Visited;
use crate::{Full, Key, Marks, Shown, Space, Successor, System, Worker};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// States that a thread takes at a time.
const CHUNK: usize = 64;

/// Slots of the table for each state of a round.
const SLOTS: usize = 8;

/// Where something was first seen: the number of a state in the round, and the place of the action taken there plus
/// one, or 0 if the state itself shows it.
pub(crate) type Place = u64;

/// The place of a state itself.
pub(crate) const fn place_of(state: usize) -> Place {
    (state as u64) << 16
}

/// What a round found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// New states by place, ascending.
    pub(crate) new: Vec<(Place, Key)>,
    /// The first place of each property seen.
    pub(crate) seen: [Option<Place>; 32],
    /// Whether a complete execution that shows nothing to be avoided was found.
    pub(crate) ended: bool,
    pub(crate) transitions: u64,
}

impl Found {
    /// Notes what a state shows; says whether that is to be avoided.
    #[inline]
    fn note(&mut self, marks: Marks, place: Place, avoid: Marks) -> bool {
        if marks.is_empty() {
            return false;
        }
        for number in marks.iter() {
            let first = &mut self.seen[number as usize];
            *first = Some(first.map_or(place, |seen| seen.min(place)));
        }
        marks.meets(avoid)
    }

    fn merge(&mut self, other: Found) {
        self.new.extend(other.new);
        for (mine, its) in self.seen.iter_mut().zip(other.seen) {
            *mine = match (*mine, its) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        self.ended |= other.ended;
        self.transitions += other.transitions;
    }
}

/// The states first reached in a round. It is kept from one round to the next, empty.
#[derive(Debug)]
pub(crate) struct Table {
    /// Key + 1 (or 0), and the least place.
    slots: Vec<(AtomicU64, AtomicU64)>,
}

impl Table {
    /// Empty, for rounds of up to so many states.
    pub(crate) fn new(states: usize) -> Table {
        let slots = (states * SLOTS).next_power_of_two();
        Table { slots: (0..slots).map(|_| (AtomicU64::new(0), AtomicU64::new(u64::MAX))).collect() }
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        16 * self.slots.len() as u64
    }

    /// Takes out what is in a slot.
    fn take(&mut self, slot: usize) -> (Place, Key) {
        let (state, least) = &mut self.slots[slot];
        let taken = (*least.get_mut(), state.get_mut().wrapping_sub(1));
        (*state.get_mut(), *least.get_mut()) = (0, u64::MAX);
        taken
    }

    /// Notes that a state was reached; returns its slot if nobody had noted it before.
    fn reach(&self, key: Key, place: Place) -> Result<Option<usize>, Full> {
        let mask = self.slots.len() - 1;
        let home = Visited::home(key, 64 - self.slots.len().trailing_zeros());
        for probe in 0..self.slots.len() / 2 {
            let slot = (home + probe) & mask;
            let (state, least) = &self.slots[slot];
            let mut found = state.load(Ordering::Relaxed);
            let mut new = false;
            if found == 0 {
                match state.compare_exchange(0, key.wrapping_add(1), Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(_) => (found, new) = (key.wrapping_add(1), true),
                    Err(other) => found = other,
                }
            }
            if found == key.wrapping_add(1) {
                least.fetch_min(place, Ordering::Relaxed);
                return Ok(new.then_some(slot));
            }
        }
        Err(Full)
    }
}

/// Expands `states` with all `workers`, each in a thread of its own.
///
/// # Errors
/// If the space has no room; then nothing has happened.
pub(crate) fn expand<S: System>(
    space: &Space<S>,
    workers: &mut [Worker<S>],
    table: &mut Table,
    visited: &Visited,
    states: &[Key],
    avoid: Marks,
) -> Result<Found, Full> {
    let cursor = AtomicUsize::new(0);
    let full = AtomicBool::new(false);
    let shared = &*table;
    let work = |worker: &mut Worker<S>| -> (Found, Vec<usize>) {
        let (mut found, mut slots, mut successors) = (Found::default(), Vec::new(), Vec::new());
        let (mut reached, mut homes) = (Vec::new(), Vec::new());
        while !full.load(Ordering::Relaxed) {
            let start = cursor.fetch_add(CHUNK, Ordering::Relaxed);
            if start >= states.len() {
                break;
            }
            reached.clear();
            for (at, &key) in states.iter().enumerate().skip(start).take(CHUNK) {
                successors.clear();
                let Ok(Shown { marks, ended }) = worker.expand(space, key, &mut successors) else {
                    full.store(true, Ordering::Relaxed);
                    break;
                };
                found.transitions += successors.len() as u64;
                let avoided = found.note(marks, place_of(at), avoid);
                found.ended |= ended && !avoided;
                for &Successor { key, marks, action } in &successors {
                    let place = place_of(at) + u64::from(action) + 1;
                    if !found.note(marks, place, avoid) {
                        reached.push((place, key));
                    }
                }
            }
            // As in the visited set: first all loads, which don't wait for each other.
            homes.clear();
            homes.extend(reached.iter().map(|&(_, key)| visited.at_home(key)));
            for (&(place, key), _) in reached.iter().zip(&homes).filter(|(_, home)| !**home) {
                if !visited.has(key) {
                    match shared.reach(key, place) {
                        Ok(slot) => slots.extend(slot),
                        Err(Full) => full.store(true, Ordering::Relaxed),
                    }
                }
            }
        }
        (found, slots)
    };
    let parts: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = workers.iter_mut().map(|worker| scope.spawn(|| work(worker))).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect()
    });
    let mut all = Found::default();
    for (mut found, slots) in parts {
        found.new = slots.into_iter().map(|slot| table.take(slot)).collect();
        all.merge(found);
    }
    if full.into_inner() {
        return Err(Full);
    }
    all.new.sort_unstable();
    Ok(all)
}
