//! A walk writes memory: the accessed flag, and nothing but that. H17, H18, H19, H24.

use crate::support::*;
use x86::*;

/// Every entry at every level, in a table or in a page of any other owner, read through a reference of any standing
/// by a processor of either vendor: what is in memory before and after.
fn every_step(mut each: impl FnMut(Level, Pte, &World, &World, Walked)) {
    for vendor in VENDORS {
        for level in WALK {
            for owner in owners() {
                let mut before = World::new();
                before.map.vendor = vendor;
                before.owner(OTHER, owner);
                for entry in entries(PAGE) {
                    before.write_in(OTHER, level, entry);
                    let mut after = before.clone();
                    let walked = after.step(reference(level, OTHER));
                    each(level, entry, &before, &after, walked);
                }
            }
        }
    }
}

/// Whether a word looks like a present and valid entry.
fn valid(level: Level, entry: Pte, world: &World) -> bool {
    entry.0 & 1 == 1 && !reserved(entry, level, world.map.vendor)
}

#[test]
fn h17_nothing_is_cached_before_its_accessed_flag_is_set() {
    let mut set = 0;
    every_step(|level, entry, before, after, walked| {
        let clear = entry.0 & 1 << 5 == 0;
        let sets = valid(level, entry, before) && clear;
        assert_eq!(walked.sets_accessed, sets.then(|| before.frame(OTHER)), "{level:?} {entry:x?}");
        if !after.cpu.tlb.is_empty() || !after.cpu.psc.is_empty() {
            assert_eq!(after.read_in(OTHER, level), Pte(entry.0 | 1 << 5));
        }
        set += usize::from(sets);
    });
    assert!(set > 1000, "{set}");
}

#[test]
fn h17_a_walk_that_is_asked_for_nothing_sets_the_flag_at_every_level() {
    let mut world = World::new();
    world.walk_from_cr3();
    for level in WALK {
        let next = level.below().map_or(PAGE, table);
        assert_eq!(world.read(level), Pte(next.base() | Pte::P | Pte::RW | Pte::US | Pte::A), "{level:?}");
    }
}

#[test]
fn h18_one_bit_of_one_word_changes_and_only_where_it_looks_like_an_entry() {
    every_step(|level, entry, before, after, _| {
        let mut expected = before.memory.clone();
        if valid(level, entry, before) {
            let frame = before.frame(OTHER) as usize;
            expected.frames[frame].put(index(level), entry.0 | 1 << 5);
        }
        assert_eq!(after.memory, expected, "{level:?} {entry:x?}");
    });
}

#[test]
fn h18_a_stale_pointer_makes_a_walk_write_into_a_reused_page() {
    for (level, below) in [(Level::Pml4, PDPT), (Level::Pdpt, PD), (Level::Pd, PT)] {
        for owner in [Owner::Free, Owner::Data, Owner::User { mm: 1 }] {
            let mut world = World::new();
            world.walk_from_cr3();
            world.owner(below, owner);
            let next = level.below().expect("it points to a table");
            let andy = u64::from(u32::from_le_bytes(*b"Andy"));
            world.write_in(below, next, Pte(andy));
            let stale = world.cached(level).expect("it is still cached");
            let walked = world.step(stale);
            let word = world.read_in(below, next).0 as u32;
            assert_eq!(word.to_le_bytes(), *b"andy", "{level:?} {owner:?}");
            assert!(walked.hazards.has(Hazard::ABitCorruption));
        }
    }
}

#[test]
fn h19_no_walk_sets_the_dirty_flag() {
    let mut dirty = [0, 0];
    every_step(|level, entry, _, after, walked| {
        assert_eq!(after.read_in(OTHER, level).0 & 1 << 6, entry.0 & 1 << 6, "{level:?} {entry:x?}");
        if let WalkOutcome::Translation(cached) = walked.outcome {
            assert_eq!(cached.dirty, entry.0 & 1 << 6 != 0);
            dirty[usize::from(cached.dirty)] += 1;
        }
    });
    assert!(dirty.iter().all(|&count| count > 1000), "{dirty:?}");
}

#[test]
fn h24_a_flag_cleared_without_invalidation_may_stay_clear() {
    // Software clears A in an upper entry. A walk that starts below it does not notice; one from above sets it.
    for level in POINTERS.map(|pointer| pointer.0) {
        let mut world = World::new();
        world.walk_from_cr3();
        world.write(level, Pte(world.read(level).0 & !Pte::A));
        let start = world.cached(level).expect("it is still cached");
        assert!(matches!(world.walk(start).outcome, WalkOutcome::Translation(_)));
        assert!(!world.read(level).has(Pte::A), "{level:?}");
        world.walk_from_cr3();
        assert!(world.read(level).has(Pte::A), "{level:?}");
    }
    // The same for A and D of the leaf and a cached translation: it is used as it is.
    let mut world = World::new();
    world.write(Level::Pt, Pte(world.read(Level::Pt).0 | Pte::D));
    world.walk_from_cr3();
    world.write(Level::Pt, Pte(world.read(Level::Pt).0 & !(Pte::A | Pte::D)));
    assert!(world.cpu.translations(va(VA)).all(|entry| entry.dirty));
    assert!(!world.read(Level::Pt).has(Pte::A) && !world.read(Level::Pt).has(Pte::D));
}
