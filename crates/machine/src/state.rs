//! The state: everything that changes when a machine runs.

use crate::Vmcs;
use lang::program::{Mode, Pc, Sleep};
use x86::{Asks, Broadcast, Cpu, FrameId, Memory, StoreBuffer, WordId};

/// A moment of a machine: a value. Two states that are equal behave equally for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// Physical memory.
    pub memory: Memory,
    /// The kernel's variables.
    pub cells: Vec<u64>,
    /// CPUs.
    pub cpus: Vec<CpuState>,
    /// Free frames, in the order in which they were freed; ascending, if the allocator may give any.
    pub free: Vec<FrameId>,
    /// Frames that wait for an RCU grace period.
    pub rcu: Vec<RcuFrame>,
    /// A machine check has stopped everything.
    pub stopped: bool,
    /// The address spaces by number, if some come or go while the program runs; else empty.
    pub spaces: Vec<AddressSpace>,
    /// The saved tasks that no CPU runs now, by number; nothing for a task that runs. Empty without threads.
    pub tasks: Vec<Option<Task>>,
}

/// A task that no CPU runs: what its stack holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Task {
    /// Whether it has run before.
    pub begun: bool,
    /// The kind of code that it was running.
    pub mode: Mode,
    /// Its position in the program.
    pub context: Context,
    /// The handler of a page fault or an interrupt that was running on it.
    pub exception: Option<Exception>,
}

/// An address space that may come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressSpace {
    /// The frame of its root, or the one that it had when it last existed. Nothing if it has never existed.
    pub root: Option<FrameId>,
    /// Whether it exists.
    pub exists: bool,
}

/// One CPU.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CpuState {
    /// CR3, TLB, paging-structure caches.
    pub hw: Cpu,
    /// Stores on their way to memory.
    pub buffer: StoreBuffer<Loc>,
    /// The interrupt flag of what the CPU runs outside of the handlers of IPIs and NMIs.
    pub irqs_on: bool,
    /// The thread that runs here; nothing if it is the CPU's own block.
    pub thread: Option<u8>,
    /// The kind of code that runs.
    pub mode: Mode,
    /// Where the CPU's thread is.
    pub task: Context,
    /// The handler of the page fault that its next operation has caused, if it has caused one.
    pub exception: Option<Exception>,
    /// The handler of an IPI that has interrupted either, if one has. Interrupts are off in it.
    pub handler: Option<Running>,
    /// The handler of an NMI, or the host, when it has interrupted both. Neither interrupts the other.
    pub intruder: Option<Intruder>,
    /// NMIs that may still come.
    pub nmis: u8,
    /// How often the host may still preempt it.
    pub vmexits: u8,
    /// IPIs that have arrived and not been taken, first come first.
    pub pending: Vec<Ipi>,
    /// INVLPGBs and remote action requests that have reached this CPU and not been carried out, first come first (H48, H72).
    pub broadcasts: Vec<Sent>,
    /// How deeply it sleeps, if it sleeps.
    pub asleep: Option<Sleep>,
    /// The guest that it has loaded, if it has.
    pub vmcs: Option<Vmcs>,
}

impl CpuState {
    /// Whether the CPU would take an interrupt now, once its store buffer is empty.
    #[must_use]
    pub fn interruptible(&self) -> bool {
        (self.irqs_on || self.in_guest()) && self.handler.is_none() && self.intruder.is_none()
    }

    /// Whether a guest runs: VMX non-root operation. No flag of the guest keeps the host's interrupts out.
    #[must_use]
    pub fn in_guest(&self) -> bool {
        self.vmcs.is_some_and(|vmcs| vmcs.entered)
    }

    /// Whether RCU-sched may see the CPU as quiescent: it would take an interrupt, and all that it has stored is in
    /// memory. (A quiescent state is ordered by full barriers on its CPU, so that no store of a critical section
    /// before it outlives a grace period.)
    #[must_use]
    pub fn quiescent(&self) -> bool {
        self.interruptible() && self.buffer.is_empty()
    }

    /// Whether an NMI or the host may interrupt now.
    #[must_use]
    pub fn intrudable(&self) -> bool {
        self.intruder.is_none() && (self.nmis > 0 || self.vmexits > 0)
    }

