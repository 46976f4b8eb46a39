//! The columns of the table of operations: what a row may say.

use crate::ir::op::{Fixup, Operand, Rmw, RmwResult};
use crate::ir::value::Pc;

/// What a value that is read means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A number, a truth value, an address, an entry or a frame: no CPU and no set of CPUs.
    Plain,
    /// An address space.
    Mm,
    /// A set of CPUs.
    Cpus,
    /// Any value; only whether it is 0 matters.
    Truth,
    /// Anything.
    Any,
    /// An operand of [`Effects::function`](super::Effects::function).
    Operand,
    /// What the place holds.
    Held,
    /// An argument for the handler's parameter of that number.
    Argument(u8),
}

/// What a value that is written means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A number, a truth value or a frame: no CPU and no set of CPUs.
    Plain,
    /// What was read.
    Read,
    /// What [`Effects::function`](super::Effects::function) gives.
    Computed,
    /// What the place holds.
    Held,
    /// What the place held before.
    Before,
    /// What the place holds afterwards.
    After,
}

/// How a place is accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A load, with the CPU's own buffered stores taken into account.
    Load,
    /// A store, through the store buffer.
    Store,
    /// A locked operation on memory.
    Locked,
    /// A locked operation on memory that changes it only if it holds the first of the values that are read.
    Compare,
}

impl Access {
    /// Whether the place may be changed.
    #[must_use]
    pub const fn writes(self) -> bool {
        match self {
            Access::Load => false,
            Access::Store | Access::Locked | Access::Compare => true,
        }
    }
}

/// Where control goes after an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// To the next one.
    Next,
    /// To that one.
    Jump(Pc),
    /// To that one or to the next one.
    Branch(Pc),
    /// Back to what the handler has interrupted.
    Leave,
    /// Nowhere: the thread is over.
    End,
}

/// The way that an operation takes between the host and its guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// From the host into the guest: VMRESUME, VMRUN.
    Entry,
    /// From the guest to the host: VMCALL.
    Exit,
}

impl Flow {
    /// The operations of the same thread or handler that may come next after the one at `pc`.
    pub fn successors(self, pc: usize) -> impl Iterator<Item = usize> {
        let (jump, next) = match self {
            Flow::Next => (None, Some(pc + 1)),
            Flow::Jump(target) => (Some(target), None),
            Flow::Branch(target) => (Some(target), Some(pc + 1)),
            Flow::Leave | Flow::End => (None, None),
        };
        jump.map(usize::from).into_iter().chain(next)
    }

    /// Where it jumps to.
    #[must_use]
    pub const fn target(self) -> Option<Pc> {
        match self {
            Flow::Jump(target) | Flow::Branch(target) => Some(target),
            Flow::Next | Flow::Leave | Flow::End => None,
        }
    }
}

/// Who can observe when an operation happens. An operation that no other context can observe needs
/// no step of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Only the running context: the operation is silent.
    ByNobody,
    /// Other contexts that access the variable; the machine knows whether interrupts are on.
    ThroughPlace,
    /// Others, as long as it waits.
    WhileItWaits,
    /// Others.
    ByOthers,
}

impl Seen {
    /// Whether it is silent whatever the state.
    #[must_use]
    pub const fn silent(self) -> bool {
        match self {
            Seen::ByNobody => true,
            Seen::ThroughPlace | Seen::WhileItWaits | Seen::ByOthers => false,
        }
    }

    /// Whether it may be silent in some state.
    #[must_use]
    pub const fn maybe_silent(self) -> bool {
        match self {
            Seen::ByNobody | Seen::ThroughPlace | Seen::WhileItWaits => true,
            Seen::ByOthers => false,
        }
    }
}

/// How an operation is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// In one way.
    OneWay,
    /// In two ways: the environment picks a truth value.
    Picked,
    /// As a committed access: through any of the translations there are, or by a fault.
    Access(UserAccess),
}

impl Taken {
    /// The committed access that it is.
    #[must_use]
    pub const fn access(&self) -> Option<&UserAccess> {
        match self {
            Taken::Access(access) => Some(access),
            Taken::OneWay | Taken::Picked => None,
        }
    }
}

