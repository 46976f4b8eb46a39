//! Guests: a second dimension of paging, the tags that it needs, and the instructions that invalidate by them.
//!
//! A guest's page tables give *guest-physical* addresses. A second set of tables, Intel's EPT or AMD's nested page
//! tables, leads from those to memory. So a walk in a guest has two dimensions: it needs a translation of the second
//! dimension for the root in CR3, for each table, and for the page. There are three kinds of cached mappings (SDM
//! 28.3.1):
//!
//! - *linear* mappings, as outside guests;
//! - *guest-physical* mappings: from guest-physical addresses, through the second dimension alone;
//! - *combined* mappings: from linear addresses through both dimensions. A combined paging-structure-cache entry leads to
//!   where the guest's next table *is in memory*.
//!
//! All three are entries of the same caches, told apart by their [`Space`]. And there is one walk ([`look`](crate::look)).
//! In the second dimension it reads a table of the host. In the guest's dimension it reads a table of the guest, and what
//! it finds there goes [through](Walked::through) a guest-physical mapping before it is cached. If none is cached, walks of
//! the second dimension come first.

use crate::entry::{Ghost, Provenance, PscEntry, Rights, TlbEntry};
use crate::form::Dimension;
use crate::guest::{Guest, SECOND, gpa};
use crate::space::{Space, SpaceKind};
use crate::walk::{TableRef, WalkOutcome, Walked};
use crate::{Cpu, Cr3, FrameId, MemoryType, Pfn, Removed, Vendor, VirtAddr};

/// INVVPID (SDM 28.3.3.1; H69).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invvpid {
    /// Type 0: one address of one VPID.
    Address(u8, VirtAddr),
    /// Type 1: one VPID.
    Single(u8),
    /// Type 2: all VPIDs but 0000H.
    All,
    /// Type 3: one VPID but for globals.
    SingleNonGlobal(u8),
}

/// INVEPT (SDM 28.3.3.1; H68).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invept {
    /// Type 1: one EP4TA.
    Single(FrameId),
    /// Type 2: all.
    Global,
}

/// TLB_CONTROL of a VMCB: what VMRUN flushes (APM vol. 2, 15.16; H71).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlbControl {
    /// 00H: nothing.
    Nothing,
    /// 01H: the entire TLB, all entries of all ASIDs.
    All,
    /// 03H: this guest's entries.
    Asid,
    /// 07H: this guest's entries that are not global.
    AsidNonGlobal,
}

impl TlbControl {
    /// The meaning of a value; the others are reserved.
    #[must_use]
    pub const fn of(value: u64) -> Option<TlbControl> {
        match value {
            0 => Some(TlbControl::Nothing),
            1 => Some(TlbControl::All),
            3 => Some(TlbControl::Asid),
            7 => Some(TlbControl::AsidNonGlobal),
            _ => None,
        }
    }
}

impl Cpu {
    /// Guest-physical translations usable for an address now. AMD takes each access of the guest for a user's.
    pub fn guest_physical(&self, gpa: VirtAddr) -> impl Iterator<Item = &TlbEntry> {
        let space = self.physical_space();
        self.tlb.iter().filter(move |e| Some(e.space) == space && e.covers(gpa) && e.rights.user)
    }

    /// Guest-physical paging-structure-cache entries usable for an address now.
    pub fn guest_structures(&self, gpa: VirtAddr) -> impl Iterator<Item = &PscEntry> {
        let space = self.physical_space();
        self.psc.iter().filter(move |e| Some(e.space) == space && e.covers(gpa))
    }

    /// VM entry: the CPU runs a guest from now on, with the guest's CR3. Without VPIDs all linear and combined mappings of
    /// VPID 0000H go (H67); on AMD what TLB_CONTROL says goes (H71).
    pub fn enter(&mut self, vendor: Vendor, guest: Guest, cr3: Cr3, control: TlbControl) -> Removed {
        self.guest = Some(guest);
        self.cr3 = cr3;
        match (vendor, control) {
            (Vendor::Intel, _) => self.transition(guest.vpid),
            (Vendor::Amd, TlbControl::Nothing) => Removed::default(),
            (Vendor::Amd, TlbControl::All) => self.lose_everything(),
            (Vendor::Amd, TlbControl::Asid) => {
                self.remove(|e| e.space.vpid == guest.vpid, |e| e.space.vpid == guest.vpid)
            }
            (Vendor::Amd, TlbControl::AsidNonGlobal) => {
                self.remove(|e| e.space.vpid == guest.vpid && !e.global, |e| e.space.vpid == guest.vpid)
            }
        }
    }

    /// VM exit: the host continues with its own CR3.
    pub fn exit(&mut self, vendor: Vendor, cr3: Cr3) -> Removed {
        let vpid = self.guest.take().map_or(0, |guest| guest.vpid);
        self.cr3 = cr3;
        match vendor {
            Vendor::Intel => self.transition(vpid),
            Vendor::Amd => Removed::default(),
        }
    }

    /// A VMX transition with VPIDs off removes what is tagged with VPID 0000H; with VPIDs nothing.
    fn transition(&mut self, vpid: u8) -> Removed {
        if vpid == 0 { self.remove(|e| e.space.is_of(0), |e| e.space.is_of(0)) } else { Removed::default() }
    }

    /// INVEPT: guest-physical and combined mappings of one EP4TA, whatever the VPID and PCID, or of all (H68).
    pub fn invept(&mut self, kind: Invept) -> Removed {
        let named = |space: Space| {
            let ept = match kind {
                Invept::Single(ept) => space.ept == ept,
                Invept::Global => true,
            };
            space.kind != SpaceKind::Linear && ept
        };
        self.remove(|e| named(e.space), |e| named(e.space))
    }

