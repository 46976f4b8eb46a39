//! How entries of page tables are read, in each dimension.

use crate::entry::Rights;
use crate::{Level, MemoryMap, Pte, Vendor};

/// In which dimension a table is read (SDM 28.2.1; H63).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// There is one only: the CPU runs no guest.
    Only,
    /// That of the guest: its entries hold guest-physical addresses.
    Guest,
    /// The second one, from guest-physical addresses to memory: EPT, or AMD's nested page tables.
    Second,
}

/// How entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As the SDM's table 4-19 has them. AMD's nested page tables have this form too (APM vol. 2, 15.25).
    Ordinary,
    /// As EPT entries: bits 2:0 are the rights to read, write and fetch, and there is no P (SDM 28.2.2). The accessed and
    /// dirty flags for EPT are off.
    Ept,
}

impl Form {
    pub(crate) fn of(dimension: Dimension, vendor: Vendor) -> Form {
        match (dimension, vendor) {
            (Dimension::Second, Vendor::Intel) => Form::Ept,
            _ => Form::Ordinary,
        }
    }

    /// An EPT entry is present if it has any right (SDM 28.2.2).
    pub(crate) fn present(self, entry: Pte) -> bool {
        entry.0 & if self == Form::Ept { Pte::P | Pte::RW | Pte::US } else { Pte::P } != 0
    }

    /// Whether a reserved bit is set. In an EPT entry also whether it may be written or fetched from but not read, an EPT
    /// misconfiguration (SDM 28.2.3.1), taken as not allowed to fetch from only.
    pub(crate) fn reserved(self, entry: Pte, level: Level, map: &MemoryMap) -> bool {
        match self {
            Form::Ordinary => entry.reserved(level, map.maxphyaddr, map.vendor),
            Form::Ept => {
                // Memory types of EPT are not modelled: bits 5:3 are not looked at.
                !entry.has(Pte::P) || entry.reserved(level, map.maxphyaddr, map.vendor)
            }
        }
    }
}

/// Whether an entry of a table leads further: it is present, and no reserved bit of it is set.
#[must_use]
pub fn leads_on(dimension: Dimension, entry: Pte, level: Level, map: &MemoryMap) -> bool {
    let form = Form::of(dimension, map.vendor);
    form.present(entry) && !form.reserved(entry, level, map)
}

/// The rights that an entry leaves of those so far.
#[must_use]
pub fn rights_after(dimension: Dimension, entry: Pte, so_far: Rights, vendor: Vendor) -> Rights {
    Rights {
        write: so_far.write && entry.has(Pte::RW),
        user: so_far.user && (Form::of(dimension, vendor) == Form::Ept || entry.has(Pte::US)),
        no_execute: so_far.no_execute || entry.has(Pte::XD),
    }
}
