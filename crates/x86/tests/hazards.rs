//! What an observer is told about a step: which hazards it is, and how far its result can be trusted.

use crate::support::*;
use x86::*;

/// Every entry at every level, in a page of every owner, through a reference of every standing.
fn every_step(mut each: impl FnMut(&World, TableRef, Owner, Pte, Walked)) {
    for level in WALK {
        for owner in owners() {
            let mut world = World::new();
            world.owner(OTHER, owner);
            for entry in entries(PAGE) {
                world.write_in(OTHER, level, entry);
                for provenance in PROVENANCES {
                    let from = TableRef { provenance, ..reference(level, OTHER) };
                    each(&world, from, owner, entry, world.look(from));
                }
            }
        }
    }
}

/// Whether the reference leads to something that cannot be read as the table it was made for: a table of a higher level can,
/// as it is where a slot refers to its own table.
fn astray(from: TableRef, owner: Owner) -> bool {
    let table = matches!(owner, Owner::Table { level, .. } if level >= from.level);
    !table || from.provenance != Provenance::Sound
}

#[test]
fn a_read_of_what_is_no_live_table_is_a_walk_of_freed() {
    every_step(|_, from, owner, entry, walked| {
        assert_eq!(
            walked.hazards.has(Hazard::WalkOfFreed),
            astray(from, owner),
            "{from:?} {owner:?} {entry:x?}"
        );
        assert_eq!(walked.owner, Some(owner));
        assert_eq!(walked.value, entry);
    });
}

#[test]
fn what_comes_of_such_a_read_is_garbage() {
    every_step(|_, from, owner, _, walked| {
        let astray = astray(from, owner);
        let (pointer, translation) = match walked.outcome {
            WalkOutcome::Structure(entry) => (true, (entry.provenance == Provenance::Garbage, false)),
            WalkOutcome::Translation(entry) => (false, (entry.provenance == Provenance::Garbage, true)),
            _ => (false, (false, false)),
        };
        let (garbage, translation) = translation;
        assert_eq!(garbage, astray && (pointer || translation), "{walked:?}");
        assert_eq!(walked.hazards.has(Hazard::GarbagePsc), astray && pointer, "{walked:?}");
        assert_eq!(walked.hazards.has(Hazard::GarbageTlb), astray && translation, "{walked:?}");
        assert_eq!(walked.hazards.has(Hazard::ABitCorruption), astray && walked.sets_accessed.is_some());
        for hazard in [Hazard::DeviceRead, Hazard::MachineCheck, Hazard::StaleAccess] {
            assert!(!walked.hazards.has(hazard));
        }
    });
}

#[test]
fn what_a_live_entry_points_to_decides_how_its_copy_stands() {
    for level in WALK {
        for (owner, rights) in owners().into_iter().flat_map(|owner| [3, 5, 7].map(|rights| (owner, rights)))
        {
            let mut world = World::new();
            world.owner(OTHER, owner);
            for place in [OTHER, OTHER_DRAM, HOLE] {
                world.write(level, Pte(place.base() | rights));
                let (provenance, good) = match world.look(reference(level, table(level))).outcome {
                    WalkOutcome::Structure(entry) => {
                        let below = level.below().expect("it is no leaf");
                        let table = matches!(owner, Owner::Table { level, .. } if level >= below);
                        (entry.provenance, place == OTHER && table)
                    }
                    WalkOutcome::Translation(entry) => {
                        let good = match owner {
                            Owner::User { .. } | Owner::Data => true,
                            // The kernel may look at a table, and user code may read it, but not write it.
                            Owner::Table { .. } => rights != 7,
                            Owner::Free => false,
                        };
                        // DRAM that no frame models has an owner. A hole has none.
                        (entry.provenance, if place == OTHER { good } else { place == HOLE })
                    }
                    other => panic!("{other:?}"),
                };
                let expected = if good { Provenance::Sound } else { Provenance::Dangling };
                assert_eq!(provenance, expected, "{level:?} {owner:?} {place} {rights}");
            }
        }
    }
}

#[test]
fn a_frame_of_2_mib_is_512_page_frames_with_one_owner() {
    let first = Pfn(0x5_0000);
    let inside = |offset: u64| Pfn(first.0 + offset);
    for owner in owners() {
        let mut world = World::new();
        let id = world.map.frames.len() as u8;
        world.map.frames.push((first, "large".to_owned()));
        world.map.large.push(id);
        world.memory.frames.push(Frame::new(owner));
        assert_eq!(world.map.backing(inside(512)), Backing::OtherDram);
        for offset in [0, 1, 511] {
            assert_eq!(world.map.backing(inside(offset)), Backing::Frame(id));
            assert_eq!(world.map.place(id, inside(offset), 7), offset as u32 * 512 + 7);
            // A translation of a part stands as the whole does; a table is only where the frame begins.
            world.write(Level::Pt, Pte(inside(offset).base() | 7));
            let WalkOutcome::Translation(entry) = world.look(reference(Level::Pt, table(Level::Pt))).outcome
            else {
                panic!("a leaf");
            };
            let used = matches!(owner, Owner::User { .. } | Owner::Data);
            assert_eq!(entry.provenance == Provenance::Sound, used, "{owner:?} {offset}");
            world.write(Level::Pd, Pte(inside(offset).base() | 7));
            let WalkOutcome::Structure(pointer) = world.look(reference(Level::Pd, table(Level::Pd))).outcome
            else {
                panic!("a pointer");
            };
            let table = offset == 0 && matches!(owner, Owner::Table { .. });
            assert_eq!(pointer.provenance == Provenance::Sound, table, "{owner:?} {offset}");
            // The whole frame is freed.
            let mut cpu = Cpu::new(ROOT);
            cpu.insert_tlb(TlbEntry { provenance: Provenance::Sound, ..entry });
            cpu.frames_freed(world.map.span(id));
            assert_eq!(cpu.tlb[0].provenance, Provenance::Dangling);
        }
    }
}