    /// INVVPID: linear and combined mappings, whatever the PCID and EP4TA; no guest-physical ones (H69).
    pub fn invvpid(&mut self, kind: Invvpid) -> Removed {
        match kind {
            Invvpid::Address(vpid, va) => {
                self.remove(|e| e.space.is_of(vpid) && e.covers(va), |e| e.space.is_of(vpid) && e.covers(va))
            }
            Invvpid::Single(vpid) => self.remove(|e| e.space.is_of(vpid), |e| e.space.is_of(vpid)),
            Invvpid::All => self.remove(
                |e| e.space.kind != SpaceKind::GuestPhysical && e.space.vpid != 0,
                |e| e.space.kind != SpaceKind::GuestPhysical && e.space.vpid != 0,
            ),
            Invvpid::SingleNonGlobal(vpid) => {
                self.remove(|e| e.space.is_of(vpid) && !e.global, |e| e.space.is_of(vpid))
            }
        }
    }

    /// INVLPGA: the translations of one linear address under one ASID, under any PCID, and that ASID's
    /// paging-structure-cache entries: all of them, or with EFER.TCE those that lead to the address (H71).
    pub fn invlpga(&mut self, tce: bool, va: VirtAddr, asid: u8) -> Removed {
        self.remove(
            |e| e.space.is_of(asid) && e.covers(va),
            |e| e.space.is_of(asid) && (!tce || e.covers(va)),
        )
    }

    /// An EPT violation: the guest-physical mappings that would be used for the address, and if it was the translation of
    /// a linear one, the combined mappings of that under the current tags (H70).
    pub fn ept_violation(&mut self, gpa: VirtAddr, va: VirtAddr) -> Removed {
        let (physical, combined, pcid) = (self.physical_space(), self.space(), self.cr3.pcid);
        self.remove(
            |e| {
                let translated = Some(e.space) == physical && e.covers(gpa);
                translated || e.space == combined && e.covers(va) && (e.pcid == pcid || e.global)
            },
            |e| {
                let translated = Some(e.space) == physical && e.covers(gpa);
                translated || e.space == combined && e.covers(va) && e.pcid == pcid
            },
        )
    }
}

impl TableRef {
    /// The root of the second dimension, in a guest.
    #[must_use]
    pub fn from_eptp(cpu: &Cpu) -> Option<TableRef> {
        let guest = cpu.guest?;
        Some(TableRef {
            level: SECOND,
            table: guest.root,
            rights: Rights::ALL,
            memory_type: MemoryType::Wb,
            provenance: guest.provenance,
            ghost: Ghost::default(),
            dimension: Dimension::Second,
        })
    }

    /// The same reference of a guest, through a guest-physical mapping that covers it: where the table is in memory.
    #[must_use]
    pub fn through(&self, mapping: &TlbEntry) -> Option<TableRef> {
        let gpa = gpa(self.table)?;
        Some(TableRef {
            table: mapping.frame_of(gpa),
            provenance: self.provenance.max(mapping.provenance),
            ghost: seen_through(self.ghost, mapping, None),
            ..*self
        })
    }
}

impl Walked {
    /// The guest-physical address that the step needs a mapping for, before what it found can be cached: of the next
    /// table, or of the page.
    #[must_use]
    pub fn leads_to(&self, va: VirtAddr) -> Option<VirtAddr> {
        let pfn = match &self.outcome {
            WalkOutcome::Structure(entry) => entry.table,
            WalkOutcome::Translation(entry) => entry.frame_of(va),
            WalkOutcome::NotPresent
            | WalkOutcome::Reserved
            | WalkOutcome::Uncacheable
            | WalkOutcome::DeviceRead { .. }
            | WalkOutcome::MachineCheck => return None,
        };
        gpa(pfn)
    }

    /// A step in the guest's dimension, as it is cached: what it found goes through a guest-physical mapping (H65). Its
    /// rights are those that both dimensions leave, its page is the smaller one.
    #[must_use]
    pub fn through(mut self, va: VirtAddr, mapping: &TlbEntry) -> Walked {
        let garbage = |own: Provenance| match own {
            Provenance::Garbage => Provenance::Garbage,
            Provenance::Sound | Provenance::Dangling => mapping.provenance,
        };
        let gpa = self.leads_to(va);
        match (&mut self.outcome, gpa) {
            (WalkOutcome::Structure(entry), Some(gpa)) => {
                entry.ghost = seen_through(entry.ghost, mapping, Some(entry.table));
                entry.table = mapping.frame_of(gpa);
                entry.provenance = garbage(entry.provenance);
            }
            (WalkOutcome::Translation(entry), Some(gpa)) => {
                let level = entry.level.min(mapping.level);
                let of_page = |pfn: Pfn| Pfn(pfn.0 >> (level.shift() - 12) << (level.shift() - 12));
                let ghost = seen_through(entry.ghost, mapping, Some(of_page(entry.frame_of(va))));
                *entry = TlbEntry {
                    level,
                    page: va.tag(level),
                    pfn: of_page(mapping.frame_of(gpa)),
                    provenance: garbage(entry.provenance),
                    ghost,
                    ..*entry
                };
                entry.rights.write &= mapping.rights.write;
            }
            _ => {}
        }
        self
    }
}

/// What a guest's reference records for claims if it went through a guest-physical mapping: it is as old as the older of the two.
fn seen_through(own: Ghost, mapping: &TlbEntry, gfn: Option<Pfn>) -> Ghost {
    let asked = own.space.is_some();
    Ghost { outdated: own.outdated || mapping.ghost.outdated, gfn: gfn.filter(|_| asked), ..own }
}
