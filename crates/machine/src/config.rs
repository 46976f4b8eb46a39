//! A machine: everything about it that does not change while it runs, and the state it starts in.

use crate::GuestFrame;
use crate::futures::Futures;
use crate::needs::Dependencies;
use crate::state::State;
use crate::symmetry::Symmetry;
use explore::Passed;
use lang::effects::Effects;
use lang::program::{Pc, Program};
use x86::{Control, FrameId, MemoryMap, VirtAddr};

/// A machine that can be run: configuration, and the state it starts in.
#[derive(Clone, Debug)]
pub struct Machine {
    pub(crate) program: Program,
    pub(crate) map: MemoryMap,
    pub(crate) control: Control,
    /// Frame of each mm's root, its table of the highest level, at the start; nothing for one that does not exist then.
    pub(crate) roots: Vec<Option<FrameId>>,
    /// The frames of guests' memory.
    pub(crate) guest_frames: Vec<GuestFrame>,
    /// The watched addresses of the program, in its order.
    pub(crate) watched: Vec<VirtAddr>,
    /// For each CPU, to which of them it walks only for an access that it makes next: bits by number.
    pub(crate) unwalked: Vec<u16>,
    /// The facts about each operation.
    pub(crate) effects: Vec<Effects>,
    /// For each variable, whether it is one per CPU that no CPU but its own writes.
    pub(crate) own_written: Vec<bool>,
    /// What each operation reads and writes.
    pub(crate) dependencies: Dependencies,
    /// What may ever be touched from each operation on.
    pub(crate) futures: Futures,
    /// The handler of page faults, by number.
    pub(crate) fault_handler: Option<u8>,
    /// Which CPUs are interchangeable.
    pub(crate) symmetry: Symmetry,
    /// Whether the program claims that something is flushed, so that entries know their space.
    pub(crate) claims: bool,
    /// Whether there are several address spaces, so that entries for user addresses know theirs.
    pub(crate) origins: bool,
    /// For each operation, whether a CPU that hangs may stand there; empty if no CPU can go round in a loop.
    pub(crate) lasting: Vec<bool>,
    /// The parts that invariants read, as a set of bits by number.
    pub(crate) inspected: u64,
    /// The largest value of each cell with which a run continues, if some variable has a limit.
    pub(crate) limits: Vec<u64>,
    /// Whether accesses that no other CPU can observe, and waits that are over, need no step of their
    /// own.
    pub(crate) fused: bool,
    pub(crate) initial: State,
    /// The operations that CPUs have reached by then.
    pub(crate) begun: Passed,
}

/// The most frames a machine models.
pub const MAX_FRAMES: usize = 128;

impl Machine {
    /// The interchangeable CPUs, in sets of two or more (bit n is CPU n).
    #[must_use]
    pub fn interchangeable(&self) -> &[u64] {
        self.symmetry.classes()
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The facts about an operation of the program.
    #[must_use]
    pub fn effects(&self, pc: Pc) -> &Effects {
        &self.effects[usize::from(pc)]
    }

    /// The facts about the operation that a CPU carries out next.
    #[must_use]
    pub fn next(&self, state: &State, cpu: u8) -> &Effects {
        self.effects(state.cpus[usize::from(cpu)].context().pc)
    }

    /// Physical memory's map.
    #[must_use]
    pub fn map(&self) -> &MemoryMap {
        &self.map
    }

    /// Control bits.
    #[must_use]
    pub fn control(&self) -> Control {
        self.control
    }

    /// The linear addresses that may be walked at any time; [`Action::Walk`](crate::Action::Walk) counts them.
    #[must_use]
    pub fn watched(&self) -> &[VirtAddr] {
        &self.watched
    }

    /// To which watched addresses a CPU walks only for an access that it makes next: bits by number.
    #[must_use]
    pub fn unwalked(&self, cpu: u8) -> u16 {
        self.unwalked.get(usize::from(cpu)).copied().unwrap_or(0)
    }
}
