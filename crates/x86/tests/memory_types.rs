//! Where tables may lie, and what a walk to somewhere else does: H28 to H33.

use crate::support::*;
use x86::*;

/// Places that a pointer can lead to, each with its type by MTRR.
fn places() -> Vec<(Pfn, MemoryType)> {
    let mut places = vec![(OTHER, MemoryType::Wb), (OTHER_DRAM, MemoryType::Wb), (HOLE, MemoryType::Uc)];
    places.extend(MEMORY_TYPES.map(|memory_type| (device(memory_type), memory_type)));
    places
}

/// A step of a walk, and what it depends on.
struct Case {
    vendor: Vendor,
    tlb_cache_dis: bool,
    /// An instruction waits for it.
    wanted: bool,
    /// Type by the PCD and PWT that came with the pointer.
    pointer: MemoryType,
    /// Type of the place by MTRR.
    mtrr: MemoryType,
    backing: Backing,
    walked: Walked,
    /// Whether memory or the processor changed.
    changed: bool,
    pops: Vec<u8>,
}

impl Case {
    /// Whether the walker assumes that tables lie in write-back DRAM.
    fn assumes_dram(&self) -> bool {
        self.vendor == Vendor::Amd && !self.tlb_cache_dis
    }

    /// By the rows of SDM table 11-7 that end in UC.
    fn uncacheable(&self) -> bool {
        use MemoryType::*;
        match self.mtrr {
            Uc => self.pointer != Wc,
            Wc => matches!(self.pointer, Uc | Wt | Wp),
            Wp => self.pointer == Uc,
            _ => matches!(self.pointer, Uc | UcMinus),
        }
    }

    fn in_dram(&self) -> bool {
        matches!(self.backing, Backing::Frame(_) | Backing::OtherDram)
    }
}

/// All combinations of vendor, TlbCacheDis, whether an instruction waits for the walk, pointer type, place, level and standing
/// of the pointer. A page of another owner holds a word that is present.
fn every_fetch(mut each: impl FnMut(Case)) {
    for vendor in VENDORS {
        for (tlb_cache_dis, wanted) in [(false, false), (false, true), (true, false), (true, true)] {
            for pointer in PAT_TYPES {
                for (place, mtrr) in places() {
                    for level in WALK {
                        for provenance in PROVENANCES {
                            let from =
                                TableRef { memory_type: pointer, provenance, ..reference(level, place) };
                            let mut world = World::new();
                            (world.map.vendor, world.map.tlb_cache_dis) = (vendor, tlb_cache_dis);
                            each(fetch(world, from, wanted, mtrr));
                        }
                    }
                }
            }
        }
    }
}

fn fetch(mut world: World, from: TableRef, wanted: bool, mtrr: MemoryType) -> Case {
    world.write_in(OTHER, from.level, Pte(PAGE.base() | 7));
    let before = (world.cpu.clone(), world.memory.frames.clone());
    let walked = world.look_as(from, va(VA), Circumstances { own: None, wanted });
    walked.apply(&mut world.cpu, &mut world.memory);
    Case {
        vendor: world.map.vendor,
        tlb_cache_dis: world.map.tlb_cache_dis,
        wanted,
        pointer: from.memory_type,
        mtrr,
        backing: world.map.backing(from.table),
        walked,
        changed: before != (world.cpu, world.memory.frames),
        pops: world.memory.pops,
    }
}

#[test]
fn h28_types_by_mtrr_are_those_of_the_map() {
    let world = World::new();
    for (place, mtrr) in places() {
        assert_eq!(world.map.mtrr_type(world.map.backing(place)), mtrr, "{place}");
    }
    assert_eq!(world.map.backing(OTHER), Backing::Frame(world.frame(OTHER)));
    assert_eq!(world.map.backing(OTHER_DRAM), Backing::OtherDram);
    assert_eq!(world.map.backing(HOLE), Backing::Absent);
    for (number, memory_type) in (0..).zip(MEMORY_TYPES) {
        let first = device(memory_type);
        assert_eq!(world.map.backing(first), Backing::Device(number));
    }
    // Ranges end before their end.
    assert_eq!(world.map.backing(Pfn(0x7_ffff)), Backing::OtherDram);
    assert_eq!(world.map.backing(Pfn(0x8_0000)), Backing::Absent);
}

