//! The small closed sets that everything else is made of: levels, memory types, vendors.

/// The level of a page-table entry, named as the SDM names the table that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Level {
    /// Holds PTEs, each mapping 4 KiB (Linux: pte).
    Pt = 1,
    /// Holds PDEs, each mapping 2 MiB or pointing to a page table (Linux: pmd).
    Pd = 2,
    /// Holds PDPTEs (Linux: pud).
    Pdpt = 3,
    /// Holds PML4Es; CR3 points to it (Linux: pgd).
    Pml4 = 4,
}

impl Level {
    /// All levels from CR3 down.
    pub const WALK: [Level; 4] = [Level::Pml4, Level::Pdpt, Level::Pd, Level::Pt];

    /// The level whose tables this one's entries point to.
    #[must_use]
    pub const fn below(self) -> Option<Level> {
        match self {
            Level::Pml4 => Some(Level::Pdpt),
            Level::Pdpt => Some(Level::Pd),
            Level::Pd => Some(Level::Pt),
            Level::Pt => None,
        }
    }

    /// The level whose entries point to tables of this one.
    #[must_use]
    pub const fn above(self) -> Option<Level> {
        match self {
            Level::Pml4 => None,
            Level::Pdpt => Some(Level::Pml4),
            Level::Pd => Some(Level::Pdpt),
            Level::Pt => Some(Level::Pd),
        }
    }

    /// Lowest bit of a linear address that selects an entry at this level.
    #[must_use]
    pub const fn shift(self) -> u32 {
        12 + 9 * (self as u32 - 1)
    }

    /// Which of the 512 entries of a table at this level translates `va`.
    #[must_use]
    pub const fn index(self, va: u64) -> u16 {
        ((va >> self.shift()) & 511) as u16
    }

    /// What an entry at this level is called in the SDM.
    #[must_use]
    pub const fn entry_name(self) -> &'static str {
        match self {
            Level::Pt => "PTE",
            Level::Pd => "PDE",
            Level::Pdpt => "PDPTE",
            Level::Pml4 => "PML4E",
        }
    }

    /// What a table of such entries is called in the SDM.
    #[must_use]
    pub const fn table_name(self) -> &'static str {
        match self {
            Level::Pt => "page table",
            Level::Pd => "page directory",
            Level::Pdpt => "PDPT",
            Level::Pml4 => "PML4",
        }
    }

    /// What Linux calls an entry at this level.
    #[must_use]
    pub const fn linux_name(self) -> &'static str {
        match self {
            Level::Pt => "pte",
            Level::Pd => "pmd",
            Level::Pdpt => "pud",
            Level::Pml4 => "pgd",
        }
    }
}

/// How the caches treat a range of physical memory (SDM 11.3; H28 to H33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MemoryType {
    /// Uncacheable: no speculative accesses, no speculative walks (H30).
    Uc = 0,
    /// Write combining: speculative reads allowed.
    Wc = 1,
    /// Write through.
    Wt = 4,
    /// Write protected.
    Wp = 5,
    /// Write back: ordinary DRAM.
    Wb = 6,
    /// Uncacheable unless the MTRRs say write combining (UC-). Only the PAT can say this, no MTRR.
    UcMinus = 7,
}

impl MemoryType {
    /// The effective memory type: the PAT's type of a mapping, `self`, combined with the MTRRs' type of the
    /// address (SDM table 11-7; H28).
    #[must_use]
    pub const fn with_mtrr(self, mtrr: MemoryType) -> MemoryType {
        use MemoryType::{Uc, UcMinus, Wb, Wc, Wp, Wt};
        match (self, mtrr) {
            (Uc, _) => Uc,
            (Wc, _) => Wc,
            (UcMinus, Wc | Wp) => Wc,
            (UcMinus, _) => Uc,
            (Wt | Wp | Wb, Uc | UcMinus) | (Wt | Wp, Wc) => Uc,
            (Wb, mtrr) => mtrr,
            (Wt, _) => Wt,
            (Wp, _) => Wp,
        }
    }
}

/// The vendor of the walker: the one architectural difference in what a walk to a non-DRAM address does
/// (question 6 in docs/model.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vendor {
    /// Walks into UC ranges stop (H30).
    Intel,
    /// With TlbCacheDis=0 the walker assumes that tables live in WB DRAM (H31).
    Amd,
}
