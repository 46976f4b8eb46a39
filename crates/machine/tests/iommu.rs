//! Devices with ATS behind an IOMMU that shares page tables. H22, H74 to H76.

use crate::support::*;
use lang::program::Mode;
use x86::{Level, Pcid, Space, SpaceKind};

const KERNEL: &str = "global x: int = 0;
    ipi flush(va: va) { invlpg(va); }
    sys bind(m: mm, pasid: int) { iommu_attach_pasid(2, m, pasid); }
    sys unbind() { iommu_detach_pasid(2); }
    sys zap(m: mm) { let old = xchg(pte(m, 0x400000), 0); ipi flush(0x400000) to online and wait; free_page(pte_pfn(old)); }";

/// CPUs 0 and 1, and device 2, which has `A`'s tables under PASID 5 in the end of set-up.
fn with(kernel: &str, cpu0: &str, device: &str) -> Machine {
    machine(
        &format!("{KERNEL} {kernel}"),
        &format!(
            "machine {{ cpus 3; ats 1; tso 1; spare 0; }} mm A {{ 0x400000 -> page \"data\"; 0x401000 -> page \"next\"; }}
             mm B {{ 0x400000 -> page \"other\"; }}
             setup {{ cpu 0 {{ bind(A, 5); }} }} cpu 0 {{ {cpu0} }} cpu 2 {{ {device} }}"
        ),
    )
}

const ASK: Action = Action::Translate { cpu: 2, va: 0, copy: 0 };
const ACCESS: Action = Action::Access { cpu: 2, copy: 0 };

/// Lets the IOMMU walk, and the device ask for nothing.
fn walk_all(run: &mut Run<'_>) {
    while let Some(&walk) = run.walks(2).iter().find(|action| matches!(action, Action::Walk { .. })) {
        run.take(walk);
    }
}

/// How many translations the IOMMU has for the device, how many pointers, and how many translations the device itself has.
fn cached(run: &Run<'_>) -> (usize, usize, usize) {
    let hw = &run.state.cpus[2].hw;
    let own = hw.tlb.iter().filter(|entry| entry.space == Space::DEVICE).count();
    (hw.tlb.len() - own, hw.psc.len(), own)
}

#[test]
fn h22_an_iommu_walks_a_kernel_address_to_its_leaf_and_gives_the_device_nothing() {
    let machine = machine(
        &format!(
            "{KERNEL} sys old() {{ fetch_and_not(pte(init_mm, 0xffff_c900_0000_0000), _PAGE_ACCESSED); }}"
        ),
        "machine { cpus 3; ats 1; } mm init_mm { 0xffff_c900_0000_0000 -> page \"vmalloc'ed\"; } mm A { }
         setup { cpu 0 { old(); bind(A, 5); } } cpu 0 { unbind(); } cpu 2 { load(0xffff_c900_0000_0000); }",
    );
    let mut run = Run::new(&machine);
    walk_all(&mut run);
    assert_eq!(cached(&run), (1, 3, 0));
    let What::Walk { walked, .. } = &run.events[0] else { panic!("{:?}", run.events) };
    assert!(walked.sets_accessed.is_some(), "it sets A in the leaf");
    assert!(run.walks(2).is_empty(), "it may not have that translation");
    run.take(Action::Fault { cpu: 2 });
    assert!(matches!(run.events[..], [What::DeviceRefused { write: false, .. }]), "{:?}", run.events);
    assert!(!run.shows(Property::PageFault), "no CPU has a page fault");
    assert_eq!(cached(&run), (1, 3, 0), "nothing is removed");
}

#[test]
fn h74_an_iommu_caches_under_the_pasid_and_walks_for_nobody_without_one() {
    let machine = with("", "bind(B, 6); bind(A, 5); unbind();", "load(0x400000);");
    let mut run = Run::new(&machine);
    walk_all(&mut run);
    run.take(ASK);
    assert!(run.state.cpus[2].hw.tlb.iter().all(|entry| entry.pcid == Pcid(5)));
    assert_eq!(cached(&run), (2, 3, 1));
    run.step(0);
    assert!(
        matches!(run.events[0], What::PasidAttached { device: 2, mm: 2, pasid: Pcid(6) }),
        "{:?}",
        run.events
    );
    assert_eq!(cached(&run), (2, 3, 1), "everything stays");
    assert!(!run.can(ACCESS) && !run.can(ASK), "under another PASID");
    run.step(0);
    assert!(run.can(ACCESS));
    run.step(0);
    assert_eq!(run.state.cpus[2].mode, Mode::Idle);
    assert!(run.walks(2).is_empty() && !run.can(ACCESS));
    assert!(run.can(Action::Fault { cpu: 2 }), "its accesses are refused");
}

#[test]
fn h74_a_large_pasid_and_a_number_of_no_device_are_bugs() {
    for (call, good) in [
        ("iommu_attach_pasid(2, m, 4095);", true),
        ("iommu_attach_pasid(2, m, 4096);", false),
        ("iommu_attach_pasid(1, m, 5);", false),
        ("iommu_attach_pasid(3, m, 5);", false),
        ("qi_flush_piotlb(4095);", true),
        ("qi_flush_piotlb(4096);", false),
        ("qi_flush_dev_iotlb_pasid_addr(5, 0x800000000000);", false),
    ] {
        let machine = with(&format!("sys p(m: mm) {{ {call} }}"), "p(A);", "");
        let mut run = Run::new(&machine);
        run.step(0);
        assert_eq!(!run.shows(Property::KernelBug), good, "{call}");
    }
}

#[test]
fn h75_a_device_uses_what_the_iotlb_has_given_it() {
    let machine = with("", "zap(A);", "store(0x400000, 7); load(0x401000);");
    let mut run = Run::new(&machine);
    assert!(!run.can(ACCESS) && !run.can(ASK));
    walk_all(&mut run);
    assert!(run.can(ASK) && !run.can(ACCESS), "the IOTLB is not the device's");
    run.take(ASK);
    assert!(!run.can(ASK), "it has that now");
    run.take(ACCESS);
    // A device has no store buffer.
    assert!(run.state.cpus[2].buffer.is_empty());
    // It ends as it began: with its own translation, whatever CPUs flush.
    let machine = with("", "zap(A);", "load(0x400000);");
    assert!(possible(&machine, Property::StaleAccess) && !possible(&machine, Property::WalkOfFreed));
}

#[test]
fn h75_a_device_that_writes_asks_once_more_and_sets_d() {
    let kernel = "sys clean(m: mm) { fetch_and_not(pte(m, 0x400000), _PAGE_DIRTY); }
        sys unlink(m: mm) { xchg(pte(m, 0x400000), 0); }";
    let machine = with(kernel, "clean(A); unlink(A);", "store(0x400000, 7);");
    let mut run = Run::new(&machine);
    run.step(0);
    walk_all(&mut run);
    run.take(ASK);
    let (state, properties) = (run.state.clone(), run.properties);
    let mut other = Run { machine: &machine, state, properties, events: Vec::new() };
    run.take(ACCESS);
    assert!(matches!(run.events[0], What::DirtySet { level: Level::Pt, .. }), "{:?}", run.events);
    assert!(
        run.state.cpus[2].hw.tlb.iter().any(|entry| entry.space.kind == SpaceKind::Device && entry.dirty)
    );
    // Memory no longer has the page: the answer that it had goes, and what the IOMMU has cached stays.
    other.step(0).take(ACCESS);
    assert_eq!(cached(&other), (2, 3, 0));
    assert!(other.can(Action::Fault { cpu: 2 }) && other.can(ASK));
}

/// Whether the device can use the page after it has been freed, with these commands before.
fn stale(commands: &str) -> bool {
    let kernel = format!(
        "sys unmap(m: mm) {{ let old = xchg(pte(m, 0x400000), 0); {commands} free_page(pte_pfn(old)); }}"
    );
    possible(&with(&kernel, "unmap(A);", "load(0x400000);"), Property::StaleAccess)
}

#[test]
fn h75_the_iotlb_has_to_be_invalidated_before_the_tlb_of_the_device() {
    assert!(!stale("qi_flush_piotlb(5); qi_flush_dev_iotlb_pasid(5); qi_wait();"));
    assert!(!stale(
        "qi_flush_piotlb_addr(5, 0x400000); qi_flush_dev_iotlb_pasid_addr(5, 0x400000); qi_wait();"
    ));
    assert!(stale("qi_flush_dev_iotlb_pasid(5); qi_flush_piotlb(5); qi_wait();"), "it asks again in between");
    assert!(stale("qi_flush_piotlb(5); qi_wait();"), "the device's own");
    assert!(stale("qi_flush_dev_iotlb_pasid(5); qi_wait();"), "the IOTLB's");
}

#[test]
fn h76_a_command_names_a_pasid_or_an_address_of_it_and_one_kind_of_cache() {
    for (command, left) in [
        ("qi_flush_piotlb(5);", (0, 0, 1)),
        ("qi_flush_piotlb(6);", (1, 3, 1)),
        ("qi_flush_piotlb_addr(5, 0x400000);", (0, 0, 1)),
        ("qi_flush_piotlb_addr(5, 0x401000);", (1, 0, 1)),
        ("qi_flush_piotlb_addr(5, 0x8000000000);", (1, 3, 1)),
        ("qi_flush_dev_iotlb_pasid(5);", (1, 3, 0)),
        ("qi_flush_dev_iotlb_pasid(6);", (1, 3, 1)),
        ("qi_flush_dev_iotlb_pasid_addr(5, 0x400000);", (1, 3, 0)),
        ("qi_flush_dev_iotlb_pasid_addr(5, 0x401000);", (1, 3, 1)),
    ] {
        let kernel = format!("sys p() {{ {command} qi_wait(); x = 1; }}");
        let machine = with(&kernel, "p();", "load(0x400000);");
        let mut run = Run::new(&machine);
        for level in [None, Some(Level::Pml4), Some(Level::Pdpt), Some(Level::Pd)] {
            let from = level.map_or(From::Cr3, |level| From::Psc { level, copy: 0 });
            run.take(Action::Walk { cpu: 2, va: 0, from, own: false });
        }
        run.take(ASK);
        assert_eq!(cached(&run), (1, 3, 1));
        run.step(0);
        assert!(matches!(run.events[0], What::CommandQueued(_)));
        assert_eq!((run.blocked(0), cached(&run)), (Some(Blocked::CommandsNotDone), (1, 3, 1)), "{command}");
        run.take(Action::Broadcast { cpu: 2 });
        assert_eq!((run.blocked(0), cached(&run)), (None, left), "{command}");
    }
}

#[test]
fn h76_nothing_but_commands_reaches_a_device() {
    for flush in [
        "ipi flush(0x400000) to online and wait;",
        "invlpg(0x400000); invpcid_flush_all(); toggle_pge();",
        "rar_flush_single_context(online, 5); rar_wait();",
        "qi_flush_dev_iotlb_pasid(5); qi_flush_piotlb(5);",
    ] {
        assert!(stale(flush), "{flush}");
    }
    let machine = machine(
        &format!("{KERNEL} sys p() {{ invlpgb_flush_all_nosync(); x = cpumask_weight(online); tlbsync(); }}"),
        "machine { cpus 3; ats 1; vendor amd; } mm A { 0x400000 -> page \"data\"; } cpu 0 { p(); } cpu 2 { load(0x400000); }",
    );
    let mut run = Run::new(&machine);
    run.step(0);
    assert_eq!([0, 1, 2].map(|cpu| run.state.cpus[cpu].broadcasts.len()), [1, 1, 0]);
    run.step(0);
    run.drain(0);
    assert_eq!(run.global("x"), 2, "a device is not online");
}

/// A claim is about devices too.
#[test]
fn h76_a_claim_finds_what_a_device_can_still_use() {
    let kernel = |commands: &str| {
        format!(
            "sys unmap(m: mm) {{ xchg(pte(m, 0x400000), 0); {commands} claim_flushed(m, 0x400000, 0x401000); }}"
        )
    };
    for (commands, missed) in [
        ("qi_flush_piotlb(5); qi_flush_dev_iotlb_pasid(5); qi_wait();", false),
        ("qi_flush_piotlb(5); qi_wait();", true),
        ("qi_flush_dev_iotlb_pasid(5); qi_wait();", true),
    ] {
        let machine = with(&kernel(commands), "unmap(A);", "load(0x400000);");
        assert_eq!(possible(&machine, Property::MissedFlush), missed, "{commands}");
    }
}

/// The search that remembers steps and that of saturated states find what the plain one finds.
#[test]
fn h76_every_moment_of_a_command_is_tried() {
    for commands in
        ["qi_flush_piotlb(5); qi_flush_dev_iotlb_pasid(5); qi_wait();", "qi_flush_piotlb(5); qi_wait();"]
    {
        let kernel = format!(
            "sys unmap(m: mm) {{ let old = xchg(pte(m, 0x400000), 0); {commands} free_page(pte_pfn(old)); unbind_(); }}
             fn unbind_() {{ iommu_detach_pasid(2); }}"
        );
        let machine = with(&kernel, "unmap(A);", "store(0x400000, 1);");
        let limits = explore::Limits::default();
        let plain = everywhere(&machine, |state, _| {
            let mut bytes = Vec::new();
            machine.pack(state, &mut bytes);
            assert_eq!(machine.unpack(&bytes), *state);
        });
        let mut check = Check::new(&machine, explore::Limits { symmetry: false, ..limits });
        check.run_to_end();
        assert_eq!(check.progress().states as usize, count(&machine));
        for search in [explore::Search::new, explore::Search::saturated, explore::Search::reduced] {
            let mut search = search(&machine, limits);
            search.run_to_end();
            assert_eq!(search.progress().seen, plain, "{commands}");
        }
    }
}