#[test]
fn freeing_a_frame_leaves_sound_references_to_it_dangling() {
    for provenance in PROVENANCES {
        let (tlb, psc) = (every_tlb_entry(VA)[0].0, every_psc_entry(VA)[0].0);
        let after = if provenance == Provenance::Sound { Provenance::Dangling } else { provenance };
        for (level, shift) in LEAVES {
            let frames = 1 << (shift - 12);
            for (freed, hit) in [(0, true), (frames - 1, true), (frames, false)]
                .map(|(offset, hit)| (Pfn(PAGE.0 + offset), hit))
            {
                let mut cpu = Cpu::new(ROOT);
                cpu.insert_tlb(TlbEntry { level, provenance, ..tlb });
                cpu.insert_psc(PscEntry { provenance, ..psc });
                cpu.frames_freed(freed.0..freed.0 + 1);
                assert_eq!(cpu.tlb[0].provenance, if hit { after } else { provenance }, "{level:?} {freed}");
                assert_eq!(cpu.psc[0].provenance, provenance);
                assert_eq!(cpu.cr3.provenance, Provenance::Sound);
            }
        }
        let mut cpu = Cpu::new(ROOT);
        cpu.insert_psc(PscEntry { provenance, ..psc });
        cpu.frames_freed(OTHER.0..OTHER.0 + 1);
        assert_eq!(cpu.psc[0].provenance, after);
    }
    let mut cpu = Cpu::new(ROOT);
    cpu.frames_freed(ROOT.0..ROOT.0 + 1);
    assert_eq!(cpu.cr3.provenance, Provenance::Dangling);
}

#[test]
fn caches_keep_one_form_when_two_entries_become_one() {
    let mut cpu = full(Pcid(0), VA);
    let (tlb, psc) = (cpu.tlb.clone(), cpu.psc.clone());
    for entry in &tlb {
        cpu.insert_tlb(TlbEntry { provenance: Provenance::Dangling, ..*entry });
    }
    for entry in &psc {
        cpu.insert_psc(PscEntry { provenance: Provenance::Dangling, ..*entry });
    }
    cpu.frames_freed(PAGE.0..PAGE.0 + 1);
    cpu.frames_freed(OTHER.0..OTHER.0 + 1);
    assert_eq!((cpu.tlb.len(), cpu.psc.len()), (tlb.len(), psc.len()));
    assert!(cpu.tlb.is_sorted() && cpu.psc.is_sorted());
}

#[test]
fn a_step_matters_if_it_leaves_a_trace_or_is_a_hazard() {
    every_step(|world, from, _, entry, walked| {
        let mut after = world.clone();
        walked.apply(&mut after.cpu, &mut after.memory);
        let trace = after.cpu != world.cpu || after.memory != world.memory;
        assert_eq!(walked.matters(&world.cpu), trace || !walked.hazards.is_empty(), "{walked:?}");
        // Once it has been taken, it teaches nothing new.
        let again = after.look(from);
        assert_eq!(again.matters(&after.cpu), !again.hazards.is_empty());
        // Unless software clears the accessed flag: then it would be set again.
        if walked.sets_accessed.is_some() {
            after.write_in(OTHER, from.level, entry);
            assert!(after.look(from).matters(&after.cpu), "{walked:?}");
        }
    });
}

#[test]
fn reads_of_a_device_are_counted_up_to_three() {
    let mut world = World::new();
    for expected in [1, 2, 3, 3, 3] {
        world.step(reference(Level::Pt, device(MemoryType::Wc)));
        assert_eq!(world.memory.pops, [0, expected, 0, 0, 0]);
    }
}

#[test]
fn a_large_page_stands_only_if_every_frame_that_it_maps_does() {
    // A 2 MiB leaf, and a 1 GiB leaf, from below the page of another owner: it is not their first frame.
    for (level, first) in [(Level::Pd, Pfn(0x1000)), (Level::Pdpt, Pfn(0))] {
        for (owner, rights) in
            owners().into_iter().flat_map(|owner| [0, Pte::RW | Pte::US].map(|rights| (owner, rights)))
        {
            let mut world = World::new();
            for pfn in [ROOT, PDPT, PD, PT, PAGE] {
                world.owner(pfn, Owner::Data);
            }
            world.owner(table(level), Owner::Table { mm: 0, level });
            // The table itself must not be among the frames mapped.
            let at = world.map.frames.iter().position(|frame| frame.0 == table(level)).expect("a frame");
            world.map.frames[at].0 = Pfn(0x7_0000);
            world.owner(OTHER, owner);
            let from = reference(level, Pfn(0x7_0000));
            world.write_in(from.table, level, Pte(first.base() | Pte::P | Pte::A | Pte::PS | rights));
            let WalkOutcome::Translation(entry) = world.look(from).outcome else { panic!("a leaf") };
            assert_eq!(entry.pfn, first);
            let seen = matches!(owner, Owner::Table { .. }) && rights == 0;
            let used = seen || matches!(owner, Owner::User { .. } | Owner::Data);
            assert_eq!(entry.provenance == Provenance::Sound, used, "{level:?} {owner:?}");
        }
    }
}
