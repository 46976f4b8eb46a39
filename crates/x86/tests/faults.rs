//! Committed accesses and memory: what a fault removes, and what it finds when it looks again. H15, H23, H47.

use crate::support::*;
use x86::*;

#[test]
fn h15_after_a_fault_nothing_stale_is_used_for_the_address() {
    for current in PCIDS {
        let mut cpu = full(current, VA);
        cpu.page_fault(va(VA));
        assert_eq!(cpu.translations(va(VA)).count(), 0, "under {current}");
        assert_eq!(cpu.structures(va(VA)).count(), 0, "under {current}");
    }
}

#[test]
fn h15_a_retried_access_finds_what_memory_says() {
    // A pointer into a page that another owner has now: nothing is present there. Memory has a new table.
    for level in POINTERS.map(|pointer| pointer.0) {
        let mut world = World::new();
        let good = world.read(level);
        world.write(level, Pte(OTHER.base() | Pte::P | Pte::RW | Pte::US));
        world.step(reference(level, table(level)));
        world.write(level, good);
        let stale = world.cached(level).expect("it was cached");
        assert_eq!(world.look(stale).outcome, WalkOutcome::NotPresent);
        let removed = world.cpu.page_fault(va(VA));
        assert_eq!((removed.tlb.len(), removed.psc.len()), (0, 1));
        assert!(world.cached(level).is_none());
        assert!(
            matches!(world.walk_from_cr3().outcome, WalkOutcome::Translation(entry) if entry.pfn == PAGE)
        );
        assert!(world.translate(true).is_ok());
    }
}

#[test]
fn h15_memory_is_asked_from_the_root_whatever_is_cached() {
    // Every entry at every level, every kind of access, against a reading of the manual's conditions in order.
    for vendor in VENDORS {
        for level in WALK {
            let mut world = World::new();
            world.map.vendor = vendor;
            world.walk_from_cr3();
            for entry in entries(PAGE) {
                world.write(level, entry);
                for write in BOOLS {
                    let bit = |bit: u32| entry.0 >> bit & 1 == 1;
                    let expected = if !bit(0) {
                        Err(Fault::NotPresent(level))
                    } else if reserved(entry, level, vendor) {
                        Err(Fault::Reserved(level))
                    } else if !is_leaf(entry, level) {
                        // It does not point to the next table, but to a page, to a neighbouring table, or to a hole.
                        match (level.below(), world.map.backing(Pfn(entry.0 >> 12 & 0xff_ffff_ffff))) {
                            (Some(below), Backing::Frame(_) | Backing::OtherDram) => {
                                Err(Fault::NotPresent(below))
                            }
                            (below, _) => Err(Fault::Unreachable(below.unwrap_or(level))),
                        }
                    } else if !bit(2) || write && !bit(1) {
                        Err(Fault::Protection)
                    } else {
                        Ok((level, entry.pfn(level), entry))
                    };
                    assert_eq!(world.translate(write), expected, "{level:?} {entry:x?} {write}");
                }
            }
        }
    }
}

#[test]
fn h15_rights_in_memory_are_those_of_the_whole_path() {
    // Every choice of R/W and U/S at every level.
    for choice in 0..1u32 << 8 {
        let mut world = World::new();
        let (mut writable, mut user) = (true, true);
        for level in WALK {
            let bits = choice >> (2 * (level as u32 - 1)) & 3;
            (writable, user) = (writable && bits & 1 != 0, user && bits & 2 != 0);
            world.write(level, Pte(world.read(level).0 & !6 | u64::from(bits) << 1));
        }
        assert_eq!(world.translate(false).is_ok(), user, "{choice:o}");
        assert_eq!(world.translate(true).is_ok(), user && writable, "{choice:o}");
        if !user || !writable {
            assert_eq!(world.translate(true), Err(Fault::Protection));
        }
    }
}

#[test]
fn h15_tables_outside_of_the_modelled_frames_are_found_empty_or_not_at_all() {
    for level in POINTERS.map(|pointer| pointer.0) {
        let below = level.below().expect("it points to a table");
        let places = [
            (OTHER_DRAM, Fault::NotPresent(below)),
            (device(MemoryType::Uc), Fault::Unreachable(below)),
            (HOLE, Fault::Unreachable(below)),
        ];
        for (place, fault) in places {
            let mut world = World::new();
            world.write(level, Pte::table(place));
            assert_eq!(world.translate(false), Err(fault), "{level:?} {place}");
        }
    }
}

#[test]
fn h23_a_right_granted_without_invalidation_costs_at_most_one_fault() {
    for (bit, level) in WALK.into_iter().flat_map(|level| [Pte::RW, Pte::US].map(|bit| (bit, level))) {
        let mut world = World::new();
        let granted = world.read(level);
        world.write(level, Pte(granted.0 & !bit));
        world.walk_from_cr3();
        world.write(level, granted);
        let allows = |entry: &TlbEntry| entry.rights.write && entry.rights.user;
        // The stricter entry stays and is used ...
        assert!(world.cpu.translations(va(VA)).next().is_some_and(|entry| !allows(entry)));
        assert!(world.translate(true).is_ok());
        // ... until the fault that it causes; after that, no walk can bring it back.
        world.cpu.page_fault(va(VA));
        world.walk_from_cr3();
        let now: Vec<&TlbEntry> = world.cpu.translations(va(VA)).collect();
        assert!(now.len() == 1 && allows(now[0]), "{level:?} {bit:x}: {now:?}");
    }
}

#[test]
fn h23_setting_p_needs_no_invalidation() {
    for level in WALK {
        let mut world = World::new();
        let present = world.read(level);
        world.write(level, Pte(present.0 & !1));
        world.walk_from_cr3();
        assert_eq!(world.translate(false), Err(Fault::NotPresent(level)));
        world.write(level, present);
        assert!(matches!(world.walk_from_cr3().outcome, WalkOutcome::Translation(_)), "{level:?}");
        assert!(world.translate(false).is_ok());
    }
}

#[test]
fn h47_a_page_fault_removes_what_would_be_used_for_the_address_and_nothing_else() {
    for current in PCIDS {
        for address in [VA, VA | 0xffff_8000_0000_0000] {
            let mut cpu = full(current, address);
            let removed = cpu.page_fault(va(address));
            for (entry, class) in every_tlb_entry(address) {
                let gone = removed.tlb.contains(&entry);
                assert_eq!(gone, !cpu.tlb.contains(&entry), "{class:?}");
                if class.at_va && class.pcid == current {
                    assert!(gone, "{class:?} must go under {current}");
                }
                // H15 and H23 ask for a little more than the letter of the rule: globals of other PCIDs could be
                // used for the retried access.
                let usable = class.at_va && (class.pcid == current || class.global);
                assert_eq!(gone, usable, "{class:?} under {current}");
            }
            for (entry, class) in every_psc_entry(address) {
                let used = class.at_va && class.pcid == current;
                assert_eq!(
                    removed.psc.contains(&entry),
                    used,
                    "{class:?} of {:?} under {current}",
                    entry.level
                );
                assert_eq!(cpu.psc.contains(&entry), !used);
            }
        }
    }
}
