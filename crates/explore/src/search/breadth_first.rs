//! Exhaustive search, breadth first.
//!
//! States are expanded in the order of their discovery, and the actions of a state in the order of `enabled`. So the first
//! witness of a property has the fewest steps, and it is the same one on every machine. A search runs in slices of a
//! budget: between two of them it can report, be cancelled, or let others use the thread. It calls itself complete only
//! when no state is left to expand. Otherwise it names the bound that stopped it.
//!
//! This file is only about the order. The successors of a state come from a [`Worker`], the states seen so far are in the
//! visited set, and the path to each state is in the log.

use super::estimate::estimate;
use super::log::Log;
use super::round::{Round, Rules};
use super::visited::Visited;
use crate::cache::{NONE, PartialOrder, Saturation};
use crate::model::State;
use crate::width::{low_u32, to_u16, to_u32};
use crate::{
    Commuting, Factored, Full, Handle, Key, Monotone, Passed, PropertySet, Rounds, Space, Successors,
    Symmetric, System, Worker,
};

/// Where a search has to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most states kept.
    pub states: u32,
    /// Most bytes of memory that the search may use.
    pub bytes: u64,
    /// Steps that show one of these properties are recorded, but not followed: the states after them are not
    /// explored. Empty for a full search.
    pub avoid: PropertySet,
    /// The search stops as soon as one of these properties has been seen. Empty for a full search.
    pub stop_at: PropertySet,
    /// How many threads to use, where levels are large. What is found does not depend on it. In wasm there is only one.
    pub threads: u8,
    /// Whether states that differ only in names count as one ([`Symmetric`]). Neither the properties that show nor the
    /// lengths of the shortest paths depend on it.
    pub symmetry: bool,
    /// Whether a [reduced](Search::reduced) search leaves out orders of steps that make no difference.
    pub partial_orders: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            states: 50_000_000,
            bytes: 4 << 30,
            avoid: PropertySet::NONE,
            stop_at: PropertySet::NONE,
            threads: 1,
            symmetry: true,
            partial_orders: true,
        }
    }
}

/// What kept a search from being complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// As many states as allowed.
    States,
    /// As much memory as allowed.
    Bytes,
    /// What was asked for has been seen.
    Found,
    /// The system reached one of its own limits ([`System::truncated`]). Every state that it reported has been
    /// expanded, but there may be more.
    System,
}

/// Whether a search is done, and how it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// There is more to do.
    Running,
    /// Every reachable state has been expanded (up to `avoid`).
    Complete,
    /// It stopped early, for this reason.
    Bounded(Bound),
}

/// Figures of a search so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Distinct states found.
    pub states: u32,
    /// States not yet expanded.
    pub frontier: u32,
    /// Transitions computed, those that lead to known states included.
    pub transitions: u64,
    /// Steps from the initial state to the states being expanded.
    pub depth: u32,
    /// Memory in use, in bytes. The frontier is small and not counted.
    pub bytes: u64,
    /// Properties seen.
    pub seen: PropertySet,
    /// Whether the search is done, and how it has ended.
    pub completeness: Completeness,
}

/// Where a property was seen first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// The state, by its number in the order of discovery.
    pub(super) state: u32,
    /// The place of the action taken there; `None` if the state itself shows the property.
    pub(super) action: Option<u16>,
}

/// How many states are expanded before all their successors are looked up together in the visited set.
const CHUNK: u8 = 32;

/// A state may well have so many new successors.
const NEAR: u32 = 16;

/// Whether there are threads. A program without them needs no code for their rounds either.
const THREADS: bool = !cfg!(target_family = "wasm");

/// The fewest and the most states that are worth a round of several threads.
const ROUND: std::ops::RangeInclusive<usize> = 2_048..=32_768;

