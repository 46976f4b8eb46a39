//! Paging modes: H62.

use crate::support::*;
use x86::*;

/// Levels of pointers with 5-level paging, and the lowest address bit that selects an entry there.
const ALL_POINTERS: [(Level, u32); 4] =
    [(Level::Pml5, 48), (Level::Pml4, 39), (Level::Pdpt, 30), (Level::Pd, 21)];

#[test]
fn h62_cr3_leads_to_a_pml5_table_and_every_level_below_is_as_with_four() {
    let mut world = World::of_five_levels();
    let four = World::new().walk_from_cr3();
    let mut from = TableRef::from_cr3(&world.cpu, &world.map);
    assert_eq!(from, reference(Level::Pml5, PML5));
    for (level, _) in ALL_POINTERS {
        let below = level.below().expect("a table is below");
        let walked = world.step(from);
        let WalkOutcome::Structure(entry) = walked.outcome else { panic!("{level:?}: {:?}", walked.outcome) };
        assert_eq!((walked.from.level, entry.level, entry.table), (level, level, table(below)));
        from = TableRef::from_psc(&entry).expect("not from a PTE");
    }
    assert_eq!(world.step(from).outcome, four.outcome);
    assert_eq!((world.cpu.psc.len(), world.cpu.tlb.len()), (4, 1));
    assert_eq!(world.translate(false).map(|found| found.1), Ok(PAGE));
    world.write(Level::Pml5, Pte(0));
    assert_eq!(world.translate(false), Err(Fault::NotPresent(Level::Pml5)));
}

#[test]
fn h62_a_pml5e_serves_all_addresses_that_share_bits_56_to_48() {
    let mut world = World::of_five_levels();
    world.walk_from_cr3();
    for (level, shift) in ALL_POINTERS {
        let cached = *world.cpu.psc.iter().find(|entry| entry.level == level).expect("it was cached");
        for bit in 12..57 {
            // Bits 63:57 repeat bit 56.
            let other = VA ^ if bit == 56 { 0xff << 56 } else { 1 << bit };
            let other = world.map.linear(other).expect("canonical with five levels");
            assert_eq!(cached.covers(other), bit < shift, "{level:?} {bit}");
        }
    }
}

#[test]
fn h62_addresses_of_57_bits_are_canonical_and_lead_through_the_root() {
    let mut world = World::of_five_levels();
    let high = 0x00a5_0000_0000_0000 | VA;
    assert_eq!(World::new().map.linear(high), None);
    let address = world.map.linear(high).expect("canonical with five levels");
    assert_eq!(
        world.look_at(TableRef::from_cr3(&world.cpu, &world.map), address).outcome,
        WalkOutcome::NotPresent
    );
    let frame = world.frame(PML5) as usize;
    world.memory.frames[frame].put(0xa5u32, ROOT.base() | 7);
    let walked = world.look_at(TableRef::from_cr3(&world.cpu, &world.map), address);
    assert_eq!(walked.index, 0xa5);
    let WalkOutcome::Structure(entry) = walked.outcome else { panic!("{:?}", walked.outcome) };
    assert_eq!((entry.tag, entry.table), (0xa5, ROOT));
}

#[test]
fn h62_no_pml5e_maps_a_page() {
    for vendor in VENDORS {
        let mut world = World::of_five_levels();
        world.map.vendor = vendor;
        for entry in entries(ROOT).into_iter().filter(|entry| entry.has(Pte::P)) {
            world.write(Level::Pml5, entry);
            let outcome = world.look(reference(Level::Pml5, PML5)).outcome;
            let refused = reserved(entry, Level::Pml5, vendor);
            assert_eq!(outcome == WalkOutcome::Reserved, refused, "{vendor:?} {entry:x?}");
            assert_eq!(matches!(outcome, WalkOutcome::Structure(_)), !refused, "{vendor:?} {entry:x?}");
        }
    }
}

#[test]
fn h62_a_cached_pml5e_outlives_the_entry_until_an_invalidation() {
    for tce in BOOLS {
        let mut world = World::of_five_levels();
        world.control = control(true, true, tce);
        world.walk_from_cr3();
        world.cpu.tlb.clear();
        world.cpu.psc.retain(|entry| entry.level == Level::Pml5);
        world.write(Level::Pml5, Pte(0));
        let start = world.cached(Level::Pml5).expect("it was cached");
        assert_eq!(start, reference(Level::Pml4, ROOT));
        assert!(matches!(world.walk(start).outcome, WalkOutcome::Translation(entry) if entry.pfn == PAGE));
        // With TCE a page under another PML5E keeps the pointers; without it they all go.
        let elsewhere = world.map.linear(VA | 1 << 48).expect("canonical with five levels");
        world.cpu.invlpg(world.control, elsewhere);
        assert_eq!(world.cached(Level::Pml5).is_some(), tce);
        world.cpu.invlpg(world.control, va(VA));
        assert_eq!(world.cpu.psc.len() + world.cpu.tlb.len(), 0);
    }
}
