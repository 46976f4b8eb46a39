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

use crate::{
    Backing, Cpu, Cr3, Dimension, FrameId, Ghost, Level, Memory, MemoryMap, MemoryType, Outcome, Pfn,
    Provenance, PscEntry, Pte, Removed, Rights, TableRef, TlbEntry, Vendor, VirtAddr, Walked, walk::Form,
};

/// Level of the table that EPTP or nCR3 leads to. The second dimension has four levels here.
pub const SECOND: Level = Level::Pml4;

/// The guest-physical address of a frame of a guest.
#[must_use]
pub fn gpa(gfn: Pfn) -> Option<VirtAddr> {
    VirtAddr::new(gfn.base(), SECOND)
}

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

impl Space {
    /// That of a device's own TLB.
    pub const DEVICE: Space = Space { kind: SpaceKind::Device, vpid: 0, ept: 0 };

    /// Whether it is one of linear addresses under a VPID (or ASID): of linear or combined mappings.
    #[must_use]
    pub fn is_of(self, vpid: u8) -> bool {
        self.kind != SpaceKind::GuestPhysical && self.vpid == vpid
    }
}

impl Guest {
    /// A guest whose second dimension begins at `root`. AMD tags by ASID alone; Intel's guest-physical mappings have no
    /// VPID.
    #[must_use]
    pub fn new(vendor: Vendor, vpid: u8, (root, frame): (Pfn, FrameId), provenance: Provenance) -> Guest {
        let ept = if vendor == Vendor::Amd { 0 } else { frame };
        Guest { vpid, root, ept, provenance }
    }

    fn combined(&self) -> Space {
        Space { kind: SpaceKind::Combined, vpid: self.vpid, ept: self.ept }
    }

    fn physical(&self) -> Space {
        let vpid = if self.ept == 0 { self.vpid } else { 0 };
        Space { kind: SpaceKind::GuestPhysical, vpid, ept: self.ept }
    }
}

impl Cpu {
    /// The mappings that translate linear addresses now (H64): linear mappings of VPID 0, or in a guest combined
    /// ones.
    #[must_use]
    pub fn space(&self) -> Space {
        self.guest.as_ref().map_or_else(Space::default, Guest::combined)
    }

    /// The mappings that translate guest-physical addresses now, in a guest.
    #[must_use]
    pub fn physical_space(&self) -> Option<Space> {
        self.guest.as_ref().map(Guest::physical)
    }

    /// The current VPID: 0 outside guests (SDM 28.1).
    #[must_use]
    pub fn vpid(&self) -> u8 {
        self.guest.as_ref().map_or(0, |guest| guest.vpid)
    }

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

impl TlbEntry {
    /// Whether a walk may read a table of a guest through this guest-physical mapping. AMD takes that for a user's write,
    /// whatever the walk does there (H63).
    #[must_use]
    pub fn serves_tables(&self, vendor: Vendor) -> bool {
        vendor == Vendor::Intel || self.rights.write
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
            Outcome::Structure(entry) => entry.table,
            Outcome::Translation(entry) => entry.frame_of(va),
            Outcome::NotPresent
            | Outcome::Reserved
            | Outcome::Uncacheable
            | Outcome::DeviceRead { .. }
            | Outcome::MachineCheck => return None,
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
            (Outcome::Structure(entry), Some(gpa)) => {
                entry.ghost = seen_through(entry.ghost, mapping, Some(entry.table));
                entry.table = mapping.frame_of(gpa);
                entry.provenance = garbage(entry.provenance);
            }
            (Outcome::Translation(entry), Some(gpa)) => {
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

/// Why the second dimension refuses an address, as memory has it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refused {
    /// The guest-physical address.
    pub gpa: u64,
    /// The level of the entry at fault: nothing where the rights of all of them are.
    pub level: Option<Level>,
    /// It is where a table of the guest is, and not where its page is.
    pub table: bool,
}

/// Where a guest-physical frame is, as the tables of the second dimension in memory have it now, the level of the entry
/// that maps it, and whether it may be written.
///
/// # Errors
/// The level of the entry that is not present or not well formed.
pub fn resolve(root: Pfn, memory: &Memory, map: &MemoryMap, gfn: Pfn) -> Result<(Pfn, Level, bool), Level> {
    let form = Form::of(Dimension::Second, map.vendor);
    let mut table = root;
    let mut write = true;
    for level in SECOND.walk() {
        let Backing::Frame(frame) = map.backing(table) else { return Err(level) };
        let entry = Pte(memory.word(frame, map.place(frame, table, level.index(gfn.base()))));
        // AMD takes each access of the guest for a user's (APM vol. 2, 15.25).
        let refused = form == Form::Ordinary && !entry.has(Pte::US);
        if !form.present(entry) || form.reserved(entry, level, map) || refused {
            return Err(level);
        }
        write &= entry.has(Pte::RW);
        table = entry.pfn(level);
        if entry.is_leaf(level) {
            let within = gfn.0 & ((1 << (level.shift() - 12)) - 1);
            return Ok((Pfn(table.0 + within), level, write));
        }
    }
    Err(Level::Pt)
}
