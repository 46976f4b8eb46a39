//! The page walk, one entry at a time.
//!
//! A walk may begin at CR3 or at any paging-structure cache entry for the address (H14), for any linear address, at
//! any time, whatever software does (H13). One step reads one entry. What a walk has read so far *is* a cache
//! entry, so the state has no walk in flight. The next step of the walk begins at the cache entry that this step
//! left behind. Another walk may begin there too. Or no walk does: a walk may be abandoned after any step.
//!
//! [`look`] computes what a step would do and changes nothing; [`Walked::apply`] does it. So the step that is taken
//! is exactly the step that was looked at.

use crate::entry::{Ghost, Provenance, PscEntry, Rights, TlbEntry};
use crate::form::{Dimension, Form, rights_after};
use crate::guest::SECOND;
use crate::resolve::{Refused, resolve};
use crate::space::SpaceKind;
use crate::{
    Backing, Control, Cpu, FrameId, Hazard, Hazards, Level, Memory, MemoryMap, MemoryType, Owner, Pcid, Pfn,
    Pte, Vendor, VirtAddr, WordId,
};

/// Where a step begins: a reference to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableRef {
    /// Level of the entries in the table.
    pub level: Level,
    /// The table's frame.
    pub table: Pfn,
    /// Rights so far.
    pub rights: Rights,
    /// Memory type for reading it, by the PCD and PWT that came with the pointer (H28).
    pub memory_type: MemoryType,
    /// Whether the reference can be trusted.
    pub provenance: Provenance,
    /// What claims know of it.
    pub ghost: Ghost,
    /// In which dimension the table is read.
    pub dimension: Dimension,
}

impl TableRef {
    /// The reference in CR3. Its PCD and PWT are taken to be clear, as Linux has them.
    #[must_use]
    pub fn from_cr3(cpu: &Cpu, map: &MemoryMap) -> TableRef {
        TableRef {
            level: map.top,
            table: cpu.cr3.root,
            rights: Rights::ALL,
            memory_type: MemoryType::Wb,
            provenance: cpu.cr3.provenance,
            ghost: Ghost::default(),
            dimension: if cpu.guest.is_some() { Dimension::Guest } else { Dimension::Only },
        }
    }

    /// The reference in a paging-structure cache entry; nothing for one that claims to come from a PTE.
    #[must_use]
    pub fn from_psc(entry: &PscEntry) -> Option<TableRef> {
        Some(TableRef {
            level: entry.level.below()?,
            table: entry.table,
            rights: entry.rights,
            memory_type: entry.memory_type,
            provenance: entry.provenance,
            ghost: entry.ghost,
            dimension: match entry.space.kind {
                SpaceKind::Linear | SpaceKind::Device => Dimension::Only,
                SpaceKind::GuestPhysical => Dimension::Second,
                SpaceKind::Combined => Dimension::Guest,
            },
        })
    }
}

/// How a step of a walk ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WalkOutcome {
    /// The entry is not present: nothing is cached (H10).
    NotPresent,
    /// A reserved bit is set: nothing is cached (H26).
    Reserved,
    /// The table lies in uncacheable memory: the walk is not made (H30).
    Uncacheable,
    /// A device was read; what it answers (all ones) has reserved bits set.
    DeviceRead {
        /// Which device.
        device: u8,
    },
    /// The fetch was sent to I/O as a coherent one and the northbridge refused it (H31, H32).
    MachineCheck,
    /// A pointer to the next table, to be cached.
    Structure(PscEntry),
    /// A translation, to be cached.
    Translation(TlbEntry),
}

/// What one step of a walk does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Where it began.
    pub from: TableRef,
    /// Number of the word read in its frame; in a frame of 4 KiB that is the index of the entry in the table.
    pub index: WordId,
    /// What is behind the table's address.
    pub backing: Backing,
    /// Whose frame that is, if it is a modelled one.
    pub owner: Option<Owner>,
    /// The word read; 0 if nothing was.
    pub value: Pte,
    /// The frame whose word `index` gets its accessed bit set, if it was clear (H17).
    pub sets_accessed: Option<FrameId>,
    /// How it ends.
    pub outcome: WalkOutcome,
    /// What went wrong.
    pub hazards: Hazards,
}

