//! A small world for the tests: one path of page tables, a page of another owner, devices of every memory type, and the
//! complete lists of entries, owners and cached references that the rules are checked against.
//!
//! Numbers that the tests compare with (shifts, bits) are written out here and not taken from the crate.

use x86::*;

/// The address that the tables translate.
pub const VA: u64 = 0x0000_2a95_4a95_4008;
/// The frames, by number.
pub const ROOT: Pfn = Pfn(0x1000);
pub const PDPT: Pfn = Pfn(0x1001);
pub const PD: Pfn = Pfn(0x1002);
pub const PT: Pfn = Pfn(0x1003);
/// The root of [`World::of_five_levels`].
pub const PML5: Pfn = Pfn(0x1004);
/// A user page, aligned so that an entry of any level can map it.
pub const PAGE: Pfn = Pfn(0x4_0000);
/// Another table of each kind, and a page that changes hands.
pub const OTHER: Pfn = Pfn(0x1010);
/// DRAM that no frame models; a hole.
pub const OTHER_DRAM: Pfn = Pfn(0x2000);
pub const HOLE: Pfn = Pfn(0xe_0000);

pub const MEMORY_TYPES: [MemoryType; 5] =
    [MemoryType::Uc, MemoryType::Wc, MemoryType::Wt, MemoryType::Wp, MemoryType::Wb];
/// What the PAT can say of a mapping: one more.
pub const PAT_TYPES: [MemoryType; 6] =
    [MemoryType::Uc, MemoryType::Wc, MemoryType::Wt, MemoryType::Wp, MemoryType::Wb, MemoryType::UcMinus];
pub const BOOLS: [bool; 2] = [false, true];
pub const VENDORS: [Vendor; 2] = [Vendor::Intel, Vendor::Amd];
pub const PROVENANCES: [Provenance; 3] = [Provenance::Sound, Provenance::Dangling, Provenance::Garbage];
pub const PCIDS: [Pcid; 3] = [Pcid(0), Pcid(1), Pcid(4095)];

/// The levels of 4-level paging, in the order of a walk.
pub const WALK: [Level; 4] = [Level::Pml4, Level::Pdpt, Level::Pd, Level::Pt];
/// Levels from which a pointer can be cached, with the lowest address bit that selects an entry there.
pub const POINTERS: [(Level, u32); 3] = [(Level::Pml4, 39), (Level::Pdpt, 30), (Level::Pd, 21)];
/// Levels whose entries can map a page, with the number of bits of an offset in it.
pub const LEAVES: [(Level, u32); 3] = [(Level::Pt, 12), (Level::Pd, 21), (Level::Pdpt, 30)];

/// The frame of the device with a memory type.
pub fn device(memory_type: MemoryType) -> Pfn {
    Pfn(0xf_0000 + memory_type as u64)
}

pub fn va(address: u64) -> VirtAddr {
    VirtAddr::new(address, Level::Pml4).expect("the tests name canonical addresses only")
}

pub fn control(pcide: bool, pge: bool, tce: bool) -> Control {
    Control { pcide, pge, tce, invlpg_keeps_globals: false }
}

/// Every kind of owner; the levels of tables included.
pub fn owners() -> Vec<Owner> {
    let tables = WALK.map(|level| Owner::Table { mm: 0, level });
    [Owner::Free, Owner::User { mm: 0 }, Owner::Data].into_iter().chain(tables).collect()
}

/// Every combination of rights.
pub fn rights() -> Vec<Rights> {
    let bit = |set: u32, bit: u32| set >> bit & 1 == 1;
    (0..8).map(|set| Rights { write: bit(set, 0), user: bit(set, 1), no_execute: bit(set, 2) }).collect()
}

/// Every combination of P, R/W, U/S, PWT, PCD, A, D, PS, G and XD, each with no further address bit, with the
/// lowest and highest ones, and with one beyond the 46 bits of the processor.
pub fn entries(pfn: Pfn) -> Vec<Pte> {
    let mut all = Vec::new();
    for flags in 0..1u64 << 10 {
        let flags = flags & 0x1ff | flags >> 9 << 63;
        for extra in [0, 1 << 12, 1 << 13, 1 << 20, 1 << 29, 1 << 46, 1 << 51] {
            all.push(Pte(flags | pfn.0 << 12 | extra));
        }
    }
    all
}

/// Whether an entry has a reserved bit set, by the tables of SDM 4.5 and APM 5.3.3 for 46 address bits.
pub fn reserved(entry: Pte, level: Level, vendor: Vendor) -> bool {
    let any = |from: u32, to: u32| (from..=to).any(|bit| entry.0 >> bit & 1 == 1);
    let large = any(7, 7);
    any(46, 51)
        || match level {
            Level::Pml5 | Level::Pml4 => large || vendor == Vendor::Amd && any(8, 8),
            Level::Pdpt => large && any(13, 29),
            Level::Pd => large && any(13, 20),
            Level::Pt => false,
        }
}

