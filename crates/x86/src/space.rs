//! What cached entries map from.

use crate::FrameId;

/// What a cached entry maps from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SpaceKind {
    /// Linear addresses, with no second dimension.
    #[default]
    Linear,
    /// Guest-physical addresses, by the second dimension alone.
    GuestPhysical,
    /// Linear addresses of a guest, through both dimensions.
    Combined,
    /// Linear addresses under a PASID, in a device's own TLB (H75).
    Device,
}

/// What a cached entry maps from, and its tags (SDM 28.3.1, 28.3.2; H63 to H65).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Space {
    /// What it maps from.
    pub kind: SpaceKind,
    /// VPID or ASID: 0 outside guests, and for guest-physical mappings of Intel.
    pub vpid: u8,
    /// EP4TA: the frame that the EPT pointer names. 0 where the tag has no part: outside guests, and on AMD.
    pub ept: FrameId,
}

impl Space {
    /// That of a device's own TLB.
    pub const DEVICE: Space = Space { kind: SpaceKind::Device, vpid: 0, ept: 0 };

    /// Whether it is one of linear addresses under a VPID (or ASID): of linear or combined mappings.
    #[must_use]
    pub fn is_of(self, vpid: u8) -> bool {
        self.kind != SpaceKind::GuestPhysical && self.vpid == vpid
    }
}