/// A search under way. `H` is how it holds its system: `&S` or `Arc<S>`.
pub struct Search<H: Handle> {
    pub(super) space: Space<H>,
    /// One for each thread.
    workers: Vec<Worker<H>>,
    limits: Limits,
    /// How gains are taken, if the states are saturated.
    pub(super) saturation: Option<Saturation<H>>,
    visited: Visited,
    /// For several threads.
    round: Round,
    pub(super) log: Log,
    /// The states at the present depth, of which `next` is the next to be expanded; and those one step further.
    level: Vec<Key>,
    next: usize,
    deeper: Vec<Key>,
    /// How many states have been expanded.
    expanded: u32,
    /// The memory in use is measured when so many states have been expanded. Then: what it was the last time, and how many
    /// states had been expanded by then. Last: how many states may be expanded before the next time.
    weigh_at: u32,
    weighed: (u64, u32),
    stride: u32,
    depth: u32,
    /// How many states there are at each depth, up to the present one.
    widths: Vec<u32>,
    transitions: u64,
    properties: PropertySet,
    pub(super) seen: [Option<Seen>; 32],
    /// The first state found in which a complete execution ends that shows none of `avoid`.
    pub(super) ended: Option<u32>,
    completeness: Completeness,
    /// The successors of the states of a chunk, where those of each state begin, and to which state each belongs.
    successors: Successors,
    starts: Vec<usize>,
    owners: Vec<u8>,
    /// The canonical keys of these successors, if the search uses symmetry.
    canonical: Vec<Key>,
    /// All states expanded, in their order, if some might go round for ever.
    order: Vec<Key>,
}

/// The most states that are expanded between two measurements of the memory in use.
const WEIGH: u32 = 512;

/// Between two measurements the memory may grow by the limit divided by this.
const LOOKS: u64 = 64;

impl<H: Handle<System: Symmetric>> Search<H> {
    /// A search that has seen only the initial state.
    #[must_use]
    pub fn new(system: H, limits: Limits) -> Search<H> {
        Search::made(system, limits, None, None)
    }

    /// A search of saturated states alone ([`Monotone`]): each step is followed by all gains that it makes possible.
    /// The properties that show are the same as in a full search. The states are fewer, and paths are longer: a witness
    /// is an execution, and not a shortest one. If `limits.avoid` has a property that is not [`Monotone::steady`],
    /// saturated states would not give the answer, and the search is a full one.
    #[must_use]
    pub fn saturated(system: H, limits: Limits) -> Search<H>
    where
        H::System: Monotone,
    {
        let steady = system.system().steady().contains(limits.avoid);
        let how = steady.then(|| Saturation::new(limits.avoid));
        Search::made(system, limits, how, None)
    }

    /// A search of saturated states that does not try all orders either: if it makes no difference which step comes
    /// first ([`Commuting`]), it follows only one order. It finds the properties of a full search, and a complete
    /// execution without some property if there is one. `limits.partial_orders` can switch this off.
    #[must_use]
    pub fn reduced(system: H, limits: Limits) -> Search<H>
    where
        H::System: Monotone + Commuting,
    {
        let steady = system.system().steady().contains(limits.avoid);
        let how = steady.then(|| Saturation::new(limits.avoid));
        let order = how.filter(|_| limits.partial_orders);
        let order = order.and_then(|_| PartialOrder::new(system.system(), limits.avoid));
        Search::made(system, limits, how, order)
    }

    fn made(
        system: H,
        limits: Limits,
        saturation: Option<Saturation<H>>,
        order: Option<PartialOrder<H>>,
    ) -> Search<H> {
        let limits =
            Limits { symmetry: limits.symmetry && !system.system().renamings().is_empty(), ..limits };
        let mut space = Space::new(system);
        let threads = if THREADS { limits.threads.max(1) } else { 1 };
        let mut workers: Vec<Worker<H>> =
            (0..threads).map(|_| Worker::reducing(&space, saturation, order)).collect();
        // The keys may not have enough bits yet for what is gained.
        let (initial, shown) = loop {
            match workers[0].saturate(&space, space.initial()) {
                Ok(saturated) => break saturated,
                Err(Full) => {
                    let moved = space.grow(std::iter::once(space.initial()));
                    workers.iter_mut().for_each(|worker| worker.follow(&space, &moved));
                }
            }
        };
        let mut visited = Visited::default();
        visited.insert(&[initial], |_| ());
        let mut search = Search {
            workers,
            space,
            limits,
            saturation,
            visited,
            round: Round::default(),
            log: Log::default(),
            level: vec![initial],
            next: 0,
            deeper: Vec::new(),
            expanded: 0,
            weigh_at: 0,
            weighed: (0, 0),
            stride: 1,
            depth: 0,
            widths: vec![1],
            transitions: 0,
            properties: PropertySet::NONE,
            seen: [None; 32],
            ended: None,
            completeness: Completeness::Running,
            successors: Successors::default(),
            starts: Vec::new(),
            owners: Vec::new(),
            canonical: Vec::new(),
            order: Vec::new(),
        };
        search.note(shown, 0, None);
        search
    }

