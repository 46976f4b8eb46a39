//! When walks happen, and where they start: H13, H14, H16.

use crate::support::*;
use x86::*;

fn kind(outcome: WalkOutcome) -> u8 {
    match outcome {
        WalkOutcome::NotPresent => 0,
        WalkOutcome::Reserved => 1,
        WalkOutcome::Structure(_) => 2,
        WalkOutcome::Translation(_) => 3,
        other => panic!("{other:?}"),
    }
}

#[test]
fn h13_a_walk_asks_for_no_right() {
    // The result of a walk is the same, whatever rights the path and the entry give.
    for level in WALK {
        let mut world = World::new();
        for entry in entries(PAGE) {
            world.write(level, entry);
            let open = Pte((entry.0 | Pte::RW | Pte::US) & !Pte::XD);
            let mut opened = world.clone();
            opened.write(level, open);
            let expected = kind(opened.look(reference(level, table(level))).outcome);
            for rights in rights() {
                let from = TableRef { rights, ..reference(level, table(level)) };
                assert_eq!(kind(world.look(from).outcome), expected, "{level:?} {entry:x?} {rights:?}");
            }
        }
    }
}

#[test]
fn h13_any_canonical_address_may_be_walked() {
    let mut world = World::new();
    for address in [VA, 0, 0x7fff_ffff_f000, 0xffff_8000_0000_0000, u64::MAX] {
        // The same tables, found at the address's own place in each of them.
        for (level, next) in [(Level::Pml4, PDPT), (Level::Pdpt, PD), (Level::Pd, PT), (Level::Pt, PAGE)] {
            let shift = 12 + 9 * (level as u32 - 1);
            let frame = world.frame(table(level)) as usize;
            world.memory.frames[frame].put((address >> shift & 511) as u16, next.base() | 7);
        }
        let mut from = TableRef::from_cr3(&world.cpu, &world.map);
        while let WalkOutcome::Structure(entry) = world.look_at(from, va(address)).outcome {
            world.look_at(from, va(address)).apply(&mut world.cpu, &mut world.memory);
            assert!(world.cpu.structures(va(address)).any(|cached| *cached == entry), "{address:x}");
            from = TableRef::from_psc(&entry).expect("not from a PTE");
        }
        let WalkOutcome::Translation(entry) = world.look_at(from, va(address)).outcome else {
            panic!("{address:x}")
        };
        assert!(entry.covers(va(address)) && entry.pfn == PAGE);
    }
}

#[test]
fn h13_a_walk_may_be_made_although_its_translation_is_cached() {
    for vendor in VENDORS {
        let mut world = World::new();
        world.map.vendor = vendor;
        let first = world.walk_from_cr3();
        assert_eq!(world.walk_from_cr3().outcome, first.outcome);
        // Clearing A shows that memory is read and written again.
        world.write(Level::Pt, Pte(world.read(Level::Pt).0 & !Pte::A));
        assert!(world.walk_from_cr3().sets_accessed.is_some());
        assert!(world.read(Level::Pt).has(Pte::A));
    }
}

#[test]
fn h13_looking_changes_nothing_and_a_walk_may_stop_after_any_step() {
    for steps in 0..=4 {
        let mut world = World::new();
        let mut from = TableRef::from_cr3(&world.cpu, &world.map);
        for _ in 0..steps {
            if let WalkOutcome::Structure(entry) = world.step(from).outcome {
                from = TableRef::from_psc(&entry).expect("not from a PTE");
            }
        }
        let before = (world.cpu.clone(), world.memory.clone());
        let looked = world.look(from);
        assert_eq!((world.cpu.clone(), world.memory.clone()), before);
        assert_eq!(looked, world.look(from));
        assert_eq!((world.cpu.psc.len(), world.cpu.tlb.len()), (steps.min(3), usize::from(steps == 4)));
    }
}

#[test]
fn h14_a_walk_starts_at_cr3_or_at_a_cached_pointer_of_any_level() {
    let mut world = World::new();
    let root = TableRef::from_cr3(&world.cpu, &world.map);
    assert_eq!(root, reference(Level::Pml4, ROOT));
    world.walk_from_cr3();
    for level in POINTERS.map(|pointer| pointer.0) {
        let below = level.below().expect("it points to a table");
        assert_eq!(world.cached(level), Some(reference(below, table(below))));
    }
    // A PTE points to no table.
    let (entry, _) = every_psc_entry(VA)[0];
    assert_eq!(TableRef::from_psc(&PscEntry { level: Level::Pt, ..entry }), None);
}

