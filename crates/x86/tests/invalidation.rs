//! What each instruction removes from full caches, and that it removes nothing else: H34 to H43, H50.
//!
//! Every operation is tried under every current PCID, for a user address and a kernel one, on caches that hold an
//! entry of every PCID, global or not, of every level, for the address and for others.

use crate::support::*;
use x86::*;

const ADDRESSES: [u64; 2] = [VA, VA | 0xffff_8000_0000_0000];

/// Does `operation` on full caches and compares what is gone, what is left and what is reported with the rule:
/// which classes of translations, and of pointers, have to go.
fn removes(
    current: Pcid,
    address: u64,
    operation: impl Fn(&mut Cpu) -> Removed,
    tlb: impl Fn(Class) -> bool,
    psc: impl Fn(Class) -> bool,
) {
    let mut cpu = full(current, address);
    let removed = operation(&mut cpu);
    for (entry, class) in every_tlb_entry(address) {
        assert_eq!(
            removed.tlb.contains(&entry),
            tlb(class),
            "{class:?} of {:?} under {current}",
            entry.level
        );
        assert_eq!(cpu.tlb.contains(&entry), !tlb(class), "{class:?} of {:?} under {current}", entry.level);
    }
    for (entry, class) in every_psc_entry(address) {
        assert_eq!(
            removed.psc.contains(&entry),
            psc(class),
            "{class:?} of {:?} under {current}",
            entry.level
        );
        assert_eq!(cpu.psc.contains(&entry), !psc(class), "{class:?} of {:?} under {current}", entry.level);
    }
    assert_eq!(removed.tlb.len() + cpu.tlb.len(), every_tlb_entry(address).len());
    assert_eq!(removed.psc.len() + cpu.psc.len(), every_psc_entry(address).len());
    assert!(cpu.tlb.is_sorted() && cpu.psc.is_sorted(), "the caches have one form");
}

/// All PCIDs and addresses.
fn everywhere(mut each: impl FnMut(Pcid, u64)) {
    for current in PCIDS {
        for address in ADDRESSES {
            each(current, address);
        }
    }
}

#[test]
fn h34_mov_cr3_without_pcide_removes_all_but_globals_of_pcid_0() {
    // The new PCID and bit 63 mean nothing then.
    for pcid in PCIDS {
        for noflush in BOOLS {
            let control = control(false, true, false);
            removes(
                Pcid(0),
                VA,
                |cpu| cpu.mov_cr3(control, PDPT, pcid, noflush, Provenance::Sound),
                |class| class.pcid == Pcid(0) && !class.global,
                |class| class.pcid == Pcid(0),
            );
        }
    }
}

#[test]
fn h35_mov_cr3_with_pcide_removes_all_but_globals_of_the_new_pcid() {
    everywhere(|current, address| {
        for new in PCIDS {
            removes(
                current,
                address,
                |cpu| cpu.mov_cr3(control(true, true, false), PDPT, new, false, Provenance::Sound),
                |class| class.pcid == new && !class.global,
                |class| class.pcid == new,
            );
        }
    });
}

#[test]
fn h35_the_same_root_and_pcid_flush_as_well() {
    for pcid in PCIDS {
        removes(
            pcid,
            VA,
            |cpu| cpu.mov_cr3(control(true, true, false), ROOT, pcid, false, Provenance::Sound),
            |class| class.pcid == pcid && !class.global,
            |class| class.pcid == pcid,
        );
    }
}

#[test]
fn h36_mov_cr3_with_pcide_and_bit_63_removes_nothing() {
    everywhere(|current, address| {
        for new in PCIDS {
            removes(
                current,
                address,
                |cpu| cpu.mov_cr3(control(true, true, false), PDPT, new, true, Provenance::Sound),
                |_| false,
                |_| false,
            );
        }
    });
}

#[test]
fn h36_entries_of_the_pcid_left_are_unusable_until_it_is_loaded_again() {
    for old in PCIDS {
        for new in PCIDS.into_iter().filter(|new| *new != old) {
            let mut cpu = full(old, VA);
            let usable = |cpu: &Cpu| {
                let tlb: Vec<TlbEntry> = cpu.translations(va(VA)).copied().collect();
                (tlb, cpu.structures(va(VA)).copied().collect::<Vec<PscEntry>>())
            };
            let before = usable(&cpu);
            cpu.mov_cr3(control(true, true, false), PDPT, new, true, Provenance::Sound);
            // Bit 63 is not stored.
            assert_eq!(cpu.cr3, Cr3 { root: PDPT, pcid: new, provenance: Provenance::Sound });
            let (tlb, psc) = usable(&cpu);
            assert!(tlb.iter().all(|entry| entry.global || entry.pcid == new));
            assert!(psc.iter().all(|entry| entry.pcid == new));
            assert!(!psc.is_empty());
            cpu.mov_cr3(control(true, true, false), ROOT, old, true, Provenance::Sound);
            assert_eq!(usable(&cpu), before);
        }
    }
}

#[test]
fn h37_invlpg_removes_the_pages_translations_and_all_psc_of_the_current_pcid() {
    everywhere(|current, address| {
        // CR4.PCIDE and PGE make no difference to it.
        for (pcide, pge) in [(true, true), (true, false), (false, true), (false, false)] {
            removes(
                current,
                address,
                |cpu| cpu.invlpg(control(pcide, pge, false), va(address)),
                |class| class.at_va && (class.pcid == current || class.global),
                |class| class.pcid == current,
            );
        }
    });
}

