//! What a checked text becomes: a `Program`, plain data that a machine can run.
//!
//! A program is flat. Functions have been inlined, options have been decided, names have become numbers. The
//! result is a list of micro-operations per thread and handler, each with its place in the text. The machine
//! gives them meaning; this file only lists them. Nothing here knows the state of a machine, and nothing here is
//! a closure. A CPU's position in its program is a number that can be hashed, compared, drawn and put in a link.
//!
//! All values are `u64`: integers, booleans (0, 1), mm ids, CPU numbers, CPU sets (bit n is CPU n), page-frame
//! numbers and page-table entries. The compiler checks types once. [`Variable::ty`] keeps a type only so that a
//! value can be displayed in the author's terms.

pub use crate::ir::bin::Bin;
use crate::ir::effects::Touches;
pub use crate::ir::finale::{Finale, Leaf, MAX_OBSERVED, Observed, Quantifier, Term};
pub use crate::ir::op::{
    Claimed, Fixup, Inspected, InvlpgbOp, InvpcidOp, InvvpidOp, Leave, Mode, Op, Operand, Place, QueueOp,
    RarOp, Rmw, RmwResult, Sleep,
};
pub use crate::ir::value::{MmId, NO_MM, Observation, Pc, Reg, Scope, Type, VarId};
use crate::source::Site;
pub use x86::{Level, MemoryType, Vendor};

/// The most CPUs a program may ask for.
pub const MAX_CPUS: u8 = 16;
/// The most address spaces a program may declare, `init_mm` included.
pub const MAX_MMS: usize = 8;
/// The most registers a context may need.
pub const MAX_REGS: usize = 48;
/// The most micro-operations a program may have.
pub const MAX_CODE: usize = 16_384;
/// The most cells all kernel variables together may need.
pub const MAX_CELLS: usize = 1_024;
/// The most NMIs, and the most VM exits, that a scenario may let come on one CPU.
pub const MAX_INTRUSIONS: u8 = 3;
/// The most stores that a CPU's store buffer may hold.
pub const MAX_STORE_BUFFER: u8 = 8;
/// The most pages that one INVLPGB may name, and how many it may name where nothing is said.
pub const MAX_INVLPGB: u16 = 512;
/// The most threads that a scenario may have, blocks of CPUs apart.
pub const MAX_TASKS: usize = 16;
/// The most linear addresses a program may watch.
pub const MAX_WATCHED: usize = 16;
/// The guest-physical address where a guest's page tables begin, and its pages that ask for no place.
pub const GUEST_TABLES: u64 = 1 << 20;
/// The most labelled properties that a scenario may name.
pub const MAX_LABELLED: usize = 10;

