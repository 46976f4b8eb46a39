//! What a machine keeps of guests: the frames of their memory, and the VMCS that a CPU has loaded.

use std::ops::Range;
use x86::{Cr3, FrameId, Guest, MmId, Pfn, Provenance};

/// A frame of a guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuestFrame {
    /// Whose: the guest's second dimension.
    pub guest: MmId,
    /// Guest-physical address / 4096.
    pub gfn: Pfn,
    /// The frame that it is in at the start.
    pub first: FrameId,
}

/// The guest that a CPU has loaded, whether or not it runs: the fields of its VMCS that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vmcs {
    /// What the guest is translated by.
    pub guest: Guest,
    /// CR3 of the side that does not run: the guest's, or the host's while the guest runs.
    pub cr3: Cr3,
    /// The guest runs.
    pub entered: bool,
}

impl Vmcs {
    /// Notes that page frames in a row have been freed: a root that is among them dangles from now on. Of a guest's own CR3
    /// nothing is noted, since it names no frame of this memory.
    pub(crate) fn frames_freed(&mut self, freed: &Range<u64>) {
        if freed.contains(&self.guest.root.0) {
            self.guest.provenance = Provenance::Dangling;
        }
        if self.entered && freed.contains(&self.cr3.root.0) {
            self.cr3.provenance = Provenance::Dangling;
        }
    }
}
