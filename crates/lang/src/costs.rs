//! How long things take: a table of costs as a text.
//!
//! ```tlb
//! costs "laptop" extends "server" {
//!     about "A laptop: its package sleeps deeper.";
//!     c6_exit 200 us documented "drivers/idle/intel_idle.c, Skylake client, C8";
//! }
//! ```
//!
//! Each figure has a value with its unit, a word for how sure it is, and a source. A table that extends another one
//! inherits the figures that it does not give. A table that extends none must give every figure.

mod read;

pub use read::{costs, costs_name};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Time, kept in picoseconds.
    Time,
    /// Entries of a cache.
    Entries,
}

/// Turns each row into a variant of [`Figure`], documented by its own sentence.
macro_rules! figures {
    ($($figure:ident $name:literal $unit:ident: $meaning:literal;)+) => {
        /// A figure of a table of costs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Figure {
            $(#[doc = $meaning] $figure,)+
        }

        impl Figure {
            /// All of them, in the order of the documents.
            pub const ALL: &[Figure] = &[$(Figure::$figure),+];

            /// How a text writes it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Figure::$figure => $name,)+
                }
            }

            /// What it counts.
            #[must_use]
            pub const fn unit(self) -> Unit {
                match self {
                    $(Figure::$figure => Unit::$unit,)+
                }
            }

            /// What it is, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Figure::$figure => $meaning,)+
                }
            }
        }
    };
}

impl Figure {
    /// Whether it may be so much: it is no longer than [`MAX_TIME`], and what comes again and again does so no oftener than every
    /// [`LEAST_PERIOD`], if at all.
    ///
    /// # Errors
    /// With the bound, in words.
    pub fn may_be(self, amount: u64) -> Result<(), String> {
        let name = self.name();
        let recurs = matches!(self, Figure::Speculation | Figure::VcpuRuns);
        if amount > MAX_TIME {
            return Err(format!("`{name}` is at most {}", written(MAX_TIME, self.unit())));
        }
        if recurs && (1..LEAST_PERIOD).contains(&amount) {
            return Err(format!("`{name}` is 0, or at least {}", written(LEAST_PERIOD, Unit::Time)));
        }
        Ok(())
    }
}

figures! {
    Operation "operation" Time: "Every operation, in addition to what its own row below says.";
    LineRemote "line_remote" Time: "A cache line comes from another CPU, which has written it.";
    Locked "locked" Time: "A locked operation, in addition to its cache line.";
    Fence "fence" Time: "MFENCE, or the locked instruction in its place.";
    Drain "drain" Time: "A store leaves the store buffer, in addition to its cache line.";
    ModeSwitch "mode_switch" Time: "The CPU goes from user mode into the kernel, or back.";
    Cr3Keep "cr3_keep" Time: "MOV to CR3 with bit 63 set.";
    Cr3Flush "cr3_flush" Time: "MOV to CR3 that flushes.";
    Invlpg "invlpg" Time: "INVLPG.";
    Invpcid "invpcid" Time: "INVPCID of an address or of one PCID.";
    InvpcidAll "invpcid_all" Time: "INVPCID of all PCIDs.";
    TogglePge "toggle_pge" Time: "CR4.PGE off and on.";
    Invlpgb "invlpgb" Time: "INVLPGB, for the CPU that sends it.";
    BroadcastLatency "broadcast_latency" Time: "From an INVLPGB until another CPU carries it out.";
    BroadcastStall "broadcast_stall" Time: "Time that an INVLPGB takes on the CPU that carries it out.";
    IpiSend "ipi_send" Time: "The sender of an IPI, for each target.";
    IpiLatency "ipi_latency" Time: "From sending an IPI until it arrives at its target.";
    IpiEntry "ipi_entry" Time: "From the interrupt to the first operation of its handler.";
    IpiExit "ipi_exit" Time: "From the last operation of a handler to the interrupted code.";
    C1Exit "c1_exit" Time: "From the event that wakes a CPU in C1 to its next operation.";
    C6Exit "c6_exit" Time: "The same in C6.";
    WalkPml5 "walk_pml5" Time: "A walk reads a PML5 entry.";
    WalkPml4 "walk_pml4" Time: "A walk reads a PML4 entry.";
    WalkPdpt "walk_pdpt" Time: "A walk reads a PDPT entry.";
    WalkPd "walk_pd" Time: "A walk reads a page-directory entry.";
    WalkPt "walk_pt" Time: "A walk reads a page-table entry.";
    Refill "refill" Time: "A miss on a page of a working set.";
    PageFault "page_fault" Time: "A page fault, up to its handler.";
    Frame "frame" Time: "A page frame is allocated or freed.";
    TlbEntries "tlb_entries" Entries: "Translations that a CPU's TLB holds.";
    PscEntries "psc_entries" Entries: "Entries that a CPU's paging-structure caches hold.";
    Speculation "speculation" Time: "Mean time from one speculative walk of a CPU to its next; 0 for none.";
    VcpuRuns "vcpu_runs" Time: "Mean time that a virtual CPU runs until the host preempts it; 0 for never.";
    VcpuWaits "vcpu_waits" Time: "Mean time until a preempted virtual CPU runs again.";
}

