//! Invalidations that reach others without an interrupt: AMD's INVLPGB (H48, H49), Intel's remote action requests (H72), and
//! the commands of an IOMMU's queue (H76).
//!
//! INVLPGB is weakly ordered: each processor carries it out at some moment of its own, and only TLBSYNC tells the
//! sender that all processors have done so. The model does not choose an order for two INVLPGBs: each processor
//! carries them out first come, first served. The same goes for remote action requests, which only the processors of a set
//! receive.

use crate::{Control, Cpu, Level, Pcid, Removed, Space, SpaceKind, VirtAddr};

/// What it is that asks for an invalidation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Asks {
    /// An INVLPGB.
    #[default]
    Invlpgb,
    /// A remote action request: what INVPCID removes goes, and no more (H72).
    Request,
    /// A command for the IOMMU: its IOTLB and its paging-structure caches (H76).
    Iotlb,
    /// A command for the TLBs of devices (H76).
    DeviceTlb,
}

/// The operands of an INVLPGB, of a remote action request, or of a command of an IOMMU's queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Broadcast {
    /// Only entries with this tag; all if there is none.
    pub pcid: Option<Pcid>,
    /// Only entries for this many 4 KiB pages from this address; all if there is none.
    pub range: Option<(VirtAddr, u16)>,
    /// Global translations too.
    pub globals: bool,
    /// Leave the paging-structure caches alone (rAX bit 4).
    pub final_only: bool,
    /// Only entries with this ASID (rAX bit 2); all if there is none, guests' too. The host's is 0.
    pub asid: Option<u8>,
    /// Guest-physical mappings too (rAX bit 5).
    pub nested: bool,
    /// What asks for it.
    pub by: Asks,
}

impl Broadcast {
    /// A remote action request: INVPCID of one PCID (type 1), or of one address of it (type 0), for what the host has cached.
    #[must_use]
    pub fn request(pcid: Pcid, va: Option<VirtAddr>) -> Broadcast {
        let range = va.map(|va| (va, 1));
        Broadcast { pcid: Some(pcid), range, asid: Some(0), by: Asks::Request, ..Broadcast::default() }
    }

    /// A command of an IOMMU's queue, for a PASID, or for one address of it.
    #[must_use]
    pub fn command(by: Asks, pasid: Pcid, va: Option<VirtAddr>) -> Broadcast {
        Broadcast { pcid: Some(pasid), range: va.map(|va| (va, 1)), by, ..Broadcast::default() }
    }

    fn names(&self, pcid: Pcid, covers: impl Fn(VirtAddr) -> bool) -> bool {
        let tag = self.pcid.is_none_or(|wanted| wanted == pcid);
        let address = match self.range {
            None => true,
            Some((first, pages)) => (0..u64::from(pages))
                .filter_map(|page| VirtAddr::new(first.get().wrapping_add(page << 12), Level::WIDEST))
                .any(covers),
        };
        tag && address
    }

    /// Whether entries of a space are meant. Guest-physical entries have no linear addresses, so they are removed only if no
    /// range is named.
    fn means(&self, space: Space) -> bool {
        let nested = space.kind == SpaceKind::GuestPhysical;
        self.asid.is_none_or(|asid| asid == space.vpid) && (!nested || self.nested && self.range.is_none())
    }
}

impl Cpu {
    /// Carries out a broadcast invalidation. Upper levels go with it unless it is final-only; with EFER.TCE only
    /// those that lead to the range (H48). A remote action request is as narrow as INVPCID (H39, H40).
    pub fn invlpgb(&mut self, control: Control, broadcast: &Broadcast) -> Removed {
        let all_upper = Broadcast { range: None, ..*broadcast };
        let upper = if control.tce || broadcast.by == Asks::Request { *broadcast } else { all_upper };
        Removed {
            tlb: self
                .tlb
                .extract_if(.., |e| {
                    let tag = if e.global { broadcast.pcid.unwrap_or(e.pcid) } else { e.pcid };
                    let globals = !e.global || broadcast.globals;
                    globals && broadcast.means(e.space) && broadcast.names(tag, |va| e.covers(va))
                })
                .collect(),
            psc: self
                .psc
                .extract_if(.., |e| {
                    let named = broadcast.means(e.space) && upper.names(e.pcid, |va| e.covers(va));
                    !broadcast.final_only && named
                })
                .collect(),
        }
    }
    /// An IOMMU and its device carry out a command of the queue (H76): either what the IOMMU has cached goes, or what the
    /// device has.
    pub fn commanded(&mut self, command: &Broadcast) -> Removed {
        let of_device = command.by == Asks::DeviceTlb;
        self.remove(
            |e| (e.space == Space::DEVICE) == of_device && command.names(e.pcid, |va| e.covers(va)),
            |e| !of_device && command.names(e.pcid, |va| e.covers(va)),
        )
    }
}
