//! Events: what a step did, in an observer's words.

use crate::Loc;
use lang::program::{Claimed, Mode, Sleep, Type};
use x86::{
    Backing, Broadcast, Cr3, Fault, FrameId, Guest, Invept, Invpcid, Invvpid, Level, MmId, Owner, Pcid,
    PscEntry, Removed, TlbEntry, VirtAddr, WalkOutcome, Walked, WordId,
};

/// Something that happened on a CPU during a step. A step may report several, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// On which CPU.
    pub cpu: u8,
    /// What happened.
    pub what: What,
}

/// An older entry that a CPU can still use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A translation in its TLB.
    Translation(TlbEntry),
    /// A pointer in its paging-structure caches.
    Pointer(PscEntry),
    /// What memory gives an address, until a store of this CPU drains.
    Buffered(VirtAddr),
}

/// The vocabulary of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// One step of a page walk (H13, H14).
    Walk {
        /// The linear address that the walk is for.
        va: VirtAddr,
        /// What it read and what came of it.
        walked: Walked,
        /// Whether it put something into a cache that was not there.
        filled: bool,
    },
    /// Software read memory.
    Read {
        /// The place that was read.
        loc: Loc,
        /// What it got.
        value: u64,
        /// It came from the CPU's own store buffer (H55).
        forwarded: bool,
    },
    /// Software read where the tables of an mm begin, which may change.
    RootRead {
        /// The address space.
        mm: u64,
    },
    /// Software put a store into the buffer (H55).
    Buffered {
        /// The place that the store is for.
        loc: Loc,
        /// The stored value.
        value: u64,
    },
    /// Memory changed, or was written with the value that it already held.
    Written {
        /// The place.
        loc: Loc,
        /// What was there.
        before: u64,
        /// What is there.
        after: u64,
        /// The kind of write.
        how: How,
    },
    /// What the walk has cached serves these CPUs too, which share the TLB (H73).
    Shared {
        /// The CPUs for which it is new.
        cpus: u64,
        /// What it is.
        outcome: WalkOutcome,
    },
    /// MFENCE.
    Fenced,
    /// MOV to CR3.
    Cr3Written {
        /// What was in it.
        before: Cr3,
        /// What is in it.
        after: Cr3,
        /// Bit 63 of the operand.
        noflush: bool,
        /// What it removed.
        removed: Removed,
    },
    /// INVLPG, INVPCID or a change of CR4.PGE.
    Invalidated {
        /// The instruction.
        by: Invalidation,
        /// What it removed.
        removed: Removed,
    },
    /// The CPU has loaded a guest to run.
    VmcsLoaded {
        /// What is in the guest's CR3 at first.
        mm: MmId,
        /// Its second dimension.
        ept: MmId,
        /// Its VPID or ASID.
        vpid: u8,
    },
    /// A VM entry.
    VmEntered {
        /// What the guest is translated by.
        guest: Guest,
        /// The guest's CR3.
        cr3: Cr3,
        /// What it removed.
        removed: Removed,
    },
    /// A VM exit.
    VmExited {
        /// The reason of the exit.
        why: ExitReason,
        /// What it removed.
        removed: Removed,
    },
    /// INVLPG of an address that is not canonical: no operation (H27).
    NoOperation {
        /// The address.
        va: u64,
    },
    /// The interrupt flag changed or was set to what it was.
    IrqsOn(bool),
    /// IPIs were sent.
    IpiSent {
        /// Which handler they ask for.
        handler: u8,
        /// The arguments.
        args: Vec<(Type, u64)>,
        /// To which CPUs.
        targets: u64,
        /// CPUs that got none although their CR3 holds the address space that the IPI is about.
        omitted: u64,
    },
    /// Nothing was sent, since the model's queue of that CPU is full: the sender waits, and tries again
    /// ([`MOST_WAITING`](crate::MOST_WAITING)).
    NoRoom {
        /// Which CPU has too much before it.
        at: u8,
    },
    /// An IPI was taken.
    IpiTaken {
        /// Which handler runs now.
        handler: u8,
        /// The CPU that sent it.
        sender: u8,
    },
    /// A handler ended: the sender can see it.
    IpiDone {
        /// Which handler.
        handler: u8,
        /// The CPU that waits for it.
        sender: u8,
    },
    /// An NMI or the host interrupted the code that ran.
    CutIn {
        /// Which handler runs now.
        handler: u8,
    },
    /// The interruption is over: the interrupted code continues.
    CutInDone {
        /// Which handler it was.
        handler: u8,
    },
    /// The handler of a page fault returned: the access is made again.
    FaultDone {
        /// Which handler it was.
        handler: u8,
    },
    /// The handler of a page fault gave up the access.
    GivenUp {
        /// Which handler it was.
        handler: u8,
        /// The address.
        va: u64,
        /// What came of the access.
        then: Aftermath,
    },
    /// A lock was taken.
    Acquired {
        /// The lock.
        loc: Loc,
    },
    /// The environment answered a `maybe()`.
    Picked {
        /// With yes.
        yes: bool,
    },
    /// An INVLPGB was sent to every CPU (H48).
    BroadcastSent(Broadcast),
    /// A remote action request was sent (H72).
    RarSent {
        /// To these CPUs.
        targets: u64,
        /// What it asks for.
        broadcast: Broadcast,
    },
    /// A command was put into the queue of the IOMMU (H76).
    CommandQueued(Broadcast),
    /// A device got a PASID with the page tables of an mm (H74); with `init_mm` it lost the one that it had.
    PasidAttached {
        /// Which device.
        device: u8,
        /// The address space whose tables it uses.
        mm: MmId,
        /// The tag.
        pasid: Pcid,
    },
    /// A device asked for a translation and cached the answer (H75).
    Translated {
        /// The address.
        va: VirtAddr,
        /// What it cached.
        entry: TlbEntry,
    },
    /// An access of a device was refused, and given up.
    DeviceRefused {
        /// The address.
        va: u64,
        /// It was a store.
        write: bool,
    },
    /// An INVLPGB, a remote action request or a command of the IOMMU was carried out here.
    BroadcastDone {
        /// What it asked for.
        broadcast: Broadcast,
        /// The CPU that sent it.
        sender: u8,
        /// What it removed.
        removed: Removed,
    },
    /// The CPU went to sleep.
    Slept {
        /// How deep.
        depth: Sleep,
        /// What it lost on the way.
        removed: Removed,
    },
    /// The CPU woke up.
    Woke,
    /// All IPIs sent have been handled, or all INVLPGBs carried out; or the condition of an `until` holds.
    Waited,
    /// A frame was allocated.
    Allocated {
        /// The frame.
        frame: FrameId,
        /// What for.
        owner: Owner,
    },
    /// The CPU goes on with another task.
    Switched {
        /// Which ran.
        from: u8,
        /// Which runs.
        to: u8,
        /// It has not run before.
        begins: bool,
    },
    /// An address space was made, with the root that was allocated.
    SpaceMade {
        /// The new address space.
        mm: MmId,
    },
    /// An address space ended, whose root was freed.
    SpaceEnded {
        /// The address space that ended.
        mm: MmId,
    },
    /// A frame went back to the allocator.
    Freed {
        /// The frame.
        frame: FrameId,
        /// Its owner before.
        was: Owner,
    },
    /// A frame will go back after a grace period.
    FreeQueued {
        /// The frame.
        frame: FrameId,
        /// CPUs that have interrupts off now: it waits for them.
        waiting: u64,
    },
    /// Other software runs now.
    Mode {
        /// Before.
        from: Mode,
        /// After.
        to: Mode,
    },
    /// A committed user access.
    Accessed {
        /// The linear address.
        va: VirtAddr,
        /// A store rather than a load.
        write: bool,
        /// What was read or written.
        value: u64,
        /// Through which translation.
        via: TlbEntry,
        /// What it reached.
        backing: Backing,
        /// Whose frame that is, if it is a modelled one.
        owner: Option<Owner>,
        /// What a locked operation found there; nothing for other accesses.
        was: Option<u64>,
        /// Whether the page tables in memory that CR3 leads to give the access that frame as well.
        given: bool,
        /// If they do not, and the translation comes from another address space: that space.
        foreign: Option<MmId>,
    },
    /// A committed store set the dirty bit of its entry (H19).
    DirtySet {
        /// Frame of the table.
        frame: FrameId,
        /// Which entry.
        index: WordId,
        /// The level of the entry.
        level: Level,
    },
    /// A committed access faulted (H15).
    Faulted {
        /// The linear address.
        va: VirtAddr,
        /// A store rather than a load.
        write: bool,
        /// Why; nothing if memory allows it, and only a cached entry did not, or a store of the CPU's own was still on
        /// its way (H23, H57).
        fault: Option<Fault>,
        /// What the fault removed.
        removed: Removed,
        /// How the program continues.
        then: Aftermath,
    },
    /// The cached entries did not serve a committed access; the CPU dropped them and walks again, without a fault (H15,
    /// H19).
    Rewalked {
        /// The linear address.
        va: VirtAddr,
        /// A store rather than a load.
        write: bool,
        /// What was dropped.
        removed: Removed,
    },
    /// `BUG_ON`, `WARN_ON` or `WARN_ON_ONCE` fired.
    CheckFailed {
        /// BUG rather than WARN.
        fatal: bool,
        /// Its label: a place in [`Program::labels`](lang::program::Program::labels) counted from 1; 0 for none.
        label: u16,
    },
    /// The text claimed that no CPU can use anything older any more.
    Claimed {
        /// The kinds of entries that the claim is about.
        what: Claimed,
        /// The address space whose addresses it is about.
        mm: MmId,
        /// The first of them.
        start: u64,
        /// The first address after them.
        end: u64,
        /// Which CPUs can still use what; empty if the claim is true.
        held: Vec<(u8, Held)>,
    },
    /// Entries older than a claim can be used again, since CR3 was loaded or the CPU continues.
    StillHeld {
        /// Which CPUs can use which entries.
        held: Vec<(u8, Held)>,
    },
    /// User code goes on with interrupts off: the kernel has not turned them on again.
    UserWithoutInterrupts,
    /// An invariant does not hold any more.
    InvariantBroken {
        /// Its name: a place in [`Program::labels`](lang::program::Program::labels) counted from 1.
        label: u16,
    },
    /// A variable went beyond the limit that the text declares for it: the run ends here.
    BeyondLimit {
        /// The place.
        loc: Loc,
    },
    /// The kernel text asked for something impossible.
    Bug(Bug),
}