/// A committed access through the MMU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserAccess {
    /// The linear address.
    pub va: Operand,
    /// What is stored, or the operand of a locked operation; nothing for a load.
    pub stored: Option<Operand>,
    /// The locked operation that it is, and which value that gives: it waits for the store buffer.
    pub locked: Option<(Rmw, RmwResult)>,
    /// What happens if it faults.
    pub fixup: Fixup,
}

/// What an operation may have to wait for, the draining of older stores apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// For nothing.
    Never,
    /// For room in the store buffer.
    Room,
    /// For a frame that the allocator can give.
    Frame,
    /// Until the place and the value are as [`Effects::function`](super::Effects::function) says.
    Condition,
    /// Until the place holds 0.
    Lock,
    /// Until every CPU has carried out the INVLPGBs, or the remote action requests, of this one.
    Broadcasts,
    /// Until every command that this CPU put into the IOMMU's queue has been carried out.
    Commands,
    /// Until every IPI of this CPU has been handled.
    Ipis,
    /// For ever: the thread is over.
    Ended,
}

impl Waits {
    /// Whether the CPU waits for nothing, or for its own stores alone: it goes on whatever other CPUs do.
    #[must_use]
    pub const fn ends_alone(self) -> bool {
        match self {
            Waits::Never | Waits::Room => true,
            Waits::Frame
            | Waits::Condition
            | Waits::Lock
            | Waits::Broadcasts
            | Waits::Commands
            | Waits::Ipis
            | Waits::Ended => false,
        }
    }
}

/// Hardware, and software beside registers and places, as a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touches(u16);

impl Touches {
    /// Nothing.
    pub const NOTHING: Touches = Touches(0);
    /// Page frames as such: what they are, and which are free.
    pub const FRAMES: Touches = Touches(1);
    /// What this CPU's walks depend on: CR3, TLB, paging-structure caches.
    pub const TRANSLATIONS: Touches = Touches(2);
    /// What any CPU's walks depend on.
    pub const ALL_TRANSLATIONS: Touches = Touches(4);
    /// What waits at all CPUs, and whether they have interrupts on.
    pub const ALL_CPUS: Touches = Touches(8);
    /// Whether this CPU may be in a quiescent state, which may end a grace period.
    pub const QUIESCENCE: Touches = Touches(16);
    /// What this CPU runs: a program, the kernel, nothing.
    pub const MODE: Touches = Touches(32);
    /// Marks that an observer keeps of cached entries: the space in whose tables the walk began, and what a claim has found.
    pub const MARKS: Touches = Touches(64);
    /// What a run shows: a check of the value that is read first.
    pub const SHOWN: Touches = Touches(128);

    /// Which address spaces exist, and where the tables of each begin. No operation that changes this gives a value.
    pub const ROOTS: Touches = Touches(256);
    /// Which task a CPU runs.
    pub const TASKS: Touches = Touches(512);
    /// Which guest this CPU runs, and whether it does.
    pub const GUESTS: Touches = Touches(1024);
    /// Which frames are free.
    pub const ALLOCATOR: Touches = Touches(2048);
    /// Devices behind an IOMMU: which PASIDs they have, and the queue of commands.
    pub const DEVICES: Touches = Touches(4096);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Touches) -> Touches {
        Touches(self.0 | other.0)
    }

    /// Whether any of `other` is in it.
    #[must_use]
    pub const fn any(self, other: Touches) -> bool {
        self.0 & other.0 != 0
    }
}

/// What an operation puts into a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// IPIs for that handler.
    Ipis(u8),
    /// INVLPGBs, or remote action requests.
    Broadcasts,
    /// A frame that waits for a grace period.
    RcuFrames,
}

/// Who may carry an operation out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Any context.
    Anybody,
    /// Not the host.
    Guest,
    /// Neither the host nor the handler of NMIs, but the code that they interrupt.
    Owner,
    /// The handler of page faults alone.
    FaultHandler,
    /// What runs on a thread: neither the host nor a handler of IPIs or NMIs.
    Thread,
}
