//! What each invalidation removes from the caches, exactly (SDM 4.10.4.1; H34 to H47).
//!
//! Each operation removes what it must and nothing else. Real processors may remove more (H50). A processor that
//! keeps as much as allowed is the stronger adversary, and a search for bugs needs the strongest one.

use crate::{Control, Cpu, Cr3, Pcid, Pfn, Provenance, PscEntry, TlbEntry, Vendor, VirtAddr};

/// What one invalidation removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Translations.
    pub tlb: Vec<TlbEntry>,
    /// Paging-structure cache entries.
    pub psc: Vec<PscEntry>,
}

/// INVPCID (SDM vol. 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invpcid {
    /// Type 0: one address of one PCID.
    Address(Pcid, VirtAddr),
    /// Type 1: one PCID.
    Single(Pcid),
    /// Type 2: everything, globals included.
    All,
    /// Type 3: everything but globals.
    AllNonGlobal,
}

impl Cpu {
    pub(crate) fn remove(
        &mut self,
        tlb: impl Fn(&TlbEntry) -> bool,
        psc: impl Fn(&PscEntry) -> bool,
    ) -> Removed {
        self.remove_those(&tlb, &psc)
    }

    /// The same, compiled once: there are some twenty kinds of invalidation, and caches are small.
    fn remove_those(&mut self, tlb: &dyn Fn(&TlbEntry) -> bool, psc: &dyn Fn(&PscEntry) -> bool) -> Removed {
        Removed {
            tlb: self.tlb.extract_if(.., |entry| tlb(entry)).collect(),
            psc: self.psc.extract_if(.., |entry| psc(entry)).collect(),
        }
    }

    /// Removes linear and combined mappings of the current VPID, whatever the EP4TA. Instructions for a
    /// machine without guests have to remove these (H66).
    fn remove_own(&mut self, tlb: impl Fn(&TlbEntry) -> bool, psc: impl Fn(&PscEntry) -> bool) -> Removed {
        let vpid = self.vpid();
        self.remove(|e| e.space.is_of(vpid) && tlb(e), |e| e.space.is_of(vpid) && psc(e))
    }

    /// Everything is lost, for all guests too: the core enters a deep sleep (H61).
    pub fn lose_everything(&mut self) -> Removed {
        self.remove(|_| true, |_| true)
    }

    /// MOV to CR3. Without CR4.PCIDE it removes everything of PCID 0 but globals (H34); with it and bit 63
    /// clear, everything of the new PCID but globals (H35); with bit 63 set, nothing (H36).
    ///
    /// The root must be a frame that is a PML4; whether it is sound is for the caller to say.
    pub fn mov_cr3(
        &mut self,
        control: Control,
        root: Pfn,
        pcid: Pcid,
        noflush: bool,
        provenance: Provenance,
    ) -> Removed {
        let pcid = if control.pcide { pcid } else { Pcid(0) };
        self.cr3 = Cr3 { root, pcid, provenance };
        if control.pcide && noflush {
            return Removed::default();
        }
        self.remove_own(|e| e.pcid == pcid && !e.global, |e| e.pcid == pcid)
    }

    /// INVLPG: translations of the address under the current PCID and global ones under any; paging-structure
    /// cache entries of the current PCID, all of them (H37), or with EFER.TCE those that lead to the address
    /// (H38).
    pub fn invlpg(&mut self, control: Control, va: VirtAddr) -> Removed {
        let pcid = self.cr3.pcid;
        // H51: on some parts, globals survive while PCIDs are enabled, but not in a guest.
        let keeps = control.pcide && control.invlpg_keeps_globals && self.guest.is_none();
        self.remove_own(
            |e| e.covers(va) && if e.global { !keeps } else { e.pcid == pcid },
            |e| e.pcid == pcid && (!control.tce || e.covers(va)),
        )
    }

    /// INVPCID (H39 to H42). With an address, an AMD processor without EFER.TCE drops every paging-structure cache
    /// entry of the PCID, where Intel's need only drop those that lead to the address (H39).
    pub fn invpcid(&mut self, control: Control, vendor: Vendor, kind: Invpcid) -> Removed {
        match kind {
            Invpcid::Address(pcid, va) => {
                let all_upper = vendor == Vendor::Amd && !control.tce;
                self.remove_own(
                    |e| e.covers(va) && e.pcid == pcid && !e.global,
                    |e| e.pcid == pcid && (all_upper || e.covers(va)),
                )
            }
            Invpcid::Single(pcid) => self.remove_own(|e| e.pcid == pcid && !e.global, |e| e.pcid == pcid),
            Invpcid::All => self.remove_own(|_| true, |_| true),
            Invpcid::AllNonGlobal => self.remove_own(|e| !e.global, |_| true),
        }
    }

    /// MOV to CR4 that changes PGE: everything (H43).
    pub fn toggle_pge(&mut self) -> Removed {
        self.remove_own(|_| true, |_| true)
    }

    /// A page fault on an address: what would be used for it under the current PCID (H15, H47). That includes
    /// global translations made under another PCID: the manual does not name them, but a retried access could
    /// use them and fault for ever, which H15 and H23 exclude.
    pub fn page_fault(&mut self, va: VirtAddr) -> Removed {
        let pcid = self.cr3.pcid;
        self.remove_own(|e| e.covers(va) && (e.pcid == pcid || e.global), |e| e.covers(va) && e.pcid == pcid)
    }
}