/// A checked, compiled scenario on a kernel with every option decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The scenario's name, as written.
    pub name: String,
    /// The kernel's name, as written.
    pub kernel: String,
    /// What the case chosen has in the place of the scenario's: `machine cpus`, `cpu 1`.
    pub replaced: Vec<String>,
    /// The scenario's sentences about itself (`about "..."`), in order.
    pub about: Vec<String>,
    /// What the scenario claims, in one sentence (`claim "..."`); the kernel's claim, where the scenario has none.
    pub claim: Option<String>,
    /// What kernel and scenario cite (`cite "..."`), kernel first.
    pub cites: Vec<String>,
    /// Every option of the kernel and of the machine with the choice made: these are the toggles on screen.
    pub options: Vec<ProgramOption>,
    /// The hardware asked for.
    pub machine: MachineSpec,
    /// Address spaces; entry 0 is always `init_mm`, without user mappings.
    pub mms: Vec<MmSpec>,
    /// Kernel variables.
    pub variables: Vec<Variable>,
    /// Initial values of all cells; `Variable::base` points into it.
    pub cells: Vec<u64>,
    /// All micro-operations.
    pub code: Vec<Op>,
    /// For each micro-operation, where in the text it stands; as long as `code`.
    pub sites: Vec<Site>,
    /// For each micro-operation, which registers may still be read when it is about to run (bit n: register n).
    /// Registers that are not live are zero in a canonical state. As long as `code`.
    pub live: Vec<u64>,
    /// What each CPU runs before the first step, in textual order; run to its end without interleaving.
    pub setup: Vec<Thread>,
    /// What each CPU runs; at most one entry per CPU, in CPU order.
    pub threads: Vec<Thread>,
    /// The threads that belong to no CPU. They are tasks, numbered from the number of CPUs on.
    pub tasks: Vec<TaskSpec>,
    /// A `Halt` that belongs to no block: no block runs into it. It exists if no block ends.
    pub end: Pc,
    /// Interrupt handlers, in textual order.
    pub handlers: Vec<Handler>,
    /// For each CPU, how many NMIs may come there.
    pub nmis: Vec<u8>,
    /// For each CPU, how often the host may preempt it.
    pub vmexits: Vec<u8>,
    /// Page-aligned linear addresses that any CPU may walk at any time, ascending.
    pub watched: Vec<u64>,
    /// Where speculative walks are switched off.
    pub walks_off: WalksOff,
    /// The loops that need not end (`while`): the first operation of each, and the one after its last.
    pub whiles: Vec<(Pc, Pc)>,
    /// The code that is evaluated in every state.
    pub invariants: Vec<Invariant>,
    /// The labels of checks and the names of invariants.
    pub labels: Vec<String>,
    /// What the scenario (or the case chosen) expects.
    pub expectations: Vec<Expectation>,
    /// The condition on the states in which executions end.
    pub finale: Option<Finale>,
    /// The labelled properties that it names, each once. At most [`MAX_LABELLED`].
    pub labelled: Vec<Labelled>,
}

/// An invariant: code that only reads, and is broken if a check in it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invariant {
    /// Its name, as a place in [`Program::labels`] counted from 1.
    pub label: u16,
    /// Where it begins; it ends with [`Op::Halt`].
    pub entry: Pc,
    /// How many registers it needs.
    pub regs: u8,
    /// It treats all CPUs alike: exchanging two of them does not change whether it holds.
    pub alike: bool,
}

/// A property of the checks that have one label: `kernel_bug "two owners"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The property: one of [`WITH_LABELS`].
    pub property: String,
    /// The label.
    pub label: String,
}

impl Program {
    /// Whether a CPU may continue what another one has begun, or was interrupted in: the program has threads, or a handler that
    /// may switch to another task.
    #[must_use]
    pub fn wanders(&self) -> bool {
        !self.tasks.is_empty() || self.handlers.iter().any(|handler| handler.kind == HandlerKind::Irq)
    }

    /// Whether address spaces come or go while it runs.
    #[must_use]
    pub fn makes_spaces(&self) -> bool {
        self.mms.iter().any(|mm| mm.absent)
            || self.code.iter().any(|op| op.effects().touches.any(Touches::ROOTS))
    }
}

impl Labelled {
    /// As an expectation names it.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} \"{}\"", self.property, self.label)
    }
}

/// An `option` of the kernel text or a switch of the machine block, and the choice made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramOption {
    /// Its name in the text.
    pub name: String,
    /// The sentence its author gave: the label on screen.
    pub sentence: String,
    /// What can be chosen, in order: `off, on` for a plain option.
    pub choices: Vec<String>,
    /// Index of the default (kernel default, then `with`, then the case).
    pub default: u8,
    /// Index of the choice this program was compiled with.
    pub chosen: u8,
    /// Who declared it.
    pub origin: Origin,
}

/// Who declared an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The kernel text.
    Kernel,
    /// The scenario text.
    Scenario,
    /// The machine: `pcid`, `vendor`, `pge`, `tce`, `tso`.
    Machine,
    /// The machine, as a bound: not a piece of hardware, but how much of it is tried. `store_buffer`, `no_walks`.
    Bound,
}

