//! A part of a level expanded by several threads, with the result that one would have had.
//!
//! First each thread takes some states at a time and expands them; what they lead to is put aside by the shard of the
//! visited set that it belongs to. Then each thread takes some shards, and fills them in the order of the states. So
//! in each shard whoever comes first is the one that would have come first for one thread; what is left is to go
//! through all that is new, in order. The numbers of states, the shortest ways and the witnesses are the same for any
//! number of threads.

use crate::log::Log;
use crate::successors::NONE;
use crate::visited::{Recent, SHARDS, Shard, Visited};
use crate::{Full, Key, Marks, Shown, Space, Successors, System, Worker};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, RwLock};

/// States that a thread takes at a time.
const CHUNK: usize = 128;

/// What some states lead to.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// How many states it has.
    pub(crate) states: usize,
    successors: Successors,
    /// For each state, where its successors end.
    ends: Vec<u32>,
    /// What shows: the state's place in the chunk, the action's place, and what.
    pub(crate) noted: Vec<(u32, Option<u16>, Marks)>,
    /// Whether a complete execution that shows nothing to be avoided was found.
    pub(crate) ended: bool,
    pub(crate) transitions: u64,
    /// The successors by shard, with their places among all of them.
    shards: [Vec<(Key, u32)>; SHARDS],
    /// Which successors are new, as a set of bits.
    new: Vec<AtomicU64>,
}

impl Chunk {
    fn clear(&mut self) {
        self.successors.clear();
        self.ends.clear();
        self.noted.clear();
        self.shards.iter_mut().for_each(Vec::clear);
        self.new.clear();
        (self.states, self.ended, self.transitions) = (0, false, 0);
    }

    /// Expands its states.
    fn expand<S: System>(
        &mut self,
        space: &Space<S>,
        worker: &mut Worker<S>,
        recent: &mut Recent,
        states: &[Key],
        rules: Rules,
    ) -> Result<(), Full> {
        self.clear();
        self.states = states.len();
        for (at, &key) in states.iter().enumerate() {
            let start = self.successors.len();
            let Shown { marks, ended, steps } = worker.expand(space, key, &mut self.successors)?;
            if !rules.known.has_all(marks) {
                self.noted.push((at as u32, None, marks));
            }
            self.ended |= ended && !marks.meets(rules.avoid);
            self.transitions += (self.successors.len() - start) as u64;
            if !rules.known.has_all(steps) || steps.meets(rules.avoid) {
                self.note_steps(at as u32, start, rules);
            }
            for place in start..self.successors.len() {
                let key = self.successors.keys[place];
                if key != NONE {
                    let key = if rules.mirrors { worker.least(space, key)? } else { key };
                    // A thread's chunks follow one another, so what it has met has been met before.
                    if let Some(shard) = recent.shard_of_new(key) {
                        self.shards[shard].push((key, place as u32));
                    }
                }
            }
            self.ends.push(self.successors.len() as u32);
        }
        self.new.resize_with(self.successors.len().div_ceil(64), AtomicU64::default);
        Ok(())
    }

    /// Notes what the steps out of a state show, whose successors begin at `start`; those to be avoided are not followed.
    fn note_steps(&mut self, at: u32, start: usize, rules: Rules) {
        let Successors { keys, marked } = &mut self.successors;
        let first = marked.partition_point(|&(place, _)| (place as usize) < start);
        for &(place, marks) in &marked[first..] {
            let action = place as usize - start;
            if !rules.known.has_all(marks) {
                self.noted.push((at, Some(action as u16), marks));
            }
            if marks.meets(rules.avoid) {
                keys[place as usize] = NONE;
            }
        }
    }

    /// Puts what belongs to a shard there.
    fn fill(&self, number: usize, shard: &mut Shard) {
        shard.insert(&self.shards[number], |place| {
            self.new[place as usize / 64].fetch_or(1 << (place % 64), Ordering::Relaxed);
        });
    }