/// What a walker knows of a step, apart from where it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// What the processor's own store buffer holds for the word, if the walker is to see that instead of memory
    /// (H57).
    pub own: Option<u64>,
    /// An instruction waits for the walk: it is not speculative, and uncacheable memory does not bar it (H30).
    pub wanted: bool,
}

/// What a step from `from` towards `va` would do.
#[must_use]
pub fn look(
    cpu: &Cpu,
    memory: &Memory,
    map: &MemoryMap,
    control: Control,
    from: TableRef,
    va: VirtAddr,
    circumstances: Circumstances,
) -> Walked {
    let index = from.level.index(va.get());
    let backing = map.backing(from.table);
    let mut walked = Walked {
        from,
        index: index.into(),
        backing,
        owner: None,
        value: Pte(0),
        sets_accessed: None,
        outcome: WalkOutcome::NotPresent,
        hazards: Hazards::default(),
    };
    let frame = match fetch(map, from, backing, circumstances.wanted) {
        Fetch::Frame(frame) => frame,
        Fetch::Zero => {
            walked.hazards.add(Hazard::WalkOfFreed);
            return walked;
        }
        Fetch::NotMade => {
            walked.outcome = WalkOutcome::Uncacheable;
            return walked;
        }
        Fetch::Device(device) => {
            walked.hazards.add(Hazard::DeviceRead);
            walked.outcome = WalkOutcome::DeviceRead { device };
            return walked;
        }
        Fetch::MachineCheck => {
            walked.hazards.add(Hazard::MachineCheck);
            walked.outcome = WalkOutcome::MachineCheck;
            return walked;
        }
    };
    walked.index = map.place(frame, from.table, index);
    let entry = Pte(circumstances.own.unwrap_or_else(|| memory.word(frame, walked.index)));
    let stranger = match from.dimension {
        Dimension::Only | Dimension::Second => !is_table(memory, map, from.table, from.level),
        // A guest may keep anything in its memory, as long as the frame is not free.
        Dimension::Guest => memory.frames[frame as usize].owner == Owner::Free,
    };
    let astray = stranger || from.provenance != Provenance::Sound;
    walked.owner = Some(memory.frames[frame as usize].owner);
    walked.value = entry;
    if astray {
        walked.hazards.add(Hazard::WalkOfFreed);
    }
    let form = Form::of(from.dimension, map.vendor);
    if !form.present(entry) {
        return walked;
    }
    if form.reserved(entry, from.level, map) {
        walked.outcome = WalkOutcome::Reserved;
        return walked;
    }
    if form == Form::Ordinary && !entry.has(Pte::A) {
        walked.sets_accessed = Some(frame);
        if astray {
            walked.hazards.add(Hazard::ABitCorruption);
        }
    }
    let rights = rights_after(from.dimension, entry, from.rights, map.vendor);
    let (pcid, space) = match from.dimension {
        Dimension::Only | Dimension::Guest => (cpu.cr3.pcid, cpu.space()),
        Dimension::Second => (Pcid(0), cpu.physical_space().unwrap_or_default()),
    };
    let memory_type = if from.dimension == Dimension::Second { MemoryType::Wb } else { entry.pat_type() };
    let pfn = entry.pfn(from.level);
    if entry.is_leaf(from.level) {
        let provenance = if astray {
            walked.hazards.add(Hazard::GarbageTlb);
            Provenance::Garbage
        } else if from.dimension == Dimension::Guest {
            // The mapping that the access goes through carries the provenance.
            Provenance::Sound
        } else {
            page_standing(memory, map, pfn, from.level, rights)
        };
        walked.outcome = WalkOutcome::Translation(TlbEntry {
            pcid,
            level: from.level,
            page: va.tag(from.level),
            pfn,
            rights,
            dirty: form == Form::Ept || entry.has(Pte::D),
            global: control.pge && entry.has(Pte::G) && from.dimension != Dimension::Second,
            memory_type,
            provenance,
            ghost: from.ghost,
            space,
        });
    } else {
        let provenance = if astray {
            walked.hazards.add(Hazard::GarbagePsc);
            Provenance::Garbage
        } else if from.dimension == Dimension::Guest {
            Provenance::Sound
        } else {
            table_standing(memory, map, pfn, from.level.below())
        };
        walked.outcome = WalkOutcome::Structure(PscEntry {
            pcid,
            level: from.level,
            tag: va.tag(from.level),
            table: pfn,
            rights,
            memory_type,
            provenance,
            ghost: from.ghost,
            space,
        });
    }
    walked
}