#[test]
fn h28_a_table_is_read_with_pcd_and_pwt_of_the_entry_that_points_to_it() {
    for level in POINTERS.map(|pointer| pointer.0) {
        for bits in [0, Pte::PWT, Pte::PCD, Pte::PCD | Pte::PWT] {
            let mut world = World::new();
            world.write(level, Pte(world.read(level).0 | bits));
            // The entry is read: its own table came with a pointer that has neither bit.
            let WalkOutcome::Structure(_) = world.step(reference(level, table(level))).outcome else {
                panic!("{level:?} {bits:x}")
            };
            let start = world.cached(level).expect("it was cached");
            let uncacheable = bits & Pte::PCD != 0;
            let outcome = world.look(start).outcome;
            assert_eq!(outcome == WalkOutcome::Uncacheable, uncacheable, "{level:?} {bits:x}: {outcome:?}");
        }
    }
    let world = World::new();
    assert_eq!(TableRef::from_cr3(&world.cpu, &world.map).memory_type, MemoryType::Wb);
}

#[test]
fn h28_both_types_together_make_a_table_uncacheable() {
    every_fetch(|case| {
        // A hole can't be read, whatever the type.
        if case.vendor == Vendor::Intel && !case.wanted && case.backing != Backing::Absent {
            let (found, expected) = (case.walked.outcome == WalkOutcome::Uncacheable, case.uncacheable());
            assert_eq!(found, expected, "{:?} {:?} {:?}", case.pointer, case.mtrr, case.walked);
        }
    });
}

#[test]
fn h28_the_pat_and_the_mtrrs_combine_as_in_sdm_table_11_7() {
    use MemoryType::*;
    // Rows are MTRR types, columns PAT types in the order UC, UC-, WC, WT, WB, WP.
    let columns = [Uc, UcMinus, Wc, Wt, Wb, Wp];
    let table = [
        (Uc, [Uc, Uc, Wc, Uc, Uc, Uc]),
        (Wc, [Uc, Wc, Wc, Uc, Wc, Uc]),
        (Wt, [Uc, Uc, Wc, Wt, Wt, Wp]),
        (Wb, [Uc, Uc, Wc, Wt, Wb, Wp]),
        (Wp, [Uc, Wc, Wc, Wt, Wp, Wp]),
    ];
    for (mtrr, row) in table {
        for (pat, expected) in columns.into_iter().zip(row) {
            assert_eq!(pat.with_mtrr(mtrr), expected, "{pat:?} {mtrr:?}");
        }
    }
}

#[test]
fn h29_a_changed_memory_type_has_no_effect_until_invalidation() {
    for level in POINTERS.map(|pointer| pointer.0) {
        let mut world = World::new();
        world.walk_from_cr3();
        world.write(level, Pte(world.read(level).0 | Pte::PCD));
        let start = world.cached(level).expect("it was cached");
        assert!(matches!(world.walk(start).outcome, WalkOutcome::Translation(_)), "{level:?}");
        world.cpu.invlpg(world.control, va(VA));
        assert_eq!(world.walk_from_cr3().outcome, WalkOutcome::Uncacheable, "{level:?}");
        // And the other way round.
        world.write(level, Pte(world.read(level).0 & !Pte::PCD));
        let start = world.cached(level).expect("it was cached");
        assert_eq!(world.walk(start).outcome, WalkOutcome::Uncacheable, "{level:?}");
    }
    let mut world = World::new();
    world.walk_from_cr3();
    world.write(Level::Pt, Pte(world.read(Level::Pt).0 | Pte::PCD));
    assert!(world.cpu.translations(va(VA)).all(|entry| entry.memory_type == MemoryType::Wb));
    world.cpu.invlpg(world.control, va(VA));
    world.walk_from_cr3();
    assert!(world.cpu.translations(va(VA)).all(|entry| entry.memory_type == MemoryType::UcMinus));
}

#[test]
fn h30_no_speculative_walk_is_made_into_uncacheable_memory() {
    let mut stopped = 0;
    every_fetch(|case| {
        if case.wanted || case.assumes_dram() || !case.uncacheable() {
            return;
        }
        stopped += 1;
        assert_eq!(case.walked.outcome, WalkOutcome::Uncacheable, "{:?}", case.walked);
        // Nothing is read, so nothing is a hazard and nothing changes.
        assert!(case.walked.hazards.is_empty(), "{:?}", case.walked);
        assert_eq!((case.walked.value, case.walked.owner, case.walked.sets_accessed), (Pte(0), None, None));
        assert!(!case.changed && case.pops.iter().all(|&pops| pops == 0));
    });
    assert!(stopped > 100, "{stopped}");
}

