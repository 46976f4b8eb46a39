//! What is drawn: plain data in the viewer's words. No colour, no coordinates in pixels, no clock, no DOM.
//!
//! Every view has a stable `id` made of hardware names (`cpu1/psc/pde/0x400000`). So a front end can keep its
//! elements, and readers do not lose their place. Meaning is a [`Tone`]. The front end chooses how a tone looks,
//! and must give each tone a second channel beside colour. A [`Change`] says what the step just taken has changed.

/// What something means to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Present, but not usable or not of interest now.
    Muted,
    /// Done by hardware by itself (dashed).
    Speculative,
    /// Refers to something that has been freed (hatched).
    Stale,
    /// Somebody's data or state is wrong (zig-zag edge and a word).
    Corrupt,
    /// Danger was met and averted.
    Safe,
}

/// How something differs from the moment before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// It does not differ.
    None,
    /// It is new.
    Added,
    /// It was removed by this step; shown once more, struck out.
    Removed,
    /// It had another value.
    Was(String),
    /// Its value is as it was, and something else is to be said of it: it has become stale, say.
    Meaning,
}

/// A moment of a machine, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// One card per CPU.
    pub cpus: Vec<CpuView>,
    /// Physical memory.
    pub memory: MemoryView,
    /// Kernel variables that are not per CPU, in textual order: `A.tlb_gen`, `A.cpumask`, globals.
    pub variables: Vec<VariableView>,
    /// The allocator's free list, next to be handed out first: frame names.
    pub free_list: Vec<String>,
    /// The names of the scenario's threads that no CPU runs now; nothing if it has no threads.
    pub waiting: Option<Vec<String>>,
    /// What moves in this step, if something does (at most one token).
    pub token: Option<TokenView>,
    /// A machine check has stopped the machine.
    pub stopped: bool,
}

/// A CPU's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpuView {
    /// `cpu1`.
    pub id: String,
    /// Number.
    pub cpu: u8,
    /// `CPU 1`, `Device 2`.
    pub name: String,
    /// `user A`, `kernel, for A`, `kernel thread`, `idle`.
    pub mode: String,
    /// How the mode differs from before.
    pub mode_change: Change,
    /// The handler that runs, `flush_tlb_func from CPU 0` or `NMI: perf_callchain_user`.
    pub handler: Option<String>,
    /// Whether it acted in the step just taken, and whether hardware did so by itself.
    pub acted: Acted,
    /// CR3.
    pub cr3: RegisterView,
    /// Interrupt flag on.
    pub irqs_on: bool,
    /// Paging-structure caches, from the highest level down to PDEs.
    pub psc: Vec<CacheView>,
    /// TLB.
    pub tlb: Vec<CacheView>,
    /// Store buffer, oldest first.
    pub buffer: Vec<CacheView>,
    /// IPIs that have arrived, first to be taken first.
    pub pending: Vec<CacheView>,
    /// The kernel's variables of this CPU.
    pub variables: Vec<VariableView>,
    /// Where its program is.
    pub position: PositionView,
    /// Whether it is a device behind an IOMMU, which nobody sends IPIs to.
    pub device: bool,
    /// What it can walk, in a few words, if a usable reference leads to what is no page table any more, or never was one.
    pub danger: Option<&'static str>,
}

/// Whether and how a CPU acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Acted {
    /// It did not act.
    No,
    /// Its software acted.
    Software,
    /// Its hardware acted, and no instruction asked for it.
    Speculatively,
}

/// A register: CR3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterView {
    /// `cpu1/cr3`.
    pub id: String,
    /// `CR3`; of a device `PASID`, whose entry leads to its page tables.
    pub key: &'static str,
    /// `A pgd`.
    pub value: String,
    /// `PCID 1`; nothing where PCIDs are off.
    pub tag: Option<String>,
    /// What it means.
    pub tone: Tone,
    /// How it differs.
    pub change: Change,
}

/// A row of a cache or queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheView {
    /// Stable within its CPU: `cpu1/psc/pde/0x400000/pcid1/0x1004`.
    pub id: String,
    /// What it is indexed by: `PDE 0x400000`, `0x400000`, `A.tlb_gen`.
    pub key: String,
    /// What it says: `A pte 0x400000`, `user data RW`, `2`.
    pub value: String,
    /// `PCID 1`, `global`; nothing where it has none.
    pub tag: Option<String>,
    /// Usable under the current PCID.
    pub usable: bool,
    /// What it means.
    pub tone: Tone,
    /// The word for the tone: `stale`, `garbage`, `outdated`; empty for plain.
    pub word: &'static str,
    /// How it differs.
    pub change: Change,
}

/// A kernel variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableView {
    /// `A.tlb_gen`, `cpu1/loaded_mm`.
    pub id: String,
    /// `A.tlb_gen`, `loaded_mm`, `ctxs[1].tlb_gen`.
    pub name: String,
    /// `2`, `{0, 1}`, `A`.
    pub value: String,
    /// It still has the value that it had at the beginning.
    pub untouched: bool,
    /// How it differs.
    pub change: Change,
}

/// Where a CPU's program is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PositionView {
    /// Which text: 0 the scenario, 1 the kernel.
    pub source: u8,
    /// Bytes of the statement that is next.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
    /// Function it stands in.
    pub function: String,
    /// The calls that led there, innermost first: text, bytes, function.
    pub callers: Vec<(u8, u32, u32, String)>,
    /// Why it can't go on, in words; nothing if it can.
    pub waits: Option<String>,
    /// Nothing is left to do.
    pub ended: bool,
}

