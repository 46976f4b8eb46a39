//! A distributed search: its states lie in several processes, with the result that one process would have.
//!
//! Each state belongs to one member of a [`Team`], which the hash of the state points at. The search goes level by
//! level, and a level round by round. In a round each member expands those of the next states that it owns, and sends
//! their successors to the owners. An owner sorts what it gets into the order in which one process would have found it:
//! by the number of the state that leads there, and the place of the action. New states are announced to all members,
//! so that each owner can number its own as one process would have numbered them. So states, transitions, lengths and
//! witnesses are the same for any number of members, in reduced searches too.
//!
//! All members know the same about the search as a whole, and decide alike: none is asked what to do next. Each keeps its own
//! numbers for the values of parts. Each that learns a value, by itself or from another, tells the others its bytes once.

mod kept;
mod letters;
mod owners;
mod paths;
mod round;
mod team;

use super::breadth_first::Seen;
use super::estimate::estimate;
use super::visited::{Recent, Visited};
use super::witness::schedule;
use super::{Bound, Completeness, Exploration, Limits, Progress, Witness};
use crate::cache::{PartialOrder, Saturation};
use crate::model::{Action, State};
use crate::width::to_u32;
use crate::{
    Commuting, Factored, Full, Handle, Key, Monotone, Passed, PropertySet, Rounds, Space, Successors,
    Symmetric, System, Worker,
};
use letters::{Letter, Reached, Reader, Tally};
use owners::Owners;
use std::collections::BTreeSet;
pub use team::{Shared, Team};

/// The most states of a round, for each member: what they lead to is in memory at once.
const ROUND: usize = 16_384;

/// A state may well have so many new successors (see `breadth_first.rs`).
const NEAR: u32 = 16;

/// A state that has been reached, and is perhaps not new.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    reached: Reached,
    key: Key,
}

/// How each state of this member was first reached. States are numbered in the order of their discovery by all members.
#[derive(Debug, Default)]
struct OwnLog {
    /// Ascending.
    numbers: Vec<u32>,
    /// The state that led there, and the place of the action.
    parents: Vec<u32>,
    actions: Vec<u16>,
    /// The states themselves, if some might go round for ever.
    keys: Vec<Key>,
}

/// A member's part of a search.
pub struct Apart<H: Handle> {
    team: Shared,
    me: usize,
    /// The number that levels are kept under.
    search: u32,
    space: Space<H>,
    worker: Worker<H>,
    limits: Limits,
    saturation: Option<Saturation<H>>,
    /// Whether orders of steps are left out.
    ordered: bool,
    owners: Owners,
    /// How many values of each part the others have been told.
    told: Vec<u32>,
    /// For each member and each part, the own number of each value that it has told.
    heard: Vec<Vec<Vec<u32>>>,
    /// How many values of each part have been kept with a level.
    saved: Vec<u32>,
    visited: Visited,
    /// What has been sent to other members lately.
    sent: Recent,
    log: OwnLog,
    /// The own states of the present level and of the next, with their numbers, which ascend.
    level: Vec<(u32, Key)>,
    deeper: Vec<(u32, Key)>,
    /// Of all members: the number of the state that is expanded next, the end of the level, and how many states there are.
    next: u32,
    end: u32,
    states: u32,
    depth: u32,
    widths: Vec<u32>,
    transitions: u64,
    /// The most memory that a member uses.
    bytes: u64,
    properties: PropertySet,
    seen: [Option<Seen>; 32],
    ended: Option<u32>,
    completeness: Completeness,
    /// The paths to what has been seen, and to where an execution has ended, as far as they have been asked for.
    paths: [Option<Vec<u16>>; 33],
    /// What the members have passed in earlier runs, or have told.
    passed: Passed,
    successors: Successors,
    scratch: State<H>,
}

/// The place of the path to an end among the paths.
const END: usize = 32;

impl<H: Handle<System: Symmetric + Monotone + Commuting>> Exploration<H> for Apart<H> {
    type Means = Shared;

    fn begin(means: &Shared, system: H, limits: Limits, reduced: bool) -> Apart<H> {
        let steady = reduced && system.system().steady().contains(limits.avoid);
        let saturation = steady.then(|| Saturation::new(limits.avoid));
        let order = saturation.filter(|_| limits.partial_orders);
        let order = order.and_then(|_| PartialOrder::new(system.system(), limits.avoid));
        let mut search = Apart::made(means.clone(), system, limits, saturation, order);
        search.open();
        search
    }

    fn run(&mut self, budget: u32) -> Completeness {
        let mut left = budget;
        while left > 0 && self.completeness == Completeness::Running {
            if self.next == self.end && !self.go_deeper() {
                break;
            }
            let room = (self.limits.states.saturating_sub(self.states) / NEAR).max(1);
            let most = to_u32(ROUND.saturating_mul(self.heard.len()));
            let round = (self.end - self.next).min(left).min(room).min(most);
            left -= round;
            self.round(round);
            if self.completeness == Completeness::Running {
                if self.states >= self.limits.states {
                    self.completeness = Completeness::Bounded(Bound::States);
                } else if self.bytes >= self.limits.bytes {
                    self.completeness = Completeness::Bounded(Bound::Bytes);
                }
            }
        }
        // Who avoids something asks for an end as soon as there is one.
        let asked = !self.limits.avoid.is_empty() && self.paths[END].is_none();
        if self.completeness != Completeness::Running || asked && self.ended.is_some() {
            self.trace();
        }
        self.completeness
    }

