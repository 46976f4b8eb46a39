//! Why a program can't become a machine.

use crate::limits::{MOST_SETUP, STEP};
use crate::{MAX_FRAMES, Property};
use lang::source::Site;
use std::fmt;

/// Why a program can't be made into a machine. (A text that compiles can still ask for a hardware that does not
/// exist.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MachineRefusal {
    /// The frames that the program needs do not fit in DRAM.
    NoRoom {
        /// Frames needed.
        frames: usize,
    },
    /// The program needs more frames than there are numbers.
    TooManyFrames {
        /// Frames needed.
        frames: usize,
    },
    /// Two mappings of an mm overlap.
    Overlap {
        /// The mm.
        mm: String,
        /// The address of the second.
        va: u64,
    },
    /// An address that is not canonical.
    NotCanonical(u64),
    /// DRAM and devices, or two devices, overlap.
    DevicesOverlap(String),
    /// The set-up blocks never end: they wait for something that no CPU does.
    SetupStuck {
        /// The CPU whose block it is.
        cpu: u8,
    },
    /// An access of a set-up block faults, and the handler gives it up.
    SetupKilled {
        /// The CPU whose block it is.
        cpu: u8,
    },
    /// An invariant does not hold before the first step.
    InvariantBroken {
        /// Its name.
        name: String,
    },
    /// The set-up blocks exceed their limit of work. They may run for ever.
    SetupTooLong {
        /// The CPU whose block it is when they are stopped.
        cpu: u8,
    },
    /// The set-up blocks show a violation before the first step.
    SetupViolates {
        /// The CPU whose block it is.
        cpu: u8,
        /// What shows.
        property: Property,
        /// In which step of all set-up, counted from 1.
        step: u64,
        /// Where that step begins.
        site: Box<Site>,
    },
}

impl fmt::Display for MachineRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MachineRefusal::NoRoom { frames } => {
                write!(f, "the DRAM of this machine has no room for the {frames} page frames that it needs")
            }
            MachineRefusal::TooManyFrames { frames } => {
                write!(f, "the scenario needs {frames} page frames; a machine has at most {MAX_FRAMES}")
            }
            MachineRefusal::Overlap { mm, va } => {
                write!(f, "the mapping at {va:#x} of mm {mm} overlaps another one")
            }
            MachineRefusal::NotCanonical(va) => write!(f, "{va:#x} is not a canonical address"),
            MachineRefusal::DevicesOverlap(name) => {
                write!(f, "the range of device {name:?} overlaps DRAM or another device")
            }
            MachineRefusal::SetupStuck { cpu } => {
                write!(f, "the setup block of cpu {cpu} never ends: it waits for something that no CPU does")
            }
            MachineRefusal::SetupKilled { cpu } => write!(
                f,
                "the setup block of cpu {cpu} is ended by a page fault: the kernel's handler gives the access up"
            ),
            MachineRefusal::InvariantBroken { name } => {
                write!(f, "the invariant \"{name}\" does not hold after set-up, before the first step")
            }
            MachineRefusal::SetupTooLong { cpu } => {
                write!(
                    f,
                    "the setup block of cpu {cpu} takes too long: all setup blocks together may cost {MOST_SETUP} \
                     operations, and each step counts as {STEP}; the block may loop for ever"
                )
            }
            MachineRefusal::SetupViolates { cpu, property, step, site } => {
                write!(
                    f,
                    "the setup block of cpu {cpu} shows {} in {}, in step {step} of set-up; what may show something \
                     belongs into the cpu's own block",
                    property.name(),
                    site.function,
                )
            }
        }
    }
}

impl MachineRefusal {
    /// The place in the texts that it is about, if it is about one.
    #[must_use]
    pub fn site(&self) -> Option<&Site> {
        match self {
            MachineRefusal::SetupViolates { site, .. } => Some(site),
            MachineRefusal::NoRoom { .. }
            | MachineRefusal::TooManyFrames { .. }
            | MachineRefusal::Overlap { .. }
            | MachineRefusal::NotCanonical(_)
            | MachineRefusal::DevicesOverlap(_)
            | MachineRefusal::SetupStuck { .. }
            | MachineRefusal::SetupKilled { .. }
            | MachineRefusal::InvariantBroken { .. }
            | MachineRefusal::SetupTooLong { .. } => None,
        }
    }
}

impl std::error::Error for MachineRefusal {}
