//! A round: some states of a level, expanded by several threads, with the result that one thread would have.
//!
//! A round has three phases. First, each thread expands a chunk of states at a time, and sorts their successors by the shard
//! of the visited set that they belong to. Second, each thread fills a shard at a time, with the successors in the order
//! of the states. So of several paths to a new state the same one comes first as with one thread. Third, the new states
//! are brought back into the order of the states that led to them, again a chunk at a time. The numbers of states, the
//! lengths and the witnesses are therefore the same for any number of threads.

use super::log::Log;
use super::visited::{Recent, SHARDS, Shard, Visited, shard_of};
use crate::cache::NONE;
use crate::width::{to_u16, to_u32};
use crate::{Full, Handle, Key, Observed, PropertySet, Space, Successors, Symmetric, Worker};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, RwLock};

/// The fewest and the most states that a thread takes at a time: the more there are, the more keys a shard gets at
/// once; but no thread should have to wait long for another.
const CHUNK: std::ops::RangeInclusive<usize> = 128..=1_024;

/// How many times a thread takes some in a round, as a rule.
const TURNS: usize = 8;

/// The successors of some states.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// How many states it has.
    pub(crate) states: usize,
    successors: Successors,
    /// For each state, where its successors end.
    ends: Vec<u32>,
    /// What shows: the state's place in the chunk, the action's place, and what.
    pub(crate) noted: Vec<(u32, Option<u16>, PropertySet)>,
    /// The place of the first state in which a complete execution ends that shows nothing to be avoided.
    pub(crate) ended: Option<u32>,
    pub(crate) transitions: u64,
    /// The canonical keys of the successors, if the search uses symmetry.
    canonical: Vec<Key>,
    /// The successors that have not been met recently, with their places among all.
    waiting: Vec<(Key, u32)>,
    /// The same by shard; then those of them that are new.
    shards: [Mutex<Vec<(Key, u32)>>; SHARDS],
    /// Which successors are new, as a set of bits.
    new: Vec<u64>,
    /// The new states in their order, the place of the action that led to each, and how many each state led to.
    reached: Vec<Key>,
    actions: Vec<u16>,
    counts: Vec<u16>,
}

impl Chunk {
    fn clear(&mut self) {
        self.successors.clear();
        self.ends.clear();
        self.noted.clear();
        self.canonical.clear();
        self.shards.iter_mut().for_each(|shard| whole(shard.get_mut()).clear());
        (self.states, self.ended, self.transitions) = (0, None, 0);
    }

    /// Expands its states.
    fn expand<H: Handle<System: Symmetric>>(
        &mut self,
        space: &Space<H>,
        worker: &mut Worker<H>,
        recent: &mut Recent,
        states: &[Key],
        rules: Rules,
    ) -> Result<(), Full> {
        self.clear();
        self.states = states.len();
        for (at, &key) in (0..).zip(states) {
            let start = self.successors.len();
            let Observed { properties, ended, steps, put_off } =
                worker.expand(space, key, &mut self.successors)?;
            if !rules.known.contains(properties) {
                self.noted.push((at, None, properties));
            }
            if ended && self.ended.is_none() && !properties.intersects(rules.avoid) {
                self.ended = Some(at);
            }
            if !rules.known.contains(steps) || steps.intersects(rules.avoid) {
                self.note_steps(at, start, rules);
            }
            self.ends.push(to_u32(self.successors.len()));
            self.transitions += (self.successors.len() - start) as u64 - u64::from(put_off);
        }
        if rules.symmetry {
            for &key in &self.successors.keys {
                self.canonical.push(if key == NONE { NONE } else { worker.canonical(space, key)? });
            }
        }
        // A thread's chunks follow one another, so what it has met has been met before.
        let keys = if rules.symmetry { &self.canonical } else { &self.successors.keys };
        recent.pick_new(keys, &mut self.waiting);
        let shards = self.shards.each_mut().map(|shard| whole(shard.get_mut()));
        for &(key, place) in &self.waiting {
            shards[shard_of(key)].push((key, place));
        }
        Ok(())
    }

