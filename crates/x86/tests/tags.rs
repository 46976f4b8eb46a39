//! What a cached entry holds and when it may be used: H1 to H6.

use crate::support::*;
use x86::*;

/// Every way to read every entry at every level from a reference with any rights.
fn every_read(mut each: impl FnMut(&World, TableRef, Pte, Walked)) {
    let mut world = World::new();
    for level in WALK {
        for entry in entries(PAGE) {
            world.write(level, entry);
            for rights in rights() {
                let from = TableRef { rights, ..reference(level, table(level)) };
                let walked = world.look(from);
                each(&world, from, entry, walked);
            }
        }
    }
}

#[test]
fn h1_a_tlb_entry_holds_frame_rights_of_all_levels_dirty_and_type_of_the_leaf() {
    let mut seen = 0;
    every_read(|_, from, entry, walked| {
        let WalkOutcome::Translation(cached) = walked.outcome else { return };
        seen += 1;
        let bit = |bit: u32| entry.0 >> bit & 1 == 1;
        let (level, shift) = LEAVES.into_iter().find(|leaf| leaf.0 == from.level).expect("a leaf's level");
        assert_eq!((cached.level, cached.page), (level, VA >> shift));
        // Bits 51:12 of a PTE, 51:21 of a PDE, 51:30 of a PDPTE.
        assert_eq!(cached.pfn.0, (entry.0 & 0x000f_ffff_ffff_ffff) >> shift << (shift - 12), "{entry:x?}");
        assert_eq!(cached.rights.write, from.rights.write && bit(1));
        assert_eq!(cached.rights.user, from.rights.user && bit(2));
        assert_eq!(cached.rights.no_execute, from.rights.no_execute || bit(63));
        assert_eq!(cached.dirty, bit(6));
        let memory_type = match (bit(4), bit(3)) {
            (false, false) => MemoryType::Wb,
            (false, true) => MemoryType::Wt,
            (true, false) => MemoryType::UcMinus,
            (true, true) => MemoryType::Uc,
        };
        assert_eq!(cached.memory_type, memory_type);
    });
    assert!(seen > 10_000, "{seen}");
}

#[test]
fn h1_rights_are_those_of_the_whole_path() {
    // Every choice of R/W, U/S and XD at every level: 8^4 paths.
    for choice in 0..1u32 << 12 {
        let mut world = World::new();
        let (mut write, mut user, mut no_execute) = (true, true, false);
        for level in WALK {
            let bits = choice >> (3 * (level as u32 - 1)) & 7;
            let (rw, us, xd) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
            (write, user, no_execute) = (write && rw, user && us, no_execute || xd);
            let flags = u64::from(rw) << 1 | u64::from(us) << 2 | u64::from(xd) << 63;
            world.write(level, Pte(world.read(level).0 & !(Pte::RW | Pte::US) | flags));
        }
        let WalkOutcome::Translation(cached) = world.walk_from_cr3().outcome else { panic!("{choice:o}") };
        assert_eq!(cached.rights, Rights { write, user, no_execute }, "{choice:o}");
    }
}

#[test]
fn h1_a_page_of_any_size_maps_each_of_its_frames() {
    for (entry, class) in every_tlb_entry(VA).into_iter().filter(|e| e.1.at_va) {
        let shift = LEAVES.into_iter().find(|leaf| leaf.0 == entry.level).expect("a leaf's level").1;
        assert_eq!(entry.frames(), 1 << (shift - 12));
        let first = VA >> shift << shift;
        for offset in [0, 4095, 4096, (1 << shift) - 1].into_iter().filter(|&offset| offset < 1 << shift) {
            assert!(entry.covers(va(first + offset)));
            assert_eq!(entry.frame_of(va(first + offset)), Pfn(PAGE.0 + (offset >> 12)), "{class:?}");
        }
    }
}

#[test]
fn h2_new_entries_carry_the_current_pcid() {
    for pcid in PCIDS {
        let mut world = World::new();
        world.cpu.cr3.pcid = pcid;
        world.walk_from_cr3();
        assert_eq!((world.cpu.tlb.len(), world.cpu.psc.len()), (1, 3));
        assert!(world.cpu.tlb.iter().all(|entry| entry.pcid == pcid));
        assert!(world.cpu.psc.iter().all(|entry| entry.pcid == pcid));
    }
}

#[test]
fn h2_only_entries_of_the_current_pcid_are_used_but_for_global_ones() {
    for current in PCIDS {
        let cpu = full(current, VA);
        let used: Vec<TlbEntry> = cpu.translations(va(VA)).copied().collect();
        for (entry, class) in every_tlb_entry(VA) {
            let usable = class.at_va && (class.pcid == current || class.global);
            assert_eq!(used.contains(&entry), usable, "{class:?} under {current}");
        }
        let used: Vec<PscEntry> = cpu.structures(va(VA)).copied().collect();
        for (entry, class) in every_psc_entry(VA) {
            assert_eq!(
                used.contains(&entry),
                class.at_va && class.pcid == current,
                "{class:?} under {current}"
            );
        }
    }
}

#[test]
fn h3_without_pcide_the_current_pcid_is_0_and_with_it_that_of_cr3() {
    assert_eq!(Cpu::new(ROOT).cr3.pcid, Pcid(0));
    for pcide in BOOLS {
        for pcid in PCIDS {
            for noflush in BOOLS {
                let mut cpu = Cpu::new(ROOT);
                cpu.mov_cr3(control(pcide, true, false), PDPT, pcid, noflush, Provenance::Sound);
                let expected = if pcide { pcid } else { Pcid(0) };
                assert_eq!(cpu.cr3, Cr3 { root: PDPT, pcid: expected, provenance: Provenance::Sound });
            }
        }
    }
}