#[test]
fn h38_invlpg_with_tce_removes_only_the_psc_that_lead_to_the_page() {
    everywhere(|current, address| {
        removes(
            current,
            address,
            |cpu| cpu.invlpg(control(true, true, true), va(address)),
            |class| class.at_va && (class.pcid == current || class.global),
            |class| class.at_va && class.pcid == current,
        );
    });
}

#[test]
fn h39_invpcid_0_removes_what_translates_one_address_of_one_pcid_but_globals() {
    everywhere(|current, address| {
        for pcid in PCIDS {
            for (vendor, tce) in [(Vendor::Intel, false), (Vendor::Amd, true)] {
                let control = control(true, true, tce);
                removes(
                    current,
                    address,
                    |cpu| cpu.invpcid(control, vendor, Invpcid::Address(pcid, va(address))),
                    |class| class.at_va && class.pcid == pcid && !class.global,
                    |class| class.at_va && class.pcid == pcid,
                );
            }
        }
    });
}

#[test]
fn h39_invpcid_0_without_tce_removes_every_pointer_of_the_pcid_on_amd() {
    everywhere(|current, address| {
        for pcid in PCIDS {
            let control = control(true, true, false);
            removes(
                current,
                address,
                |cpu| cpu.invpcid(control, Vendor::Amd, Invpcid::Address(pcid, va(address))),
                |class| class.at_va && class.pcid == pcid && !class.global,
                |class| class.pcid == pcid,
            );
        }
    });
}

#[test]
fn h40_invpcid_1_removes_all_of_one_pcid_but_globals() {
    everywhere(|current, address| {
        for pcid in PCIDS {
            removes(
                current,
                address,
                |cpu| cpu.invpcid(control(true, true, false), Vendor::Intel, Invpcid::Single(pcid)),
                |class| class.pcid == pcid && !class.global,
                |class| class.pcid == pcid,
            );
        }
    });
}

#[test]
fn h41_invpcid_2_removes_everything() {
    everywhere(|current, address| {
        removes(
            current,
            address,
            |cpu| cpu.invpcid(control(true, true, false), Vendor::Intel, Invpcid::All),
            |_| true,
            |_| true,
        );
    });
}

#[test]
fn h42_invpcid_3_removes_everything_but_globals() {
    everywhere(|current, address| {
        removes(
            current,
            address,
            |cpu| cpu.invpcid(control(true, true, false), Vendor::Intel, Invpcid::AllNonGlobal),
            |class| !class.global,
            |_| true,
        );
    });
}

#[test]
fn h43_a_change_of_pge_removes_everything() {
    everywhere(|current, address| {
        removes(current, address, Cpu::toggle_pge, |_| true, |_| true);
    });
}

#[test]
fn h51_with_the_erratum_invlpg_leaves_globals_while_pcids_are_enabled() {
    everywhere(|current, address| {
        for pcide in BOOLS {
            let control = Control { invlpg_keeps_globals: true, ..control(pcide, true, false) };
            removes(
                current,
                address,
                |cpu| cpu.invlpg(control, va(address)),
                |class| class.at_va && if class.global { !pcide } else { class.pcid == current },
                |class| class.pcid == current,
            );
        }
    });
}

#[test]
fn h51_the_erratum_is_of_invlpg_alone() {
    let control = Control { invlpg_keeps_globals: true, ..control(true, true, false) };
    everywhere(|current, address| {
        let all = |cpu: &mut Cpu| cpu.invpcid(control, Vendor::Intel, Invpcid::All);
        removes(current, address, all, |_| true, |_| true);
        removes(current, address, Cpu::toggle_pge, |_| true, |_| true);
        removes(
            current,
            address,
            |cpu| cpu.page_fault(va(address)),
            |class| class.at_va && (class.pcid == current || class.global),
            |class| class.at_va && class.pcid == current,
        );
    });
}

#[test]
fn h50_no_invalidation_removes_what_it_need_not_or_moves_cr3() {
    // The caches hold what no operation below has to remove: another page of another PCID.
    let other = PCIDS[2];
    let bystander =
        every_tlb_entry(VA).into_iter().find(|e| e.1 == Class { pcid: other, global: false, at_va: false });
    let pointer =
        every_psc_entry(VA).into_iter().find(|e| e.1 == Class { pcid: other, global: false, at_va: false });
    let (bystander, pointer) = (bystander.expect("there is one").0, pointer.expect("there is one").0);
    let here = Pcid(1);
    type Operation = (&'static str, fn(&mut Cpu) -> Removed);
    let operations: [Operation; 5] = [
        ("invlpg", |cpu| cpu.invlpg(control(true, true, false), va(VA))),
        ("invlpg, TCE", |cpu| cpu.invlpg(control(true, true, true), va(VA))),
        ("invpcid 0", |cpu| {
            cpu.invpcid(control(true, true, false), Vendor::Intel, Invpcid::Address(Pcid(1), va(VA)))
        }),
        ("invpcid 1", |cpu| cpu.invpcid(control(true, true, false), Vendor::Intel, Invpcid::Single(Pcid(1)))),
        ("page fault", |cpu| cpu.page_fault(va(VA))),
    ];
    for (name, operation) in operations {
        let mut cpu = full(here, VA);
        let cr3 = cpu.cr3;
        operation(&mut cpu);
        assert!(cpu.tlb.contains(&bystander) && cpu.psc.contains(&pointer), "{name}");
        assert_eq!(cpu.cr3, cr3, "{name}");
        // Once done, doing it again finds nothing.
        assert_eq!(operation(&mut cpu), Removed::default(), "{name}");
    }
}
