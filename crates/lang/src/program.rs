//! What a checked text becomes: a `Program`, plain data that a machine can run.
//!
//! A program is flat. Functions have been inlined, options have been decided, names have become numbers.
//! What is left is a list of micro-operations per thread and handler, each with the place in the text it came
//! from. The machine gives them meaning; this file only says which there are. Nothing here knows the state of
//! a machine, and nothing here is a closure: a CPU's position in its program is a number that can be hashed,
//! compared, drawn and put in a link.
//!
//! All values are `u64`: integers, booleans (0, 1), mm ids, CPU numbers, CPU sets (bit n is CPU n), page-frame
//! numbers and page-table entries. Types are checked once, by the compiler, and kept in [`Variable::ty`] only
//! so that a value can be shown the way its author thinks of it.

use crate::source::Site;
pub use x86::{Level, MemoryType, Vendor};

/// Index into [`Program::code`].
pub type Pc = u16;
/// A local variable or temporary of the running context.
pub type Reg = u8;
/// Index into [`Program::mms`]; 0 is `init_mm`.
pub type MmId = u8;
/// Index into [`Program::variables`].
pub type VarId = u16;

/// The mm value that is no mm: `LOADED_MM_SWITCHING`. It can be stored and compared. A text that looks inside it
/// (`m.tlb_gen`, `m.pgd`, `pte(m, va)`) has a bug that the machine reports.
pub const NO_MM: MmId = u8::MAX;
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
/// The most linear addresses a program may watch.
pub const MAX_WATCHED: usize = 16;

/// A checked, compiled scenario on a kernel with every option decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The scenario's name, as written.
    pub name: String,
    /// The kernel's name, as written.
    pub kernel: String,
    /// The scenario's sentences about itself (`about "..."`), in order.
    pub about: Vec<String>,
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
    /// Interrupt handlers, in textual order.
    pub handlers: Vec<Handler>,
    /// Page-aligned linear addresses that any CPU may walk at any time, ascending.
    pub watched: Vec<u64>,
    /// What the scenario (or the case chosen) expects.
    pub expectations: Vec<Expectation>,
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
    /// The machine: `pcid`, `vendor`, `pge`, `tce`, `tso`.
    Machine,
}

/// The `machine { ... }` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineSpec {
    /// Number of CPUs, 1 to [`MAX_CPUS`].
    pub cpus: u8,
    /// Whose walker: decides rules H30 to H33.
    pub vendor: Vendor,
    /// CR4.PCIDE (H3).
    pub pcid: bool,
    /// CR4.PGE (H4).
    pub pge: bool,
    /// AMD EFER.TCE (H38).
    pub tce: bool,
    /// AMD HWCR.TlbCacheDis (H31).
    pub tlb_cache_dis: bool,
    /// Depth of each CPU's store buffer; 0 makes every store visible at once (sequential consistency).
    pub store_buffer: u8,
    /// MAXPHYADDR in bits, 32 to 52: address bits above it are reserved (H26).
    pub maxphyaddr: u8,
    /// DRAM, as byte ranges `start..end`, ascending, page aligned, not overlapping.
    pub dram: Vec<(u64, u64)>,
    /// Device registers.
    pub devices: Vec<DeviceSpec>,
    /// Page frames the allocator has at the start.
    pub spare: u8,
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

/// `mm A { 0x400000 -> page "user data"; }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MmSpec {
    /// Name in the text.
    pub name: String,
    /// User mappings that exist at the start, with all their page tables.
    pub mappings: Vec<MappingSpec>,
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
}

/// Who owns an instance of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One for the whole machine.
    Global,
    /// One per mm.
    PerMm,
    /// One per CPU.
    PerCpu,
}

/// What a value means to its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// A number.
    Int,
    /// 0 or 1.
    Bool,
    /// An address space.
    Mm,
    /// A CPU number.
    Cpu,
    /// A set of CPUs.
    Cpus,
    /// A page-frame number; 0 is none.
    Frame,
    /// A 64-bit page-table entry.
    Pte,
    /// A linear address.
    Va,
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

/// An interrupt handler. It runs with interrupts off on the CPU that takes the IPI; its parameters arrive in
/// registers 0, 1, 2 ...
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// Name in the text.
    pub name: String,
    /// Parameter names and types.
    pub params: Vec<(String, Type)>,
    /// Where it begins; it ends with [`Op::Return`].
    pub entry: Pc,
    /// How many registers it needs.
    pub regs: u8,
}

/// What an operation reads: a register or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Value of a register of the running context.
    Reg(Reg),
    /// A constant.
    Const(u64),
    /// The number of the CPU that runs the operation.
    ThisCpu,
}

