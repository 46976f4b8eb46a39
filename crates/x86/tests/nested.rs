//! Guests: the walk in two dimensions, what it caches, and which instruction removes what. H63 to H71, and H48 for INVLPGB's
//! ASIDs.

use crate::support::*;
use x86::*;

/// Tags that are told apart: VPIDs or ASIDs, and EPT pointers.
const VPIDS: [u8; 3] = [0, 1, 2];
const EPTS: [FrameId; 2] = [7, 8];

/// Every space: linear, guest-physical and combined, under every tag.
fn spaces() -> Vec<Space> {
    let mut all = Vec::new();
    for vpid in VPIDS {
        all.push(Space { kind: SpaceKind::Linear, vpid, ept: 0 });
        for ept in EPTS {
            all.push(Space { kind: SpaceKind::Combined, vpid, ept });
        }
    }
    all.extend(EPTS.map(|ept| Space { kind: SpaceKind::GuestPhysical, vpid: 0, ept }));
    all
}

/// A processor that has entries of every space, PCID and level cached, for an address and for others.
fn full_of_spaces() -> Cpu {
    let mut cpu = Cpu::new(ROOT);
    for space in spaces() {
        for (entry, _) in every_tlb_entry(VA) {
            cpu.insert_tlb(TlbEntry { space, ..entry });
        }
        for (entry, _) in every_psc_entry(VA) {
            cpu.insert_psc(PscEntry { space, ..entry });
        }
    }
    cpu
}

/// Does `operation` on full caches, and compares what is gone with the rule.
fn removes(
    name: &str,
    prepare: impl Fn(&mut Cpu),
    operation: impl Fn(&mut Cpu) -> Removed,
    tlb: impl Fn(Space, Class) -> bool,
    psc: impl Fn(Space, Class) -> bool,
) {
    let mut cpu = full_of_spaces();
    prepare(&mut cpu);
    let removed = operation(&mut cpu);
    for space in spaces() {
        for (entry, class) in every_tlb_entry(VA) {
            let entry = TlbEntry { space, ..entry };
            let gone = tlb(space, class);
            assert_eq!(
                removed.tlb.contains(&entry),
                gone,
                "{name}: {space:?} {class:?} of {:?}",
                entry.level
            );
            assert_eq!(cpu.tlb.contains(&entry), !gone, "{name}: {space:?} {class:?}");
        }
        for (entry, class) in every_psc_entry(VA) {
            let entry = PscEntry { space, ..entry };
            let gone = psc(space, class);
            assert_eq!(
                removed.psc.contains(&entry),
                gone,
                "{name}: {space:?} {class:?} of {:?}",
                entry.level
            );
            assert_eq!(cpu.psc.contains(&entry), !gone, "{name}: {space:?} {class:?}");
        }
    }
    assert!(cpu.tlb.is_sorted() && cpu.psc.is_sorted());
}

fn guest(vendor: Vendor, vpid: u8, ept: FrameId) -> Guest {
    Guest::new(vendor, vpid, (OTHER, ept), Provenance::Sound)
}

/// Outside guests, and in each guest of Intel's.
fn modes() -> Vec<Option<Guest>> {
    let guests = VPIDS.into_iter().flat_map(|vpid| EPTS.map(|ept| Some(guest(Vendor::Intel, vpid, ept))));
    guests.chain([None]).collect()
}

/// Linear and combined mappings of a VPID.
fn linear_or_combined(space: Space, vpid: u8) -> bool {
    space.kind != SpaceKind::GuestPhysical && space.vpid == vpid
}