/// The `machine { ... }` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineSpec {
    /// Number of CPUs, 1 to [`MAX_CPUS`].
    pub cpus: u8,
    /// The vendor of the walker: decides rules H30 to H33.
    pub vendor: Vendor,
    /// CR4.PCIDE (H3).
    pub pcid: bool,
    /// CR4.PGE (H4).
    pub pge: bool,
    /// AMD EFER.TCE (H38).
    pub tce: bool,
    /// AMD HWCR.TlbCacheDis (H31).
    pub tlb_cache_dis: bool,
    /// Whether a walk sees what is still in its own CPU's store buffer (H57).
    pub walk_sees_own_stores: OwnStores,
    /// Erratum: with PCIDs enabled INVLPG leaves global translations in place (H51).
    pub erratum_invlpg_global: bool,
    /// AMD erratum 383: translations of different sizes for one address raise a machine check (H25).
    pub erratum_383: bool,
    /// Its APIC's registers are MSRs, so that IPIs are sent by WRMSR (H60).
    pub x2apic: bool,
    /// The most pages that one INVLPGB names: one more than CPUID 8000_0008H gives in `EDX[15:0]` (H48).
    pub invlpgb_count_max: u16,
    /// How many CPUs have one TLB in common: CPUs 0 to n-1, n to 2n-1 and so on (H73). 1 if each has its own.
    pub tlb_shared_by: u8,
    /// How many of the last CPUs are none, but devices with a TLB of their own behind an IOMMU (H74 to H76).
    pub ats: u8,
    /// Depth of each CPU's store buffer; 0 makes every store visible at once (sequential consistency).
    pub store_buffer: u8,
    /// MAXPHYADDR in bits, 36 to 51: address bits above it are reserved (H26).
    pub maxphyaddr: u8,
    /// Level of the table that CR3 leads to, by CR4.LA57: four levels or five (H62).
    pub top: Level,
    /// DRAM, as byte ranges `start..end`, ascending, page aligned, not overlapping.
    pub dram: Vec<(u64, u64)>,
    /// Device registers.
    pub devices: Vec<DeviceSpec>,
    /// How many threads of the scenario belong to no CPU.
    pub threads: u8,
    /// Page frames the allocator has at the start.
    pub spare: u8,
    /// Which of the free frames the allocator hands out.
    pub alloc: Alloc,
}

impl MachineSpec {
    /// How many CPUs there are, devices left aside.
    #[must_use]
    pub const fn processors(&self) -> u8 {
        self.cpus - self.ats
    }

    /// Whether a number is that of a device.
    #[must_use]
    pub const fn is_device(&self, cpu: u8) -> bool {
        cpu >= self.processors() && cpu < self.cpus
    }
}

/// Which of the free frames an allocator hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alloc {
    /// The one that was freed last: the most adverse order for a stale pointer, and that of Linux's per-CPU lists.
    Last,
    /// The one that was freed first.
    First,
    /// Any frame: each is a separate choice.
    Any,
}

/// Whether a walk sees its own CPU's buffered stores: the sources leave it open (H57).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnStores {
    /// It reads memory.
    No,
    /// It reads what the CPU itself would load.
    Yes,
    /// Either: the walk chooses.
    Either,
}

/// `device "nic" at 0x79646000 .. 0x79647000 uc;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSpec {
    /// Name for people.
    pub name: String,
    /// First byte, page aligned.
    pub base: u64,
    /// First byte after it, page aligned.
    pub end: u64,
    /// What the MTRR-like ranges say about it.
    pub memory_type: MemoryType,
}

/// `mm A { 0x400000 -> page "user data"; }` or `mm B;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MmSpec {
    /// Name in the text.
    pub name: String,
    /// It does not exist at the start: the kernel makes it (`mm B;`).
    pub absent: bool,
    /// User mappings that exist at the start, with all their page tables.
    pub mappings: Vec<MappingSpec>,
    /// It is the second dimension of a guest: what it maps are guest-physical addresses.
    pub second: bool,
    /// The guest in whose memory its tables and pages are, by its second dimension; nothing outside guests.
    pub guest: Option<MmId>,
}