    /// Expands up to `budget` states.
    pub fn run(&mut self, budget: u32) -> Completeness {
        let mut left = budget as usize;
        while left > 0 && self.completeness == Completeness::Running {
            if self.next == self.level.len() {
                if !self.space.system().may_go_round().is_empty() {
                    self.order.append(&mut self.level);
                    self.next = 0;
                }
                if self.deeper.is_empty() {
                    self.look_for_rounds();
                    let beyond = self.properties.intersects(self.space.system().truncated());
                    self.completeness =
                        if beyond { Completeness::Bounded(Bound::System) } else { Completeness::Complete };
                    break;
                }
                std::mem::swap(&mut self.level, &mut self.deeper);
                self.deeper.clear();
                self.next = 0;
                self.depth += 1;
                self.widths.push(to_u32(self.level.len()));
            }
            let ahead = (self.level.len() - self.next).min(left);
            // Near its bound a search goes state by state, and so does one that stops at something.
            let room = (self.limits.states.saturating_sub(self.visited.len()) / NEAR) as usize;
            let round = ahead.min(*ROUND.end()).min(room).min(self.stride as usize);
            if THREADS && self.workers.len() > 1 && round >= *ROUND.start() && self.limits.stop_at.is_empty()
            {
                left -= round;
                self.expand_round(round);
            } else {
                let most = ahead.min(room.max(1)).min(self.stride as usize);
                let chunk = u8::try_from(most).map_or(CHUNK, |most| most.min(CHUNK));
                left -= usize::from(chunk);
                self.expand(chunk);
            }
            if self.completeness == Completeness::Running {
                if self.visited.len() >= self.limits.states {
                    self.completeness = Completeness::Bounded(Bound::States);
                } else if self.expanded >= self.weigh_at {
                    self.weigh();
                }
            }
        }
        self.completeness
    }

    /// All states are known: whether one of them goes round for ever. Those that were found last are looked at first, since
    /// what comes to something leads to what is known to.
    fn look_for_rounds(&mut self) {
        let mut known = Rounds::default();
        let mut first = None;
        for (number, &key) in self.order.iter().enumerate().rev() {
            let shown = self.space.system().goes_round(&self.space.state(key), &mut known);
            if !shown.is_empty() {
                first = Some((shown, to_u32(number)));
            }
        }
        if let Some((shown, number)) = first {
            self.note(shown, number, None);
        }
    }

    /// Measures the memory in use. The more memory a state has taken since the last time, the sooner comes the next time,
    /// so that the search exceeds its limit by a small part at most.
    fn weigh(&mut self) {
        let (memory, (before, then)) = (self.memory(), self.weighed);
        if memory >= self.limits.bytes {
            self.completeness = Completeness::Bounded(Bound::Bytes);
        }
        let each = memory.saturating_sub(before) / u64::from(self.expanded - then).max(1);
        let states = self.limits.bytes / LOOKS / each.max(1);
        self.stride = low_u32(states.clamp(1, *ROUND.end() as u64));
        self.weigh_at = self.expanded + self.stride.min(WEIGH);
        self.weighed = (memory, self.expanded);
    }

    /// Runs until the search is complete or bounded.
    pub fn run_to_end(&mut self) -> Completeness {
        while self.run(u32::MAX) == Completeness::Running {}
        self.completeness
    }

    /// Ends the search early, because the caller knows enough.
    pub fn stop(&mut self) {
        if self.completeness == Completeness::Running {
            self.completeness = Completeness::Bounded(Bound::Found);
        }
    }

