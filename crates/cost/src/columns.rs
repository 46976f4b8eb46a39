//! The columns of a table of runs: what is counted, by name.

use crate::{Counters, Measure};

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in CSV and JSON.
    pub name: &'static str,
    /// What it is, in a sentence without a full stop.
    pub meaning: &'static str,
    /// How its number is to be read.
    pub measure: Measure,
    /// The number.
    pub of: fn(&Counters) -> u64,
}

/// Turns each row into a [`Column`].
macro_rules! columns {
    ($($name:ident $measure:ident $meaning:literal = $of:expr;)+) => {
        /// All columns, in order.
        pub const COLUMNS: &[Column] =
            &[$(Column { name: stringify!($name), meaning: $meaning, measure: Measure::$measure, of: $of }),+];
    };
}

columns! {
    steps Count "steps of the machine" = |c| c.steps;
    time Time "the run's time" = |c| c.time;
    rounds Count "rounds of all CPUs' blocks" = Counters::all_rounds;
    ipis_busy Count "IPIs to CPUs that run" = |c| c.ipis.busy;
    ipis_c1 Count "IPIs to CPUs that sleep in C1" = |c| c.ipis.c1;
    ipis_c6 Count "IPIs to CPUs that sleep in C6" = |c| c.ipis.c6;
    ipis_not_running Count "IPIs to virtual CPUs that the host has preempted" = |c| c.ipis.not_running;
    woken_c1 Count "wake-ups from C1 by IPIs" = |c| c.woken_c1;
    woken_c6 Count "wake-ups from C6 by IPIs" = |c| c.woken_c6;
    woken_by_time Count "wake-ups by what the sleep was for" = |c| c.woken_by_time;
    cr3_kept Count "CR3 writes that keep what is cached" = |c| c.cr3_kept;
    cr3_flushed Count "CR3 writes that flush" = |c| c.cr3_flushed;
    invlpg Count "INVLPG" = |c| c.invlpg;
    invpcid Count "INVPCID" = |c| c.invpcid;
    invlpgb Count "INVLPGB" = |c| c.invlpgb;
    toggle_pge Count "CR4.PGE off and on" = |c| c.toggle_pge;
    locked Count "locked operations" = |c| c.locked;
    locked_remote Count "locked operations on a line that another CPU had" = |c| c.locked_remote;
    misses Count "accesses to modelled pages that needed a walk" = |c| c.misses;
    walk_reads Count "entries that these walks read" = |c| c.walk_reads;
    speculative Count "steps of speculative walks that cached something or set A" = |c| c.speculative;
    refills Count "misses on pages of working sets" = |c| c.refills;
    faults Count "page faults" = |c| c.faults;
    preempted Count "times that the host preempted a virtual CPU" = |c| c.preempted;
    sender_waits Time "waiting for IPIs and INVLPGBs" = |c| c.sender_waits;
    target_time Time "spent on IPIs and INVLPGBs of others" = |c| c.target_time;
    kernel_time Time "the CPUs' own operations" = |c| c.kernel_time;
    cr3_time Time "CR3 writes" = |c| c.cr3_time;
    line_time Time "fetching cache lines of other CPUs" = |c| c.line_time;
    miss_time Time "walks that accesses wait for, and refills" = |c| c.miss_time;
    waited Time "waiting for variables, locks and frames" = |c| c.waited;
    computed Time "what programs computed" = |c| c.computed;
    overhead Time "waits, handlers, operations and misses together" = Counters::overhead;
}