#[test]
fn h64_only_entries_of_the_current_tags_are_used() {
    for mode in modes() {
        for pcid in PCIDS {
            let mut cpu = full_of_spaces();
            cpu.guest = mode;
            cpu.cr3.pcid = pcid;
            let vpid = mode.map_or(0, |guest| guest.vpid);
            let current = match mode {
                None => Space::default(),
                Some(guest) => Space { kind: SpaceKind::Combined, vpid, ept: guest.ept },
            };
            for entry in cpu.translations(va(VA)) {
                assert_eq!(entry.space, current);
                assert!(entry.global || entry.pcid == pcid);
            }
            // Non-global ones of the PCID and global ones of each, of three sizes.
            assert_eq!(cpu.translations(va(VA)).count(), 3 + 9);
            assert!(cpu.structures(va(VA)).all(|entry| entry.space == current && entry.pcid == pcid));
            assert_eq!(cpu.structures(va(VA)).count(), 3);
            let physical =
                mode.map(|guest| Space { kind: SpaceKind::GuestPhysical, vpid: 0, ept: guest.ept });
            assert!(cpu.guest_physical(va(VA)).all(|entry| Some(entry.space) == physical));
            assert_eq!(cpu.guest_physical(va(VA)).count() > 0, mode.is_some());
            assert_eq!(cpu.guest_structures(va(VA)).count() > 0, mode.is_some());
        }
    }
    // AMD has the ASID and nothing else.
    let (one, other) = (guest(Vendor::Amd, 1, 7), guest(Vendor::Amd, 1, 8));
    let space = |guest| Cpu { guest: Some(guest), ..Cpu::new(ROOT) }.space();
    assert_eq!(space(one), space(other));
    assert_ne!(space(one), space(guest(Vendor::Amd, 2, 7)));
}

#[test]
fn h66_instructions_that_know_no_guests_remove_what_the_current_vpid_has() {
    for mode in modes() {
        let vpid = mode.map_or(0, |guest| guest.vpid);
        let pcid = PCIDS[1];
        let prepare = |cpu: &mut Cpu| {
            cpu.guest = mode;
            cpu.cr3.pcid = pcid;
        };
        let own = move |space| linear_or_combined(space, vpid);
        let bits = control(true, true, false);
        removes(
            "INVLPG",
            prepare,
            |cpu| cpu.invlpg(bits, va(VA)),
            |space, class| own(space) && class.at_va && (class.global || class.pcid == pcid),
            |space, class| own(space) && class.pcid == pcid,
        );
        removes(
            "MOV CR3",
            prepare,
            |cpu| cpu.mov_cr3(bits, ROOT, pcid, false, Provenance::Sound),
            |space, class| own(space) && !class.global && class.pcid == pcid,
            |space, class| own(space) && class.pcid == pcid,
        );
        removes(
            "INVPCID",
            prepare,
            |cpu| cpu.invpcid(bits, Vendor::Intel, Invpcid::All),
            |space, _| own(space),
            |space, _| own(space),
        );
        removes("MOV CR4", prepare, Cpu::toggle_pge, |space, _| own(space), |space, _| own(space));
        removes(
            "#PF",
            prepare,
            |cpu| cpu.page_fault(va(VA)),
            |space, class| own(space) && class.at_va && (class.global || class.pcid == pcid),
            |space, class| own(space) && class.at_va && class.pcid == pcid,
        );
    }
}

#[test]
fn h67_entries_and_exits_remove_what_is_tagged_with_vpid_0_if_vpids_are_off() {
    let cr3 = Cpu::new(ROOT).cr3;
    for vpid in VPIDS {
        let guest = guest(Vendor::Intel, vpid, EPTS[0]);
        let gone = move |space| vpid == 0 && linear_or_combined(space, 0);
        removes(
            "VM entry",
            |_| {},
            |cpu| cpu.enter(Vendor::Intel, guest, cr3, TlbControl::All),
            |space, _| gone(space),
            |space, _| gone(space),
        );
        removes(
            "VM exit",
            |cpu| cpu.guest = Some(guest),
            |cpu| cpu.exit(Vendor::Intel, cr3),
            |space, _| gone(space),
            |space, _| gone(space),
        );
    }
    let mut cpu = Cpu::new(ROOT);
    cpu.enter(Vendor::Intel, guest(Vendor::Intel, 1, 7), Cr3 { root: PAGE, ..cr3 }, TlbControl::Nothing);
    assert_eq!((cpu.vpid(), cpu.cr3.root), (1, PAGE));
    cpu.exit(Vendor::Intel, cr3);
    assert_eq!((cpu.vpid(), cpu.guest, cpu.cr3), (0, None, cr3));
}

#[test]
fn h68_invept_removes_guest_physical_and_combined_mappings() {
    for ept in EPTS {
        let gone = move |space: Space| space.kind != SpaceKind::Linear && space.ept == ept;
        removes(
            "INVEPT single",
            |_| {},
            |cpu| cpu.invept(Invept::Single(ept)),
            |s, _| gone(s),
            |s, _| gone(s),
        );
    }
    let gone = |space: Space| space.kind != SpaceKind::Linear;
    removes("INVEPT global", |_| {}, |cpu| cpu.invept(Invept::Global), |s, _| gone(s), |s, _| gone(s));
}