    /// Expands the next states of the level and puts what they lead to into the visited set.
    fn expand(&mut self, chunk: u8) {
        self.successors.clear();
        self.starts.clear();
        self.owners.clear();
        self.canonical.clear();
        let mut room = Ok(());
        for at in 0..chunk {
            if self.completeness != Completeness::Running || room.is_err() {
                break;
            }
            room = self.expand_one(at);
        }
        let Search { visited, log, successors, starts, owners, deeper, canonical, limits, .. } = self;
        let keys = &successors.keys;
        let mut new = [0; CHUNK as usize];
        visited.insert(if limits.symmetry { canonical } else { keys }, |place| {
            let state = usize::from(owners[place]);
            log.reached(to_u16(place - starts[state]));
            deeper.push(keys[place]);
            new[state] += 1;
        });
        new[..starts.len()].iter().for_each(|&new| log.expanded(new));
        self.next += starts.len();
        self.expanded += to_u32(starts.len());
        if room.is_err() {
            self.grow();
        }
    }

    /// Appends what leads out of the state that lies `at` states further in the level.
    fn expand_one(&mut self, at: u8) -> Result<(), Full> {
        let state = self.expanded + u32::from(at);
        let start = self.successors.len();
        let key = self.level[self.next + usize::from(at)];
        let worker = &mut self.workers[0];
        let mut shown = worker.expand(&self.space, key, &mut self.successors);
        if self.limits.symmetry && shown.is_ok() {
            for &successor in &self.successors.keys[start..] {
                if successor == NONE {
                    self.canonical.push(NONE);
                    continue;
                }
                match worker.canonical(&self.space, successor) {
                    Ok(key) => self.canonical.push(key),
                    Err(Full) => shown = Err(Full),
                }
            }
        }
        let Ok(shown) = shown else {
            self.successors.truncate(start);
            self.canonical.truncate(start);
            return Err(Full);
        };
        self.note(shown.properties, state, None);
        if shown.ended && self.ended.is_none() && !shown.properties.intersects(self.limits.avoid) {
            self.ended = Some(state);
        }
        let mind = self.limits.avoid | self.limits.stop_at;
        if !self.properties.contains(shown.steps) || shown.steps.intersects(mind) {
            self.note_steps(state, start);
        } else if self.completeness != Completeness::Running {
            self.successors.truncate(start);
        }
        let end = self.successors.len();
        self.canonical.truncate(end);
        self.transitions += ((end - start) as u64).saturating_sub(shown.put_off.into());
        self.starts.push(start);
        self.own(end, at);
        Ok(())
    }

    /// Notes that the successors up to `end` belong to a state of the chunk.
    #[inline]
    fn own(&mut self, end: usize, state: u8) {
        // There are few as a rule. A fixed number is written, since a branch on how many there are would
        // be mispredicted.
        self.owners.extend_from_slice(&[state; NEAR as usize]);
        self.owners.resize(end, state);
    }

    /// Notes what the steps out of a state show. Its successors begin at `start`. Those after the step at which the search
    /// stops are dropped, and those that are to be avoided are not followed.
    fn note_steps(&mut self, state: u32, start: usize) {
        let first = self.successors.marked.partition_point(|&(place, _)| (place as usize) < start);
        let mut end = if self.completeness == Completeness::Running { self.successors.len() } else { start };
        for at in first..self.successors.marked.len() {
            let (place, properties) = self.successors.marked[at];
            let place = place as usize;
            if place >= end {
                break;
            }
            self.note(properties, state, Some(to_u16(place - start)));
            if properties.intersects(self.limits.avoid) {
                let keys = if self.limits.symmetry { &mut self.canonical } else { &mut self.successors.keys };
                keys[place] = NONE;
            }
            if self.completeness != Completeness::Running {
                end = place + 1;
            }
        }
        self.successors.truncate(end);
    }

    /// Expands the next states of the level with all threads. Nothing stops it half-way.
    fn expand_round(&mut self, states: usize) {
        let Search { space, workers, visited, round, log, deeper, limits, .. } = self;
        let rules = Rules { avoid: limits.avoid, known: self.properties, symmetry: limits.symmetry };
        let level = &self.level[self.next..self.next + states];
        let Ok(chunks) = round.expand(space, workers, visited, level, rules) else {
            return self.grow();
        };
        let mut first = self.expanded;
        let mut noted = Vec::new();
        for chunk in chunks {
            noted
                .extend(chunk.noted.iter().map(|&(at, action, properties)| (first + at, action, properties)));
            self.ended = self.ended.or(chunk.ended.map(|at| first + at));
            self.transitions += chunk.transitions;
            chunk.hand_over(log, deeper);
            first += to_u32(chunk.states);
        }
        for (state, action, properties) in noted {
            self.note(properties, state, action);
        }
        self.next += states;
        self.expanded += to_u32(states);
    }

