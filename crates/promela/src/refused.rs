//! What the exported model does not have.

use lang::effects::Touches;
use lang::program::{Pc, Program};
use machine::Machine;

/// Something in a text for which there is no model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmodelled {
    /// What it is, as the beginning of a sentence.
    pub what: &'static str,
    /// What the exported model has instead.
    pub why: &'static str,
    /// What to do about it.
    pub mend: &'static str,
}

/// Whether a program has something.
type Has = fn(&Program) -> bool;

/// All that there is no model for, and what the operations touch that are about it.
pub(crate) const ALL: [(Has, Touches, Unmodelled); 4] = [
    (
        Program::wanders,
        Touches::TASKS,
        Unmodelled {
            what: "it has threads that move between CPUs",
            why: "in the exported model each CPU runs only its own block",
            mend: "give each CPU what its threads do",
        },
    ),
    (
        |program| touches(program, Touches::GUESTS),
        Touches::GUESTS,
        Unmodelled {
            what: "it has guests or names ASIDs",
            why: "the exported model has one dimension of paging and no tags",
            mend: "none: this is checked by tlbscope alone",
        },
    ),
    (
        |program| program.machine.tlb_shared_by > 1,
        Touches::NOTHING,
        Unmodelled {
            what: "its CPUs share TLBs",
            why: "in the exported model each CPU has a TLB of its own",
            mend: "none: this is checked by tlbscope alone",
        },
    ),
    (
        |program| program.machine.ats > 0 || touches(program, Touches::DEVICES),
        Touches::DEVICES,
        Unmodelled {
            what: "it has devices behind an IOMMU",
            why: "in the exported model nothing but CPUs walks page tables",
            mend: "none: this is checked by tlbscope alone",
        },
    ),
];

fn touches(program: &Program, what: Touches) -> bool {
    program.code.iter().any(|op| op.effects().touches.any(what))
}

/// All that keeps a machine from being exported; nothing if it can be.
#[must_use]
pub fn refused(machine: &Machine) -> Vec<Unmodelled> {
    let program = machine.program();
    ALL.iter().filter(|(has, ..)| has(program)).map(|found| found.2).collect()
}

/// The first operation, in the order of the program, that is about what is refused; nothing if only the machine is.
#[must_use]
pub fn first(machine: &Machine, refused: &Unmodelled) -> Option<Pc> {
    let what = ALL.iter().find(|row| row.2 == *refused)?.1;
    let found = machine.program().code.iter().position(|op| op.effects().touches.any(what))?;
    Pc::try_from(found).ok()
}
