//! The guest that a CPU runs, and the addresses that it takes for physical.

use crate::entry::Provenance;
use crate::space::{Space, SpaceKind};
use crate::{FrameId, Level, Pfn, Vendor, VirtAddr};

/// Level of the table that EPTP or nCR3 leads to. The second dimension has four levels here.
pub const SECOND: Level = Level::Pml4;

/// The guest-physical address of a frame of a guest.
#[must_use]
pub fn gpa(gfn: Pfn) -> Option<VirtAddr> {
    VirtAddr::new(gfn.base(), SECOND)
}

/// What translation in a guest depends on, apart from the guest's CR3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guest {
    /// VPID (0: VPIDs are off) or ASID.
    pub vpid: u8,
    /// Root of the second dimension: EPT pointer or nCR3.
    pub root: Pfn,
    /// The same as a tag ([`Space::ept`]).
    pub ept: FrameId,
    /// Whether the root has been freed under it.
    pub provenance: Provenance,
}

impl Guest {
    /// A guest whose second dimension begins at `root`. AMD tags by ASID alone; Intel's guest-physical mappings have no
    /// VPID.
    #[must_use]
    pub fn new(vendor: Vendor, vpid: u8, (root, frame): (Pfn, FrameId), provenance: Provenance) -> Guest {
        let ept = if vendor == Vendor::Amd { 0 } else { frame };
        Guest { vpid, root, ept, provenance }
    }

    pub(crate) fn combined(&self) -> Space {
        Space { kind: SpaceKind::Combined, vpid: self.vpid, ept: self.ept }
    }

    pub(crate) fn physical(&self) -> Space {
        let vpid = if self.ept == 0 { self.vpid } else { 0 };
        Space { kind: SpaceKind::GuestPhysical, vpid, ept: self.ept }
    }
}
