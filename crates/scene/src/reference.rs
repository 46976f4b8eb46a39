//! Who can reach a frame: every reference that a CPU holds in CR3 or a cache.
//!
//! The question behind the whole product is "who may still walk this page?". These references are the answer.

use crate::{cache, name};
use machine::{Machine, State};
use std::ops::Range;
use x86::{FrameId, Level, Pfn, Provenance, SECOND, VirtAddr};

/// A reference from a CPU to memory.
pub(crate) struct Reference {
    pub(crate) cpu: u8,
    /// Id of the register or cache row that holds it.
    pub(crate) id: String,
    /// `CR3`, or a device's `PASID`; `PML4E`, `PDPTE`, `PDE`, `TLB`.
    pub(crate) what: &'static str,
    /// First frame it leads to.
    pub(crate) pfn: Pfn,
    /// How many frames it leads to.
    pub(crate) frames: u64,
    /// Level of the table it takes its target for; nothing for a translation.
    pub(crate) table: Option<Level>,
    /// The addresses it serves: those whose bits from `shift` up are `tag`. CR3 serves all.
    pub(crate) tag: u64,
    pub(crate) shift: u32,
    /// Usable under the current PCID.
    pub(crate) usable: bool,
    pub(crate) provenance: Provenance,
}

impl Reference {
    /// Whether it leads to one of some page frames in a row.
    pub(crate) fn leads_to(&self, span: &Range<u64>) -> bool {
        self.pfn.0 < span.end && span.start < self.pfn.0 + self.frames
    }

    /// Whether it is no cached entry, but the root that a walk begins at.
    pub(crate) fn is_root(&self) -> bool {
        matches!(self.what, "CR3" | "PASID")
    }

    /// Whether a walk to `va` could use it.
    pub(crate) fn covers(&self, va: VirtAddr) -> bool {
        self.is_root() || va.get() >> self.shift == self.tag
    }

    /// It is usable, and what it leads to is not what it takes it for, or has been freed in between.
    pub(crate) fn dangerous(&self) -> bool {
        self.usable && self.provenance != Provenance::Sound
    }

    /// It is usable, and what it leads to has been freed. Garbage leads anywhere, also to what nobody has freed.
    pub(crate) fn stale(&self) -> bool {
        self.usable && self.provenance == Provenance::Dangling
    }

    /// A walk could begin here, at what is no page table, or has been freed.
    pub(crate) fn walkable(&self) -> bool {
        self.dangerous() && self.table.is_some()
    }

    /// `CR3`, `PDE cache`, `TLB`.
    pub(crate) fn holder(&self) -> String {
        match self.what {
            "CR3" | "PASID" | "TLB" => self.what.to_owned(),
            entry => format!("{entry} cache"),
        }
    }
}

/// All references of one CPU: CR3, paging-structure caches from the top, TLB.
pub(crate) fn of_cpu(machine: &Machine, state: &State, cpu: u8) -> Vec<Reference> {
    let hw = &state.cpus[cpu as usize].hw;
    // The guest's CR3 leads to a frame of the guest's memory; what leads to memory itself is the EPT pointer.
    let (root, top, provenance) = match hw.guest {
        Some(guest) => (guest.root, SECOND, guest.provenance),
        None => (hw.cr3.root, machine.map().top, hw.cr3.provenance),
    };
    let mut references = vec![Reference {
        cpu,
        id: format!("cpu{cpu}/cr3"),
        what: name::root(machine, cpu),
        pfn: root,
        frames: 1,
        table: Some(top),
        tag: 0,
        shift: 0,
        usable: true,
        provenance,
    }];
    for (entry, id) in hw.psc.iter().zip(cache::psc_ids(cpu, &hw.psc)) {
        references.push(Reference {
            cpu,
            id,
            what: entry.level.entry_name(),
            pfn: entry.table,
            frames: 1,
            table: entry.level.below(),
            tag: entry.tag,
            shift: entry.level.shift(),
            usable: cache::usable(hw, entry.space, entry.pcid, false),
            provenance: entry.provenance,
        });
    }
    for (entry, id) in hw.tlb.iter().zip(cache::tlb_ids(cpu, &hw.tlb)) {
        references.push(Reference {
            cpu,
            id,
            what: "TLB",
            pfn: entry.pfn,
            frames: entry.frames(),
            table: None,
            tag: entry.page,
            shift: entry.level.shift(),
            usable: cache::usable(hw, entry.space, entry.pcid, entry.global),
            provenance: entry.provenance,
        });
    }
    references
}

/// All references of all CPUs.
pub(crate) fn all(machine: &Machine, state: &State) -> Vec<Reference> {
    (0..state.cpus.len() as u8).flat_map(|cpu| of_cpu(machine, state, cpu)).collect()
}

/// Those that lead to a modelled frame.
pub(crate) fn to_frame(machine: &Machine, state: &State, frame: FrameId) -> Vec<Reference> {
    let span = machine.map().span(frame);
    let mut references = all(machine, state);
    references.retain(|reference| reference.leads_to(&span));
    references
}