#[test]
fn h4_a_translation_is_global_if_pge_is_set_and_its_leaf_says_so() {
    // G at every level of the path, the leaf at every level it can be at, PGE on and off.
    for leaf in LEAVES.map(|leaf| leaf.0) {
        for choice in 0..16u32 {
            for pge in BOOLS {
                let mut world = World::new();
                world.control.pge = pge;
                let mut leaf_says = false;
                for level in WALK.into_iter().filter(|level| *level >= leaf) {
                    let global = choice >> (level as u32 - 1) & 1 == 1;
                    let mut entry = world.read(level).0 | if global { 1 << 8 } else { 0 };
                    if level == leaf && level != Level::Pt {
                        entry = entry & 0xfff | PAGE.base() | 1 << 7;
                    }
                    world.write(level, Pte(entry));
                    leaf_says = global;
                }
                let WalkOutcome::Translation(cached) = world.walk_from_cr3().outcome else {
                    panic!("{leaf:?}")
                };
                assert_eq!(cached.global, pge && leaf_says, "{leaf:?} {choice:b} {pge}");
            }
        }
    }
}

#[test]
fn h4_no_cached_pointer_is_global() {
    // G in an entry that points to a table changes nothing in what is cached from it, so nothing in who may use it.
    for level in POINTERS.map(|pointer| pointer.0) {
        let mut world = World::new();
        let plain = world.step(reference(level, table(level))).outcome;
        world.write(level, Pte(world.read(level).0 | 1 << 8));
        assert_eq!(world.step(reference(level, table(level))).outcome, plain);
        assert!(world.cached(level).is_some());
        world.cpu.cr3.pcid = Pcid(1);
        assert!(world.cached(level).is_none(), "{level:?} is used under another PCID");
    }
}

#[test]
fn h5_a_cached_pointer_serves_the_addresses_that_share_its_bits() {
    for (level, shift) in POINTERS {
        let mut world = World::new();
        let WalkOutcome::Structure(cached) = world.step(reference(level, table(level))).outcome else {
            panic!("{level:?}")
        };
        assert_eq!(cached.level, level);
        for bit in 0..47 {
            let other = va(VA ^ 1 << bit);
            assert_eq!(cached.covers(other), bit < shift, "{level:?} bit {bit}");
            assert_eq!(world.cpu.structures(other).count(), usize::from(bit < shift));
        }
        // Bit 47 decides about 63:48 too.
        assert!(!cached.covers(va(VA ^ 0xffff_8000_0000_0000)));
    }
}

#[test]
fn h5_an_entry_is_selected_by_nine_bits_of_the_address() {
    let world = World::new();
    for level in WALK {
        let shift = 12 + 9 * (level as u32 - 1);
        for bit in 0..47 {
            let index = world.look_at(reference(level, ROOT), va(1 << bit)).index;
            let expected = if (shift..shift + 9).contains(&bit) { 1 << (bit - shift) } else { 0 };
            assert_eq!(index, expected, "{level:?} bit {bit}");
        }
    }
}

#[test]
fn h6_a_cached_pointer_holds_address_rights_and_type_and_nothing_of_the_table() {
    let mut seen = 0;
    every_read(|world, from, entry, walked| {
        let WalkOutcome::Structure(cached) = walked.outcome else { return };
        seen += 1;
        let bit = |bit: u32| entry.0 >> bit & 1 == 1;
        assert_eq!((cached.pcid, cached.level), (world.cpu.cr3.pcid, from.level));
        assert_eq!(cached.table.0, entry.0 >> 12 & 0xff_ffff_ffff, "{entry:x?}");
        assert_eq!(cached.rights.write, from.rights.write && bit(1));
        assert_eq!(cached.rights.user, from.rights.user && bit(2));
        assert_eq!(cached.rights.no_execute, from.rights.no_execute || bit(63));
        let memory_type = match (bit(4), bit(3)) {
            (false, false) => MemoryType::Wb,
            (false, true) => MemoryType::Wt,
            (true, false) => MemoryType::UcMinus,
            (true, true) => MemoryType::Uc,
        };
        assert_eq!(cached.memory_type, memory_type);
        // The next step starts where this one ended.
        let on = TableRef::from_psc(&cached).expect("not from a PTE");
        assert_eq!(Some(on.level), from.level.below());
        assert_eq!((on.table, on.rights, on.memory_type), (cached.table, cached.rights, cached.memory_type));
    });
    assert!(seen > 10_000, "{seen}");
}

#[test]
fn h6_a_cached_pointer_is_the_same_whoever_owns_the_table_and_whatever_is_in_it() {
    for (level, next) in [(Level::Pml4, PDPT), (Level::Pdpt, PD), (Level::Pd, PT)] {
        let mut world = World::new();
        let hardware = |walked: Walked| match walked.outcome {
            WalkOutcome::Structure(entry) => PscEntry { provenance: Provenance::Sound, ..entry },
            other => panic!("{other:?}"),
        };
        let first = hardware(world.look(reference(level, table(level))));
        for owner in owners() {
            world.owner(next, owner);
            for word in [0, 1, u64::MAX] {
                let frame = world.frame(next) as usize;
                (0..512u16).for_each(|index| _ = world.memory.frames[frame].put(index, word));
                assert_eq!(hardware(world.look(reference(level, table(level)))), first, "{owner:?} {word}");
            }
        }
    }
}