/// One mapping that exists at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingSpec {
    /// Linear address, aligned to the page size.
    pub va: u64,
    /// Name of the data page.
    pub page: String,
    /// A 2 MiB page instead of a 4 KiB one.
    pub large: bool,
    /// R/W set.
    pub writable: bool,
    /// A kernel mapping: in every mm, supervisor only. Only `init_mm` declares them.
    pub kernel: bool,
    /// G set.
    pub global: bool,
    /// All mappings of this name that are shared map one page.
    pub shared: bool,
    /// Words of the page that are not 0 at the start. Of a shared one, its first mapping has them.
    pub words: Vec<(u32, u64)>,
    /// In a guest: the guest-physical address of the page, if it is given.
    pub gpa: Option<u64>,
}

/// Where speculative walks are switched off: there a CPU walks only for the access that it makes
/// next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalksOff {
    /// These CPUs, as a set of bits by number.
    pub cpus: u64,
    /// To these pages, ascending.
    pub addresses: Vec<u64>,
}

impl WalksOff {
    /// Reads `none`, or a list such as `cpu1,0x400000`. Nothing if it is neither.
    #[must_use]
    pub fn read(text: &str) -> Option<WalksOff> {
        let mut off = WalksOff::default();
        if text == "none" {
            return Some(off);
        }
        for target in text.split(',') {
            if let Some(cpu) = target.strip_prefix("cpu") {
                let cpu = cpu.parse().ok().filter(|&cpu: &u8| cpu < MAX_CPUS)?;
                off.cpus |= 1 << cpu;
            } else {
                let digits = target.strip_prefix("0x")?.replace('_', "");
                off.put(u64::from_str_radix(&digits, 16).ok()?);
                off.addresses.truncate(MAX_WATCHED);
            }
        }
        Some(off)
    }

    /// Adds the page of an address. Pages are put in one by one: there are few, and each type's sort is as much code as a small panel.
    pub(crate) fn put(&mut self, address: u64) {
        let page = address & !0xfff;
        if let Err(place) = self.addresses.binary_search(&page) {
            self.addresses.insert(place, page);
        }
    }

    /// As [`WalksOff::read`] reads it.
    #[must_use]
    pub fn text(&self) -> String {
        let cpus = (0..MAX_CPUS).filter(|cpu| self.cpus >> cpu & 1 == 1).map(|cpu| format!("cpu{cpu}"));
        let addresses = self.addresses.iter().map(|va| format!("{va:#x}"));
        let targets: Vec<String> = cpus.chain(addresses).collect();
        if targets.is_empty() { "none".to_owned() } else { targets.join(",") }
    }
}

/// A kernel variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Name in the text; a field of a struct array is `ctxs.tlb_gen`.
    pub name: String,
    /// One for all, one per mm, or one per CPU.
    pub scope: Scope,
    /// How to show its values.
    pub ty: Type,
    /// Elements per owner: 1 for a plain variable.
    pub len: u16,
    /// It was declared as an array (`len` may still be 1).
    pub array: bool,
    /// Its first cell. Cell of (owner, element) is `base + owner * len + element`.
    pub base: u16,
    /// Another CPU may read or write it. A per-CPU variable that no text touches from another CPU is private:
    /// its accesses need no step of their own and bypass the store buffer.
    pub shared: bool,
    /// Some interrupt handler touches it: with interrupts on, accesses to it are steps even if it is private.
    pub in_handlers: bool,
    /// Code that may run at any time touches it (the handler of NMIs, the host): accesses to it are steps as long as one
    /// can still come.
    pub in_intruders: bool,
    /// The largest value that a run may reach; nothing for no limit.
    pub limit: Option<u64>,
}

/// A thread or a piece of set-up: straight code for one CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The CPU.
    pub cpu: u8,
    /// Where it begins.
    pub entry: Pc,
    /// How many registers it needs.
    pub regs: u8,
}