/// Something in memory that can be read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An element of a kernel variable. `owner` is an mm id or a CPU number (ignored for globals).
    Cell {
        /// Which variable.
        var: VarId,
        /// Which instance.
        owner: Operand,
        /// Which element.
        index: Operand,
    },
    /// The entry for `va` at `level` in the tables of `mm`, found from the root through memory as this CPU sees
    /// it. `Level::Pt` is Linux's pte, `Pd` its pmd, `Pdpt` its pud, `Pml4` its pgd.
    Entry {
        /// Level of the entry.
        level: Level,
        /// Whose tables.
        mm: Operand,
        /// For which linear address.
        va: Operand,
    },
    /// The 8-byte word number `index` (0 to 511) of a page frame.
    Word {
        /// Page-frame number.
        frame: Operand,
        /// Which word.
        index: Operand,
    },
}

/// A two-operand function without side effects. Comparisons give 0 or 1. Arithmetic wraps. A division does not
/// exist. Shifts of 64 or more give 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bin {
    /// a + b
    Add,
    /// a - b
    Sub,
    /// a * b
    Mul,
    /// a & b
    And,
    /// a | b
    Or,
    /// a ^ b
    Xor,
    /// a & !b
    AndNot,
    /// a << b
    Shl,
    /// a >> b
    Shr,
    /// a == b
    Eq,
    /// a != b
    Ne,
    /// a < b
    Lt,
    /// a <= b
    Le,
    /// a > b
    Gt,
    /// a >= b
    Ge,
    /// bit a of set b (0 if a is 64 or more)
    In,
    /// a & b is 0: two sets without a common member
    Disjoint,
}

/// What a locked read-modify-write does to the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rmw {
    /// new := value (`xchg`)
    Xchg,
    /// new := old + value
    Add,
    /// new := old | value
    Or,
    /// new := old & !value
    AndNot,
    /// new := value if old == expected, else unchanged (`cmpxchg`)
    CmpXchg {
        /// What must be there.
        expected: Operand,
    },
}

/// What [`Op::Rmw`] leaves in its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RmwResult {
    /// What was there before.
    Old,
    /// What is there now (`inc_return`).
    New,
}

/// What software runs on a CPU, for display and for user accesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// User code of an mm.
    User(MmId),
    /// The kernel on behalf of an mm: a system call or a switch.
    Kernel(MmId),
    /// A kernel thread.
    Kthread,
    /// The idle task.
    Idle,
}

/// Which INVPCID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvpcidOp {
    /// Type 0: one address of one PCID (H39).
    Addr,
    /// Type 1: one PCID (H40).
    Single,
    /// Type 2: everything with globals (H41).
    All,
    /// Type 3: everything but globals (H42).
    AllNonGlobal,
}

