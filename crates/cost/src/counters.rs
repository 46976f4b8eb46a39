//! What a timed run counts.

use x86::Pcid;

/// IPIs by what they find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// A CPU that runs a program, the kernel, or the idle task before it sleeps.
    pub busy: u64,
    /// A CPU that sleeps in C1.
    pub c1: u64,
    /// A CPU that sleeps in C6.
    pub c6: u64,
    /// A virtual CPU that the host has preempted.
    pub not_running: u64,
}

impl Hits {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.busy + self.c1 + self.c6 + self.not_running
    }
}

/// Everything that a timed run counts. Times are in picoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Steps of the machine.
    pub steps: u64,
    /// The time at the end.
    pub time: u64,
    /// Rounds that have been begun, by CPU.
    pub rounds: Vec<u64>,
    /// IPIs, by what they find when they are sent.
    pub ipis: Hits,
    /// CR3 writes that keep what is cached.
    pub cr3_kept: u64,
    /// CR3 writes that flush.
    pub cr3_flushed: u64,
    /// INVLPG.
    pub invlpg: u64,
    /// INVPCID.
    pub invpcid: u64,
    /// INVLPGB.
    pub invlpgb: u64,
    /// CR4.PGE off and on.
    pub toggle_pge: u64,
    /// Locked operations.
    pub locked: u64,
    /// Of these, on a line that another CPU had.
    pub locked_remote: u64,
    /// Accesses of programs to modelled pages whose translation was not cached.
    pub misses: u64,
    /// Entries of page tables that walks for an access have read.
    pub walk_reads: u64,
    /// Steps of speculative walks that cached something or set A.
    pub speculative: u64,
    /// Misses on pages of working sets.
    pub refills: u64,
    /// Page faults.
    pub faults: u64,
    /// Wake-ups by an IPI from C1.
    pub woken_c1: u64,
    /// Wake-ups by an IPI from C6.
    pub woken_c6: u64,
    /// Wake-ups by what the CPU slept for: a timer, or work.
    pub woken_by_time: u64,
    /// How often the host preempted a virtual CPU.
    pub preempted: u64,
    /// Time that CPUs waited for their IPIs and INVLPGBs to be carried out.
    pub sender_waits: u64,
    /// Time that CPUs waited for variables, locks and frames.
    pub waited: u64,
    /// Time that CPUs spent on IPIs of others: on waking up for them, in handlers, and on the way in and out.
    pub target_time: u64,
    /// Time that CPUs spent on their own operations, without computing.
    pub kernel_time: u64,
    /// Of that, MOV to CR3.
    pub cr3_time: u64,
    /// Of that, fetching cache lines from other CPUs.
    pub line_time: u64,
    /// Time lost to misses: walks that accesses wait for, and refills of working sets.
    pub miss_time: u64,
    /// Time that programs computed.
    pub computed: u64,
}

/// How many numbers counters are, besides the rounds.
pub const NUMBERS: usize = 31;

impl Counters {
    /// All numbers besides the rounds, in the order of the fields: for whoever sends them somewhere.
    pub fn numbers(&mut self) -> [&mut u64; NUMBERS] {
        let Counters {
            steps, time, rounds: _, ipis, cr3_kept, cr3_flushed, invlpg, invpcid, invlpgb, ..
        } = self;
        let Hits { busy, c1, c6, not_running } = ipis;
        [
            steps,
            time,
            busy,
            c1,
            c6,
            not_running,
            cr3_kept,
            cr3_flushed,
            invlpg,
            invpcid,
            invlpgb,
            &mut self.toggle_pge,
            &mut self.locked,
            &mut self.locked_remote,
            &mut self.misses,
            &mut self.walk_reads,
            &mut self.speculative,
            &mut self.refills,
            &mut self.faults,
            &mut self.woken_c1,
            &mut self.woken_c6,
            &mut self.woken_by_time,
            &mut self.preempted,
            &mut self.sender_waits,
            &mut self.waited,
            &mut self.target_time,
            &mut self.kernel_time,
            &mut self.cr3_time,
            &mut self.line_time,
            &mut self.miss_time,
            &mut self.computed,
        ]
    }

    /// Rounds of all CPUs.
    #[must_use]
    pub fn all_rounds(&self) -> u64 {
        self.rounds.iter().sum()
    }

    /// A count, per second of the run's time; rounded down.
    #[must_use]
    pub fn per_second(&self, count: u64) -> u64 {
        let scaled = u128::from(count) * 1_000_000_000_000;
        scaled.checked_div(self.time.into()).and_then(|rate| u64::try_from(rate).ok()).unwrap_or(0)
    }

    /// Time that the scheme costs all CPUs together: waiting, handling, the kernel's own operations, misses. What programs
    /// compute is not in it.
    #[must_use]
    pub const fn overhead(&self) -> u64 {
        let of_targets = self.sender_waits.saturating_add(self.target_time);
        of_targets.saturating_add(self.kernel_time).saturating_add(self.miss_time)
    }

    /// That time in millionths of one CPU's time.
    #[must_use]
    pub fn load(&self) -> u64 {
        let scaled = u128::from(self.overhead()) * 1_000_000;
        scaled.checked_div(self.time.into()).and_then(|load| u64::try_from(load).ok()).unwrap_or(0)
    }
}

/// The PCIDs whose pages a flush removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flushed {
    Nothing,
    One(Pcid),
    All,
}