    /// Makes the keys long enough for the new values.
    #[cold]
    fn grow(&mut self) {
        let Search { space, workers, visited, level, deeper, order, limits, .. } = self;
        loop {
            let known = visited.keys().chain(level.iter().chain(deeper.iter()).chain(order.iter()).copied());
            let moved = space.grow(known);
            workers.iter_mut().for_each(|worker| worker.follow(space, &moved));
            let lists = level.iter_mut().chain(deeper.iter_mut()).chain(order.iter_mut());
            lists.for_each(|key| *key = space.moved(&moved, *key));
            visited.replace(visited.keys().map(|key| space.moved(&moved, key)).collect());
            if !limits.symmetry {
                return;
            }
            // All keys have changed, and with them perhaps which ones are canonical.
            let canonical: Result<Vec<Key>, Full> =
                visited.keys().map(|key| workers[0].canonical(space, key)).collect();
            if let Ok(canonical) = canonical {
                return visited.replace(canonical);
            }
        }
    }

    #[inline]
    fn note(&mut self, properties: PropertySet, state: u32, action: Option<u16>) {
        let new = PropertySet(properties.0 & !self.properties.0);
        if !new.is_empty() {
            for number in new.iter() {
                self.seen[number as usize] = Some(Seen { state, action });
            }
            self.properties |= new;
        }
        if properties.intersects(self.limits.stop_at) {
            self.completeness = Completeness::Bounded(Bound::Found);
        }
    }

    fn memory(&self) -> u64 {
        let workers: u64 = self.workers.iter().map(Worker::memory).sum();
        let order = (self.order.capacity() * size_of::<Key>()) as u64;
        self.visited.memory()
            + self.log.memory()
            + self.space.memory()
            + workers
            + self.round.memory()
            + order
    }

    /// Figures so far.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            states: self.visited.len(),
            frontier: self.visited.len() - self.expanded,
            transitions: self.transitions,
            depth: self.depth,
            bytes: self.memory(),
            seen: self.properties,
            completeness: self.completeness,
        }
    }

    /// How many states there are at each depth, as far as that is known: up to the depth of the states being expanded.
    #[must_use]
    pub fn widths(&self) -> &[u32] {
        &self.widths
    }

    /// How many states there will be in all, estimated from how many there are at each depth; nothing if that can't be told
    /// yet, as long as there are more at each depth than at the one before. An estimate is no bound: there may be more, or
    /// fewer.
    #[must_use]
    pub fn estimate(&self) -> Option<u64> {
        estimate(&self.widths).map(|states| states.max(self.visited.len().into()))
    }

    /// Whether a complete execution was found that shows nothing of `limits.avoid`.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended.is_some()
    }

    /// Whether `is` says yes to some value (as the bytes of [`Factored::pack_part`](crate::Factored::pack_part)) that a
    /// part has had in some state so far.
    #[must_use]
    pub fn any_value(&self, part: u32, is: impl FnMut(&[u8]) -> bool) -> bool {
        self.space.values().of(part as usize).any(is)
    }

    /// The places of the system's program that some step has reached so far ([`Sink::passed`](crate::Sink::passed)).
    #[must_use]
    pub fn passed(&self) -> Passed {
        let mut all = Passed::default();
        self.workers.iter().for_each(|worker| all.add(worker.passed()));
        all
    }

    /// All states found so far, in no particular order. If the search uses symmetry, one stands for all that differ from it in
    /// names only.
    pub fn states(&self) -> impl Iterator<Item = State<H>> {
        self.visited.keys().map(|key| self.space.state(key))
    }

    /// All states found, in no particular order, with their space.
    pub(crate) fn into_states(self) -> (Space<H>, Vec<Key>) {
        (self.space, self.visited.keys().collect())
    }
}