enum Fetch {
    Frame(FrameId),
    /// DRAM that the scenario does not model: it holds no tables, and it reads as zero.
    Zero,
    /// The walk is not made, so nothing is read.
    NotMade,
    Device(u8),
    MachineCheck,
}

/// Whether and how the walker reads a table at such an address (H28, H30 to H33).
fn fetch(map: &MemoryMap, from: TableRef, backing: Backing, wanted: bool) -> Fetch {
    // With TlbCacheDis=0 an AMD walker takes for granted that tables are in write-back DRAM (H31).
    let assumes_dram = map.vendor == Vendor::Amd && !map.tlb_cache_dis;
    let uncacheable = from.memory_type.with_mtrr(map.mtrr_type(backing)) == MemoryType::Uc;
    match backing {
        Backing::Device(_) | Backing::Absent if assumes_dram => Fetch::MachineCheck,
        _ if uncacheable && !assumes_dram && !wanted => Fetch::NotMade,
        Backing::Frame(frame) => Fetch::Frame(frame),
        Backing::OtherDram => Fetch::Zero,
        Backing::Absent => Fetch::NotMade,
        Backing::Device(device) => Fetch::Device(device),
    }
}

/// Whether a live table that a walk may read at a level is at a page frame.
fn is_table(memory: &Memory, map: &MemoryMap, pfn: Pfn, level: Level) -> bool {
    let found = map.backing(pfn);
    matches!(found, Backing::Frame(frame) if map.frames[frame as usize].0 == pfn && memory.serves(frame, level))
}

/// The provenance of a pointer read from a live table. The table that it leads to may have been freed before
/// the pointer was read. Memory that no frame models holds no tables.
fn table_standing(memory: &Memory, map: &MemoryMap, pfn: Pfn, level: Option<Level>) -> Provenance {
    let found = level.is_some_and(|level| is_table(memory, map, pfn, level));
    if found { Provenance::Sound } else { Provenance::Dangling }
}

/// The same for a leaf. A leaf maps as many page frames as its level says, and each of them that is modelled
/// has to be in use, as a page or as a page table. A kernel looks at its tables through windows, direct maps,
/// and slots that refer to their own table. User code may read tables that way too, as under a hypervisor,
/// but no translation is meant to let user code write them.
///
/// DRAM that no frame models is somebody else's. So a page that consists only of such DRAM was given to
/// nobody in the scenario. A device, or nothing at all, may be mapped.
fn page_standing(memory: &Memory, map: &MemoryMap, pfn: Pfn, level: Level, rights: Rights) -> Provenance {
    let page = pfn.0..pfn.0 + (1 << (level.shift() - 12));
    let used = |owner| match owner {
        Owner::User { .. } | Owner::Data => true,
        Owner::Table { .. } => !(rights.user && rights.write),
        Owner::Free => false,
    };
    let mut modelled = false;
    for (id, frame) in (0..).zip(&memory.frames) {
        let span = map.span(id);
        if span.start < page.end && page.start < span.end {
            modelled = true;
            if !used(frame.owner) {
                return Provenance::Dangling;
            }
        }
    }
    if modelled || map.backing(pfn) != Backing::OtherDram { Provenance::Sound } else { Provenance::Dangling }
}