/// What happens to a program whose access faulted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aftermath {
    /// The tables in memory allow the access: it is made again.
    Retried,
    /// The access has a fixup (`load_nofault`, `get_user`): the program continues there.
    SteppedOver,
    /// The kernel's handler runs.
    Handled,
    /// It was a user program's: it is killed.
    Killed,
    /// It was the kernel's: an oops.
    Oops,
}

/// By which kind of write memory changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// A store left the buffer.
    Drained,
    /// A store on a machine without store buffers.
    Direct,
    /// A locked operation.
    Locked,
    /// A store to a variable that only this CPU looks at.
    Private,
}

/// Which invalidation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invalidation {
    /// INVLPG of an address (H37, H38).
    Invlpg(VirtAddr),
    /// INVPCID (H39 to H42).
    Invpcid(Invpcid),
    /// CR4.PGE off and on (H43).
    TogglePge,
    /// INVEPT (H68).
    Invept(Invept),
    /// INVVPID (H69).
    Invvpid(Invvpid),
    /// INVLPGA of an address and an ASID (H71).
    Invlpga(VirtAddr, u8),
    /// An EPT violation (H70).
    Violation {
        /// The guest-physical address.
        gpa: VirtAddr,
        /// The linear address that it translates.
        va: VirtAddr,
    },
}

