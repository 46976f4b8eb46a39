//! The numbers by which a search knows the parts of a state and the groups of actions.

/// The kernel's variables, and the threads that no CPU runs now.
pub(crate) const CELLS: u32 = 0;
/// Memory, the allocator, which address spaces there are, and whether the machine runs.
pub(crate) const MEMORY: u32 = 1;

pub(crate) const fn software(cpu: u8) -> u32 {
    2 + 2 * cpu as u32
}

pub(crate) const fn hardware(cpu: u8) -> u32 {
    3 + 2 * cpu as u32
}

/// A group of actions: one kind of actions of one CPU. Their order is that of [`Machine::list`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum ActionGroup {
    /// The CPU's next operation.
    Operation(u8),
    /// The oldest store of its buffer.
    Drain(u8),
    /// The first of its pending IPIs.
    Interrupt(u8),
    /// An NMI, or the host.
    CutIn(u8),
    /// The first INVLPGB that has reached it.
    Broadcast(u8),
    /// Its walks.
    Walks(u8),
}

impl ActionGroup {
    /// How many groups of software a CPU has.
    const SOFTWARE: u32 = 5;

    pub(crate) fn number(self, cpus: u8) -> u32 {
        let of = |cpu: u8, kind: u32| u32::from(cpu) * ActionGroup::SOFTWARE + kind;
        match self {
            ActionGroup::Operation(cpu) => of(cpu, 0),
            ActionGroup::Drain(cpu) => of(cpu, 1),
            ActionGroup::Interrupt(cpu) => of(cpu, 2),
            ActionGroup::CutIn(cpu) => of(cpu, 3),
            ActionGroup::Broadcast(cpu) => of(cpu, 4),
            ActionGroup::Walks(cpu) => of(cpus, 0) + u32::from(cpu),
        }
    }

    pub(crate) fn from_number(number: u32, cpus: u8) -> ActionGroup {
        let walks = ActionGroup::Walks(0).number(cpus);
        let cpu = cpu_of(number / ActionGroup::SOFTWARE);
        match number.checked_sub(walks) {
            Some(cpu) => ActionGroup::Walks(cpu_of(cpu)),
            None => match number % ActionGroup::SOFTWARE {
                0 => ActionGroup::Operation(cpu),
                1 => ActionGroup::Drain(cpu),
                2 => ActionGroup::Interrupt(cpu),
                3 => ActionGroup::CutIn(cpu),
                _ => ActionGroup::Broadcast(cpu),
            },
        }
    }

    pub(crate) const fn cpu(self) -> u8 {
        match self {
            ActionGroup::Operation(cpu)
            | ActionGroup::Drain(cpu)
            | ActionGroup::Interrupt(cpu)
            | ActionGroup::CutIn(cpu)
            | ActionGroup::Broadcast(cpu)
            | ActionGroup::Walks(cpu) => cpu,
        }
    }
}

/// A CPU by its number among the parts or groups, which are all numbered by CPU.
fn cpu_of(number: u32) -> u8 {
    u8::try_from(number).expect("there are at most MAX_CPUS")
}

/// A part by its number.
pub(crate) enum StatePart {
    Cells,
    Memory,
    Software(u8),
    Hardware(u8),
}

pub(crate) fn place_of(part: u32) -> StatePart {
    match part {
        CELLS => StatePart::Cells,
        MEMORY => StatePart::Memory,
        part if part & 1 == 0 => StatePart::Software(cpu_of((part - 2) / 2)),
        part => StatePart::Hardware(cpu_of((part - 3) / 2)),
    }
}
