//! What a timed run counts: one table. The fields of [`Counters`], the columns of CSV and JSON, the columns that a reader sees in
//! the terminal and on the page, the numbers of a message, and a table of `docs/cost.md` are made from it.

use std::sync::LazyLock;
use x86::Pcid;

/// What a column's number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A count: in the table of a reader for each second of the run or for each round.
    Count,
    /// The number of rounds, by which counts are divided: in the table of a reader always for each second of the run.
    Rounds,
    /// A time, in picoseconds: in the table of a reader as a part of all CPUs' time.
    Time,
    /// The sum of times, in the table of a reader before its parts.
    Total,
}

impl Measure {
    /// Whether the number is a time, in picoseconds.
    #[must_use]
    pub const fn is_time(self) -> bool {
        matches!(self, Measure::Time | Measure::Total)
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in CSV and JSON.
    pub name: &'static str,
    /// What its number measures.
    pub measure: Measure,
    /// What it counts, in a sentence.
    pub meaning: &'static str,
    /// Whether it is a column of CSV and JSON. A sum of other columns need not be.
    pub in_files: bool,
    /// What it has in common with its neighbours, or nothing, and its name, where a reader sees it.
    pub shown: Option<(&'static str, &'static str)>,
    /// The number.
    pub of: fn(&Counters) -> u64,
}

/// A column that a reader sees.
#[derive(Clone, Copy, Debug)]
pub struct ShownColumn {
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

/// Makes the fields and the columns. A row begins with the field in brackets, or with a sum: its name and how it is computed. Then
/// come the measure, the sentence, and for a column that a reader sees, `shown` with its group and its name there. `only` keeps
/// it out of CSV and JSON.
macro_rules! counters {
    ($(
        $([$field:ident])? $(($sum:ident = $of:expr))? $measure:ident $meaning:literal
        $(shown $group:literal $head:literal $($only:ident)?)?;
    )+) => {
        /// Everything that a timed run counts. Times are in picoseconds.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Counters {
            /// Rounds that have been begun, by CPU.
            pub rounds: Vec<u64>,
            $($(#[doc = $meaning] pub $field: u64,)?)+
        }

        /// How many numbers counters are, besides the rounds.
        pub const NUMBERS: usize = {
            let fields: &[&str] = &[$($(stringify!($field),)?)+];
            fields.len()
        };

        impl Counters {
            /// All numbers besides the rounds, in the order of the table: for whoever sends them somewhere.
            pub fn numbers(&mut self) -> [&mut u64; NUMBERS] {
                [$($(&mut self.$field,)?)+]
            }
        }

        /// All rows, in the order of CSV.
        pub const COLUMNS: &[Column] = &[$(Column {
            name: stringify!($($field)? $($sum)?),
            measure: Measure::$measure,
            meaning: $meaning,
            in_files: {
                let only: &[&str] = &[$($(stringify!($only))?)?];
                only.is_empty()
            },
            shown: {
                let shown: &[(&str, &str)] = &[$(($group, $head))?];
                shown.first().copied()
            },
            of: $(|counters| counters.$field)? $($of)?,
        }),+];
    };
}

counters! {
    [steps] Count "Steps of the machine.";
    [time] Time "The run's time.";
    (rounds = Counters::all_rounds) Rounds "Rounds of all CPUs' blocks." shown "" "rounds";
    [ipis_busy] Count "IPIs to CPUs that run." shown "IPIs to" "busy";
    [ipis_c1] Count "IPIs to CPUs that sleep in C1." shown "IPIs to" "C1";
    [ipis_c6] Count "IPIs to CPUs that sleep in C6." shown "IPIs to" "C6";
    [ipis_not_running] Count "IPIs to virtual CPUs that the host has preempted." shown "IPIs to" "not running";
    [woken_c1] Count "Wake-ups from C1 by IPIs.";
    [woken_c6] Count "Wake-ups from C6 by IPIs.";
    (woken = |counters| counters.woken_c1 + counters.woken_c6)
        Count "CPUs that IPIs wake up. This stands for energy." shown "" "woken" only;
    [woken_by_time] Count "Wake-ups by a timer or by work, not by an IPI.";
    [cr3_kept] Count "CR3 writes that keep what is cached." shown "CR3" "kept";
    [cr3_flushed] Count "CR3 writes that flush." shown "CR3" "flushed";
    [invlpg] Count "INVLPG of a page." shown "" "INVLPG";
    [invpcid] Count "INVPCID of an address, of a PCID or of all." shown "" "INVPCID";
    [invlpgb] Count "INVLPGB, counted on the CPU that sends it." shown "" "INVLPGB";
    [toggle_pge] Count "CR4.PGE off and on, which flushes everything." shown "" "CR4.PGE";
    [locked] Count "Locked operations.";
    [locked_remote] Count "Locked operations on a cache line that was in another CPU's cache." shown "" "locked, remote";
    [misses] Count "Accesses of programs to modelled pages whose translation was not cached.";
    [walk_reads] Count "Page-table entries that the walks of accesses read." shown "TLB" "walks";
    [speculative] Count "Steps of speculative walks that cached something or set A.";
    [refills] Count "Misses on pages of working sets.";
    (all_misses = |counters| counters.misses + counters.refills)
        Count "Accesses whose translation was not cached." shown "TLB" "misses" only;
    [faults] Count "Page faults.";
    [preempted] Count "Times that the host preempted a virtual CPU.";
    [sender_waits] Time "Time that CPUs wait for their IPIs and INVLPGBs." shown "CPU time" "senders wait";
    [target_time] Time "Time that CPUs spend on IPIs and INVLPGBs of others." shown "CPU time" "targets";
    [kernel_time] Time "Time of the kernel's own operations." shown "CPU time" "kernel";
    [cr3_time] Time "The part of the kernel's time that MOV to CR3 takes.";
    [line_time] Time "The part of the kernel's time that cache lines take to come from other CPUs.";
    [miss_time] Time "Time that CPUs lose to TLB misses." shown "CPU time" "misses";
    [waited] Time "Time that CPUs wait for variables, locks and frames.";
    [computed] Time "Time that programs compute.";
    (overhead = Counters::overhead)
        Total "All the time that TLB maintenance costs: the sum of the four other columns of this group."
        shown "CPU time" "in all";
}

/// The columns that a reader sees: times before counts, and the sum of the times before its parts.
pub static SHOWN: LazyLock<Vec<ShownColumn>> = LazyLock::new(|| {
    let rank = |column: &&Column| match column.measure {
        Measure::Total => 0,
        Measure::Time => 1,
        Measure::Rounds | Measure::Count => 2,
    };
    let of_rank = |wanted: u8| COLUMNS.iter().filter(move |column| rank(column) == wanted);
    let ordered = (0..3).flat_map(of_rank);
    let shown = |&Column { measure, meaning, shown, of, .. }: &Column| {
        let (group, name) = shown?;
        Some(ShownColumn { group, name, meaning, measure, of })
    };
    ordered.filter_map(shown).collect()
});

/// The columns of CSV and JSON, in order.
pub fn in_files() -> impl Iterator<Item = &'static Column> {
    COLUMNS.iter().filter(|column| column.in_files)
}

impl Counters {
    /// IPIs, whatever they find.
    #[must_use]
    pub const fn ipis(&self) -> u64 {
        self.ipis_busy + self.ipis_c1 + self.ipis_c6 + self.ipis_not_running
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

/// A part of all CPUs' time, in hundredths of a percent.
#[must_use]
pub fn share(counters: &Counters, time: u64) -> u64 {
    let all = u128::from(counters.time) * counters.rounds.len() as u128;
    (u128::from(time) * 10_000).checked_div(all).and_then(|part| u64::try_from(part).ok()).unwrap_or(0)
}

/// The PCIDs whose pages a flush removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flushed {
    Nothing,
    One(Pcid),
    All,
}