    /// Notes what the steps out of a state show. Its successors begin at `start`; those to be avoided are not followed.
    fn note_steps(&mut self, at: u32, start: usize, rules: Rules) {
        let Successors { keys, marked } = &mut self.successors;
        let first = marked.partition_point(|&(place, _)| (place as usize) < start);
        for &(place, properties) in &marked[first..] {
            let action = place as usize - start;
            if !rules.known.contains(properties) {
                self.noted.push((at, Some(to_u16(action)), properties));
            }
            if properties.intersects(rules.avoid) {
                keys[place as usize] = NONE;
            }
        }
    }

    /// Puts what belongs to a shard there, and keeps what is new.
    fn fill(&self, number: usize, shard: &mut Shard) {
        let mut mine = whole(self.shards[number].lock());
        shard.insert(&mut mine);
    }

    /// Brings what is new into its order.
    fn settle(&mut self) {
        self.new.clear();
        self.new.resize(self.successors.len().div_ceil(64), 0);
        for shard in &mut self.shards {
            for &(_, place) in whole(shard.get_mut()).iter() {
                self.new[place as usize / 64] |= 1 << (place % 64);
            }
        }
        self.reached.clear();
        self.actions.clear();
        self.counts.clear();
        self.counts.resize(self.ends.len(), 0);
        let (mut state, mut start) = (0, 0);
        for (word, &bits) in (0..).zip(&self.new) {
            let mut bits = bits;
            while bits != 0 {
                let place = word * 64 + bits.trailing_zeros();
                bits &= bits - 1;
                while self.ends[state] <= place {
                    start = self.ends[state];
                    state += 1;
                }
                self.counts[state] += 1;
                self.actions.push(to_u16((place - start) as usize));
                self.reached.push(self.successors.keys[place as usize]);
            }
        }
    }

    /// Appends the new states in their order, and logs how they were reached.
    pub(crate) fn hand_over(&self, log: &mut Log, states: &mut Vec<Key>) {
        states.extend_from_slice(&self.reached);
        log.append(&self.counts, &self.actions);
    }
}

/// The value that a lock guards. (If a thread has panicked while it held the lock, the search ends anyway.)
fn whole<T>(lock: Result<T, PoisonError<T>>) -> T {
    lock.unwrap_or_else(PoisonError::into_inner)
}

/// What a round needs to know of the search.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Steps that show one of these properties are not followed.
    pub(crate) avoid: PropertySet,
    /// Properties that have been seen before: they need not be noted.
    pub(crate) known: PropertySet,
    /// Whether states that differ only in names count as one.
    pub(crate) symmetry: bool,
}

/// The chunks of a round, kept from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Round {
    chunks: Vec<RwLock<Chunk>>,
    /// What each thread has met last in this round.
    recent: Vec<Recent>,
}

