//! Translations of two sizes for one address, and what a machine check leaves: H25, H32.

use crate::support::*;
use explore::{Limits, Trace};

/// CPU 0 replaces a 2 MiB page by a page table that maps its first 4 KiB, with or without P = 0 and a flush between.
fn split(erratum: &str, between: &str) -> Machine {
    machine(
        &format!(
            "sys split(m: mm) {{
                 let large = pmd(m, 0x400000);
                 let table = alloc_table(m, pte);
                 table[0] = large & ~_PAGE_PSE;
                 {between}
                 xchg(pmd(m, 0x400000), pfn_pte(table, _PAGE_TABLE));
             }}"
        ),
        &format!(
            "machine {{ cpus 2; spare 1; vendor amd; erratum_383 {erratum}; }} mm A {{ 0x400000 -> page \"large\" 2M; }}
             setup {{ cpu 1 {{ run(A); }} }} cpu 0 {{ split(A); run(A); }}"
        ),
    )
}

const FLUSH: &str = "xchg(pmd(m, 0x400000), 0); invlpgb_flush_all_nosync(); tlbsync();";

#[test]
fn h25_a_page_split_under_a_walking_cpu_leaves_two_sizes_unless_it_is_flushed_in_between() {
    assert!(possible(&split("off", ""), Property::MultiMatch));
    assert!(!possible(&split("off", FLUSH), Property::MultiMatch));
    // By itself this is no violation: either may be used, and both lead to the same page.
    assert!(!everywhere(&split("off", ""), |_, _| ()).intersects(VIOLATION));
}

/// A maps a small page where B maps a large one that is global. No CR3 write flushes.
fn global_beside(erratum: &str) -> Machine {
    machine(
        "sys switch_to(next: mm, tag: int) then user(next) { write_cr3(next.pgd, tag, noflush); }",
        &format!(
            "machine {{ cpus 1; spare 0; vendor amd; pcid on; erratum_383 {erratum}; }}
             mm A {{ 0x400000 -> page \"small\"; }} mm B {{ 0x400000 -> page \"large\" 2M global; }}
             cpu 0 {{ switch_to(A, 1); load(0x400000); switch_to(B, 2); load(0x400000); switch_to(A, 1); }}"
        ),
    )
}

#[test]
fn h25_a_global_translation_conflicts_with_one_that_has_waited_under_another_pcid() {
    // Both programs load, so both are cached before A comes back, and nothing is cached after that.
    let machine = global_beside("off");
    let mut check = Check::new(&machine, Limits::default());
    check.run_to_end();
    let (_, schedule) = check.witness(Property::MultiMatch.as_set()).expect("it shows");
    let (trace, _) = Trace::replay(&machine, &schedule);
    let last = trace.steps().last().expect("there are steps");
    assert!(
        last.events.iter().any(|event| matches!(event.what, What::Cr3Written { .. })),
        "{:?}",
        last.events
    );
    assert!(possible(&global_beside("on"), Property::MachineCheck));
}

#[test]
fn h25_with_the_erratum_two_sizes_are_a_machine_check() {
    assert!(possible(&split("on", ""), Property::MachineCheck));
    assert!(!possible(&split("on", FLUSH), Property::MachineCheck));
    everywhere(&split("on", ""), |state, _| {
        let va = x86::VirtAddr::new(VA, x86::Level::Pml4).expect("canonical");
        assert_eq!(state.stopped, state.cpus.iter().any(|cpu| cpu.hw.sizes_conflict(va)));
    });
}

#[test]
fn after_a_machine_check_nothing_happens_any_more_and_that_is_no_deadlock() {
    let machine = split("on", "");
    let mut stopped = 0;
    everywhere(&machine, |state, enabled| {
        if state.stopped {
            assert!(enabled.is_empty());
            assert!(machine.ended(state, enabled));
            assert!(!machine.observe(state, enabled).intersects(Property::Deadlock.as_set()));
            stopped += 1;
        }
    });
    assert!(stopped > 0);
}

#[test]
fn h32_a_walk_through_garbage_to_a_device_stops_an_amd_machine_and_not_an_intel_one() {
    let astray = |vendor: &str, tlb_cache_dis: &str| {
        let machine = machine(
            "sys free(m: mm) {
                 let pd = pte_pfn(xchg(pud(m, 0x400000), 0));
                 free_table(pd);
                 let p = alloc_page();
                 p[2] = 0x79646e41;
             }",
            &format!(
                "machine {{ cpus 2; spare 0; vendor {vendor}; tlb_cache_dis {tlb_cache_dis};
                    dram 0 .. 1536 MiB; device \"nic\" at 0x79646000; }}
                 mm A {{ 0x400000 -> page \"data\"; }} setup {{ cpu 1 {{ run(A); }} }} cpu 0 {{ free(A); }}"
            ),
        );
        everywhere(&machine, |_, _| ())
    };
    let amd = astray("amd", "off");
    assert!(amd.intersects(Property::MachineCheck.as_set()));
    assert!(!amd.intersects(Property::DeviceRead.as_set()));
    for careful in [astray("amd", "on"), astray("intel", "off")] {
        assert!(
            !careful.intersects(Property::MachineCheck.as_set())
                && !careful.intersects(Property::DeviceRead.as_set())
        );
        assert!(careful.intersects(Property::ABitCorruption.as_set()));
    }
}
