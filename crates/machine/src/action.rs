//! Actions: every nondeterministic choice of what happens next.
//!
//! An action names its meaning (which CPU, which address, which cached copy) and not its place in a list. So a
//! schedule keeps its meaning when other actions are added or removed.
//!
//! # Codes
//!
//! Links and messages carry an action as a number of 32 bits. A code keeps its meaning for ever: tags are numbered by hand
//! and only ever added to. Bits 2:0 are the tag, bits 6:3 the CPU; bits that the table does not name are 0.
//!
//! | tag | action | operand |
//! | --- | --- | --- |
//! | 0 | step | |
//! | 1 | walk | 10:7 address; 12:11 start (0 is CR3, else the level less one); 13 it sees the CPU's own stores; 21:14 copy |
//! | 2 | drain | |
//! | 3 | something comes in | 8:7 what (0 an IPI, 1 an NMI, 2 the host) |
//! | 4 | access | 14:7 copy |
//! | 4, bit 15 set | store that walks to set D | 17:16 the level less one; 25:18 copy |
//! | 5 | fault | |
//! | 6 | answer | 7 yes |
//! | 7 | broadcast | |
//!
//! All tags are taken, and a level has two bits with other fields right above them: a fifth level has no room there. So
//! later actions get an *extended* code: tag 0 with bit 7 set, which no code above has. Bits 12:8 are its kind, and
//! bits 31:13 its operand. Each kind numbers levels from 1, the page table, to 7, in three bits.
//!
//! | kind | action | operand |
//! | --- | --- | --- |
//! | 0 | a walk that begins at a level that tag 1 has no room for | 16:13 address; 19:17 level; 20 it sees the CPU's own stores; 28:21 copy |
//! | 1 | a store that walks to set D from such a level | 15:13 level; 23:16 copy |
//! | 2 | a device asks for a translation; bits 6:3 are the device | 16:13 address; 24:17 copy |
//! | 3 | a walk in a guest's dimension | 16:13 address; 19:17 level of the start (0 is CR3); 20 it sees the CPU's own stores; 24:21 copy; 27:25 mapping of the root; 31:28 mapping of what it finds |
//! | 4 | a walk in the second dimension | 19:13 frame of the guest; 22:20 level of the start (0 is EPTP); 30:23 copy |
//! | 5 | an EPT violation | |
//! | 6 to 15 | kept for further walkers and choices | |
//! | 16 | a frame that an allocator gives which may give any | 20:13 frame |
//! | 17 to 30 | kept for further walkers and choices | |
//! | 31 | kept for codes of another layout | |
//!
//! An action that has a code with its own tag has no extended code. A link with an extended code has version 2 of the
//! link format. So a page that does not know such codes says that the link is newer than the page, instead of
//! stopping in the middle of a run.

use x86::Level;

/// One choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Software: the CPU carries out its next operation.
    Step {
        /// Which CPU.
        cpu: u8,
    },
    /// A committed user access is made through a cached translation.
    Access {
        /// Which CPU.
        cpu: u8,
        /// Which of the usable translations, in the order of the TLB's set.
        copy: u8,
    },
    /// A committed store sets the dirty bit of the leaf that it finds through a paging-structure cache entry, and
    /// is made through that leaf (H14, H19). Offered if that leaf is not the one that a walk from CR3 finds.
    DirtyWalk {
        /// Which CPU.
        cpu: u8,
        /// Level of the cached entry.
        level: Level,
        /// Which of the usable entries of that level, in the order of the cache's set.
        copy: u8,
    },
    /// A committed user access faults.
    Fault {
        /// Which CPU.
        cpu: u8,
    },
    /// A committed access faults, and P of the error code is set: a present entry refuses it. Distinguished from other
    /// faults only if the kernel's handler asks for P (`present`).
    ProtectionFault {
        /// The CPU.
        cpu: u8,
    },
    /// The oldest store of the CPU's buffer reaches memory (H55).
    Drain {
        /// Which CPU.
        cpu: u8,
    },
    /// The CPU takes the first of its pending IPIs.
    Interrupt {
        /// Which CPU.
        cpu: u8,
    },
    /// Hardware: one step of a speculative page walk, or of one that an access waits for (H13).
    Walk {
        /// Which CPU.
        cpu: u8,
        /// Which watched address.
        va: u8,
        /// Where the walk begins.
        from: From,
        /// It sees what is in the CPU's own store buffer for the word, instead of memory (H57).
        own: bool,
    },
    /// Hardware: one step of a walk in the dimension of the guest that runs, with guest-physical mappings that are cached
    /// (H63, H65).
    GuestWalk {
        /// Which CPU.
        cpu: u8,
        /// Which watched address.
        va: u8,
        /// Where the walk begins.
        from: From,
        /// It sees the CPU's own stores, as a walk does.
        own: bool,
        /// Which of the usable mappings of the root, if it begins there.
        root: u8,
        /// Which of the usable mappings of the address that it finds.
        next: u8,
    },
    /// Hardware: one step of a walk in the second dimension, for a frame of the guest's memory that a walk needs.
    NestedWalk {
        /// Which CPU.
        cpu: u8,
        /// Which frame of guests' memory.
        page: u8,
        /// Where the walk begins.
        from: From,
    },
    /// Hardware: a device asks its IOMMU for a translation, which comes from the IOTLB, and caches it (H75).
    Translate {
        /// Which device.
        cpu: u8,
        /// Which watched address.
        va: u8,
        /// Which of the usable translations of the IOTLB, in the order of its set.
        copy: u8,
    },
    /// A committed access of a guest exits to the host: an EPT violation, or AMD's nested page fault.
    Violation {
        /// Which CPU.
        cpu: u8,
    },
    /// Software: the environment answers a `maybe()`.
    Pick {
        /// Which CPU.
        cpu: u8,
        /// Whether the answer is yes.
        yes: bool,
    },
    /// An NMI comes: its handler cuts in on whatever runs on the CPU.
    Nmi {
        /// Which CPU.
        cpu: u8,
    },
    /// The host preempts the virtual CPU: its own program cuts in on whatever runs there.
    VmExit {
        /// Which CPU.
        cpu: u8,
    },
    /// Hardware: the CPU carries out the first INVLPGB that has reached it (H48).
    Broadcast {
        /// Which CPU.
        cpu: u8,
    },
    /// Software: the CPU's next operation takes a frame from an allocator that may give any.
    Allocate {
        /// Which CPU.
        cpu: u8,
        /// Which of the free frames.
        frame: u8,
    },
}