impl Round {
    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        let of = |chunk: &RwLock<Chunk>| {
            let chunk = whole(chunk.read());
            let shards: usize = chunk.shards.iter().map(|shard| whole(shard.lock()).capacity()).sum();
            let keys =
                chunk.successors.keys.capacity() + chunk.canonical.capacity() + chunk.reached.capacity();
            (size_of::<Key>() * keys + size_of::<(Key, u32)>() * (shards + chunk.waiting.capacity())) as u64
        };
        self.chunks.iter().map(of).sum()
    }

    /// Expands `states` with all `workers`, each in a thread of its own, and puts what they lead to into the visited
    /// set. The chunks, in their order.
    ///
    /// # Errors
    /// If the keys have no bits for a new value; then nothing has happened.
    pub(crate) fn expand<H: Handle<System: Symmetric>>(
        &mut self,
        space: &Space<H>,
        workers: &mut [Worker<H>],
        visited: &mut Visited,
        states: &[Key],
        rules: Rules,
    ) -> Result<impl Iterator<Item = &mut Chunk>, Full> {
        let size = (states.len() / (TURNS * workers.len())).clamp(*CHUNK.start(), *CHUNK.end());
        let count = states.len().div_ceil(size);
        if self.chunks.len() < count {
            self.chunks.resize_with(count, RwLock::default);
        }
        // Keys may move between rounds, and keys that a failed round met must be met again.
        self.recent.resize_with(workers.len(), Recent::default);
        let met = visited.len();
        self.recent.iter_mut().for_each(|recent| {
            recent.clear();
            recent.suit(met);
        });
        let chunks = &self.chunks[..count];
        let [next_chunk, next_shard, next_settled] = [const { AtomicUsize::new(0) }; 3];
        let full = AtomicBool::new(false);
        let gates = [Gate::new(workers.len()), Gate::new(workers.len())];
        let shards: Vec<Mutex<&mut Shard>> = visited.shards().iter_mut().map(Mutex::new).collect();
        in_threads(workers.iter_mut().zip(&mut self.recent), |(worker, recent)| {
            let [expanded, filled] = gates.each_ref().map(Gate::pass_when_dropped);
            while !full.load(Ordering::Relaxed) {
                let number = next_chunk.fetch_add(1, Ordering::Relaxed);
                let Some(chunk) = chunks.get(number) else { break };
                let mine = &states[number * size..states.len().min((number + 1) * size)];
                if whole(chunk.write()).expand(space, worker, recent, mine, rules).is_err() {
                    full.store(true, Ordering::Relaxed);
                }
            }
            expanded.pass();
            if full.load(Ordering::Relaxed) {
                return;
            }
            let all: Vec<_> = chunks.iter().map(|chunk| whole(chunk.read())).collect();
            loop {
                let number = next_shard.fetch_add(1, Ordering::Relaxed);
                let Some(shard) = shards.get(number) else { break };
                let mut shard = whole(shard.lock());
                all.iter().for_each(|chunk| chunk.fill(number, &mut shard));
            }
            drop(all);
            filled.pass();
            while let Some(chunk) = chunks.get(next_settled.fetch_add(1, Ordering::Relaxed)) {
                whole(chunk.write()).settle();
            }
        });
        if full.into_inner() {
            return Err(Full);
        }
        let chunks = self.chunks[..count].iter_mut();
        Ok(chunks.map(|chunk| whole(chunk.get_mut())))
    }
}

/// Lets threads continue when all of them have arrived.
struct Gate {
    missing: Mutex<usize>,
    open: Condvar,
}

/// Passes a gate when it is dropped, so that a thread that panics blocks no other thread.
struct Through<'a>(&'a Gate);

impl Gate {
    fn new(threads: usize) -> Gate {
        Gate { missing: Mutex::new(threads), open: Condvar::new() }
    }

    fn pass_when_dropped(&self) -> Through<'_> {
        Through(self)
    }

    fn wait(&self) {
        // The lock guards only a number.
        drop(self.open.wait_while(whole(self.missing.lock()), |missing| *missing > 0));
    }
}

impl Through<'_> {
    /// Passes, and waits for the others.
    fn pass(self) {
        let gate = self.0;
        drop(self);
        gate.wait();
    }
}

impl Drop for Through<'_> {
    fn drop(&mut self) {
        *whole(self.0.missing.lock()) -= 1;
        self.0.open.notify_all();
    }
}

/// Does something for each item, each in a thread of its own: the first in this one.
fn in_threads<T: Send>(mut items: impl Iterator<Item = T>, work: impl Fn(T) + Sync) {
    let first = items.next();
    std::thread::scope(|scope| {
        let work = &work;
        // A panic in one of them is one here, when the scope ends.
        items.for_each(|item| _ = scope.spawn(move || work(item)));
        first.into_iter().for_each(work);
    });
}
