//! One logical processor, as far as translation goes: CR3, its TLB and its paging-structure caches.
//!
//! The caches are *sets*: an entry stays until an invalidation removes it, and using an entry is a choice. Sets
//! cover every replacement policy at once (H9), so the model needs no step that evicts.

use crate::{Guest, Level, MemoryType, MmId, Pcid, Pfn, Space, VirtAddr};
use std::ops::Range;

/// How far a cached reference can be trusted. The hardware does not know this: an observer who sees the
/// whole history would write it beside each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Provenance {
    /// It was read from a live table, and what it points to has not been freed since.
    Sound,
    /// What it points to has been freed since, or was free already when it was made.
    Dangling,
    /// It was read from memory that was no page table at the time.
    Garbage,
}

/// What an observer notes about a cached reference for claims about flushes. The hardware does not know this either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ghost {
    /// The address space at whose root the walk began; nothing if the program does not ask for it.
    pub space: Option<MmId>,
    /// It, or the entry that it was made from, was older than the page tables when a kernel claimed that nothing older
    /// was left.
    pub outdated: bool,
    /// Of a combined mapping, the guest-physical frame that it went through last: that of its page, or of the table that it
    /// points to. Nothing if the program does not ask for it.
    pub gfn: Option<Pfn>,
}

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

/// Access rights accumulated on the way down (H1, H6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rights {
    /// AND of all R/W.
    pub write: bool,
    /// AND of all U/S.
    pub user: bool,
    /// OR of all XD.
    pub no_execute: bool,
}

impl Rights {
    /// Before the first entry.
    pub const ALL: Rights = Rights { write: true, user: true, no_execute: false };
}

/// A cached translation (H1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TlbEntry {
    /// Tag (H2).
    pub pcid: Pcid,
    /// Level of the leaf entry: the page's size.
    pub level: Level,
    /// Linear address >> `level.shift()`.
    pub page: u64,
    /// First frame of the page.
    pub pfn: Pfn,
    /// Rights over all levels.
    pub rights: Rights,
    /// D of the leaf when it was cached.
    pub dirty: bool,
    /// Matches under any PCID (H4).
    pub global: bool,
    /// Memory type by PAT.
    pub memory_type: MemoryType,
    /// Whether it can be trusted.
    pub provenance: Provenance,
    /// What claims know of it.
    pub ghost: Ghost,
    /// What it maps from, and the tags that guests need.
    pub space: Space,
}

impl TlbEntry {
    /// Whether it translates `va`, whatever its tag.
    #[must_use]
    pub fn covers(&self, va: VirtAddr) -> bool {
        va.tag(self.level) == self.page
    }

    /// The 4 KiB frame that `va` lies in.
    #[must_use]
    pub fn frame_of(&self, va: VirtAddr) -> Pfn {
        let within = va.get() & ((1 << self.level.shift()) - 1);
        Pfn(self.pfn.0 + (within >> 12))
    }

    /// How many 4 KiB frames it maps.
    #[must_use]
    pub fn frames(&self) -> u64 {
        1 << (self.level.shift() - 12)
    }
}

/// A cached upper-level entry (H5, H6): an address of the next table, no copy of it, no link to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PscEntry {
    /// Tag (H2). Never global (H4).
    pub pcid: Pcid,
    /// Level of the entry it was made from: PML5E, PML4E, PDPTE or PDE cache.
    pub level: Level,
    /// Linear address >> `level.shift()`.
    pub tag: u64,
    /// Frame of the next table.
    pub table: Pfn,
    /// Rights so far.
    pub rights: Rights,
    /// Memory type for reading the next table, by PCD and PWT of this entry (H28).
    pub memory_type: MemoryType,
    /// Whether it can be trusted.
    pub provenance: Provenance,
    /// What claims know of it.
    pub ghost: Ghost,
    /// What it maps from, and the tags that guests need.
    pub space: Space,
}

impl PscEntry {
    /// Whether it lies on the path to `va`, whatever its tag.
    #[must_use]
    pub fn covers(&self, va: VirtAddr) -> bool {
        va.tag(self.level) == self.tag
    }
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
