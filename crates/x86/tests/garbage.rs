//! Words that were never meant as entries, and entries of two sizes at once: H25, H26.

use crate::support::*;
use x86::*;

/// What a step has to make of a word.
fn expected(word: Pte, level: Level, vendor: Vendor, found: WalkOutcome) -> bool {
    match found {
        WalkOutcome::NotPresent => word.0 & 1 == 0,
        WalkOutcome::Reserved => word.0 & 1 == 1 && reserved(word, level, vendor),
        WalkOutcome::Structure(entry) => {
            word.0 & 1 == 1
                && !reserved(word, level, vendor)
                && !is_leaf(word, level)
                && entry.level == level
                && entry.table.0 == word.0 >> 12 & 0xff_ffff_ffff
        }
        WalkOutcome::Translation(entry) => {
            word.0 & 1 == 1
                && !reserved(word, level, vendor)
                && is_leaf(word, level)
                && entry.level == level
                && entry.pfn == word.pfn(level)
        }
        _ => false,
    }
}

#[test]
fn h26_any_word_is_taken_at_face_value() {
    for vendor in VENDORS {
        for level in WALK {
            for owner in owners() {
                let mut world = World::new();
                world.map.vendor = vendor;
                world.owner(OTHER, owner);
                for word in entries(PAGE) {
                    world.write_in(OTHER, level, word);
                    let found = world.look(reference(level, OTHER)).outcome;
                    assert!(
                        expected(word, level, vendor, found),
                        "{vendor:?} {level:?} {word:x?}: {found:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn h26_every_single_bit_at_every_level() {
    for vendor in VENDORS {
        for level in WALK {
            for bit in 0..64u32 {
                for ps in [0, 1 << 7] {
                    let word = Pte(1 | 1 << bit | ps);
                    assert_eq!(
                        word.reserved(level, 46, vendor),
                        reserved(word, level, vendor),
                        "{level:?} {bit} {ps}"
                    );
                    assert_eq!(word.is_leaf(level), is_leaf(word, level));
                }
            }
        }
    }
}

#[test]
fn h26_address_bits_beyond_the_processors_are_reserved() {
    for maxphyaddr in 36..=52u8 {
        for level in WALK {
            for bit in 12..63u32 {
                let word = Pte(1 | 1 << bit);
                let beyond = (u32::from(maxphyaddr)..52).contains(&bit);
                for vendor in VENDORS {
                    assert_eq!(
                        word.reserved(level, maxphyaddr, vendor),
                        beyond,
                        "{maxphyaddr} {level:?} {bit}"
                    );
                }
            }
        }
    }
}

#[test]
fn h26_the_address_in_an_entry_is_that_of_its_size() {
    for level in WALK {
        for ps in [0, 1 << 7] {
            let word = Pte(u64::MAX >> 12 << 12 | 1 | ps);
            let low = match level {
                Level::Pd if ps != 0 => 21,
                Level::Pdpt if ps != 0 => 30,
                _ => 12,
            };
            assert_eq!(word.pfn(level).0, (1 << 40) - (1 << (low - 12)), "{level:?} {ps}");
        }
    }
}

#[test]
fn h26_a_text_can_be_an_entry() {
    let andy = Pte(u64::from(u32::from_le_bytes(*b"Andy")));
    for vendor in VENDORS {
        let mut world = World::new();
        world.map.vendor = vendor;
        for level in WALK {
            world.write_in(OTHER, level, andy);
            let outcome = world.look(reference(level, OTHER)).outcome;
            let rights = Rights { write: false, user: false, no_execute: false };
            match outcome {
                WalkOutcome::Structure(entry) if level != Level::Pt => {
                    assert_eq!((entry.table, entry.rights), (Pfn(0x79646), rights));
                }
                WalkOutcome::Translation(entry) if level == Level::Pt => {
                    assert_eq!((entry.pfn, entry.rights), (Pfn(0x79646), rights));
                }
                other => panic!("{level:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn h25_after_a_change_of_page_size_both_translations_may_be_used() {
    // From a page of any size to one of any other, without an invalidation in between.
    let leaf = |world: &mut World, level: Level, pfn: Pfn| {
        for upper in WALK.into_iter().filter(|upper| *upper > level) {
            let below = upper.below().expect("it points to a table");
            world.write(upper, Pte(table(below).base() | 7));
        }
        let ps = if level == Level::Pt { 0 } else { 1 << 7 };
        world.write(level, Pte(pfn.base() | 7 | ps));
        world.walk_from_cr3();
    };
    for old in LEAVES.map(|leaf| leaf.0) {
        for new in LEAVES.map(|leaf| leaf.0).into_iter().filter(|new| *new != old) {
            let mut world = World::new();
            leaf(&mut world, old, PAGE);
            leaf(&mut world, new, Pfn(2 * PAGE.0));
            let mut found: Vec<(Level, Pfn)> =
                world.cpu.translations(va(VA)).map(|entry| (entry.level, entry.pfn)).collect();
            found.sort_unstable();
            let mut both = [(old, PAGE), (new, Pfn(2 * PAGE.0))];
            both.sort_unstable();
            assert_eq!(found, both, "{old:?} to {new:?}");
            world.cpu.invlpg(world.control, va(VA));
            world.walk_from_cr3();
            let found: Vec<Pfn> = world.cpu.translations(va(VA)).map(|entry| entry.pfn).collect();
            assert_eq!(found, [Pfn(2 * PAGE.0)], "{old:?} to {new:?}");
        }
    }
}
