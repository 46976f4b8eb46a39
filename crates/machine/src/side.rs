//! Who chooses what happens next: software or hardware ([`Contested`]).
//!
//! *Software* has the schedule: it says which CPU carries out its next operation. It has what the text leaves open (`maybe()`),
//! and which free page an allocator hands out that may give any.
//!
//! *Hardware* has the rest: its walks, when a store leaves the store buffer, when an IPI, an INVLPGB, an NMI or a VM exit arrives,
//! and what becomes of an access that may go through one of several cached translations, or fault.
//!
//! Hardware can't hold up an instruction. If a CPU's next operation waits for a walk, or for the CPU's own store buffer, then
//! software chooses that CPU, and hardware takes one of the steps that are waited for.

use crate::enabled::Blocked;
use crate::{Action, Machine, State};
use explore::{Contested, Side};

/// Choices that are not which CPU goes on have numbers from here on.
const PICKS: u32 = 1 << 8;
const FRAMES: u32 = 1 << 16;

impl Machine {
    /// Who chooses a walk that the next operation of a CPU may want.
    fn walk_of(&self, state: &State, cpu: u8, wanted: bool) -> Side {
        let mut ways = Vec::new();
        if wanted {
            self.choices(state, cpu, &mut ways);
        }
        if wanted && ways.is_empty() { Side::Both(u32::from(cpu)) } else { Side::Attacker }
    }
}

impl Contested for Machine {
    fn side(&self, state: &State, action: Action) -> Side {
        let cpu = action.cpu();
        let goes_on = u32::from(cpu);
        match action {
            Action::Step { .. }
            | Action::Access { .. }
            | Action::DirtyWalk { .. }
            | Action::Fault { .. }
            | Action::ProtectionFault { .. }
            | Action::Violation { .. } => Side::Defender(goes_on),
            Action::Pick { yes, .. } => Side::Defender(PICKS + 2 * goes_on + u32::from(yes)),
            Action::Allocate { frame, .. } => Side::Defender(FRAMES + (goes_on << 8) + u32::from(frame)),
            Action::Drain { .. } => match self.blocked(state, cpu) {
                Some(Blocked::StoreBufferNotEmpty(_) | Blocked::StoreBufferFull) => Side::Both(goes_on),
                _ => Side::Attacker,
            },
            Action::Walk { va, .. } | Action::GuestWalk { va, .. } | Action::Translate { va, .. } => {
                let wanted = |&va| self.asks_for(state, cpu, va);
                self.walk_of(state, cpu, self.watched.get(usize::from(va)).is_some_and(wanted))
            }
            Action::NestedWalk { .. } => self.walk_of(state, cpu, self.wants(state, cpu).is_some()),
            Action::Interrupt { .. }
            | Action::Nmi { .. }
            | Action::VmExit { .. }
            | Action::Broadcast { .. } => Side::Attacker,
        }
    }
}
