//! Micro-operations: what a CPU can be asked to do, one access or one instruction at a time.
//!
//! The machine gives them meaning. This file only lists them; `effects` has the facts about each.

mod flush;

use crate::ir::bin::Bin;
use crate::ir::value::{MmId, Pc, Reg, VarId};
pub use flush::{InvlpgbOp, InvpcidOp, InvvpidOp, QueueOp, RarOp};
use x86::Level;

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
    /// it. [`Level::linux_name`] says what Linux calls each.
    Entry {
        /// Level of the entry.
        level: Level,
        /// The address space whose tables are meant.
        mm: Operand,
        /// The linear address.
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
    /// The kernel on behalf of an mm, until a call says otherwise: it has been entered and not been left.
    Entered(MmId),
    /// A kernel thread.
    Kthread,
    /// The idle task.
    Idle,
}

/// Which mode follows at the end of a system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// The mode of the caller: user mode, if user code made the call.
    Call,
    /// The CPU stays in the kernel.
    Stay,
    /// The CPU goes to user mode.
    ToUser,
}

/// What happens to an access whose fault is not repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixup {
    /// It ends the program or the kernel's function.
    Nowhere,
    /// A load gives 0, and the program continues after it (`load_nofault`).
    Behind,
    /// A load gives 0, and the program continues there: an entry of the kernel's exception table (`get_user`).
    At(Pc),
}

/// What a claim is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claimed {
    /// Translations and pointers to page tables (`claim_flushed`).
    All,
    /// Pointers to page tables alone (`claim_flushed_tables`).
    Tables,
}

/// What an invariant can ask of a CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Inspected {
    /// The frame in CR3.
    Root,
    /// The PCID in CR3.
    Pcid,
    /// How many translations its TLB has.
    Translations,
    /// The PCID of a translation.
    TranslationPcid,
    /// Its first linear address.
    TranslationVa,
    /// Its first page frame.
    TranslationFrame,
    /// The space whose tables its walk began at; [`NO_MM`](crate::program::NO_MM) if they were no space's.
    TranslationMm,
    /// Whether it allows stores.
    Writable,
    /// Whether it allows user accesses.
    User,
    /// Whether it is global.
    Global,
    /// How many pointers its paging-structure caches have.
    Pointers,
    /// The PCID of a pointer.
    PointerPcid,
    /// The first linear address that it serves.
    PointerVa,
    /// The page table's frame.
    PointerFrame,
    /// The space whose tables its walk began at; [`NO_MM`](crate::program::NO_MM) if they were no space's.
    PointerMm,
}

/// How deep a CPU sleeps. (No source says that an idle CPU never walks; a halted one fetches nothing, and deep
/// states switch the caches off: the model's notes have the judgement.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sleep {
    /// Halted with its caches: C1, C1E.
    C1,
    /// Halted, and the caches were dropped on the way: C6 and deeper.
    C6,
}