/// Where a step of a walk begins (H14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum From {
    /// At CR3.
    Cr3,
    /// At a paging-structure cache entry.
    Psc {
        /// Level of the cached entry.
        level: Level,
        /// Which of the usable entries of that level, in the order of the cache's set.
        copy: u8,
    },
}

impl Action {
    /// The CPU that acts.
    #[must_use]
    pub const fn cpu(self) -> u8 {
        match self {
            Action::Step { cpu }
            | Action::Access { cpu, .. }
            | Action::DirtyWalk { cpu, .. }
            | Action::Fault { cpu }
            | Action::ProtectionFault { cpu }
            | Action::Drain { cpu }
            | Action::Interrupt { cpu }
            | Action::Nmi { cpu }
            | Action::VmExit { cpu }
            | Action::Pick { cpu, .. }
            | Action::Broadcast { cpu }
            | Action::Allocate { cpu, .. }
            | Action::GuestWalk { cpu, .. }
            | Action::NestedWalk { cpu, .. }
            | Action::Violation { cpu }
            | Action::Translate { cpu, .. }
            | Action::Walk { cpu, .. } => cpu,
        }
    }

    /// Whether no program caused it: it may come now, later, or never.
    #[must_use]
    pub const fn unasked(self) -> bool {
        self.speculative() || matches!(self, Action::Nmi { .. } | Action::VmExit { .. })
    }

    /// Whether hardware does it without an instruction that asks for it.
    #[must_use]
    pub const fn speculative(self) -> bool {
        matches!(
            self,
            Action::Walk { .. }
                | Action::GuestWalk { .. }
                | Action::NestedWalk { .. }
                | Action::Translate { .. }
        )
    }
}

/// Codes: what links and messages carry. The head of this file has the layout.
impl Action {
    const STEP: u32 = 0;
    const WALK: u32 = 1;
    const DRAIN: u32 = 2;
    const INTERRUPT: u32 = 3;
    const ACCESS: u32 = 4;
    const FAULT: u32 = 5;
    const PICK: u32 = 6;
    const BROADCAST: u32 = 7;

    /// All extended codes have tag 0, and bit 7 set.
    const EXTENDED: u32 = Action::STEP | 1 << 7;

    /// Kinds of extended codes.
    const LONG_WALK: u32 = 0;
    const LONG_DIRTY: u32 = 1;
    const ALLOCATE: u32 = 16;
    const GUEST_WALK: u32 = 3;
    const NESTED_WALK: u32 = 4;
    const VIOLATION: u32 = 5;
    const TRANSLATE: u32 = 2;

    /// Whether a code is an extended one, which version 1 of links does not carry. It may mean nothing to this build.
    #[must_use]
    pub const fn is_extended(code: u32) -> bool {
        code & (7 | 1 << 7) == Action::EXTENDED
    }

