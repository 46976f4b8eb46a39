//! What may be cached at all, and how long it stays: H7 to H12.

use crate::support::*;
use x86::*;

/// Every entry at every level, walked through once by a processor of either vendor with nothing cached.
fn every_step(mut each: impl FnMut(Level, Pte, &World, &World, Walked)) {
    for vendor in VENDORS {
        let mut before = World::new();
        before.map.vendor = vendor;
        for level in WALK {
            for entry in entries(PAGE) {
                before.write(level, entry);
                let mut after = before.clone();
                let walked = after.step(reference(level, table(level)));
                each(level, entry, &before, &after, walked);
            }
        }
    }
}

#[test]
fn h7_no_pointer_is_cached_from_an_absent_reserved_or_leaf_entry_or_before_it_is_accessed() {
    let mut cached = 0;
    every_step(|level, entry, before, after, _| {
        let pointer =
            entry.0 & 1 == 1 && !reserved(entry, level, before.map.vendor) && !is_leaf(entry, level);
        assert_eq!(after.cpu.psc.len(), usize::from(pointer), "{level:?} {entry:x?}");
        if pointer {
            assert!(after.read(level).has(1 << 5), "{level:?} {entry:x?}");
            cached += 1;
        }
    });
    assert!(cached > 1000, "{cached}");
}

#[test]
fn h7_every_entry_passed_on_the_way_has_been_accessed() {
    let mut world = World::new();
    let mut from = TableRef::from_cr3(&world.cpu, &world.map);
    for (at, level) in WALK.into_iter().enumerate() {
        let walked = world.step(from);
        for passed in &WALK[..=at] {
            assert!(world.read(*passed).has(1 << 5), "{passed:?}");
        }
        if let WalkOutcome::Structure(entry) = walked.outcome {
            assert_eq!((entry.level, world.cpu.psc.len()), (level, at + 1));
            from = TableRef::from_psc(&entry).expect("not from a PTE");
        }
    }
    assert_eq!(world.cpu.tlb.len(), 1);
}

#[test]
fn h8_a_pointer_to_an_empty_table_is_cached() {
    for level in POINTERS.map(|pointer| pointer.0) {
        let mut world = World::new();
        let below = table(level.below().expect("it points to a table"));
        let frame = world.frame(below) as usize;
        world.memory.frames[frame].clear();
        assert_eq!(world.walk_from_cr3().outcome, WalkOutcome::NotPresent);
        assert!(world.cached(level).is_some_and(|cached| cached.table == below), "{level:?}");
    }
}

#[test]
fn h9_several_copies_of_one_entry_are_kept() {
    for level in POINTERS.map(|pointer| pointer.0) {
        let mut world = World::new();
        let old = world.read(level);
        let mut made = 0;
        for target in [old.pfn(level), OTHER, OTHER_DRAM] {
            for rights in [0, Pte::RW, Pte::US, Pte::XD] {
                world.write(level, Pte(target.base() | Pte::P | rights));
                world.step(reference(level, table(level)));
                made += 1;
                assert_eq!(world.cpu.structures(va(VA)).count(), made, "{level:?}");
            }
        }
    }
    let mut world = World::new();
    for (made, bits) in [0, Pte::D, Pte::G, Pte::PCD].into_iter().enumerate() {
        world.write(Level::Pt, Pte(PAGE.base() | Pte::P | bits));
        world.step(reference(Level::Pt, PT));
        assert_eq!(world.cpu.translations(va(VA)).count(), made + 1);
    }
}

#[test]
fn h9_any_of_the_cached_pointers_may_be_missing_or_ignored() {
    // What a start finds does not depend on which other pointers are cached: all subsets of the levels.
    for kept in 0..8u32 {
        let mut world = World::new();
        world.walk_from_cr3();
        world.cpu.tlb.clear();
        world.cpu.psc.retain(|entry| kept >> (entry.level as u32 - 2) & 1 == 1);
        let mut starts = vec![TableRef::from_cr3(&world.cpu, &world.map)];
        starts.extend(world.cpu.structures(va(VA)).filter_map(TableRef::from_psc));
        assert_eq!(starts.len(), 1 + kept.count_ones() as usize);
        for start in starts {
            let mut world = world.clone();
            let WalkOutcome::Translation(found) = world.walk(start).outcome else { panic!("{start:?}") };
            assert_eq!((found.pfn, found.rights), (PAGE, Rights::ALL), "{start:?}");
        }
    }
}

