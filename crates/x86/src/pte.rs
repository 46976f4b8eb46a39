//! Page-table entries: 64 bits, whatever they were meant to be.
//!
//! Any 8-byte word can be *read as* an entry (H26). "Andy" is a present, read-only supervisor entry with its
//! accessed bit clear; a walk that passes through "Andy" turns it into "andy".

use crate::{Level, MemoryType, Pfn, Vendor};

/// An entry of a paging structure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pte(pub u64);

impl Pte {
    /// P: present.
    pub const P: u64 = 1;
    /// R/W: writes allowed.
    pub const RW: u64 = 1 << 1;
    /// U/S: user accesses allowed.
    pub const US: u64 = 1 << 2;
    /// PWT: page-level write-through.
    pub const PWT: u64 = 1 << 3;
    /// PCD: page-level cache disable.
    pub const PCD: u64 = 1 << 4;
    /// A: accessed.
    pub const A: u64 = 1 << 5;
    /// D: dirty (leaf entries only).
    pub const D: u64 = 1 << 6;
    /// PS: this PDE or PDPTE maps a page.
    pub const PS: u64 = 1 << 7;
    /// G: global (leaf entries only).
    pub const G: u64 = 1 << 8;
    /// XD: execute disable.
    pub const XD: u64 = 1 << 63;
    /// Address bits 51:12.
    pub const ADDRESS: u64 = 0x000f_ffff_ffff_f000;
    /// What Linux puts into entries that point to a table (`_PAGE_TABLE`).
    pub const TABLE: u64 = Pte::P | Pte::RW | Pte::US | Pte::A | Pte::D;

    /// Whether all bits of `mask` are set.
    #[must_use]
    pub const fn has(self, mask: u64) -> bool {
        self.0 & mask == mask
    }

    /// Whether an entry at `level` with these bits maps a page instead of pointing to a table.
    #[must_use]
    pub const fn is_leaf(self, level: Level) -> bool {
        level.maps_a_page(self.has(Pte::PS))
    }

    /// The frame it names: of the next table, or the first one of the page.
    #[must_use]
    pub const fn pfn(self, level: Level) -> Pfn {
        let address = self.0 & Pte::ADDRESS;
        // Bit 12 of a large-page entry is its PAT bit, not part of the address.
        let large = self.is_leaf(level) && !level.is_page_table();
        Pfn(if large { address & !((1 << level.shift()) - 1) } else { address } >> 12)
    }

    /// Whether a reserved bit is set, for a processor with `maxphyaddr` address bits and with 1 GiB pages
    /// (SDM 4.5; APM vol. 2 5.3.3; H26). XD is none: EFER.NXE is taken to be set.
    #[must_use]
    pub const fn reserved(self, level: Level, maxphyaddr: u8, vendor: Vendor) -> bool {
        let beyond = self.0 & Pte::ADDRESS & !((1 << maxphyaddr) - 1) != 0;
        let shape = if level.maps_no_page() {
            // The bit that would be G in a leaf. Only AMD reserves it, and only at these levels.
            self.has(Pte::PS) || (matches!(vendor, Vendor::Amd) && self.has(Pte::G))
        } else {
            // Between the PAT bit of a large page and its address.
            !level.is_page_table() && self.has(Pte::PS) && self.0 & ((1 << level.shift()) - 1) & !0x1fff != 0
        };
        beyond || shape
    }

    /// The memory type that PAT, PCD and PWT select, with the PAT register as it is after a reset: WB, WT, UC-,
    /// UC, and the same again (SDM 11.12.4; H28).
    #[must_use]
    pub const fn pat_type(self) -> MemoryType {
        match (self.has(Pte::PCD), self.has(Pte::PWT)) {
            (false, false) => MemoryType::Wb,
            (false, true) => MemoryType::Wt,
            (true, false) => MemoryType::UcMinus,
            (true, true) => MemoryType::Uc,
        }
    }

    /// An entry that points to a table, as Linux makes it.
    #[must_use]
    pub const fn table(pfn: Pfn) -> Pte {
        Pte(pfn.base() | Pte::TABLE)
    }
}

#[cfg(test)]
mod tests {
    use super::Pte;
    use crate::{Level, Pfn, Vendor};

    #[test]
    fn andy_is_a_present_entry_and_becomes_andy_in_lower_case() {
        let andy = Pte(u64::from(u32::from_le_bytes(*b"Andy")));
        assert!(andy.has(Pte::P) && !andy.has(Pte::A) && !andy.has(Pte::RW) && !andy.has(Pte::US));
        assert_eq!(andy.pfn(Level::Pt), Pfn(0x79646));
        for &level in Level::ALL {
            for vendor in [Vendor::Intel, Vendor::Amd] {
                assert!(!andy.reserved(level, 46, vendor), "{level:?} {vendor:?}");
            }
            assert!(!andy.has(Pte::PS) && andy.is_leaf(level) == (level == Level::Pt));
        }
        assert_eq!((andy.0 | Pte::A).to_le_bytes()[..4], *b"andy");
    }

    #[test]
    fn a_large_page_ignores_its_pat_bit_in_the_address() {
        let entry = Pte(0x20_0000 | 1 << 12 | Pte::PS | Pte::P);
        assert_eq!(entry.pfn(Level::Pd), Pfn(0x200));
        assert_eq!(entry.pfn(Level::Pt), Pfn(0x201));
    }
}