/// Why a guest has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitReason {
    /// By itself.
    Asked,
    /// An external interrupt came.
    Interrupt,
    /// An EPT violation, or AMD's nested page fault.
    Violation {
        /// The guest-physical address.
        gpa: u64,
        /// The guest wanted to write.
        write: bool,
    },
}

/// What a text can do wrong with guests, and with instructions that the processor does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VmFault {
    /// No guest has been loaded, or what was named is none.
    NoGuest,
    /// A guest cannot do this.
    InGuest,
    /// Only a guest can do this.
    NotInGuest,
    /// The other vendor has this instruction.
    OtherVendor,
    /// A value is reserved.
    Reserved,
    /// VPID or ASID 0 is the host's.
    TagOfHost,
    /// The model's VPIDs and ASIDs end at 255.
    TagTooLarge,
    /// A handler cannot enter a guest: the interrupted code may run one already.
    InHandler,
}

/// What a kernel text can do wrong in a way that no machine could carry out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bug {
    /// It went down through a page-table entry that is not present.
    NoTable(Level),
    /// It named a frame that does not exist.
    NoFrame(u64),
    /// It named an element that the variable does not have.
    OutOfRange,
    /// It freed a frame that was free.
    DoubleFree(FrameId),
    /// It loaded CR3 with a frame that is no table of the highest level.
    NotARoot(u64),
    /// It used a PCID beyond 4095, or bit 63 of CR3 or INVPCID of a PCID without CR4.PCIDE: #GP (H3).
    GeneralProtection(Pcid),
    /// It named no page in an INVLPGB, or more than the processor takes: #GP (H48).
    TooManyPages(u64),
    /// It used an address that is not canonical where that is not ignored.
    NotCanonical(u64),
    /// It switched to a task that does not exist, that another CPU runs, or that is another CPU's
    /// own.
    NotToRun(u64),
    /// It ended an address space that does not exist.
    NoSpace(MmId),
    /// It made an address space that exists.
    SpaceExists(MmId),
    /// It named a guest-physical address where the guest has no memory.
    NotGuestMemory(u64),
    /// It looked for a guest's frame that the second dimension does not map.
    NotBacked(u64),
    /// It did something with guests that hardware refuses: VMfail, #VMEXIT(INVALID), #UD or #GP.
    Vm(VmFault),
    /// It gave a PASID to something that is no device.
    NoSuchDevice(u64),
    /// It used a PASID beyond those of the model (H74).
    NoSuchPasid(u64),
    /// It ran for ever without any visible effect.
    Runaway,
}