/// Physical memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryView {
    /// Tiles at fixed places.
    pub tiles: Vec<TileView>,
    /// Pointers between page tables as they stand in memory now.
    pub arrows: Vec<ArrowView>,
    /// Titles of the columns of page tables, in the order of a walk, and of the column of pages.
    pub columns: Vec<&'static str>,
    /// Rows of the grid that tiles stand in, with their titles: `init_mm`, `A`, `spare`, `devices`. An mm whose
    /// tables branch takes several rows; those after its first have no title.
    pub rows: Vec<String>,
}

/// A frame of memory, or a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileView {
    /// `frame/0x1004`, `device/nic`.
    pub id: String,
    /// Its name from the beginning: `A pte 0x400000`.
    pub name: String,
    /// `frame 0x1004`.
    pub number: String,
    /// Row of the grid: its mm, the spares, the devices.
    pub row: u8,
    /// Column: tables from the highest level down, then pages; spares and devices count from 0.
    pub column: u8,
    /// What it is now.
    pub kind: TileKind,
    /// `page table of A`, `free`, `somebody's data`, `user data of A`.
    pub owner: String,
    /// How the owner differs.
    pub change: Change,
    /// What it means.
    pub tone: Tone,
    /// Words that matter: those that are not zero, and those that watched addresses use.
    pub words: Vec<WordView>,
    /// Who can reach it from a register or cache: the pins on the tile.
    pub holders: Vec<HolderView>,
}

/// What a tile is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// A paging structure.
    Table,
    /// A program's data.
    User,
    /// Somebody else's data.
    Data,
    /// Free.
    Free,
    /// A device.
    Device,
}

/// A word of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordView {
    /// `frame/0x1004/0`.
    pub id: String,
    /// `[0]`.
    pub index: String,
    /// As an entry: `user data  P RW US A D`; as data: `"Andy"`; `0`.
    pub text: String,
    /// All 64 bits, `0x79646e41`.
    pub raw: String,
    /// What it means.
    pub tone: Tone,
    /// How it differs.
    pub change: Change,
}

/// A pin on a tile: a reference that a CPU holds to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderView {
    /// `cpu1/cr3`, the id of the register or cache row.
    pub id: String,
    /// Which CPU.
    pub cpu: u8,
    /// `CPU 1`, `Device 2`.
    pub name: String,
    /// `CR3`, `PML5E`, `PML4E`, `PDPTE`, `PDE`, `TLB`.
    pub what: &'static str,
    /// Usable under the current PCID.
    pub usable: bool,
    /// What it means.
    pub tone: Tone,
    /// The word for that, as on the card: `stale`, `garbage`, or nothing.
    pub word: &'static str,
    /// Whether it is new.
    pub added: bool,
}

/// A pointer in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrowView {
    /// Id of the tile it starts at.
    pub from: String,
    /// Id of the tile it points to.
    pub to: String,
    /// Which word, `[0]`.
    pub index: String,
    /// What it means.
    pub tone: Tone,
}

/// What moves: from one drawn thing to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenView {
    /// Id of where it starts.
    pub from: String,
    /// Id of where it goes.
    pub to: String,
    /// `IPI`, `PDE`, `A := 1`.
    pub label: String,
    /// What it means.
    pub tone: Tone,
}

/// The sentence for a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caption {
    /// What happened, one sentence.
    pub sentence: String,
    /// Why it may happen, one sentence; empty where the text itself says so.
    pub because: String,
    /// The rules it rests on, by number; `x86::Law` has their sentences and sources.
    pub laws: Vec<u8>,
    /// What it means.
    pub tone: Tone,
    /// Properties it violates, by name.
    pub violations: Vec<&'static str>,
}

/// A space-time diagram of a whole trace, in event order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Titles of the lanes: one per CPU, then memory.
    pub lanes: Vec<String>,
    /// Marks, by step.
    pub marks: Vec<MarkView>,
    /// IPIs and their answers.
    pub arrows: Vec<MessageView>,
    /// Danger windows and lifetimes.
    pub bands: Vec<BandView>,
    /// Number of steps.
    pub steps: u32,
}

/// A mark: what happened in a lane at a step (1 is the first).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkView {
    /// Step.
    pub step: u32,
    /// Lane.
    pub lane: u8,
    /// Its kind.
    pub kind: MarkKind,
    /// What it means.
    pub tone: Tone,
    /// A few words.
    pub label: String,
}

/// Kinds of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// Software: filled.
    Software,
    /// Hardware by itself: outlined, dashed.
    Speculative,
    /// A store reaches memory.
    Drain,
    /// A CPU takes an interrupt.
    Interrupt,
    /// Software passes a fence.
    Fence,
    /// Memory changed hands or contents.
    Memory,
}

/// An arrow between lanes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageView {
    /// Step at which it starts.
    pub from_step: u32,
    /// Lane.
    pub from_lane: u8,
    /// Step at which it ends; for one that is never taken or never sent, the step it starts at.
    pub to_step: u32,
    /// Lane.
    pub to_lane: u8,
    /// Its kind.
    pub kind: MessageKind,
}

/// Kinds of arrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    /// An IPI, from sending to taking.
    Ipi,
    /// Its answer.
    Done,
    /// An IPI that was not sent, to a CPU that still has the address space loaded: hollow.
    NotSent,
}

/// A band across steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandView {
    /// First step.
    pub from_step: u32,
    /// Last step, or the end of the trace.
    pub to_step: u32,
    /// Lane it lies in: a CPU's for a danger window, memory's for a lifetime.
    pub lane: u8,
    /// Which of the lane's tracks: bands of one track never overlap. Each frame in memory's lane has its own.
    pub track: u8,
    /// A few words: `CPU 1 may still walk A pte 0x400000`.
    pub label: String,
    /// What it means.
    pub tone: Tone,
}