#[test]
fn h69_invvpid_removes_linear_and_combined_mappings() {
    for vpid in VPIDS {
        let own = move |space| linear_or_combined(space, vpid);
        removes(
            "INVVPID address",
            |_| {},
            |cpu| cpu.invvpid(Invvpid::Address(vpid, va(VA))),
            |space, class| own(space) && class.at_va,
            |space, class| own(space) && class.at_va,
        );
        removes(
            "INVVPID single",
            |_| {},
            |cpu| cpu.invvpid(Invvpid::Single(vpid)),
            |space, _| own(space),
            |space, _| own(space),
        );
        removes(
            "INVVPID retaining globals",
            |_| {},
            |cpu| cpu.invvpid(Invvpid::SingleNonGlobal(vpid)),
            |space, class| own(space) && !class.global,
            |space, _| own(space),
        );
    }
    let gone = |space: Space| space.kind != SpaceKind::GuestPhysical && space.vpid != 0;
    removes("INVVPID all", |_| {}, |cpu| cpu.invvpid(Invvpid::All), |s, _| gone(s), |s, _| gone(s));
}

#[test]
fn h70_an_ept_violation_removes_what_its_addresses_would_use() {
    // The guest-physical address is another one than the linear one.
    let gpa = va(elsewhere(VA, 39)[0]);
    for vpid in VPIDS {
        for pcid in PCIDS {
            let guest = guest(Vendor::Intel, vpid, EPTS[0]);
            let mut cpu = full_of_spaces();
            (cpu.guest, cpu.cr3.pcid) = (Some(guest), pcid);
            let before = cpu.clone();
            let removed = cpu.ept_violation(gpa, va(VA));
            let physical = Space { kind: SpaceKind::GuestPhysical, vpid: 0, ept: EPTS[0] };
            let combined = Space { kind: SpaceKind::Combined, vpid, ept: EPTS[0] };
            for entry in &before.tlb {
                let of_gpa = entry.space == physical && entry.covers(gpa);
                let usable = entry.global || entry.pcid == pcid;
                let of_va = entry.space == combined && entry.covers(va(VA)) && usable;
                assert_eq!(removed.tlb.contains(entry), of_gpa || of_va, "{entry:?}");
            }
            for entry in &before.psc {
                let of_gpa = entry.space == physical && entry.covers(gpa);
                let of_va = entry.space == combined && entry.covers(va(VA)) && entry.pcid == pcid;
                assert_eq!(removed.psc.contains(entry), of_gpa || of_va, "{entry:?}");
            }
            assert!(!removed.tlb.is_empty() && !removed.psc.is_empty());
        }
    }
}

#[test]
fn h71_vmrun_flushes_what_tlb_control_says_and_invlpga_one_address_of_one_asid() {
    let cr3 = Cpu::new(ROOT).cr3;
    let asid = VPIDS[1];
    let guest = guest(Vendor::Amd, asid, 9);
    for (value, globals, others) in
        [(0, None, false), (1, Some(true), true), (3, Some(true), false), (7, Some(false), false)]
    {
        let control = TlbControl::of(value).expect("not reserved");
        let gone = move |space: Space, global: bool| {
            globals.is_some_and(|with| with || !global) && (others || space.vpid == asid)
        };
        removes(
            "VMRUN",
            |_| {},
            |cpu| cpu.enter(Vendor::Amd, guest, cr3, control),
            |space, class| gone(space, class.global),
            |space, _| gone(space, false),
        );
    }
    for value in [2, 4, 5, 6, 8] {
        assert_eq!(TlbControl::of(value), None);
    }
    removes(
        "#VMEXIT",
        |cpu| cpu.guest = Some(guest),
        |cpu| cpu.exit(Vendor::Amd, cr3),
        |_, _| false,
        |_, _| false,
    );
    for asid in VPIDS {
        for tce in BOOLS {
            removes(
                "INVLPGA",
                |_| {},
                |cpu| cpu.invlpga(tce, va(VA), asid),
                |space, class| linear_or_combined(space, asid) && class.at_va,
                |space, class| linear_or_combined(space, asid) && (!tce || class.at_va),
            );
        }
    }
}