    fn stop(&mut self) {
        if self.completeness == Completeness::Running {
            self.completeness = Completeness::Bounded(Bound::Found);
            self.trace();
        }
    }

    fn progress(&self) -> Progress {
        Progress {
            states: self.states,
            frontier: self.states - self.next,
            transitions: self.transitions,
            depth: self.depth,
            bytes: self.bytes,
            seen: self.properties,
            completeness: self.completeness,
        }
    }

    fn estimate(&self) -> Option<u64> {
        estimate(&self.widths).map(|states| states.max(self.states.into()))
    }

    fn ended(&self) -> bool {
        self.ended.is_some()
    }

    fn witness(&self, property: u8) -> Option<Witness<Action<H>>> {
        let path = self.paths[..END].get(property as usize)?.as_ref()?;
        let wanted = |shown: PropertySet| shown.intersects(PropertySet::one(property));
        schedule(self.space.system(), self.saturation, path, wanted)
    }

    fn ending(&self) -> Option<Witness<Action<H>>> {
        schedule(self.space.system(), self.saturation, self.paths[END].as_ref()?, |_| false)
    }

    fn passed(&self) -> Passed {
        self.all_passed()
    }

    fn any_value(&self, part: u32, is: impl FnMut(&[u8]) -> bool) -> bool {
        self.space.values().of(part as usize).any(is)
    }

    fn gather(&self, of: impl Fn(&State<H>) -> Option<Vec<u64>>) -> BTreeSet<Vec<u64>> {
        let mut all: BTreeSet<Vec<u64>> =
            self.visited.keys().filter_map(|key| of(&self.space.state(key))).collect();
        let mut letter = Letter::default();
        letter.count(all.len());
        for one in &all {
            letter.count(one.len());
            one.iter().for_each(|&word| letter.number(word));
        }
        for letter in exchange_all(&self.team, &letter) {
            let mut reader = Reader(&letter);
            let mut read = || -> Option<BTreeSet<Vec<u64>>> {
                let one = |reader: &mut Reader<'_>| (0..reader.count()?).map(|_| reader.number()).collect();
                (0..reader.count()?).map(|_| one(&mut reader)).collect()
            };
            all.extend(legible(&self.team, read()));
        }
        all
    }
}

/// The same letter to all; theirs, in the order of the members.
fn exchange_all(team: &Shared, letter: &Letter) -> Vec<Vec<u8>> {
    let mut team = team.borrow_mut();
    let (me, size) = (team.index(), team.size());
    let mut answers = team.exchange(vec![letter.0.clone(); size]);
    answers.remove(me);
    answers
}

/// What was read of a letter.
fn legible<T>(team: &Shared, read: Option<T>) -> T {
    match read {
        Some(read) => read,
        None => {
            team.borrow_mut().fail("a process has sent what this one can't read; are all of one version?")
        }
    }
}

impl<H: Handle<System: Symmetric>> Apart<H> {
    fn made(
        team: Shared,
        system: H,
        limits: Limits,
        saturation: Option<Saturation<H>>,
        order: Option<PartialOrder<H>>,
    ) -> Apart<H> {
        let limits =
            Limits { symmetry: limits.symmetry && !system.system().renamings().is_empty(), ..limits };
        let space = Space::new(system);
        let (me, size) = (team.borrow().index(), team.borrow().size());
        let parts = space.parts();
        Apart {
            me,
            search: 0,
            worker: Worker::reducing(&space, saturation, order),
            owners: Owners::new(&space, size, limits.symmetry),
            limits,
            saturation,
            ordered: order.is_some(),
            told: vec![0; parts],
            heard: vec![vec![Vec::new(); parts]; size],
            saved: vec![0; parts],
            visited: Visited::default(),
            sent: Recent::default(),
            log: OwnLog::default(),
            level: Vec::new(),
            deeper: Vec::new(),
            next: 0,
            end: 0,
            states: 0,
            depth: 0,
            widths: Vec::new(),
            transitions: 0,
            bytes: 0,
            properties: PropertySet::NONE,
            seen: [None; 32],
            ended: None,
            completeness: Completeness::Running,
            paths: [const { None }; 33],
            passed: Passed::default(),
            successors: Successors::default(),
            scratch: space.system().initial(),
            space,
            team,
        }
    }

