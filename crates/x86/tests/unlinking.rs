//! What a kernel has to do after it has changed an entry, and when: H52, H53, H58.

use crate::support::*;
use x86::*;

/// Unlinks the table below an entry after its pointer has been cached, but no translation through it.
fn unlinked(level: Level) -> World {
    let mut world = World::new();
    let below = table(level.below().expect("it points to a table"));
    let frame = world.frame(below) as usize;
    world.memory.frames[frame].clear();
    world.walk_from_cr3();
    assert!(world.cpu.tlb.is_empty() && world.cached(level).is_some());
    world.write(level, Pte(0));
    world
}

/// Whether a walk can still reach the table that was unlinked, under the current PCID.
fn reachable(world: &World, unlinked: Pfn) -> bool {
    world.cpu.structures(va(VA)).any(|entry| entry.table == unlinked)
}

#[test]
fn h52_one_invlpg_is_needed_even_if_nothing_was_translated_through_the_entry() {
    for level in POINTERS.map(|pointer| pointer.0) {
        let freed = table(level.below().expect("it points to a table"));
        let mut world = unlinked(level);
        assert!(reachable(&world, freed));
        // Without TCE any address does, with it one below the entry.
        for (tce, address, enough) in
            [(false, VA, true), (false, VA ^ 1 << 46, true), (true, VA, true), (true, VA ^ 1 << 46, false)]
        {
            let mut world = world.clone();
            world.control.tce = tce;
            world.cpu.invlpg(world.control, va(address));
            assert_eq!(!reachable(&world, freed), enough, "{level:?} {tce} {address:x}");
        }
        // A CR3 write or a change of PGE does as well.
        let mut other = world.clone();
        other.cpu.mov_cr3(world.control, ROOT, Pcid(0), false, Provenance::Sound);
        assert!(!reachable(&other, freed));
        world.cpu.toggle_pge();
        assert!(!reachable(&world, freed));
    }
}

#[test]
fn h52_other_pcids_need_an_invalidation_of_their_own() {
    for level in POINTERS.map(|pointer| pointer.0) {
        let freed = table(level.below().expect("it points to a table"));
        let mut world = unlinked(level);
        let load = |world: &mut World, pcid: u16, noflush: bool| {
            world.cpu.mov_cr3(world.control, ROOT, Pcid(pcid), noflush, Provenance::Sound);
        };
        load(&mut world, 1, true);
        assert!(!reachable(&world, freed), "not under another PCID");
        world.cpu.invlpg(world.control, va(VA));
        load(&mut world, 1, false);
        // Neither invalidation was for PCID 0.
        load(&mut world, 0, true);
        assert!(reachable(&world, freed), "{level:?}");
        // A change of PGE before it is loaded again would have been.
        load(&mut world, 1, true);
        world.cpu.toggle_pge();
        load(&mut world, 0, true);
        assert!(!reachable(&world, freed), "{level:?}");
    }
}

#[test]
fn h53_a_reused_pcid_brings_its_old_entries_unless_it_is_loaded_with_a_flush() {
    for noflush in BOOLS {
        let mut world = World::new();
        world.cpu.mov_cr3(world.control, ROOT, Pcid(1), false, Provenance::Sound);
        world.walk_from_cr3();
        world.cpu.mov_cr3(world.control, ROOT, Pcid(0), true, Provenance::Sound);
        // Another address space gets the PCID. Its tables are empty.
        world.owner(OTHER, Owner::Table { mm: 1, level: Level::Pml4 });
        world.cpu.mov_cr3(world.control, OTHER, Pcid(1), noflush, Provenance::Sound);
        assert_eq!(world.translate(false), Err(Fault::NotPresent(Level::Pml4)));
        let translations = world.cpu.translations(va(VA)).filter(|entry| entry.pfn == PAGE).count();
        assert_eq!(
            (translations, world.cpu.structures(va(VA)).count()),
            if noflush { (1, 3) } else { (0, 0) }
        );
    }
}

#[test]
fn h53_global_entries_survive_the_flush() {
    let mut world = World::new();
    world.write(Level::Pt, Pte(world.read(Level::Pt).0 | Pte::G));
    world.walk_from_cr3();
    for (pcid, noflush) in [(0, false), (1, false), (1, true), (0, false)] {
        world.cpu.mov_cr3(world.control, ROOT, Pcid(pcid), noflush, Provenance::Sound);
        assert_eq!(world.cpu.translations(va(VA)).count(), 1);
    }
}

#[test]
fn h58_a_flush_removes_only_what_is_cached_by_then() {
    let flushes: [fn(&mut World) -> Removed; 7] = [
        |world| world.cpu.mov_cr3(world.control, ROOT, Pcid(1), false, Provenance::Sound),
        |world| world.cpu.invlpg(world.control, va(VA)),
        |world| world.cpu.invpcid(world.control, world.map.vendor, Invpcid::Address(Pcid(1), va(VA))),
        |world| world.cpu.invpcid(world.control, world.map.vendor, Invpcid::Single(Pcid(1))),
        |world| world.cpu.invpcid(world.control, world.map.vendor, Invpcid::All),
        |world| world.cpu.invpcid(world.control, world.map.vendor, Invpcid::AllNonGlobal),
        |world| world.cpu.toggle_pge(),
    ];
    for level in WALK {
        for flush in flushes {
            let mut world = World::new();
            world.cpu.mov_cr3(world.control, ROOT, Pcid(1), false, Provenance::Sound);
            let stale =
                |world: &World| world.cpu.translations(va(VA)).count() + world.cpu.structures(va(VA)).count();
            world.walk_from_cr3();
            let cached = stale(&world);
            assert_eq!(cached, 4);
            // Too early: the tables still hold the old value, and the next walk brings it back.
            flush(&mut world);
            assert_eq!(stale(&world), 0);
            world.walk_from_cr3();
            world.write(level, Pte(0));
            assert_eq!(stale(&world), cached, "{level:?}");
            // After the store: nothing can bring it back, though walks go on.
            flush(&mut world);
            world.walk_from_cr3();
            assert_eq!(world.cpu.translations(va(VA)).count(), 0, "{level:?}");
            assert!(world.cpu.structures(va(VA)).all(|entry| entry.level > level), "{level:?}");
        }
    }
}