    /// The context whose operation is next.
    #[must_use]
    pub fn context(&self) -> &Context {
        match (&self.intruder, &self.handler, &self.exception) {
            (Some(intruder), ..) => &intruder.context,
            (None, Some(running), _) => &running.context,
            (None, None, Some(exception)) => &exception.context,
            (None, None, None) => &self.task,
        }
    }

    /// The context that continues when the context whose operation is next has ended.
    pub(crate) fn interrupted(&self) -> &Context {
        match (&self.intruder, &self.handler, &self.exception) {
            (Some(_), Some(running), _) => &running.context,
            (Some(_), None, Some(exception)) | (None, Some(_), Some(exception)) => &exception.context,
            _ => &self.task,
        }
    }

    pub(crate) fn context_mut(&mut self) -> &mut Context {
        match (&mut self.intruder, &mut self.handler, &mut self.exception) {
            (Some(intruder), ..) => &mut intruder.context,
            (None, Some(running), _) => &mut running.context,
            (None, None, Some(exception)) => &mut exception.context,
            (None, None, None) => &mut self.task,
        }
    }

    /// Whether the CPU's thread itself runs, and no handler.
    #[must_use]
    pub fn in_thread(&self) -> bool {
        self.intruder.is_none() && self.handler.is_none() && self.exception.is_none()
    }
}

/// A position in a program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// Next operation.
    pub pc: Pc,
    /// Registers; dead ones are zero.
    pub regs: Vec<u64>,
}

/// The handler of a page fault at work. The CPU's thread is at the access that has faulted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exception {
    /// Which handler.
    pub handler: u8,
    /// The interrupt flag that IRET restores. (The gate clears it.)
    pub irqs_on: bool,
    /// Its position in the program.
    pub context: Context,
}

/// A handler at work.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Running {
    /// Which handler.
    pub handler: u8,
    /// Who sent the IPI.
    pub sender: u8,
    /// Its position in the program.
    pub context: Context,
}

/// The handler of an NMI, or the host, at work.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Intruder {
    /// Which handler.
    pub handler: u8,
    /// Its position in the program.
    pub context: Context,
}

/// An IPI that has arrived.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ipi {
    /// Which handler it asks for.
    pub handler: u8,
    /// The CPU that sent it.
    pub sender: u8,
    /// Its arguments.
    pub args: Vec<u64>,
}

/// An INVLPGB, or a remote action request, on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sent {
    /// The CPU that sent it.
    pub sender: u8,
    /// What it asks for.
    pub broadcast: Broadcast,
}

/// A frame that waits for a grace period.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RcuFrame {
    /// The frame.
    pub frame: FrameId,
    /// CPUs that have not been seen with interrupts on since.
    pub waiting: u64,
}

/// A location that software can store to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loc {
    /// A kernel variable's cell.
    Cell(u16),
    /// A word of a frame.
    Word(FrameId, WordId),
}

impl State {
    /// Whether some CPU has not carried out an INVLPGB or a remote action request that `cpu` sent.
    #[must_use]
    pub fn unsynced(&self, cpu: u8) -> bool {
        self.under_way(cpu, |by| matches!(by, Asks::Invlpgb | Asks::Request))
    }

    /// Whether some device or its IOMMU has not carried out a command that `cpu` put into the queue.
    #[must_use]
    pub fn queued(&self, cpu: u8) -> bool {
        self.under_way(cpu, |by| matches!(by, Asks::Iotlb | Asks::DeviceTlb))
    }

    fn under_way(&self, cpu: u8, kind: impl Fn(Asks) -> bool) -> bool {
        let theirs = |sent: &Sent| sent.sender == cpu && kind(sent.broadcast.by);
        self.cpus.iter().any(|other| other.broadcasts.iter().any(theirs))
    }

    /// Whether some IPI that `cpu` sent has not been handled to its end.
    #[must_use]
    pub fn awaits(&self, cpu: u8) -> bool {
        self.cpus.iter().any(|other| {
            other.pending.iter().any(|ipi| ipi.sender == cpu)
                || other.handler.as_ref().is_some_and(|running| running.sender == cpu)
        })
    }
}
