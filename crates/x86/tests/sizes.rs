//! Several translations of one address, of different sizes: H25.

use crate::support::*;
use x86::*;

/// A translation of [`VA`] by an entry of a level.
fn leaf(level: Level, pcid: Pcid, global: bool) -> TlbEntry {
    let mut entries = every_tlb_entry(VA).into_iter();
    let class = Class { pcid, global, at_va: true };
    entries.find(|e| e.0.level == level && e.1 == class).expect("there is one of each").0
}

#[test]
fn h25_translations_of_two_sizes_conflict_if_both_are_usable() {
    let (here, there) = (PCIDS[1], PCIDS[2]);
    for (first, _) in LEAVES {
        for (second, _) in LEAVES {
            for (pcid, global) in [(here, false), (here, true), (there, false), (there, true)] {
                let mut cpu = Cpu::new(ROOT);
                cpu.cr3.pcid = here;
                cpu.insert_tlb(leaf(first, here, false));
                assert!(!cpu.sizes_conflict(va(VA)), "one is no conflict");
                cpu.insert_tlb(leaf(second, pcid, global));
                let usable = pcid == here || global;
                assert_eq!(cpu.sizes_conflict(va(VA)), usable && first != second, "{first:?} {second:?}");
            }
        }
    }
}

#[test]
fn h25_copies_of_one_size_are_no_conflict_whatever_they_say() {
    for (level, _) in LEAVES {
        let mut cpu = Cpu::new(ROOT);
        let entry = leaf(level, Pcid(0), false);
        cpu.insert_tlb(entry);
        cpu.insert_tlb(TlbEntry { pfn: Pfn(PAGE.0 + (1 << 18)), ..entry });
        cpu.insert_tlb(TlbEntry { rights: Rights { write: false, ..entry.rights }, ..entry });
        assert_eq!(cpu.translations(va(VA)).count(), 3);
        assert!(!cpu.sizes_conflict(va(VA)));
    }
}

#[test]
fn h25_only_an_address_that_both_cover_has_the_conflict() {
    let mut cpu = Cpu::new(ROOT);
    for level in [Level::Pt, Level::Pd] {
        cpu.insert_tlb(leaf(level, Pcid(0), false));
    }
    assert!(cpu.sizes_conflict(va(VA)));
    for neighbour in [VA ^ 1 << 12, VA ^ 1 << 20, VA ^ 1 << 21] {
        assert!(!cpu.sizes_conflict(va(neighbour)), "{neighbour:#x}");
    }
}

#[test]
fn h25_a_page_split_or_merged_without_a_flush_leaves_both_sizes() {
    // A PDE that maps 2 MiB and one that points to a table with the same first page.
    for split in BOOLS {
        let mut world = World::new();
        let small = world.read(Level::Pd);
        let large = Pte(PAGE.base() | Pte::P | Pte::RW | Pte::US | Pte::PS);
        let (before, after) = if split { (large, small) } else { (small, large) };
        world.write(Level::Pd, before);
        world.walk_from_cr3();
        world.write(Level::Pd, after);
        assert!(!world.cpu.sizes_conflict(va(VA)));
        world.walk_from_cr3();
        assert!(world.cpu.sizes_conflict(va(VA)), "split {split}");
        // With P = 0 and a flush in between there is only the new one.
        world.cpu.invlpg(world.control, va(VA));
        world.walk_from_cr3();
        assert!(!world.cpu.sizes_conflict(va(VA)), "split {split}");
    }
}
