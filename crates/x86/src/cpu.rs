//! One logical processor, as far as translation goes: CR3, its TLB and its paging-structure caches.
//!
//! The caches are *sets*: an entry stays until an invalidation removes it, and using an entry is a choice. Sets
//! cover every replacement policy at once (H9), so the model needs no step that evicts.

use crate::entry::{Ghost, Provenance, PscEntry, TlbEntry};
use crate::guest::Guest;
use crate::space::Space;
use crate::{Pcid, Pfn, VirtAddr};
use std::ops::Range;

/// CR3 (SDM 4.5; bit 63 of the operand is not stored, H36).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cr3 {
    /// Frame of the table of the highest level: the PML4, or the PML5.
    pub root: Pfn,
    /// Current PCID; 0 while CR4.PCIDE is clear (H3).
    pub pcid: Pcid,
    /// Whether the root has been freed under it.
    pub provenance: Provenance,
}

/// Control bits that are configuration here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// CR4.PCIDE.
    pub pcide: bool,
    /// CR4.PGE.
    pub pge: bool,
    /// EFER.TCE (AMD).
    pub tce: bool,
    /// Erratum: with PCIDs enabled INVLPG leaves global translations in place (H51).
    pub invlpg_keeps_globals: bool,
}

/// A logical processor's translation state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cpu {
    /// CR3. In a guest it is the guest's, and names a guest-physical frame.
    pub cr3: Cr3,
    /// The guest that runs, if one does: VMX non-root operation.
    pub guest: Option<Guest>,
    /// Translations, ascending, each once.
    pub tlb: Vec<TlbEntry>,
    /// Paging-structure cache entries, ascending, each once.
    pub psc: Vec<PscEntry>,
}

impl Cpu {
    /// A processor with empty caches.
    #[must_use]
    pub fn new(root: Pfn) -> Cpu {
        let cr3 = Cr3 { root, pcid: Pcid(0), provenance: Provenance::Sound };
        Cpu { cr3, guest: None, tlb: Vec::new(), psc: Vec::new() }
    }

    /// The mappings that translate linear addresses now (H64): linear mappings of VPID 0, or in a guest combined
    /// ones.
    #[must_use]
    pub fn space(&self) -> Space {
        self.guest.as_ref().map_or_else(Space::default, Guest::combined)
    }

    /// The mappings that translate guest-physical addresses now, in a guest.
    #[must_use]
    pub fn physical_space(&self) -> Option<Space> {
        self.guest.as_ref().map(Guest::physical)
    }

    /// The current VPID: 0 outside guests (SDM 28.1).
    #[must_use]
    pub fn vpid(&self) -> u8 {
        self.guest.as_ref().map_or(0, |guest| guest.vpid)
    }

    /// TLB entries usable for `va` now: of the current PCID, or global (H2); of the current VPID and EP4TA (H64).
    pub fn translations(&self, va: VirtAddr) -> impl Iterator<Item = &TlbEntry> {
        self.translations_in(va, self.space())
    }

    /// Those of a space: a device's own TLB and the IOTLB of its IOMMU stand side by side (H75).
    pub fn translations_in(&self, va: VirtAddr, space: Space) -> impl Iterator<Item = &TlbEntry> {
        let pcid = self.cr3.pcid;
        self.tlb.iter().filter(move |e| e.covers(va) && (e.pcid == pcid || e.global) && e.space == space)
    }

    /// Paging-structure cache entries usable for `va` now: of the current PCID (H2, H4), VPID and EP4TA (H64).
    pub fn structures(&self, va: VirtAddr) -> impl Iterator<Item = &PscEntry> {
        let (pcid, space) = (self.cr3.pcid, self.space());
        self.psc.iter().filter(move |e| e.covers(va) && e.pcid == pcid && e.space == space)
    }

    /// Whether an address has usable translations of different page sizes (H25).
    #[must_use]
    pub fn sizes_conflict(&self, va: VirtAddr) -> bool {
        let mut levels = self.translations(va).map(|entry| entry.level);
        levels.next().is_some_and(|first| levels.any(|level| level != first))
    }

    /// Puts a translation in; whether it was new.
    pub fn insert_tlb(&mut self, entry: TlbEntry) -> bool {
        insert(&mut self.tlb, entry)
    }

    /// Puts a paging-structure cache entry in; whether it was new.
    pub fn insert_psc(&mut self, entry: PscEntry) -> bool {
        insert(&mut self.psc, entry)
    }

    /// Notes which references are older than the page tables at the moment of a claim. Changes nothing that hardware would
    /// see.
    pub fn outdate(&mut self, tlb: &dyn Fn(&TlbEntry) -> bool, psc: &dyn Fn(&PscEntry) -> bool) {
        for entry in &mut self.tlb {
            entry.ghost.outdated = entry.ghost.outdated || tlb(entry);
        }
        for entry in &mut self.psc {
            entry.ghost.outdated = entry.ghost.outdated || psc(entry);
        }
        put_in_order(&mut self.psc);
        put_in_order(&mut self.tlb);
    }

    /// Forgets from which address space each entry comes. Entries that differ in nothing else become one.
    pub fn forget_origins(&mut self) {
        for entry in &mut self.tlb {
            entry.ghost = Ghost { outdated: entry.ghost.outdated, ..Ghost::default() };
        }
        for entry in &mut self.psc {
            entry.ghost = Ghost { outdated: entry.ghost.outdated, ..Ghost::default() };
        }
        put_in_order(&mut self.psc);
        put_in_order(&mut self.tlb);
    }

    /// Notes that page frames in a row have been freed: sound references to them dangle from now on. Changes nothing that
    /// hardware would see.
    pub fn frames_freed(&mut self, freed: Range<u64>) {
        match &mut self.guest {
            // The guest's CR3 names no frame of this memory.
            Some(guest) if freed.contains(&guest.root.0) => guest.provenance = Provenance::Dangling,
            None if freed.contains(&self.cr3.root.0) => self.cr3.provenance = Provenance::Dangling,
            Some(_) | None => {}
        }
        let mut changed = false;
        for entry in &mut self.psc {
            if freed.contains(&entry.table.0) && entry.provenance == Provenance::Sound {
                entry.provenance = Provenance::Dangling;
                changed = true;
            }
        }
        for entry in &mut self.tlb {
            let maps = entry.pfn.0 < freed.end && freed.start < entry.pfn.0 + entry.frames();
            if maps && entry.provenance == Provenance::Sound {
                entry.provenance = Provenance::Dangling;
                changed = true;
            }
        }
        if changed {
            put_in_order(&mut self.psc);
            put_in_order(&mut self.tlb);
        }
    }
}

/// Restores the order of a set after its entries have changed. A library sort would do as well, with ten
/// times the code; a set has only a handful of entries.
fn put_in_order<T: Ord>(set: &mut Vec<T>) {
    for entry in std::mem::take(set) {
        insert(set, entry);
    }
}

fn insert<T: Ord>(set: &mut Vec<T>, item: T) -> bool {
    match set.binary_search(&item) {
        Ok(_) => false,
        Err(at) => {
            set.insert(at, item);
            true
        }
    }
}