    /// The code of the action.
    #[must_use]
    pub const fn code(self) -> u32 {
        let cpu = (self.cpu() as u32 & 15) << 3;
        match self {
            Action::Step { .. } => Action::STEP | cpu,
            Action::Drain { .. } => Action::DRAIN | cpu,
            Action::Interrupt { .. } => Action::INTERRUPT | cpu,
            Action::Nmi { .. } => Action::INTERRUPT | cpu | 1 << 7,
            Action::VmExit { .. } => Action::INTERRUPT | cpu | 2 << 7,
            Action::Fault { .. } => Action::FAULT | cpu,
            Action::ProtectionFault { .. } => Action::FAULT | cpu | 1 << 7,
            Action::Broadcast { .. } => Action::BROADCAST | cpu,
            Action::Allocate { frame, .. } => {
                Action::EXTENDED | cpu | Action::ALLOCATE << 8 | (frame as u32) << 13
            }
            Action::Pick { yes, .. } => Action::PICK | cpu | (yes as u32) << 7,
            Action::Access { copy, .. } => Action::ACCESS | cpu | (copy as u32) << 7,
            Action::DirtyWalk { level, copy, .. } if short(level) => {
                Action::ACCESS | cpu | 1 << 15 | (level as u32 - 1) << 16 | (copy as u32) << 18
            }
            Action::DirtyWalk { level, copy, .. } => {
                Action::EXTENDED | cpu | Action::LONG_DIRTY << 8 | (level as u32) << 13 | (copy as u32) << 16
            }
            Action::Walk { va, from: From::Psc { level, copy }, own, .. } if !short(level) => {
                let from = (level as u32) << 17 | (copy as u32) << 21;
                let va = (va as u32 & 15) << 13;
                Action::EXTENDED | cpu | Action::LONG_WALK << 8 | va | from | (own as u32) << 20
            }
            Action::GuestWalk { va, from, own, root, next, .. } => {
                let (level, copy) = from.numbers();
                let at = (va as u32 & 15) | level << 4 | (own as u32) << 7 | (copy & 15) << 8;
                let mappings = (root as u32 & 7) << 12 | (next as u32 & 15) << 15;
                Action::EXTENDED | cpu | Action::GUEST_WALK << 8 | (at | mappings) << 13
            }
            Action::NestedWalk { page, from, .. } => {
                let (level, copy) = from.numbers();
                let operand = (page as u32 & 127) | level << 7 | copy << 10;
                Action::EXTENDED | cpu | Action::NESTED_WALK << 8 | operand << 13
            }
            Action::Translate { va, copy, .. } => {
                let operand = (va as u32 & 15) | (copy as u32) << 4;
                Action::EXTENDED | cpu | Action::TRANSLATE << 8 | operand << 13
            }
            Action::Violation { .. } => Action::EXTENDED | cpu | Action::VIOLATION << 8,
            Action::Walk { va, from, own, .. } => {
                let from = match from {
                    From::Cr3 => 0,
                    From::Psc { level, copy } => (level as u32 - 1) << 11 | (copy as u32) << 14,
                };
                Action::WALK | cpu | (va as u32 & 15) << 7 | from | (own as u32) << 13
            }
        }
    }

    /// The action of a code, if there is one.
    #[must_use]
    pub fn from_code(code: u32) -> Option<Action> {
        let cpu = (code >> 3 & 15) as u8;
        let rest = code >> 7;
        let plain = |action: Action| (rest == 0).then_some(action);
        match code & 7 {
            _ if Action::is_extended(code) => Action::from_extended(cpu, code >> 8 & 31, code >> 13),
            Action::STEP => plain(Action::Step { cpu }),
            Action::DRAIN => plain(Action::Drain { cpu }),
            Action::INTERRUPT => match rest {
                0 => Some(Action::Interrupt { cpu }),
                1 => Some(Action::Nmi { cpu }),
                2 => Some(Action::VmExit { cpu }),
                _ => None,
            },
            Action::FAULT => match rest {
                0 => Some(Action::Fault { cpu }),
                1 => Some(Action::ProtectionFault { cpu }),
                _ => None,
            },
            Action::BROADCAST => plain(Action::Broadcast { cpu }),
            Action::PICK => (rest < 2).then_some(Action::Pick { cpu, yes: rest == 1 }),
            Action::ACCESS if rest >> 8 & 1 == 1 => {
                let plain = rest & 255 == 0;
                let level = start(rest >> 9 & 3).filter(|_| plain)?;
                Some(Action::DirtyWalk { cpu, level, copy: u8::try_from(rest >> 11).ok()? })
            }
            Action::ACCESS => Some(Action::Access { cpu, copy: u8::try_from(rest).ok()? }),
            _ => {
                let copy = u8::try_from(code >> 14).ok()?;
                let from = match start(code >> 11 & 3) {
                    Some(level) => From::Psc { level, copy },
                    None if copy == 0 => From::Cr3,
                    None => return None,
                };
                Some(Action::Walk { cpu, va: (rest & 15) as u8, from, own: code >> 13 & 1 == 1 })
            }
        }
    }