/// Whether an entry maps a page.
pub fn is_leaf(entry: Pte, level: Level) -> bool {
    match level {
        Level::Pt => true,
        Level::Pd | Level::Pdpt => entry.0 & 1 << 7 != 0,
        Level::Pml5 | Level::Pml4 => false,
    }
}

/// A processor with memory.
#[derive(Clone)]
pub struct World {
    pub map: MemoryMap,
    pub memory: Memory,
    pub cpu: Cpu,
    pub control: Control,
}

impl World {
    /// Tables that map [`VA`] to [`PAGE`] with all rights, nothing accessed yet, on an Intel processor.
    pub fn new() -> World {
        let table = |level| Owner::Table { mm: 0, level };
        let frames = [
            (ROOT, table(Level::Pml4)),
            (PDPT, table(Level::Pdpt)),
            (PD, table(Level::Pd)),
            (PT, table(Level::Pt)),
            (PAGE, Owner::User { mm: 0 }),
            (OTHER, Owner::Data),
        ];
        let devices = MEMORY_TYPES.map(|memory_type| {
            let base = device(memory_type).base();
            Device { name: format!("{memory_type:?}"), base, end: base + 4096, memory_type }
        });
        let map = MemoryMap {
            frames: frames.iter().map(|frame| (frame.0, format!("{:?}", frame.1))).collect(),
            large: Vec::new(),
            dram: vec![(0, 0x8000_0000)],
            devices: devices.to_vec(),
            top: Level::Pml4,
            maxphyaddr: 46,
            vendor: Vendor::Intel,
            tlb_cache_dis: false,
        };
        let memory = Memory {
            frames: frames.iter().map(|frame| Frame::new(frame.1)).collect(),
            pops: vec![0; devices.len()],
        };
        let mut world = World { map, memory, cpu: Cpu::new(ROOT), control: control(true, true, false) };
        for (level, next) in [(Level::Pml4, PDPT), (Level::Pdpt, PD), (Level::Pd, PT), (Level::Pt, PAGE)] {
            world.write(level, Pte(next.base() | Pte::P | Pte::RW | Pte::US));
        }
        world
    }

    /// The same tables below a PML5 table, on a processor with CR4.LA57.
    pub fn of_five_levels() -> World {
        let mut world = World::new();
        let owner = Owner::Table { mm: 0, level: Level::Pml5 };
        world.map.top = Level::Pml5;
        world.map.frames.push((PML5, "PML5".to_owned()));
        world.memory.frames.push(Frame::new(owner));
        world.cpu.cr3.root = PML5;
        world.write(Level::Pml5, Pte(ROOT.base() | Pte::P | Pte::RW | Pte::US));
        world
    }

    pub fn frame(&self, pfn: Pfn) -> FrameId {
        match self.map.backing(pfn) {
            Backing::Frame(frame) => frame,
            other => panic!("{pfn} is {other:?}"),
        }
    }

    pub fn owner(&mut self, pfn: Pfn, owner: Owner) {
        let frame = self.frame(pfn) as usize;
        self.memory.frames[frame].owner = owner;
    }

    /// Writes the entry for [`VA`] in the table at a level, as software does.
    pub fn write(&mut self, level: Level, entry: Pte) {
        self.write_in(table(level), level, entry);
    }

    /// The same in any frame.
    pub fn write_in(&mut self, pfn: Pfn, level: Level, entry: Pte) {
        let frame = self.frame(pfn) as usize;
        self.memory.frames[frame].put(index(level), entry.0);
    }

    /// The entry for [`VA`] in the table at a level.
    pub fn read(&self, level: Level) -> Pte {
        self.read_in(table(level), level)
    }

    pub fn read_in(&self, pfn: Pfn, level: Level) -> Pte {
        Pte(self.memory.word(self.frame(pfn), index(level)))
    }

    pub fn look(&self, from: TableRef) -> Walked {
        self.look_at(from, va(VA))
    }

    pub fn look_at(&self, from: TableRef, va: VirtAddr) -> Walked {
        self.look_as(from, va, Circumstances::default())
    }

    pub fn look_as(&self, from: TableRef, va: VirtAddr, circumstances: Circumstances) -> Walked {
        look(&self.cpu, &self.memory, &self.map, self.control, from, va, circumstances)
    }

    pub fn step(&mut self, from: TableRef) -> Walked {
        let walked = self.look(from);
        walked.apply(&mut self.cpu, &mut self.memory);
        walked
    }

