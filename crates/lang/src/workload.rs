//! What a scenario says of time: how often its blocks run, how long programs compute, what chance decides.
//!
//! The search ignores it and tries everything that a block may do. A timed run repeats the blocks according to it.

mod read;

pub(crate) use read::checked;
pub use read::workload;

/// The most CPUs of a timed run: sets of CPUs are numbers of 64 bits. A search has at most
/// [`MAX_CPUS`](crate::program::MAX_CPUS), as links number them by four bits.
pub const MAX_TIMED_CPUS: u8 = 64;

/// The longest word for what a round does, in bytes.
pub const LONGEST_NOUN: usize = 40;

/// `workload { ... }`: plain data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// How many CPUs a timed run has, and the CPU whose block those run that the scenario does not have.
    pub cpus: Option<(u8, u8)>,
    /// The accesses that stand for more.
    pub works: Vec<Work>,
    /// The parts about single CPUs.
    pub loads: Vec<Load>,
}

/// `at 0x400000 { ... }`: what an access to that page stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The page's first address.
    pub va: u64,
    /// Time that the program computes there, in picoseconds.
    pub time: u64,
    /// Pages of a working set that it touches meanwhile.
    pub pages: u64,
}

/// `cpu 1 { ... }`: when a CPU's block runs, and what chance decides there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Which CPU.
    pub cpu: u8,
    /// Mean time from one beginning of its block to the next, in picoseconds; nothing for at once.
    pub every: Option<u64>,
    /// Mean time until something wakes it when it sleeps, in picoseconds.
    pub sleep: Option<u64>,
    /// What a round of its block does, as a word for many of them: "unmaps".
    pub does: Option<String>,
    /// The answers to its block's questions (`maybe()`), by their place in the block, counted from 1.
    pub answers: Vec<(u8, MaybeAnswer)>,
}

/// How a `maybe()` is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaybeAnswer {
    /// Yes, in so many of a hundred cases.
    Percent(u8),
    /// Yes, as long as the time to sleep is not over.
    Asleep,
}