#[test]
fn h30_walks_are_made_into_memory_of_every_other_type_and_into_any_if_an_instruction_waits() {
    let mut made = [0, 0];
    every_fetch(|case| {
        if case.assumes_dram() || (case.uncacheable() && !case.wanted) || case.backing == Backing::Absent {
            return;
        }
        made[usize::from(case.uncacheable())] += 1;
        match case.backing {
            Backing::Frame(_) => assert_eq!(case.walked.value, Pte(PAGE.base() | 7)),
            Backing::OtherDram => assert_eq!(case.walked.outcome, WalkOutcome::NotPresent),
            Backing::Device(device) => {
                assert_eq!(case.walked.outcome, WalkOutcome::DeviceRead { device });
                assert!(case.walked.hazards.has(Hazard::DeviceRead));
                assert_eq!(case.pops.iter().sum::<u8>(), 1);
                assert_eq!(case.pops[device as usize], 1);
            }
            Backing::Absent => unreachable!("left out above"),
        }
        assert_eq!(case.changed, matches!(case.backing, Backing::Frame(_)));
    });
    assert!(made.iter().all(|&made| made > 100), "{made:?}");
}

#[test]
fn h30_where_nothing_answers_nothing_is_read_even_if_an_instruction_waits() {
    every_fetch(|case| {
        if !case.assumes_dram() && case.backing == Backing::Absent {
            assert_eq!(case.walked.outcome, WalkOutcome::Uncacheable);
            assert!(case.walked.hazards.is_empty() && !case.changed);
        }
    });
}

#[test]
fn h31_an_amd_walker_takes_tables_for_dram_whatever_the_pointers_type() {
    let mut reads = 0;
    every_fetch(|case| {
        if !case.assumes_dram() || !case.in_dram() {
            return;
        }
        reads += 1;
        assert_ne!(case.walked.outcome, WalkOutcome::Uncacheable, "{:?}", case.pointer);
        match case.backing {
            Backing::Frame(_) => assert_eq!(case.walked.value, Pte(PAGE.base() | 7)),
            _ => {
                assert_eq!(case.walked.outcome, WalkOutcome::NotPresent);
                assert!(case.walked.hazards.has(Hazard::WalkOfFreed));
            }
        }
    });
    assert!(reads > 100, "{reads}");
}

#[test]
fn h31_with_tlb_cache_dis_an_amd_walker_checks_types() {
    let mut all = [Vec::new(), Vec::new()];
    every_fetch(|case| {
        if case.tlb_cache_dis {
            all[usize::from(case.vendor == Vendor::Amd)].push(case.walked);
        }
    });
    assert_eq!(all[0], all[1]);
    assert!(!all[0].is_empty());
}

#[test]
fn h32_an_amd_table_fetch_outside_of_dram_is_a_machine_check() {
    let mut checks = 0;
    every_fetch(|case| {
        let expected = case.assumes_dram() && !case.in_dram();
        assert_eq!(case.walked.outcome == WalkOutcome::MachineCheck, expected, "{:?}", case.walked);
        assert_eq!(case.walked.hazards.has(Hazard::MachineCheck), expected);
        if expected {
            assert!(!case.changed && case.pops.iter().all(|&pops| pops == 0));
            checks += 1;
        }
    });
    assert!(checks > 100, "{checks}");
}

#[test]
fn h33_an_intel_walk_stops_at_uc_memory_and_never_is_a_machine_check() {
    let mut stopped = 0;
    every_fetch(|case| {
        if case.vendor == Vendor::Intel {
            assert_ne!(case.walked.outcome, WalkOutcome::MachineCheck);
            if case.mtrr == MemoryType::Uc && case.pointer != MemoryType::Wc && !case.wanted {
                assert_eq!(case.walked.outcome, WalkOutcome::Uncacheable);
                stopped += 1;
            }
        }
    });
    assert!(stopped > 100, "{stopped}");
}