    /// Walks on from a reference until nothing more can be followed; returns the last step.
    pub fn walk(&mut self, from: TableRef) -> Walked {
        let walked = self.step(from);
        match walked.outcome {
            WalkOutcome::Structure(entry) => self.walk(TableRef::from_psc(&entry).expect("not from a PTE")),
            _ => walked,
        }
    }

    pub fn walk_from_cr3(&mut self) -> Walked {
        self.walk(TableRef::from_cr3(&self.cpu, &self.map))
    }

    /// The usable cached pointer made from an entry of a level.
    pub fn cached(&self, level: Level) -> Option<TableRef> {
        self.cpu.structures(va(VA)).find(|entry| entry.level == level).and_then(TableRef::from_psc)
    }

    pub fn translate(&self, write: bool) -> Result<(Level, Pfn, Pte), Fault> {
        translate(&self.cpu, &self.memory, &self.map, va(VA), write, false)
    }
}

/// The table of a level on the path to [`VA`].
pub fn table(level: Level) -> Pfn {
    match level {
        Level::Pml5 => PML5,
        Level::Pml4 => ROOT,
        Level::Pdpt => PDPT,
        Level::Pd => PD,
        Level::Pt => PT,
    }
}

/// Index of the entry for [`VA`] in a table of a level.
pub fn index(level: Level) -> u16 {
    let shift = match level {
        Level::Pml5 => 48,
        Level::Pml4 => 39,
        Level::Pdpt => 30,
        Level::Pd => 21,
        Level::Pt => 12,
    };
    (VA >> shift & 511) as u16
}

/// A sound, write-back reference with all rights to a table whose entries are of a level.
pub fn reference(level: Level, table: Pfn) -> TableRef {
    TableRef {
        level,
        table,
        rights: Rights::ALL,
        memory_type: MemoryType::Wb,
        provenance: Provenance::Sound,
        ghost: Ghost::default(),
        dimension: Dimension::Only,
    }
}

/// What an invalidation can tell cached entries apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    pub pcid: Pcid,
    pub global: bool,
    /// Whether it would serve the address in question.
    pub at_va: bool,
}

/// Addresses that share with `address` no entry of the level whose shift this is; all but the last share the
/// entries above it.
pub fn elsewhere(address: u64, shift: u32) -> [u64; 3] {
    [address ^ 1 << shift, address ^ 1 << (shift + 8), address ^ 0xffff_8000_0000_0000]
}

/// Translations of every PCID, global or not, of every size, for an address and for others.
pub fn every_tlb_entry(address: u64) -> Vec<(TlbEntry, Class)> {
    let mut all = Vec::new();
    for pcid in PCIDS {
        for global in BOOLS {
            for (level, shift) in LEAVES {
                let places = elsewhere(address, shift).map(|other| (other, false));
                for (place, at_va) in places.into_iter().chain([(address, true)]) {
                    let entry = TlbEntry {
                        pcid,
                        level,
                        page: place >> shift,
                        pfn: PAGE,
                        rights: Rights::ALL,
                        dirty: false,
                        global,
                        memory_type: MemoryType::Wb,
                        provenance: Provenance::Sound,
                        ghost: Ghost::default(),
                        space: Space::default(),
                    };
                    all.push((entry, Class { pcid, global, at_va }));
                }
            }
        }
    }
    all
}

/// Pointers of every PCID and level, for an address and for others.
pub fn every_psc_entry(address: u64) -> Vec<(PscEntry, Class)> {
    let mut all = Vec::new();
    for pcid in PCIDS {
        for (level, shift) in POINTERS {
            let places = elsewhere(address, shift).map(|other| (other, false));
            for (place, at_va) in places.into_iter().chain([(address, true)]) {
                let entry = PscEntry {
                    pcid,
                    level,
                    tag: place >> shift,
                    table: OTHER,
                    rights: Rights::ALL,
                    memory_type: MemoryType::Wb,
                    provenance: Provenance::Sound,
                    ghost: Ghost::default(),
                    space: Space::default(),
                };
                all.push((entry, Class { pcid, global: false, at_va }));
            }
        }
    }
    all
}

/// A processor that has all of these cached.
pub fn full(current: Pcid, address: u64) -> Cpu {
    let mut cpu = Cpu::new(ROOT);
    cpu.cr3.pcid = current;
    for (entry, _) in every_tlb_entry(address) {
        assert!(cpu.insert_tlb(entry), "{entry:?} is in the list twice");
    }
    for (entry, _) in every_psc_entry(address) {
        assert!(cpu.insert_psc(entry), "{entry:?} is in the list twice");
    }
    cpu
}
