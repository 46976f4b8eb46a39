//! Entries of the caches: translations, and references to tables.

use crate::space::Space;
use crate::{Level, MemoryType, MmId, Pcid, Pfn, Vendor, VirtAddr};

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

    /// Whether a walk may read a table of a guest through this guest-physical mapping. AMD takes that for a user's write,
    /// whatever the walk does there (H63).
    #[must_use]
    pub fn serves_tables(&self, vendor: Vendor) -> bool {
        vendor == Vendor::Intel || self.rights.write
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