#[test]
fn h48_invlpgb_means_one_asid_or_all_and_guest_physical_mappings_on_request() {
    for asid in [None, Some(VPIDS[0]), Some(VPIDS[1])] {
        for nested in BOOLS {
            for globals in BOOLS {
                let broadcast = Broadcast { asid, nested, globals, ..Broadcast::default() };
                let meant = move |space: Space| {
                    asid.is_none_or(|asid| asid == space.vpid)
                        && (nested || space.kind != SpaceKind::GuestPhysical)
                };
                removes(
                    "INVLPGB",
                    |_| {},
                    |cpu| cpu.invlpgb(control(true, true, false), &broadcast),
                    |space, class| meant(space) && (globals || !class.global),
                    |space, _| meant(space),
                );
            }
        }
    }
}

/// A guest whose tables map [`VA`] to its page at `GUEST_PAGE`. Its frames are those that the tables of [`World`] use, so
/// guest-physical frame n is frame n, but for the page.
struct Nest {
    world: World,
    ept: [Pfn; 4],
}

const GUEST_PAGE: Pfn = Pfn(0x77);

impl Nest {
    fn new(vendor: Vendor) -> Nest {
        let mut world = World::new();
        world.map.vendor = vendor;
        let ept = [Pfn(0x1020), Pfn(0x1021), Pfn(0x1022), Pfn(0x1023)];
        for (pfn, level) in ept.into_iter().zip(SECOND.walk()) {
            world.map.frames.push((pfn, format!("EPT {level:?}")));
            world.memory.frames.push(Frame::new(Owner::Table { mm: 1, level }));
        }
        for table in [ROOT, PDPT, PD, PT] {
            world.owner(table, Owner::User { mm: 1 });
        }
        world.write(Level::Pt, Pte(GUEST_PAGE.base() | 7));
        let mut nest = Nest { world, ept };
        // All of it lies in the first GiB, so the upper entries are the same.
        nest.put(0, ROOT, Pte(ept[1].base() | 0x27));
        nest.put(1, ROOT, Pte(ept[2].base() | 0x27));
        for gfn in [ROOT, GUEST_PAGE] {
            nest.put(2, gfn, Pte(ept[3].base() | 0x27));
        }
        // One page table serves both regions of 2 MiB: their entries do not meet.
        for (gfn, pfn) in [(ROOT, ROOT), (PDPT, PDPT), (PD, PD), (PT, PT), (GUEST_PAGE, PAGE)] {
            nest.put(3, gfn, Pte(pfn.base() | 0x27));
        }
        let root = (ept[0], nest.world.frame(ept[0]));
        nest.world.cpu.guest = Some(Guest::new(vendor, 1, root, Provenance::Sound));
        nest
    }

    fn put(&mut self, depth: usize, gfn: Pfn, entry: Pte) {
        let level = SECOND.walk().nth(depth).expect("four levels");
        let frame = self.world.frame(self.ept[depth]) as usize;
        self.world.memory.frames[frame].put(level.index(gfn.base()), entry.0);
    }

    /// Walks the second dimension for a guest-physical frame; the mapping, if there is one.
    fn map(&mut self, gfn: Pfn) -> Option<TlbEntry> {
        let gpa = va(gfn.base());
        let mut from = TableRef::from_eptp(&self.world.cpu)?;
        loop {
            let walked = self.world.look_at(from, gpa);
            walked.apply(&mut self.world.cpu, &mut self.world.memory);
            match walked.outcome {
                WalkOutcome::Structure(entry) => from = TableRef::from_psc(&entry)?,
                WalkOutcome::Translation(entry) => return Some(entry),
                _ => return None,
            }
        }
    }

    /// Walks both dimensions for [`VA`]; the combined translation, if there is one.
    fn walk(&mut self) -> Option<TlbEntry> {
        let mut from = TableRef::from_cr3(&self.world.cpu, &self.world.map);
        let root = self.map(from.table)?;
        from = from.through(&root)?;
        loop {
            let walked = self.world.look(from);
            let gpa = walked.leads_to(va(VA))?;
            let mapping = self.map(Pfn(gpa.get() >> 12))?;
            let walked = walked.through(va(VA), &mapping);
            walked.apply(&mut self.world.cpu, &mut self.world.memory);
            match walked.outcome {
                WalkOutcome::Structure(entry) => from = TableRef::from_psc(&entry)?,
                WalkOutcome::Translation(entry) => return Some(entry),
                _ => return None,
            }
        }
    }
}