/// A thread that runs on whichever CPU the kernel lets it run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskSpec {
    /// Name in the text.
    pub name: String,
    /// Whose user code it is; nothing for a kernel thread.
    pub mm: Option<MmId>,
    /// Where it begins.
    pub entry: Pc,
    /// Where it continues when it is killed: at its end, with the kernel's `do_exit`.
    pub exit: Pc,
    /// How many registers it needs.
    pub regs: u8,
}

/// When a handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandlerKind {
    /// An IPI came, and interrupts are on.
    Ipi,
    /// An NMI came: whether or not interrupts are on, and in the middle of an IPI's handler too.
    Nmi,
    /// The host preempted the virtual CPU. This is like an NMI, but nothing of the guest runs meanwhile, not even its walks.
    VmExit,
    /// An interrupt came, and interrupts are on. It runs on the thread that is interrupted, and may switch to another one.
    Irq,
    /// An access of the CPU's thread has faulted. The thread makes the access again when the handler returns.
    Fault,
    /// A guest has left to the host, by an EPT violation or an external interrupt. It continues when the handler returns.
    Exit,
}

/// What the handler of VM exits may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitFact {
    /// It is an EPT violation, and no external interrupt.
    Violation,
    /// The guest-physical address of an EPT violation.
    Gpa,
    /// The guest wanted to write there.
    Write,
}

impl ExitFact {
    /// All, with the words that a text has for them.
    pub const ALL: [(&'static str, ExitFact, Type); 3] = [
        ("violation", ExitFact::Violation, Type::Bool),
        ("gpa", ExitFact::Gpa, Type::Va),
        ("write", ExitFact::Write, Type::Bool),
    ];

    /// The fact that a parameter of that name gets.
    #[must_use]
    pub fn named(name: &str) -> Option<(ExitFact, Type)> {
        ExitFact::ALL.iter().find(|fact| fact.0 == name).map(|&(_, fact, ty)| (fact, ty))
    }
}

/// What the handler of page faults may be told: CR2, and three bits of the error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultFact {
    /// The address: CR2.
    Address,
    /// It was a store (W/R).
    Write,
    /// It was a user access (U/S).
    User,
    /// The translation was present; its rights or its reserved bits were at fault (P).
    Present,
}

impl FaultFact {
    /// All, with the words that a text has for them.
    pub const ALL: [(&'static str, FaultFact, Type); 4] = [
        ("address", FaultFact::Address, Type::Va),
        ("write", FaultFact::Write, Type::Bool),
        ("user", FaultFact::User, Type::Bool),
        ("present", FaultFact::Present, Type::Bool),
    ];

    /// The fact that a parameter of that name gets.
    #[must_use]
    pub fn named(name: &str) -> Option<(FaultFact, Type)> {
        FaultFact::ALL.iter().find(|fact| fact.0 == name).map(|&(_, fact, ty)| (fact, ty))
    }
}

/// An interrupt handler. It runs with interrupts off on the CPU that is interrupted; its parameters arrive in
/// registers 0, 1, 2 ... Those of NMIs and of the host have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// When it runs.
    pub kind: HandlerKind,
    /// Name in the text.
    pub name: String,
    /// Parameter names and types.
    pub params: Vec<(String, Type)>,
    /// Where it begins; it ends with [`Op::Return`].
    pub entry: Pc,
    /// How many registers it needs.
    pub regs: u8,
}

/// `expect never walk_of_freed;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Always, sometimes or never.
    pub observation: Observation,
    /// The property's name; [`names`](crate::property::names) lists those there are. With a label it is
    /// [`Labelled::text`].
    pub property: String,
    /// Where it is written.
    pub site: Site,
}

/// The property that a final state shows which the scenario's `exists` describes.
pub const FINAL_STATE: &str = "final_state";

/// The properties that checks with a label show.
pub const WITH_LABELS: &[&str] = &["kernel_bug", "kernel_warning", "invariant"];