#[test]
fn h9_one_entry_is_cached_once() {
    let mut world = World::new();
    world.walk_from_cr3();
    let once = world.cpu.clone();
    for entry in once.tlb.clone() {
        assert!(!world.cpu.insert_tlb(entry));
    }
    for entry in once.psc.clone() {
        assert!(!world.cpu.insert_psc(entry));
    }
    world.walk_from_cr3();
    assert_eq!(world.cpu, once);
}

#[test]
fn h10_nothing_is_cached_or_written_for_an_entry_that_is_absent_or_reserved() {
    let mut seen = [0, 0];
    every_step(|level, entry, before, after, walked| {
        let present = entry.0 & 1 == 1;
        if present && !reserved(entry, level, before.map.vendor) {
            return;
        }
        let expected = if present { WalkOutcome::Reserved } else { WalkOutcome::NotPresent };
        assert_eq!(walked.outcome, expected, "{level:?} {entry:x?}");
        assert_eq!(after.cpu, before.cpu, "{level:?} {entry:x?}");
        assert_eq!(after.memory, before.memory, "{level:?} {entry:x?}");
        seen[usize::from(present)] += 1;
    });
    assert!(seen.iter().all(|&count| count > 1000), "{seen:?}");
}

#[test]
fn h10_a_translation_is_cached_for_every_present_and_valid_leaf() {
    let mut seen = 0;
    every_step(|level, entry, before, after, _| {
        let valid = entry.0 & 1 == 1 && !reserved(entry, level, before.map.vendor);
        let leaf = valid && is_leaf(entry, level);
        assert_eq!(after.cpu.tlb.len(), usize::from(leaf), "{level:?} {entry:x?}");
        seen += usize::from(leaf);
    });
    assert!(seen > 1000, "{seen}");
}

#[test]
fn h11_a_store_to_the_tables_changes_nothing_that_is_cached() {
    for level in WALK {
        let mut world = World::new();
        world.walk_from_cr3();
        let cached = world.cpu.clone();
        world.write(level, Pte(0));
        assert_eq!(world.translate(false), Err(Fault::NotPresent(level)));
        // A CPU that walks again from the root does not correct it either.
        assert_eq!(world.walk_from_cr3().outcome, WalkOutcome::NotPresent);
        assert_eq!(world.cpu, cached);
        assert!(world.cpu.translations(va(VA)).any(|entry| entry.pfn == PAGE));
    }
}

#[test]
fn h11_the_caches_do_not_notice_that_a_frame_is_freed() {
    for freed in [ROOT, PDPT, PD, PT, PAGE] {
        let mut world = World::new();
        world.walk_from_cr3();
        let cached = world.cpu.clone();
        world.cpu.frames_freed(freed.0..freed.0 + 1);
        // All that changes is what an observer knows of them.
        let mut hardware = world.cpu.clone();
        hardware.cr3.provenance = Provenance::Sound;
        hardware.psc.iter_mut().for_each(|entry| entry.provenance = Provenance::Sound);
        hardware.tlb.iter_mut().for_each(|entry| entry.provenance = Provenance::Sound);
        assert_eq!(hardware, cached, "{freed}");
        assert_ne!(world.cpu, cached, "{freed}");
    }
}

#[test]
fn h12_table_walk_caches_of_amd_are_kept_coherent_by_what_serves_the_tlb() {
    let operations: [fn(&mut World) -> Removed; 3] = [
        |world| world.cpu.invlpg(world.control, va(VA)),
        |world| world.cpu.mov_cr3(world.control, ROOT, Pcid(0), false, Provenance::Sound),
        |world| world.cpu.toggle_pge(),
    ];
    for level in POINTERS.map(|pointer| pointer.0) {
        for operation in operations {
            for tce in BOOLS {
                let mut world = World::new();
                world.map.vendor = Vendor::Amd;
                world.control.tce = tce;
                world.walk_from_cr3();
                world.write(level, Pte(0));
                // A store does not do it ...
                assert!(world.cached(level).is_some());
                operation(&mut world);
                // ... but each of these does.
                assert_eq!(world.cpu.structures(va(VA)).count(), 0, "{level:?}");
                assert_eq!(world.walk_from_cr3().outcome, WalkOutcome::NotPresent);
                assert!(world.cached(level).is_none());
            }
        }
    }
}