#[test]
fn h63_each_table_and_the_page_are_found_through_the_second_dimension() {
    for vendor in VENDORS {
        let mut nest = Nest::new(vendor);
        let entry = nest.walk().expect("both dimensions map it");
        assert_eq!((entry.frame_of(va(VA)), entry.provenance), (PAGE, Provenance::Sound));
        assert_eq!(nest.world.translate(true).map(|found| (found.0, found.1)), Ok((Level::Pt, PAGE)));
        // Three pointers and a translation of the guest; four pointers of the second dimension, as there are two regions
        // of 2 MiB, and five translations.
        let of = |kind: SpaceKind| {
            let cpu = &nest.world.cpu;
            let tlb = cpu.tlb.iter().filter(|entry| entry.space.kind == kind).count();
            (tlb, cpu.psc.iter().filter(|entry| entry.space.kind == kind).count())
        };
        assert_eq!(
            (of(SpaceKind::Combined), of(SpaceKind::GuestPhysical), of(SpaceKind::Linear)),
            ((1, 3), (5, 4), (0, 0))
        );
    }
    // Where the second dimension has no entry, the guest's tables are not even read.
    for vendor in VENDORS {
        for gfn in [ROOT, PDPT, PD, PT, GUEST_PAGE] {
            let mut nest = Nest::new(vendor);
            nest.put(3, gfn, Pte(0));
            assert_eq!(nest.walk(), None);
            let refused = Refused { gpa: gfn.base(), level: Some(Level::Pt), table: gfn != GUEST_PAGE };
            assert_eq!(nest.world.translate(false).err(), Some(Fault::Nested(refused)), "{vendor:?} {gfn}");
        }
    }
}

#[test]
fn h63_entries_of_the_second_dimension_have_the_form_of_their_vendor() {
    for flags in 0..8u64 {
        // Intel: any right makes it present, and it has to be readable. AMD: P, and each access is a user's.
        for (vendor, good, write) in
            [(Vendor::Intel, flags & 1 != 0, flags & 2 != 0), (Vendor::Amd, flags & 5 == 5, flags & 2 != 0)]
        {
            let mut nest = Nest::new(vendor);
            nest.put(3, GUEST_PAGE, Pte(PAGE.base() | flags));
            let usable = nest.map(GUEST_PAGE).filter(|entry| entry.rights.user);
            assert_eq!(usable.is_some(), good, "{vendor:?} {flags:#b}");
            assert_eq!(nest.world.translate(false).is_ok(), good, "{vendor:?} {flags:#b}");
            assert_eq!(nest.world.translate(true).is_ok(), good && write, "{vendor:?} {flags:#b}");
            // EPT has no accessed flag here; AMD's nested tables have.
            let frame = nest.world.frame(nest.ept[3]);
            let entry = Pte(nest.world.memory.word(frame, Level::Pt.index(GUEST_PAGE.base())));
            let sets = vendor == Vendor::Amd && flags & 1 != 0;
            assert_eq!(entry.has(Pte::A), sets, "{vendor:?} {flags:#b}");
        }
    }
}

