//! INVLPGB on full caches: what one processor removes when it carries one out. H48, and H50 for what it leaves.

use crate::support::*;
use x86::*;

const ALL: Broadcast = Broadcast {
    pcid: None,
    range: None,
    globals: false,
    final_only: false,
    asid: None,
    nested: false,
    by: Asks::Invlpgb,
};

/// Every combination of operands, for one page or for none.
fn every_broadcast(mut each: impl FnMut(Broadcast)) {
    for pcid in [None, Some(PCIDS[0]), Some(PCIDS[1]), Some(PCIDS[2])] {
        for range in [None, Some((va(VA), 1))] {
            for globals in BOOLS {
                for final_only in BOOLS {
                    each(Broadcast { pcid, range, globals, final_only, ..ALL });
                }
            }
        }
    }
}

/// What is left of full caches.
fn after(current: Pcid, tce: bool, broadcast: &Broadcast) -> (Cpu, Removed) {
    let mut cpu = full(current, VA);
    let removed = cpu.invlpgb(control(true, true, tce), broadcast);
    (cpu, removed)
}

#[test]
fn h48_invlpgb_removes_the_translations_that_its_operands_name() {
    for current in PCIDS {
        every_broadcast(|broadcast| {
            let (cpu, removed) = after(current, false, &broadcast);
            for (entry, class) in every_tlb_entry(VA) {
                let address = broadcast.range.is_none() || class.at_va;
                // A global translation has no PCID that counts.
                let tag = broadcast.pcid.is_none_or(|pcid| class.global || pcid == class.pcid);
                let gone = address && tag && (!class.global || broadcast.globals);
                assert_eq!(removed.tlb.contains(&entry), gone, "{class:?} {broadcast:?}");
                assert_eq!(cpu.tlb.contains(&entry), !gone, "{class:?} {broadcast:?}");
            }
            assert_eq!(removed.tlb.len() + cpu.tlb.len(), every_tlb_entry(VA).len());
            assert_eq!(cpu.cr3, full(current, VA).cr3, "whose PCID is current makes no difference");
        });
    }
}

#[test]
fn h48_upper_levels_go_with_it_unless_it_is_final_only_and_with_tce_only_those_on_the_path() {
    for tce in BOOLS {
        every_broadcast(|broadcast| {
            let (cpu, removed) = after(PCIDS[1], tce, &broadcast);
            for (entry, class) in every_psc_entry(VA) {
                let tag = broadcast.pcid.is_none_or(|pcid| pcid == class.pcid);
                let address = !tce || broadcast.range.is_none() || class.at_va;
                let gone = tag && address && !broadcast.final_only;
                assert_eq!(removed.psc.contains(&entry), gone, "{class:?} {broadcast:?} tce {tce}");
                assert_eq!(cpu.psc.contains(&entry), !gone, "{class:?} {broadcast:?} tce {tce}");
            }
            assert_eq!(removed.psc.len() + cpu.psc.len(), every_psc_entry(VA).len());
            assert!(cpu.tlb.is_sorted() && cpu.psc.is_sorted());
        });
    }
}

#[test]
fn h48_a_range_is_a_count_of_pages_from_its_first_address_on() {
    let page = |number: u64| TlbEntry { page: (VA >> 12) + number, ..every_tlb_entry(VA)[0].0 };
    for pages in 0..5 {
        let mut cpu = Cpu::new(ROOT);
        for number in 0..5 {
            cpu.insert_tlb(page(number));
        }
        let removed =
            cpu.invlpgb(control(true, true, false), &Broadcast { range: Some((va(VA), pages)), ..ALL });
        assert_eq!(removed.tlb, (0..pages.into()).map(page).collect::<Vec<_>>());
        assert_eq!(cpu.tlb, (pages.into()..5).map(page).collect::<Vec<_>>());
    }
}

#[test]
fn h48_a_range_that_only_touches_a_large_page_removes_it() {
    for (level, shift) in LEAVES {
        let entry = TlbEntry { level, page: VA >> shift, ..every_tlb_entry(VA)[0].0 };
        // The range begins on the last 4 KiB page before it.
        let before = va((VA >> shift << shift) - 4096);
        for (pages, gone) in [(1, false), (2, true)] {
            let mut cpu = Cpu::new(ROOT);
            cpu.insert_tlb(entry);
            cpu.invlpgb(control(true, true, false), &Broadcast { range: Some((before, pages)), ..ALL });
            assert_eq!(cpu.tlb.is_empty(), gone, "{level:?} {pages}");
        }
    }
}

#[test]
fn h50_a_broadcast_carried_out_twice_finds_nothing_the_second_time() {
    every_broadcast(|broadcast| {
        let (mut cpu, _) = after(PCIDS[0], true, &broadcast);
        assert_eq!(cpu.invlpgb(control(true, true, true), &broadcast), Removed::default());
    });
}

/// What INVPCID type 0 and type 1 remove on Intel, and nothing of guests.
#[test]
fn h72_a_remote_action_request_removes_what_invpcid_removes() {
    let bits = control(true, true, false);
    for pcid in PCIDS {
        for address in [None, Some(va(VA))] {
            let kind = address.map_or(Invpcid::Single(pcid), |va| Invpcid::Address(pcid, va));
            let mut asked = full(Pcid(0), VA);
            let mut own = asked.clone();
            let removed = asked.invlpgb(bits, &Broadcast::request(pcid, address));
            assert_eq!(removed, own.invpcid(bits, Vendor::Intel, kind), "{kind:?}");
            assert_eq!(asked, own);
            assert!(!removed.tlb.is_empty() && removed.tlb.iter().all(|entry| !entry.global));
        }
    }
    // A guest's entries stay, of whatever kind.
    for kind in [SpaceKind::Combined, SpaceKind::GuestPhysical] {
        let vpid = u8::from(kind == SpaceKind::Combined);
        let mut cpu = full(Pcid(0), VA);
        for entry in &mut cpu.tlb {
            entry.space = Space { kind, vpid, ept: 7 };
        }
        for entry in &mut cpu.psc {
            entry.space = Space { kind, vpid, ept: 7 };
        }
        let removed = cpu.invlpgb(bits, &Broadcast::request(PCIDS[1], None));
        assert_eq!(removed, Removed::default(), "{kind:?}");
    }
}
