//! What single bytes of a state mean. Every byte means something, even one that is never written: no state is refused.

use lang::program::Mode;
use x86::{Ghost, Level, MemoryType, Provenance, Rights};

pub(super) fn level_of(byte: u8) -> Level {
    Level::from_number(byte).unwrap_or(Level::Pt)
}

pub(super) fn mode_of(kind: u8, mm: u8) -> Mode {
    match kind {
        0 => Mode::Idle,
        1 => Mode::Kthread,
        2 => Mode::User(mm),
        4 => Mode::Entered(mm),
        _ => Mode::Kernel(mm),
    }
}

pub(super) fn type_of(byte: u8) -> MemoryType {
    match byte {
        0 => MemoryType::Uc,
        1 => MemoryType::Wc,
        4 => MemoryType::Wt,
        5 => MemoryType::Wp,
        7 => MemoryType::UcMinus,
        _ => MemoryType::Wb,
    }
}

pub(super) fn provenance_of(bits: u8) -> Provenance {
    match bits {
        0 => Provenance::Sound,
        1 => Provenance::Dangling,
        _ => Provenance::Garbage,
    }
}

/// What an entry records for claims. The guest-physical frame follows the tags.
pub(super) fn ghost_of(flags: u8, kind: u8) -> Ghost {
    Ghost { space: (kind >> 4).checked_sub(1), outdated: flags & 128 != 0, gfn: None }
}

pub(super) fn rights_of(flags: u8) -> Rights {
    Rights { write: flags & 1 != 0, user: flags & 2 != 0, no_execute: flags & 4 != 0 }
}