#[test]
fn h65_a_combined_mapping_has_the_rights_and_the_page_that_both_dimensions_leave() {
    for guest in [5u64, 7] {
        for second in [5u64, 7] {
            let mut nest = Nest::new(Vendor::Intel);
            nest.world.write(Level::Pt, Pte(GUEST_PAGE.base() | guest));
            nest.put(3, GUEST_PAGE, Pte(PAGE.base() | second));
            let entry = nest.walk().expect("readable");
            assert_eq!(entry.rights.write, guest == 7 && second == 7);
            assert_eq!(entry.space, nest.world.cpu.space());
            let why = nest.world.translate(true).err();
            let refused = Refused { gpa: GUEST_PAGE.base(), level: None, table: false };
            assert_eq!(
                why,
                match (guest, second) {
                    (7, 7) => None,
                    (7, _) => Some(Fault::Nested(refused)),
                    _ => Some(Fault::Protection),
                }
            );
        }
    }
    // A large page of the guest whose second dimension has small ones.
    let mut nest = Nest::new(Vendor::Intel);
    let small = va(VA).get() >> 12 & 511;
    let gfn = Pfn(small);
    nest.world.write(Level::Pd, Pte(Pte::PS | 0x67));
    nest.put(2, gfn, Pte(nest.ept[3].base() | 7));
    nest.put(3, gfn, Pte(PAGE.base() | 7));
    let entry = nest.walk().expect("both dimensions map it");
    assert_eq!((entry.level, entry.pfn, entry.frame_of(va(VA))), (Level::Pt, PAGE, PAGE));
    assert_eq!(nest.world.translate(true).map(|found| (found.0, found.1)), Ok((Level::Pt, PAGE)));
}

#[test]
fn h65_combined_and_guest_physical_mappings_outlive_a_change_of_the_second_dimension() {
    let mut nest = Nest::new(Vendor::Intel);
    let old = nest.walk().expect("both dimensions map it");
    nest.put(3, GUEST_PAGE, Pte(0));
    nest.world.owner(PAGE, Owner::Free);
    nest.world.cpu.frames_freed(PAGE.0..PAGE.0 + 1);
    let stale: Vec<TlbEntry> = nest.world.cpu.translations(va(VA)).copied().collect();
    assert_eq!(stale, [TlbEntry { provenance: Provenance::Dangling, ..old }]);
    let physical: Vec<Provenance> =
        nest.world.cpu.guest_physical(va(GUEST_PAGE.base())).map(|entry| entry.provenance).collect();
    assert_eq!(physical, [Provenance::Dangling]);
    // A combined pointer leads into the frame that a guest's table was in.
    nest.world.owner(PT, Owner::Free);
    nest.world.cpu.frames_freed(PT.0..PT.0 + 1);
    let from = nest.world.cached(Level::Pd).expect("cached");
    let walked = nest.world.look(from);
    assert!(walked.hazards.has(Hazard::WalkOfFreed) && walked.hazards.has(Hazard::GarbageTlb));
    // INVEPT takes all of it, and INVVPID leaves the guest-physical mappings.
    let tag = nest.world.cpu.guest.expect("in a guest").ept;
    let mut other = nest.world.cpu.clone();
    other.invvpid(Invvpid::Single(1));
    assert_eq!(
        (other.translations(va(VA)).count(), other.guest_physical(va(GUEST_PAGE.base())).count()),
        (0, 1)
    );
    nest.world.cpu.invept(Invept::Single(tag));
    assert!(nest.world.cpu.tlb.is_empty() && nest.world.cpu.psc.is_empty());
}

#[test]
fn h63_amd_takes_the_walk_of_a_guest_table_for_a_users_write() {
    for vendor in VENDORS {
        for gfn in [ROOT, PDPT, PD, PT, GUEST_PAGE] {
            let mut nest = Nest::new(vendor);
            let frame = if gfn == GUEST_PAGE { PAGE } else { gfn };
            nest.put(3, gfn, Pte(frame.base() | Pte::P | Pte::US | Pte::A));
            let table = gfn != GUEST_PAGE;
            let refused = table && vendor == Vendor::Amd;
            let why = nest.world.translate(false).err();
            let expected = Fault::Nested(Refused { gpa: gfn.base(), level: None, table });
            assert_eq!(why, refused.then_some(expected), "{vendor:?} {gfn}");
            let mapping = nest.map(gfn).expect("it is readable");
            assert_eq!(mapping.serves_tables(vendor), vendor == Vendor::Intel, "{vendor:?} {gfn}");
        }
    }
}

/// The errata say that guests are not affected.
#[test]
fn h51_in_a_guest_invlpg_removes_globals_with_the_erratum_too() {
    for mode in modes() {
        let mut cpu = full_of_spaces();
        cpu.guest = mode;
        cpu.cr3.pcid = PCIDS[1];
        let bits = Control { invlpg_keeps_globals: true, ..control(true, true, false) };
        let removed = cpu.invlpg(bits, va(VA));
        assert_eq!(removed.tlb.iter().any(|entry| entry.global), mode.is_some(), "{mode:?}");
    }
}