impl WalkOutcome {
    /// Caches what a step of a walk has found, on a CPU that shares its TLB with the one that walks (H73); whether it was new
    /// there.
    pub fn put(&self, cpu: &mut Cpu) -> bool {
        match *self {
            WalkOutcome::Structure(entry) => cpu.insert_psc(entry),
            WalkOutcome::Translation(entry) => cpu.insert_tlb(entry),
            WalkOutcome::NotPresent
            | WalkOutcome::Reserved
            | WalkOutcome::Uncacheable
            | WalkOutcome::DeviceRead { .. }
            | WalkOutcome::MachineCheck => false,
        }
    }
}

impl Walked {
    /// Whether the step would leave a trace in any state, or would be a hazard. A step that reads a live table
    /// and learns nothing new is not worth taking.
    #[must_use]
    pub fn matters(&self, cpu: &Cpu) -> bool {
        self.fills(cpu) || self.sets_accessed.is_some() || !self.hazards.is_empty()
    }

    /// Whether the step would cache something that is not cached yet.
    #[must_use]
    pub fn fills(&self, cpu: &Cpu) -> bool {
        match &self.outcome {
            WalkOutcome::Structure(entry) => cpu.psc.binary_search(entry).is_err(),
            WalkOutcome::Translation(entry) => cpu.tlb.binary_search(entry).is_err(),
            WalkOutcome::NotPresent
            | WalkOutcome::Reserved
            | WalkOutcome::Uncacheable
            | WalkOutcome::DeviceRead { .. }
            | WalkOutcome::MachineCheck => false,
        }
    }

    /// Does it.
    pub fn apply(&self, cpu: &mut Cpu, memory: &mut Memory) {
        if let Some(frame) = self.sets_accessed {
            memory.frames[frame as usize].put(self.index, self.value.0 | Pte::A);
        }
        match self.outcome {
            WalkOutcome::Structure(entry) => {
                cpu.insert_psc(entry);
            }
            WalkOutcome::Translation(entry) => {
                cpu.insert_tlb(entry);
            }
            WalkOutcome::DeviceRead { device } => {
                let pops = &mut memory.pops[device as usize];
                *pops = (*pops + 1).min(3);
            }
            _ => {}
        }
    }
}

/// Why a committed access cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// An entry on the way is not present.
    NotPresent(Level),
    /// An entry on the way has a reserved bit set.
    Reserved(Level),
    /// The rights do not allow it.
    Protection,
    /// The tables lie where no walk is made.
    Unreachable(Level),
    /// The second dimension refuses a guest-physical address on the way: an EPT violation, or AMD's nested page fault.
    Nested(Refused),
}

/// What memory says about `va` now, from the root: what a processor finds when it walks again before it reports
/// a fault (H15).
///
/// # Errors
/// The fault that the access would get. A supervisor access ignores U/S (SMAP is off) and respects R/W (CR0.WP
/// is on). In a guest each table and the page are found through the second dimension.
pub fn translate(
    cpu: &Cpu,
    memory: &Memory,
    map: &MemoryMap,
    va: VirtAddr,
    write: bool,
    supervisor: bool,
) -> Result<(Level, Pfn, Pte), Fault> {
    let (level, pfn, entry) = descend(cpu, memory, map, va, write, supervisor)?;
    if cpu.guest.is_none() {
        return Ok((level, pfn, entry));
    }
    let gfn = frame_of(va, level, pfn);
    let (pfn, size, writable) = second(cpu, memory, map, gfn)?;
    if write && !writable {
        return Err(Fault::Nested(Refused { gpa: gfn.base(), level: None, table: false }));
    }
    let level = level.min(size);
    Ok((level, Pfn(pfn.0 >> (level.shift() - 12) << (level.shift() - 12)), entry))
}

/// The guest-physical address that a guest's own tables give `va` now, whatever the second dimension says of it.
///
/// # Errors
/// As [`translate`], but for what the second dimension says of the page.
pub fn guest_page(
    cpu: &Cpu,
    memory: &Memory,
    map: &MemoryMap,
    va: VirtAddr,
    write: bool,
    supervisor: bool,
) -> Result<Pfn, Fault> {
    let (level, pfn, _) = descend(cpu, memory, map, va, write, supervisor)?;
    Ok(frame_of(va, level, pfn))
}

