//! A CPU's time: where its program is, and when pending events will arrive.

use crate::random::Random;
use crate::resident::Resident;
use std::collections::VecDeque;

/// A time that never comes.
pub(crate) const NEVER: u64 = u64::MAX;

/// What a CPU does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It waits for others, or has nothing left to do.
    Nothing,
    /// It carries out an INVLPGB.
    Broadcast,
    /// A store leaves its buffer.
    Drain,
    /// The host preempts it.
    Preempt,
    /// It takes an IPI.
    Interrupt,
    /// It wakes up.
    Wake,
    /// Its program continues.
    Program,
    /// Its block begins once more.
    Round,
    /// It makes a speculative walk.
    Speculate,
}

/// For what a CPU waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Its own store buffer.
    Buffer,
    /// Its IPIs or INVLPGBs.
    Others,
    /// A variable, a lock, a frame.
    Memory,
}

/// One CPU's times, in picoseconds.
#[derive(Clone, Debug)]
pub(crate) struct Lane {
    /// When its first block begins.
    pub(crate) begins: u64,
    /// When its program continues, unless it waits.
    pub(crate) clock: u64,
    /// What it does next, and when.
    pub(crate) next: Next,
    pub(crate) due: u64,
    /// Since when it computes. It computes until `clock`, and an interrupt may come in between.
    pub(crate) computing: Option<u64>,
    /// The computing that an interrupt has put off.
    pub(crate) owed: u64,
    /// For what it waits, and since when.
    pub(crate) waits: Option<(Wait, u64)>,
    /// When each IPI of its queue arrives.
    pub(crate) arrivals: VecDeque<u64>,
    /// When each store of its buffer reaches memory.
    pub(crate) drains: VecDeque<u64>,
    /// When each INVLPGB of its queue is carried out.
    pub(crate) broadcasts: VecDeque<u64>,
    /// When the time to sleep is over.
    pub(crate) sleeps_until: u64,
    /// When its next round may begin.
    pub(crate) round_at: u64,
    /// When it makes its next speculative walk.
    pub(crate) speculates_at: u64,
    /// When the host preempts it, and until when.
    pub(crate) off_at: u64,
    pub(crate) off_until: u64,
    /// Steps of walks for the access that it is at.
    pub(crate) walked: u32,
    /// Which of its cached entries have not been evicted.
    pub(crate) resident: Resident,
    /// The random numbers of its program: the same for every kernel.
    pub(crate) chance: Random,
    /// The random numbers of its hardware and of the host.
    pub(crate) luck: Random,
}

impl Lane {
    pub(crate) fn new(seed: u64, cpu: u64) -> Lane {
        Lane {
            begins: 0,
            clock: 0,
            next: Next::Nothing,
            due: NEVER,
            computing: None,
            owed: 0,
            waits: None,
            arrivals: VecDeque::new(),
            drains: VecDeque::new(),
            broadcasts: VecDeque::new(),
            sleeps_until: 0,
            round_at: 0,
            speculates_at: NEVER,
            off_at: NEVER,
            off_until: 0,
            walked: 0,
            resident: Resident::default(),
            chance: Random::stream(seed, 2 * cpu),
            luck: Random::stream(seed, 2 * cpu + 1),
        }
    }

    /// The bytes that it takes on the heap.
    pub(crate) fn heap(&self) -> usize {
        let queues = [&self.arrivals, &self.drains, &self.broadcasts];
        queues.iter().map(|queue| queue.capacity() * size_of::<u64>()).sum::<usize>() + self.resident.heap()
    }

    /// Whether the host has preempted it at that time.
    pub(crate) fn off(&self, time: u64) -> bool {
        time < self.off_until
    }

    /// Since when an interrupt may come: now, if the program computes; else between two operations.
    pub(crate) fn open_since(&self) -> u64 {
        self.computing.unwrap_or(self.clock)
    }

    /// Plans an event for that time, unless the CPU does something earlier.
    pub(crate) fn offer(&mut self, next: Next, time: u64) {
        if time < self.due {
            (self.next, self.due) = (next, time);
        }
    }
}