    /// The initial state, which is the first level.
    fn start(&mut self) {
        let (initial, shown) = loop {
            match self.worker.saturate(&self.space, self.space.initial()) {
                Ok(saturated) => break saturated,
                Err(Full) => self.grow(&mut [], &[self.space.initial()]),
            }
        };
        let mut candidates = vec![Candidate { reached: (0, 0), key: initial }];
        if self.owner(initial) == self.me {
            self.add_new(&mut candidates);
            self.add(0, candidates[0].reached, candidates[0].key);
        }
        (self.states, self.end) = (1, 1);
        self.widths.push(1);
        std::mem::swap(&mut self.level, &mut self.deeper);
        self.note(shown, 0, None);
    }

    /// The places that the members have passed, as far as they have told.
    fn all_passed(&self) -> Passed {
        let mut all = self.passed.clone();
        all.add(self.worker.passed());
        all
    }

    fn owner(&mut self, key: Key) -> usize {
        let mut parts = vec![0; self.space.parts()];
        self.space.values().unfold(self.space.layout(), key, &mut parts);
        self.owners.of(&self.space, &parts)
    }

    /// A level has been expanded: goes on to the next one, if there is one.
    fn go_deeper(&mut self) -> bool {
        if self.states == self.end {
            self.look_for_rounds();
            let beyond = self.properties.intersects(self.space.system().truncated());
            self.completeness =
                if beyond { Completeness::Bounded(Bound::System) } else { Completeness::Complete };
            return false;
        }
        std::mem::swap(&mut self.level, &mut self.deeper);
        self.deeper.clear();
        self.depth += 1;
        self.widths.push(self.states - self.end);
        self.end = self.states;
        self.save();
        true
    }

    /// Adds what all members tell of a round.
    fn count(&mut self, mut tally: Tally) {
        self.transitions += tally.transitions;
        self.bytes = tally.bytes;
        self.ended = self.ended.or(tally.ended);
        // The state itself comes before its steps.
        tally.noted.sort_unstable_by_key(|noted| (noted.0, noted.1));
        for (state, action, properties) in tally.noted {
            self.note(properties, state, action);
        }
    }

    fn note(&mut self, properties: PropertySet, state: u32, action: Option<u16>) {
        let new = PropertySet(properties.0 & !self.properties.0);
        for number in new.iter() {
            self.seen[number as usize] = Some(Seen { state, action });
        }
        self.properties |= new;
        if properties.intersects(self.limits.stop_at) {
            self.completeness = Completeness::Bounded(Bound::Found);
        }
    }

    /// Makes the keys long enough for the new values.
    #[cold]
    fn grow(&mut self, candidates: &mut [Candidate], others: &[Key]) {
        let Apart { space, worker, visited, level, deeper, log, limits, .. } = self;
        self.sent.clear();
        loop {
            let lists = level.iter().chain(deeper.iter()).map(|state| state.1);
            let met = candidates.iter().map(|candidate| candidate.key);
            let known = visited.keys().chain(lists).chain(met).chain(log.keys.iter().copied());
            let moved = space.grow(known.chain(others.iter().copied()));
            worker.follow(space, &moved);
            let lists = level.iter_mut().chain(deeper.iter_mut()).map(|state| &mut state.1);
            let met = candidates.iter_mut().map(|candidate| &mut candidate.key);
            lists.chain(met).chain(&mut log.keys).for_each(|key| *key = space.moved(&moved, *key));
            visited.replace(visited.keys().map(|key| space.moved(&moved, key)).collect());
            if !limits.symmetry {
                return;
            }
            let canonical: Result<Vec<Key>, Full> =
                visited.keys().map(|key| worker.canonical(space, key)).collect();
            if let Ok(canonical) = canonical {
                return visited.replace(canonical);
            }
        }
    }

    fn memory(&self) -> u64 {
        let log = 10 * self.log.numbers.len() + 8 * self.log.keys.len();
        let levels = 16 * (self.level.capacity() + self.deeper.capacity());
        self.visited.memory() + self.space.memory() + self.worker.memory() + (log + levels) as u64
    }

    /// All states are known: whether one of them goes round for ever (see `breadth_first.rs`).
    fn look_for_rounds(&mut self) {
        if self.space.system().may_go_round().is_empty() {
            return;
        }
        let mut known = Rounds::default();
        let mut first: Option<(u32, PropertySet)> = None;
        for (&number, &key) in self.log.numbers.iter().zip(&self.log.keys).rev() {
            let shown = self.space.system().goes_round(&self.space.state(key), &mut known);
            if !shown.is_empty() {
                first = Some((number, shown));
            }
        }
        let mut letter = Letter::default();
        letter.maybe(first.map(|first| first.0));
        letter.number(first.map_or(0, |first| first.1.0.into()));
        for letter in exchange_all(&self.team, &letter) {
            let mut reader = Reader(&letter);
            let mut read = || Some((reader.maybe()?, reader.properties()?));
            let (number, shown) = legible(&self.team, read());
            let theirs = number.map(|number| (number, shown));
            first = [first, theirs].into_iter().flatten().min_by_key(|first| first.0);
        }
        if let Some((number, shown)) = first {
            self.note(shown, number, None);
        }
    }
}
