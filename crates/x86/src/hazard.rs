//! Hazards: what must never happen, in terms of the hardware.

/// Something that a walk or an access did and that no correct kernel allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Hazard {
    /// A walk read memory that is not, or no longer, the page table it was cached as.
    WalkOfFreed = 0,
    /// A walk set an accessed bit in such memory: bit 5 of another owner's word became 1 (H18).
    ABitCorruption = 1,
    /// A paging-structure cache entry was made from such memory.
    GarbagePsc = 2,
    /// A translation was made from such memory.
    GarbageTlb = 3,
    /// A walk read a device register.
    DeviceRead = 4,
    /// The processor raised a machine check (H32).
    MachineCheck = 5,
    /// A committed access used a translation to a page that had been freed or that nobody was given, or a garbage one.
    StaleAccess = 6,
}

/// A set of hazards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hazards(pub u8);

impl Hazards {
    /// Adds one.
    pub fn add(&mut self, hazard: Hazard) {
        self.0 |= 1 << hazard as u8;
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it is in the set.
    #[must_use]
    pub fn has(self, hazard: Hazard) -> bool {
        self.0 & (1 << hazard as u8) != 0
    }
}