/// A micro-operation.
///
/// *Visible* ones are steps. *Silent* ones run in the same step as the visible one before them (see
/// [`Seen`](crate::effects::Seen)).
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
    /// dst := the page frame of the root of `mm` (`m.pgd`). It never changes while the mm exists. Silent.
    PgdOf {
        /// Page-frame number.
        dst: Reg,
        /// The address space whose root it is.
        mm: Operand,
    },
    /// dst := the same where address spaces come and go: a load of what the kernel keeps of `mm`. Of one that is gone it is
    /// the frame that its root had.
    LoadPgd {
        /// Page-frame number.
        dst: Reg,
        /// The address space whose root it is.
        mm: Operand,
    },
    /// Makes an address space: a root with the kernel's half of init_mm's, and its variables with their initial values.
    /// Waits while there is no frame.
    MmAlloc {
        /// Which. There must be none.
        mm: Operand,
    },
    /// Ends an address space, and gives its root back to the allocator. The tables below stay until the kernel frees
    /// them.
    MmFree {
        /// The address space that ends.
        mm: Operand,
    },
    /// dst := the task that this is (`get_current()`). Silent.
    Current {
        /// Destination.
        dst: Reg,
    },
    /// dst := the address space of a task; init_mm's for a kernel thread. It never changes. Silent.
    MmOfTask {
        /// Destination.
        dst: Reg,
        /// Which task.
        task: Operand,
    },
    /// The CPU continues with another task, where that task has switched away itself (`__switch_to`). A thread that has not
    /// run yet begins, with interrupts on.
    SwitchTo {
        /// Which task.
        task: Operand,
    },
    /// Continue at `target`. Silent.
    Jump(Pc),
    /// Continue at `target` if `cond` is 0. Silent.
    JumpIfZero {
        /// Condition.
        cond: Operand,
        /// The operation that comes next then.
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
    /// `spin_lock(place)`: waits until the place holds 0 and this CPU's store buffer is empty, then puts 1 there
    /// with a locked operation. (Spinning is not shown: it changes nothing.)
    Acquire {
        /// The lock.
        place: Place,
    },
    /// dst := 0 or 1, as the environment chooses: an allocation that may fail, a timer that may be due.
    Maybe {
        /// Destination.
        dst: Reg,
    },
    /// dst := whether a frame is a page table now. For assertions only: no kernel could ask. Silent.
    IsTable {
        /// Destination.
        dst: Reg,
        /// Page-frame number.
        frame: Operand,
    },
    /// INVLPGB (H48): returns at once; each CPU carries it out at some later moment.
    Invlpgb {
        /// Which translations it names.
        op: InvlpgbOp,
        /// PCID operand.
        pcid: Operand,
        /// First address of a range.
        va: Operand,
        /// Pages of a range.
        pages: Operand,
        /// Leave paging-structure caches alone.
        final_only: Operand,
    },
    /// TLBSYNC (H49): waits until every CPU has carried out the INVLPGBs of this one.
    Tlbsync,
    /// A remote action request (H72): returns at once; each CPU of the set but this one carries it out at some later moment.
    SendRar {
        /// The action that is asked for.
        op: RarOp,
        /// The CPUs.
        targets: Operand,
        /// PCID operand.
        pcid: Operand,
        /// Address operand.
        va: Operand,
    },
    /// Waits until every request of this CPU has been carried out (`rar_wait`).
    WaitRar,
    /// A command is put into the IOMMU's queue (H76): each device and its IOMMU carry it out at some later moment.
    QueueFlush {
        /// The command.
        op: QueueOp,
        /// PASID operand.
        pasid: Operand,
        /// Address operand.
        va: Operand,
    },
    /// Waits until every command of this CPU has been carried out (`qi_wait`).
    QueueWait,
    /// A device gets a PASID with the page tables of an mm (H74); with `init_mm` it loses the one that it has.
    AttachPasid {
        /// The device's number.
        device: Operand,
        /// The address space whose tables are meant.
        mm: Operand,
        /// The tag.
        pasid: Operand,
    },
    /// MWAIT or HLT: no walks and no operations until the CPU wakes, by an IPI or by itself.
    Sleep(Sleep),
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
        /// Page frame of the root: a table of the highest level.
        root: Operand,
        /// The low twelve bits of CR3; they mean nothing unless CR4.PCIDE.
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
    /// dst := whether interrupts are on; then they are off (`local_irq_save()`: PUSHF and CLI).
    IrqSave {
        /// 1 or 0.
        dst: Reg,
    },
    /// Interrupts are as they were (`local_irq_restore(flags)`: POPF).
    IrqRestore {
        /// What [`Op::IrqSave`] gave.
        on: Operand,
    },
    /// Sends an IPI to each CPU of the set but this one. Without any, nothing is executed. Whether older stores are
    /// visible first is up to the APIC (H60), unless a locked operation has put the call into the targets' queues.
    SendIpi {
        /// Index into [`crate::program::Program::handlers`].
        handler: u8,
        /// Set of targets.
        targets: Operand,
        /// Arguments, as many as the handler has parameters.
        args: Vec<Operand>,
        /// A locked operation enqueues the call at each target before the IPI is sent (Linux's `llist_add`).
        queued: bool,
    },
    /// Waits until every IPI this CPU sent has been handled.
    WaitIpis,
    /// dst := a frame from the allocator, which of them is up to the machine; waits while there is none. The frame keeps what is
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
        /// The address space whose table it is.
        mm: Operand,
    },
    /// Gives a frame back to the allocator at once. The last reference goes by a locked decrement.
    Free {
        /// Page-frame number.
        frame: Operand,
    },
    /// Gives a frame back after an RCU-sched grace period: when each CPU has been seen with interrupts on and nothing
    /// in its store buffer.
    FreeRcu {
        /// Page-frame number.
        frame: Operand,
    },
    /// A committed load through the MMU; dst := the 8-byte word at `va`.
    UserLoad {
        /// Destination.
        dst: Reg,
        /// Linear address.
        va: Operand,
        /// What happens if it faults.
        fixup: Fixup,
    },
    /// A committed store through the MMU.
    UserStore {
        /// Linear address.
        va: Operand,
        /// What is stored.
        value: Operand,
        /// What happens if it faults.
        fixup: Fixup,
    },
    /// A committed locked read-modify-write through the MMU: waits until this CPU's store buffer is empty, then acts on
    /// memory (H55). It needs the right to write, and sets D, whether or not it changes anything.
    UserRmw {
        /// Where the old or new value goes.
        dst: Option<(Reg, RmwResult)>,
        /// Linear address.
        va: Operand,
        /// What to do.
        op: Rmw,
        /// Its operand.
        value: Operand,
        /// What happens if it faults.
        fixup: Fixup,
    },
    /// The end of the handler of a page fault that it does not repair: the access is given up (`bad_area()`).
    BadArea,
    /// What runs on this CPU from now on. Silent.
    SetMode(Mode),
    /// From user mode of an mm into the kernel on its behalf; nothing in other modes. Silent.
    EnterKernel,
    /// The end of a system call; nothing where the kernel does not act on behalf of an mm. Silent.
    LeaveKernel(Leave),
    /// `BUG_ON(cond)` (`fatal`) or `WARN_ON(cond)`, `WARN_ON_ONCE(cond)`: observed when `cond` is not 0. Silent.
    Check {
        /// Condition that ought to be 0.
        cond: Operand,
        /// BUG rather than WARN.
        fatal: bool,
        /// Its label, as a place in [`crate::program::Program::labels`] counted from 1; 0 for none.
        label: u16,
    },
    /// From here on no CPU may use an older translation of these addresses of a space, or an older pointer on the way to
    /// them. The observer looks which CPUs still could. This is a separate step.
    Claim {
        /// Which kinds of entries the claim is about.
        what: Claimed,
        /// The address space whose addresses it is about.
        mm: Operand,
        /// The first address.
        start: Operand,
        /// The first address after them.
        end: Operand,
    },
    /// dst := something about a CPU that only an observer sees; 0 for an entry that does not exist. Only in invariants. Silent.
    Inspect {
        /// Destination.
        dst: Reg,
        /// What is inspected.
        what: Inspected,
        /// The CPU whose caches are inspected.
        cpu: Operand,
        /// The number of the entry.
        n: Operand,
    },
    /// VMPTRLD and the fields that matter here: which guest this CPU runs at its next VM entry. (AMD: a VMCB.)
    Vmptrld {
        /// The address space in the guest's CR3, at first.
        mm: Operand,
        /// The second dimension.
        ept: Operand,
        /// VPID, 0 for none; or ASID.
        vpid: Operand,
    },
    /// VM entry: the guest continues (H59, H67).
    VmEnter {
        /// TLB_CONTROL of VMRUN (H71); nothing for VMRESUME.
        control: Option<Operand>,
    },
    /// The guest leaves to the host by itself, and the host's code follows.
    Vmcall,
    /// INVEPT of one second dimension, or of all (H68).
    Invept {
        /// Which; nothing for all.
        ept: Option<Operand>,
    },
    /// INVVPID (H69).
    Invvpid {
        /// Type.
        op: InvvpidOp,
        /// VPID operand.
        vpid: Operand,
        /// Address operand (type 0).
        va: Operand,
    },
    /// INVLPGA (H71).
    Invlpga {
        /// Linear address.
        va: Operand,
        /// ASID.
        asid: Operand,
    },
    /// End of a handler: IRET, or the VM entry with which the guest continues (H59).
    Return,
    /// End of a thread.
    Halt,
}