#[test]
fn h14_a_start_carries_rights_type_and_standing_of_the_cached_pointer() {
    for (entry, _) in every_psc_entry(VA) {
        for rights in rights() {
            for memory_type in MEMORY_TYPES {
                for provenance in PROVENANCES {
                    let start = TableRef::from_psc(&PscEntry { rights, memory_type, provenance, ..entry });
                    let start = start.expect("not from a PTE");
                    assert_eq!((start.table, start.rights), (entry.table, rights));
                    assert_eq!((start.memory_type, start.provenance), (memory_type, provenance));
                }
            }
        }
    }
    let mut world = World::new();
    for provenance in PROVENANCES {
        world.cpu.cr3 = Cr3 { root: OTHER, pcid: Pcid(1), provenance };
        let start = TableRef::from_cr3(&world.cpu, &world.map);
        assert_eq!(start, TableRef { provenance, ..reference(Level::Pml4, OTHER) });
    }
}

#[test]
fn h14_a_hit_skips_all_reads_above_it() {
    for (at, level) in POINTERS.map(|pointer| pointer.0).into_iter().enumerate() {
        for vendor in VENDORS {
            let mut world = World::new();
            world.map.vendor = vendor;
            world.walk_from_cr3();
            world.cpu.tlb.clear();
            // The walk does not notice that the entries above have been cleared, and does not write them.
            let above = &WALK[..=at];
            above.iter().for_each(|above| world.write(*above, Pte(0)));
            world.cpu.psc.retain(|entry| entry.level == level);
            let start = world.cached(level).expect("it was cached");
            assert!(
                matches!(world.walk(start).outcome, WalkOutcome::Translation(entry) if entry.pfn == PAGE)
            );
            assert!(above.iter().all(|above| world.read(*above) == Pte(0)));
            assert_eq!(world.translate(false), Err(Fault::NotPresent(Level::Pml4)));
        }
    }
}

#[test]
fn h14_a_step_reads_one_word_of_one_table() {
    // Every word of every table differs; the one that is read is that of the address.
    let mut world = World::new();
    for level in WALK {
        let frame = world.frame(table(level)) as usize;
        (0..512u16).for_each(|at| _ = world.memory.frames[frame].put(at, u64::from(at) << 1));
    }
    for level in WALK {
        let walked = world.look(reference(level, table(level)));
        assert_eq!((walked.index, walked.value), (index(level).into(), Pte(u64::from(index(level)) << 1)));
        assert_eq!(walked.backing, Backing::Frame(world.frame(table(level))));
        assert_eq!(walked.owner, Some(Owner::Table { mm: 0, level }));
    }
}

#[test]
fn h16_between_store_and_invalidation_old_and_new_values_may_be_used() {
    for level in WALK {
        let mut world = World::new();
        world.walk_from_cr3();
        let old = world.read(level).pfn(level);
        world.write(level, Pte(OTHER.base() | 7));
        world.step(reference(level, table(level)));
        let used: Vec<Pfn> = if level == Level::Pt {
            world.cpu.translations(va(VA)).map(|entry| entry.pfn).collect()
        } else {
            world
                .cpu
                .structures(va(VA))
                .filter(|entry| entry.level == level)
                .map(|entry| entry.table)
                .collect()
        };
        assert_eq!(used.len(), 2, "{level:?}");
        assert!(used.contains(&old) && used.contains(&OTHER));
        // An invalidation ends it: only what memory says now can come back.
        world.cpu.invlpg(world.control, va(VA));
        assert_eq!(world.cpu.translations(va(VA)).count() + world.cpu.structures(va(VA)).count(), 0);
        world.step(reference(level, table(level)));
        assert!(world.cpu.tlb.iter().all(|entry| entry.pfn == OTHER));
        assert!(world.cpu.psc.iter().all(|entry| entry.table == OTHER));
    }
}