    /// The action of an extended code, by its kind and operand.
    fn from_extended(cpu: u8, kind: u32, operand: u32) -> Option<Action> {
        match kind {
            Action::LONG_WALK => {
                let from = From::Psc { level: long(operand >> 4)?, copy: u8::try_from(operand >> 8).ok()? };
                Some(Action::Walk { cpu, va: (operand & 15) as u8, from, own: operand >> 7 & 1 == 1 })
            }
            Action::LONG_DIRTY => {
                Some(Action::DirtyWalk { cpu, level: long(operand)?, copy: u8::try_from(operand >> 3).ok()? })
            }
            Action::TRANSLATE => {
                let copy = u8::try_from(operand >> 4).ok()?;
                Some(Action::Translate { cpu, va: (operand & 15) as u8, copy })
            }
            Action::ALLOCATE => Some(Action::Allocate { cpu, frame: u8::try_from(operand).ok()? }),
            Action::GUEST_WALK => {
                let from = From::of_numbers(operand >> 4 & 7, operand >> 8 & 15)?;
                let root = (operand >> 12 & 7) as u8;
                // Only a walk from CR3 needs a mapping of the root.
                if from != From::Cr3 && root != 0 {
                    return None;
                }
                Some(Action::GuestWalk {
                    cpu,
                    va: (operand & 15) as u8,
                    from,
                    own: operand >> 7 & 1 == 1,
                    root,
                    next: u8::try_from(operand >> 15).ok()?,
                })
            }
            Action::NESTED_WALK if operand >> 18 == 0 => {
                let from = From::of_numbers(operand >> 7 & 7, operand >> 10)?;
                Some(Action::NestedWalk { cpu, page: (operand & 127) as u8, from })
            }
            Action::VIOLATION => (operand == 0).then_some(Action::Violation { cpu }),
            _ => None,
        }
    }
}

impl From {
    /// Level (0 for the root) and copy.
    const fn numbers(self) -> (u32, u32) {
        match self {
            From::Cr3 => (0, 0),
            From::Psc { level, copy } => (level as u32, copy as u32),
        }
    }

    /// The start that has these numbers.
    fn of_numbers(level: u32, copy: u32) -> Option<From> {
        let copy = u8::try_from(copy).ok()?;
        match u8::try_from(level).ok()? {
            0 => (copy == 0).then_some(From::Cr3),
            level => {
                let level = Level::from_number(level).filter(|level| level.below().is_some())?;
                Some(From::Psc { level, copy })
            }
        }
    }
}

/// The level of the cached entry that a walk begins at, of a code with two bits for it; nothing for CR3.
fn start(code: u32) -> Option<Level> {
    Level::from_number((code & 3) as u8 + 1).filter(|level| level.below().is_some())
}

/// Whether a level has a place in the codes of two bits.
const fn short(level: Level) -> bool {
    level as u32 <= 4
}

/// The level of an extended code: one that has no shorter code.
fn long(code: u32) -> Option<Level> {
    Level::from_number((code & 7) as u8).filter(|level| !short(*level))
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn codes_and_actions_are_one_to_one() {
        let mut seen = 0;
        for code in 0..1 << 22 {
            if let Some(action) = Action::from_code(code) {
                assert_eq!(action.code(), code, "{action:?}");
                seen += 1;
            }
        }
        // 16 CPUs: eight plain actions, two answers, 256 accesses, stores that walk from the first 16 copies at 3
        // levels (more have longer codes), and 16 addresses from CR3 or from 256 copies at 3 levels, each seeing
        // memory or the CPU's own stores. At the fifth level: the first 64 copies, and 16 addresses from the first two.
        // An allocator may give any of 256 frames.
        let fifth = 64 + 16 * 2 * 2 + 256;
        // In guests: 16 addresses, with two kinds of memory, from CR3 or from the first two copies at four levels; 128 frames
        // from the root or from the first copies at two levels; and one violation.
        let guests = 16 * 2 * (1 + 4 * 2) + 128 * 3 + 1;
        // Requests of devices: 16 addresses, for the first 32 copies.
        let devices = 16 * 32;
        assert_eq!(seen, 16 * (8 + 2 + 256 + 3 * 16 + 16 * 2 * (1 + 3 * 256) + fifth + guests + devices));
    }
}