/// How sure a figure is, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// It was measured, and the source says how.
    Measured,
    /// A manual or a driver's table says it.
    Documented,
    /// It follows from such figures by arithmetic.
    Derived,
    /// No source gives it: it is a guess.
    Guessed,
}

impl Sure {
    /// All, with the words that a text has for them.
    pub const ALL: [(&'static str, Sure); 4] = [
        ("measured", Sure::Measured),
        ("documented", Sure::Documented),
        ("derived", Sure::Derived),
        ("guessed", Sure::Guessed),
    ];

    /// As a text writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Sure::ALL.iter().find(|one| one.1 == self).map_or("", |one| one.0)
    }
}

/// A figure's value in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Picoseconds, or entries.
    pub amount: u64,
    /// How sure it is.
    pub sure: Sure,
    /// Who says so.
    pub source: String,
}

/// A table of costs in which every figure has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Its name.
    pub name: String,
    /// The sentences of its `about`.
    pub about: Vec<String>,
    /// Options of kernel or machine that belong to it, for kernels that have them: `with pcid = off;`.
    pub with: Vec<(String, String)>,
    values: Vec<Value>,
}

impl Costs {
    /// A figure's value.
    #[must_use]
    pub fn value(&self, figure: Figure) -> &Value {
        &self.values[figure as usize]
    }

    /// The number alone.
    #[must_use]
    pub fn amount(&self, figure: Figure) -> u64 {
        self.value(figure).amount
    }

    /// The same table with another number for a figure, which then counts as the reader's guess. A number above [`MAX_TIME`] counts
    /// as that.
    #[must_use]
    pub fn having(&self, figure: Figure, amount: u64) -> Costs {
        let mut other = self.clone();
        let amount = amount.min(MAX_TIME);
        other.values[figure as usize] =
            Value { amount, sure: Sure::Guessed, source: "set by hand".to_owned() };
        other
    }
}

/// An amount with its unit, as a text writes it: the largest unit of time in which it is a whole number.
#[must_use]
pub fn written(amount: u64, unit: Unit) -> String {
    match unit {
        Unit::Entries => format!("{amount} entries"),
        Unit::Time if amount == 0 => "0 ns".to_owned(),
        Unit::Time => {
            let (name, size) =
                TIMES.iter().rev().find(|(_, size)| amount.is_multiple_of(*size)).unwrap_or(&TIMES[0]);
            format!("{} {name}", amount / size)
        }
    }
}

/// Units of time, in picoseconds.
pub(crate) const TIMES: [(&str, u64); 5] =
    [("ps", 1), ("ns", 1_000), ("us", 1_000_000), ("ms", 1_000_000_000), ("s", 1_000_000_000_000)];

/// The longest time that a figure may be, so that clocks do not overflow.
pub const MAX_TIME: u64 = 1_000_000_000_000;

/// The shortest mean time between two things that come again and again without a step of any program: 10 ns. If they came
/// oftener, hardly anything else would happen in a run.
pub const LEAST_PERIOD: u64 = 10_000;