    /// Appends the new states in their order, and logs how they were reached.
    pub(crate) fn hand_over(&mut self, log: &mut Log, states: &mut Vec<Key>) {
        let mut ends = self.ends.iter();
        let (mut start, mut end, mut count) = (0, ends.next(), 0);
        for (word, bits) in self.new.iter_mut().enumerate() {
            let mut bits = *bits.get_mut();
            while bits != 0 {
                let place = word as u32 * 64 + bits.trailing_zeros();
                bits &= bits - 1;
                while let Some(&last) = end.filter(|&&end| end <= place) {
                    log.expanded(std::mem::take(&mut count));
                    (start, end) = (last, ends.next());
                }
                log.reached((place - start) as u16);
                states.push(self.successors.keys[place as usize]);
                count += 1;
            }
        }
        while end.is_some() {
            log.expanded(std::mem::take(&mut count));
            end = ends.next();
        }
    }
}

/// What a round has to mind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Not followed.
    pub(crate) avoid: Marks,
    /// Seen before: need not be noted.
    pub(crate) known: Marks,
    /// States that differ only in names count as one.
    pub(crate) mirrors: bool,
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
        let of = |chunk: &Chunk| {
            let shards: usize = chunk.shards.iter().map(Vec::capacity).sum();
            (size_of::<Key>() * chunk.successors.keys.capacity() + size_of::<(Key, u32)>() * shards) as u64
        };
        self.chunks.iter().map(|chunk| of(&chunk.read().unwrap_or_else(PoisonError::into_inner))).sum()
    }

    /// Expands `states` with all `workers`, each in a thread of its own, and puts what they lead to into the visited
    /// set. The chunks, in their order.
    ///
    /// # Errors
    /// If the space has no room; then nothing has happened.
    pub(crate) fn expand<S: System>(
        &mut self,
        space: &Space<S>,
        workers: &mut [Worker<S>],
        visited: &mut Visited,
        states: &[Key],
        rules: Rules,
    ) -> Result<impl Iterator<Item = &mut Chunk>, Full> {
        let count = states.len().div_ceil(CHUNK);
        if self.chunks.len() < count {
            self.chunks.resize_with(count, RwLock::default);
        }
        // From round to round keys may move, and what a round met that came to nothing must be met again.
        self.recent.resize_with(workers.len(), Recent::default);
        let met = visited.len();
        self.recent.iter_mut().for_each(|recent| {
            recent.clear();
            recent.suit(met);
        });
        let chunks = &self.chunks[..count];
        let (next_chunk, next_shard) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let full = AtomicBool::new(false);
        let gate = Gate::new(workers.len());
        let shards: Vec<Mutex<&mut Shard>> = visited.shards().iter_mut().map(Mutex::new).collect();
        in_threads(workers.iter_mut().zip(&mut self.recent), |(worker, recent)| {
            let through = gate.pass_when_dropped();
            while !full.load(Ordering::Relaxed) {
                let number = next_chunk.fetch_add(1, Ordering::Relaxed);
                let Some(chunk) = chunks.get(number) else { break };
                let mut chunk = chunk.write().unwrap_or_else(PoisonError::into_inner);
                let mine = &states[number * CHUNK..states.len().min((number + 1) * CHUNK)];
                if chunk.expand(space, worker, recent, mine, rules).is_err() {
                    full.store(true, Ordering::Relaxed);
                }
            }
            drop(through);
            gate.wait();
            while !full.load(Ordering::Relaxed) {
                let number = next_shard.fetch_add(1, Ordering::Relaxed);
                let Some(shard) = shards.get(number) else { break };
                let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in chunks {
                    chunk.read().unwrap_or_else(PoisonError::into_inner).fill(number, &mut shard);
                }
            }
        });
        if full.into_inner() {
            return Err(Full);
        }
        let chunks = self.chunks[..count].iter_mut();
        Ok(chunks.map(|chunk| chunk.get_mut().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Lets threads go on when all have come so far.
struct Gate {
    missing: Mutex<usize>,
    open: Condvar,
}

/// Passes a gate when it is dropped: a thread that panics holds up nobody.
struct Through<'a>(&'a Gate);

impl Gate {
    fn new(threads: usize) -> Gate {
        Gate { missing: Mutex::new(threads), open: Condvar::new() }
    }

    fn pass_when_dropped(&self) -> Through<'_> {
        Through(self)
    }

    fn wait(&self) {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        // A poisoned lock is as good: only a number is behind it.
        drop(self.open.wait_while(missing, |missing| *missing > 0));
    }
}

impl Drop for Through<'_> {
    fn drop(&mut self) {
        *self.0.missing.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
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
