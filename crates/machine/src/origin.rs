//! From which address space's page tables a cached entry comes.
//!
//! The hardware tags an entry with a PCID, and not with the tables that it was read from. If a kernel gives two address spaces
//! one PCID, and does not flush in between, a program of the one uses translations of the other. An observer notes at
//! whose root a walk began. Two questions need that: what a claim is about, and whether an access was foreign.

use crate::{Machine, State};
use lang::program::{MmId, Program};
use x86::{Cpu, Dimension, SECOND, TableRef, TlbEntry, VirtAddr};

/// Whether entries for user addresses may come from one of several address spaces. (The first one is init_mm, which has no
/// user addresses.)
pub fn several(program: &Program) -> bool {
    program.mms.iter().skip(1).filter(|mm| !mm.second).count() > 1
}

/// Whether an address is one of user space: in the lower half. The kernel's mappings in the upper half are the same in every space.
pub fn of_a_user(va: VirtAddr) -> bool {
    va.get() >> 63 == 0
}

impl Machine {
    /// A state as an observer sees it who does not ask for foreign accesses. Links compare states in this form: those that were
    /// made before anybody asked go on to mean the same.
    #[must_use]
    pub fn without_origins(&self, mut state: State) -> State {
        if self.origins && !self.claims {
            for cpu in &mut state.cpus {
                cpu.hw.forget_origins();
            }
        }
        state
    }

    /// Notes in whose address space a walk begins. Below the first table the cached entries record that.
    pub(crate) fn note_origin(&self, state: &State, hw: &Cpu, table: &mut TableRef) {
        let first = if table.dimension == Dimension::Second { SECOND } else { self.map.top };
        if table.level == first {
            table.ghost.space = self.origin(state, hw, table.dimension);
        }
    }

    /// The address space whose tables a walk of this dimension begins with now.
    fn origin(&self, state: &State, hw: &Cpu, dimension: Dimension) -> Option<MmId> {
        match dimension {
            Dimension::Only => self.mm_of_root(state, hw.cr3.root),
            // A guest may load anything as its CR3.
            Dimension::Guest => {
                let guest = self.guest_of(hw);
                let mut inside = (0..).zip(&self.program.mms).filter(|(_, spec)| spec.guest == guest);
                inside.find(|&(mm, _)| self.root_pfn(mm) == hw.cr3.root).map(|found| found.0).or(guest)
            }
            Dimension::Second => self.guest_of(hw),
        }
    }

    /// The other address space that a translation comes from, if a program uses it for a user address.
    pub(crate) fn foreign(&self, state: &State, hw: &Cpu, va: VirtAddr, entry: &TlbEntry) -> Option<MmId> {
        let dimension = if hw.guest.is_some() { Dimension::Guest } else { Dimension::Only };
        let own = self.origin(state, hw, dimension)?;
        entry.ghost.space.filter(|&space| space != own && of_a_user(va))
    }
}
