//! Addresses and numbers of pages, kept apart from each other and from plain integers.

use crate::Level;
use std::fmt;

/// A linear ("virtual") address that is canonical in the paging mode of its machine: with 4-level paging bits 63:47 are all
/// equal, and with 5-level paging bits 63:56 (H27, H62).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VirtAddr(u64);

impl VirtAddr {
    /// An address, if it is canonical where CR3 leads to the level `top`.
    #[must_use]
    pub const fn new(address: u64, top: Level) -> Option<VirtAddr> {
        let upper = address.cast_signed() >> (top.width() - 1);
        if upper == 0 || upper == -1 { Some(VirtAddr(address)) } else { None }
    }

    /// All 64 bits.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The part that an entry at `level` translates: equal for all addresses below the same entry.
    #[must_use]
    pub const fn tag(self, level: Level) -> u64 {
        self.0 >> level.shift()
    }

    /// Number of the 8-byte word in its 4 KiB page.
    #[must_use]
    pub const fn word(self) -> u16 {
        ((self.0 & 4095) / 8) as u16
    }
}

impl fmt::Display for VirtAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// Number of a 4 KiB frame of physical memory: physical address / 4096.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pfn(pub u64);

impl Pfn {
    /// Physical address of its first byte.
    #[must_use]
    pub const fn base(self) -> u64 {
        self.0 << 12
    }
}

impl fmt::Display for Pfn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// A process-context identifier, 0 to 4095 (SDM 4.10.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pcid(pub u16);

impl fmt::Display for Pcid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::VirtAddr;
    use crate::Level;

    #[test]
    fn only_canonical_addresses_exist_h27() {
        for (address, four, five) in [
            (0, true, true),
            (0x0000_7fff_ffff_ffff, true, true),
            (0x0000_8000_0000_0000, false, true),
            (0x00ff_ffff_ffff_ffff, false, true),
            (0x0100_0000_0000_0000, false, false),
            (0xfeff_ffff_ffff_ffff, false, false),
            (0xff00_0000_0000_0000, false, true),
            (0xffff_7fff_ffff_ffff, false, true),
            (0xffff_8000_0000_0000, true, true),
            (u64::MAX, true, true),
        ] {
            assert_eq!(VirtAddr::new(address, Level::Pml4).is_some(), four, "{address:#x}");
            assert_eq!(VirtAddr::new(address, Level::Pml5).is_some(), five, "{address:#x}");
        }
    }
}