/// The page frame of `va`, which an entry of a level maps to a page that begins at `first`.
const fn frame_of(va: VirtAddr, level: Level, first: Pfn) -> Pfn {
    Pfn(first.0 + ((va.get() & ((1 << level.shift()) - 1)) >> 12))
}

/// Where a frame is that CR3 or an entry names, the level of the entry that maps it, and whether it may be written: itself,
/// or in a guest what the second dimension says.
fn second(cpu: &Cpu, memory: &Memory, map: &MemoryMap, pfn: Pfn) -> Result<(Pfn, Level, bool), Fault> {
    match &cpu.guest {
        None => Ok((pfn, SECOND, true)),
        Some(guest) => resolve(guest.root, memory, map, pfn)
            .map_err(|level| Fault::Nested(Refused { gpa: pfn.base(), level: Some(level), table: false })),
    }
}

/// Where a table is that CR3 or an entry names. AMD takes the walk of a guest's table for a user's write (H63).
fn table_at(cpu: &Cpu, memory: &Memory, map: &MemoryMap, pfn: Pfn) -> Result<Pfn, Fault> {
    let of_table = |fault| match fault {
        Fault::Nested(refused) => Fault::Nested(Refused { table: true, ..refused }),
        other => other,
    };
    let (found, _, writable) = second(cpu, memory, map, pfn).map_err(of_table)?;
    if writable || map.vendor == Vendor::Intel {
        return Ok(found);
    }
    Err(Fault::Nested(Refused { gpa: pfn.base(), level: None, table: true }))
}

/// Where the leaf entry for an address is in memory now.
#[must_use]
pub fn leaf(cpu: &Cpu, memory: &Memory, map: &MemoryMap, va: VirtAddr) -> Option<(FrameId, WordId, Level)> {
    let mut table = cpu.cr3.root;
    for level in map.top.walk() {
        table = table_at(cpu, memory, map, table).ok()?;
        let Backing::Frame(frame) = map.backing(table) else { return None };
        let index = map.place(frame, table, level.index(va.get()));
        let entry = Pte(memory.word(frame, index));
        if !entry.has(Pte::P) {
            return None;
        }
        if entry.is_leaf(level) {
            return Some((frame, index, level));
        }
        table = entry.pfn(level);
    }
    None
}

/// Goes down the tables that CR3 leads to: the leaf entry for `va`, its level, and the first frame that it names, which is
/// a guest-physical one in a guest.
fn descend(
    cpu: &Cpu,
    memory: &Memory,
    map: &MemoryMap,
    va: VirtAddr,
    write: bool,
    supervisor: bool,
) -> Result<(Level, Pfn, Pte), Fault> {
    let mut table = cpu.cr3.root;
    let mut rights = Rights::ALL;
    for level in map.top.walk() {
        table = table_at(cpu, memory, map, table)?;
        let frame = match map.backing(table) {
            Backing::Frame(frame) => frame,
            // It reads as zero.
            Backing::OtherDram => return Err(Fault::NotPresent(level)),
            Backing::Device(_) | Backing::Absent => return Err(Fault::Unreachable(level)),
        };
        let entry = Pte(memory.word(frame, map.place(frame, table, level.index(va.get()))));
        if !entry.has(Pte::P) {
            return Err(Fault::NotPresent(level));
        }
        if entry.reserved(level, map.maxphyaddr, map.vendor) {
            return Err(Fault::Reserved(level));
        }
        rights.write &= entry.has(Pte::RW);
        rights.user &= entry.has(Pte::US);
        table = entry.pfn(level);
        if entry.is_leaf(level) {
            if (!rights.user && !supervisor) || (write && !rights.write) {
                return Err(Fault::Protection);
            }
            return Ok((level, table, entry));
        }
    }
    Err(Fault::Unreachable(Level::Pt))
}
