//! What a reader sees of a run: the columns of the table, in the terminal and on the page.

use crate::Counters;

/// What a column's number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A count: in the table of a reader for each second of the run or for each round.
    Count,
    /// A time, in picoseconds: in the table of a reader as a part of all CPUs' time.
    Time,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// What several columns have in common; nothing for one that stands alone.
    pub group: &'static str,
    /// Its own name.
    pub name: &'static str,
    /// What it counts, in a sentence.
    pub meaning: &'static str,
    /// What its number measures.
    pub measure: Measure,
    /// The number.
    pub of: fn(&Counters) -> u64,
}

/// What the columns of times have in common.
pub const TIMES: &str = "CPU time";

/// The columns, in order.
pub const SHOWN: &[Shown] = &[
    time(
        "in all",
        "All the time that TLB maintenance costs: the sum of the four other columns of this group.",
        Counters::overhead,
    ),
    time("senders wait", "Time that CPUs wait for their IPIs and INVLPGBs.", |c| c.sender_waits),
    time("targets", "Time that CPUs spend on IPIs and INVLPGBs of others.", |c| c.target_time),
    time("kernel", "Time of the kernel's own operations.", |c| c.kernel_time),
    time("misses", "Time that CPUs lose to TLB misses.", |c| c.miss_time),
    count("", "rounds", "Rounds of all CPUs' blocks.", |c| c.all_rounds()),
    count("IPIs to", "busy", "IPIs to CPUs that run.", |c| c.ipis.busy),
    count("IPIs to", "C1", "IPIs to CPUs that sleep in C1.", |c| c.ipis.c1),
    count("IPIs to", "C6", "IPIs to CPUs that sleep in C6.", |c| c.ipis.c6),
    count("IPIs to", "not running", "IPIs to virtual CPUs that the host has preempted.", |c| {
        c.ipis.not_running
    }),
    count("", "woken", "CPUs that IPIs wake up. This stands for energy.", |c| c.woken_c1 + c.woken_c6),
    count("CR3", "kept", "CR3 writes that keep what is cached.", |c| c.cr3_kept),
    count("CR3", "flushed", "CR3 writes that flush.", |c| c.cr3_flushed),
    count("", "INVLPG", "INVLPG of a page.", |c| c.invlpg),
    count("", "INVPCID", "INVPCID of an address, of a PCID or of all.", |c| c.invpcid),
    count("", "INVLPGB", "INVLPGB, counted on the CPU that sends it.", |c| c.invlpgb),
    count("", "CR4.PGE", "CR4.PGE off and on, which flushes everything.", |c| c.toggle_pge),
    count("", "locked, remote", "Locked operations on a cache line that was in another CPU's cache.", |c| {
        c.locked_remote
    }),
    count("TLB", "walks", "Page-table entries that the walks of accesses read.", |c| c.walk_reads),
    count("TLB", "misses", "Accesses whose translation was not cached.", |c| c.misses + c.refills),
];

const fn count(
    group: &'static str,
    name: &'static str,
    meaning: &'static str,
    of: fn(&Counters) -> u64,
) -> Shown {
    Shown { group, name, meaning, measure: Measure::Count, of }
}

const fn time(name: &'static str, meaning: &'static str, of: fn(&Counters) -> u64) -> Shown {
    Shown { group: TIMES, name, meaning, measure: Measure::Time, of }
}

/// A part of all CPUs' time, in hundredths of a percent.
#[must_use]
pub fn share(counters: &Counters, time: u64) -> u64 {
    let all = u128::from(counters.time) * counters.rounds.len() as u128;
    (u128::from(time) * 10_000).checked_div(all).and_then(|part| u64::try_from(part).ok()).unwrap_or(0)
}