/// A micro-operation.
///
/// *Visible* ones are steps. *Silent* ones run in the same step as the visible one before them (see
/// [`Op::silent`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// dst := a bin b. Silent.
    Bin {
        /// Destination.
        dst: Reg,
        /// Function.
        op: Bin,
        /// First operand.
        a: Operand,
        /// Second operand.
        b: Operand,
    },
    /// dst := a. Silent.
    Move {
        /// Destination.
        dst: Reg,
        /// Source.
        a: Operand,
    },
    /// dst := the page frame of the PML4 of `mm` (`m.pgd`). It never changes while the mm exists. Silent.
    PgdOf {
        /// Page-frame number.
        dst: Reg,
        /// Whose root.
        mm: Operand,
    },
    /// Go on at `target`. Silent.
    Jump(Pc),
    /// Go on at `target` if `cond` is 0. Silent.
    JumpIfZero {
        /// Condition.
        cond: Operand,
        /// Where to.
        target: Pc,
    },
    /// dst := place. With this CPU's own buffered stores taken into account (H55).
    Load {
        /// Destination.
        dst: Reg,
        /// Source.
        place: Place,
    },
    /// place := value, through the store buffer (H55).
    Store {
        /// Destination.
        place: Place,
        /// Value.
        value: Operand,
    },
    /// A locked read-modify-write: waits until this CPU's store buffer is empty, then acts on memory (H55).
    Rmw {
        /// Where the old or new value goes.
        dst: Option<(Reg, RmwResult)>,
        /// The place.
        place: Place,
        /// What to do.
        op: Rmw,
        /// Its operand.
        value: Operand,
    },
    /// MFENCE (`smp_mb()`): waits until the store buffer is empty (H55). Orders no walk (H56).
    Fence,
    /// Waits until `place cmp value` holds, without spinning through states.
    Until {
        /// What is read.
        place: Place,
        /// Eq, Ne, Lt, Le, Gt, Ge, In, Disjoint or And (non-zero).
        cmp: Bin,
        /// Compared with.
        value: Operand,
    },
    /// MOV CR3 (H34 to H36, H54).
    WriteCr3 {
        /// Page frame of the PML4.
        root: Operand,
        /// CR3[11:0]; must be 0 unless CR4.PCIDE.
        pcid: Operand,
        /// Bit 63.
        noflush: Operand,
    },
    /// INVLPG (H37, H38).
    Invlpg {
        /// Linear address.
        va: Operand,
    },
    /// INVPCID (H39 to H42).
    Invpcid {
        /// Type.
        op: InvpcidOp,
        /// PCID operand (types 0 and 1).
        pcid: Operand,
        /// Address operand (type 0).
        va: Operand,
    },
    /// CR4.PGE off and on again (H43).
    TogglePge,
    /// CLI (`local_irq_disable()`).
    IrqDisable,
    /// STI (`local_irq_enable()`).
    IrqEnable,
    /// Sends an IPI to each CPU of the set but this one; waits until the store buffer is empty first, as the
    /// enqueueing is a locked operation.
    SendIpi {
        /// Index into [`Program::handlers`].
        handler: u8,
        /// Set of targets.
        targets: Operand,
        /// Arguments, as many as the handler has parameters.
        args: Vec<Operand>,
    },
    /// Waits until every IPI this CPU sent has been handled.
    WaitIpis,
    /// dst := a frame from the allocator, last freed first; waits while there is none. The frame keeps what is
    /// in it.
    AllocPage {
        /// Page-frame number.
        dst: Reg,
    },
    /// dst := a zeroed frame that is now a page table of `mm` at `level`.
    AllocTable {
        /// Page-frame number.
        dst: Reg,
        /// Level of the entries it will hold.
        level: Level,
        /// Whose.
        mm: Operand,
    },
    /// Gives a frame back to the allocator at once.
    Free {
        /// Page-frame number.
        frame: Operand,
    },
    /// Gives a frame back after an RCU-sched grace period: when each CPU has been seen with interrupts on.
    FreeRcu {
        /// Page-frame number.
        frame: Operand,
    },
    /// A committed user load; dst := the 8-byte word at `va`.
    UserLoad {
        /// Destination.
        dst: Reg,
        /// Linear address.
        va: Operand,
    },
    /// A committed user store.
    UserStore {
        /// Linear address.
        va: Operand,
        /// What is stored.
        value: Operand,
    },
    /// What runs on this CPU from now on. Silent.
    SetMode(Mode),
    /// From user mode of an mm into the kernel on its behalf; nothing in other modes. Silent.
    EnterKernel,
    /// From the kernel on behalf of an mm back to its user mode; nothing in other modes. Silent.
    LeaveKernel,
    /// `BUG_ON(cond)` (`fatal`) or `WARN_ON_ONCE(cond)`: observed when `cond` is not 0. Silent.
    Check {
        /// Condition that ought to be 0.
        cond: Operand,
        /// BUG rather than WARN.
        fatal: bool,
    },
    /// End of a handler.
    Return,
    /// End of a thread.
    Halt,
}

impl Op {
    /// Whether nobody but the running context can see it, so that it needs no step of its own whatever the
    /// state. (Accesses to private variables are decided by the machine, which knows whether interrupts are on.)
    #[must_use]
    pub fn silent(&self) -> bool {
        matches!(
            self,
            Op::Bin { .. }
                | Op::Move { .. }
                | Op::PgdOf { .. }
                | Op::Jump(_)
                | Op::JumpIfZero { .. }
                | Op::SetMode(_)
                | Op::EnterKernel
                | Op::LeaveKernel
                | Op::Check { .. }
        )
    }
}

/// `expect never walk_of_freed;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Always, sometimes or never.
    pub observation: Observation,
    /// The property's name; [`PROPERTIES`] lists those there are.
    pub property: String,
    /// Where it is written.
    pub site: Site,
}

/// How often something happens over all executions, in the words of the litmus tradition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Observation {
    /// In every complete execution.
    Always,
    /// In some.
    Sometimes,
    /// In none.
    Never,
}

/// The properties an expectation can name. `corruption` and `violation` are groups: see `machine::property`.
pub const PROPERTIES: &[&str] = &[
    "walk_of_freed",
    "a_bit_corruption",
    "garbage_psc",
    "garbage_tlb",
    "device_read",
    "machine_check",
    "stale_access",
    "page_fault",
    "kernel_bug",
    "kernel_warning",
    "deadlock",
    "corruption",
    "violation",
];
