//! What waits for the store buffer and what does not, row by row: H54, H55, H59, H60, H61, H74 to H76.
//!
//! Two CPUs store and then read what the other one stores; the second has a fence in between, the first has what is
//! tried. If both may miss the other's store, it waits for nothing.

use crate::support::*;
use std::collections::BTreeSet;

const KERNEL: &str = "global x: int = 0; global y: int = 0; global r0: int = 9; global r1: int = 9;
    global lock: int = 0; global page: frame = none; global hits: int = 0;
    ipi poke() { inc_return(hits); }
    sys make() { page = alloc_page(); smp_mb(); }
    sys answer() { y = 1; smp_mb(); r1 = x; }";

const XAPIC: &str = "machine { cpus 2; spare 2; }";
const X2APIC: &str = "machine { cpus 2; spare 2; x2apic on; }";
const X2APIC_AMD: &str = "machine { cpus 2; spare 2; x2apic on; vendor amd; }";

/// What stands between the store and the load, on which machine, which occasion it is for the store buffer, and whether it waits
/// for that.
const BETWEEN: [(&str, &str, Occasion, bool); 41] = [
    ("", XAPIC, Occasion::Load, false),
    ("let a = 1 + 1; BUG_ON(a == 3);", XAPIC, Occasion::Load, false),
    ("if maybe() { lock = 0; }", XAPIC, Occasion::Inside, false),
    ("let a = lock;", XAPIC, Occasion::Load, false),
    ("until lock == 0;", XAPIC, Occasion::Until, false),
    ("wait_ipis;", XAPIC, Occasion::Load, false),
    ("hits = 0;", XAPIC, Occasion::Store, false),
    ("spin_unlock(lock);", XAPIC, Occasion::Store, false),
    ("xchg(lock, 0);", XAPIC, Occasion::Locked, true),
    ("cmpxchg(lock, 5, 6);", XAPIC, Occasion::Locked, true),
    ("smp_mb();", XAPIC, Occasion::Fence, true),
    ("spin_lock(lock);", XAPIC, Occasion::Acquire, true),
    ("write_cr3(init_mm.pgd, 0);", XAPIC, Occasion::WriteCr3, true),
    ("write_cr3(init_mm.pgd, 1, noflush);", XAPIC, Occasion::WriteCr3, true),
    ("invlpg(0x400000);", XAPIC, Occasion::Invlpg, true),
    ("invpcid_flush_one(0, 0x400000);", XAPIC, Occasion::Invpcid, true),
    ("invpcid_flush_single_context(1);", XAPIC, Occasion::Invpcid, true),
    ("invpcid_flush_all();", XAPIC, Occasion::Invpcid, true),
    ("invpcid_flush_all_nonglobals();", XAPIC, Occasion::Invpcid, true),
    ("toggle_pge();", XAPIC, Occasion::TogglePge, true),
    ("invlpgb_flush_all_nosync();", X2APIC_AMD, Occasion::Invlpgb, false),
    ("tlbsync();", X2APIC_AMD, Occasion::Tlbsync, true),
    ("local_irq_disable();", XAPIC, Occasion::IrqFlag, false),
    ("local_irq_enable();", XAPIC, Occasion::IrqFlag, false),
    ("ipi poke() to {};", XAPIC, Occasion::SendToNobody, false),
    ("ipi poke() to {cpu} by llist_add and wait;", XAPIC, Occasion::SendToNobody, false),
    ("ipi poke() to {1} by llist_add;", X2APIC, Occasion::SendQueued, true),
    ("ipi poke() to {1};", XAPIC, Occasion::SendXapic, true),
    ("ipi poke() to {1};", X2APIC, Occasion::SendX2apic, false),
    ("ipi poke() to {1};", X2APIC_AMD, Occasion::SendX2apicAmd, true),
    ("rar_flush_single_context({cpu}, 0);", XAPIC, Occasion::SendToNobody, false),
    ("rar_flush_single_context({1}, 0);", XAPIC, Occasion::SendXapic, true),
    ("rar_flush_one({1}, 0, 0x400000);", X2APIC, Occasion::SendX2apic, false),
    ("rar_wait();", XAPIC, Occasion::WaitIpis, false),
    ("mwait_c1();", XAPIC, Occasion::Halt, false),
    ("mwait_c6();", XAPIC, Occasion::DeepSleep, true),
    ("let p = alloc_page();", XAPIC, Occasion::Allocate, false),
    ("let t = alloc_table(init_mm, pte);", XAPIC, Occasion::Allocate, false),
    ("free_page(page);", XAPIC, Occasion::Free, true),
    ("free_page_rcu(page);", XAPIC, Occasion::FreeRcu, false),
    ("__switch_to(get_current());", XAPIC, Occasion::Switch, false),
];

/// Whether both may miss the other's store.
fn both_miss(machine: &Machine) -> bool {
    outcomes(machine, ["r0", "r1"]).contains(&[0, 0])
}

#[test]
fn h55_what_has_no_rule_does_not_wait_and_what_has_one_does() {
    for (operation, machine_block, occasion, waits) in BETWEEN {
        let text = format!("{KERNEL} sys p() {{ let f = page; x = 1; {operation} r0 = y; }}");
        let machine = machine(
            &text,
            &format!(
                "{machine_block} setup {{ cpu 0 {{ make(); }} }} cpu 0 {{ p(); }} cpu 1 {{ answer(); }}"
            ),
        );
        let mut run = Run::new(&machine);
        while run.state.cpus[0].buffer.is_empty() {
            run.step(0);
        }
        // Reading the page is a step before the operation that frees it.
        let ahead = u16::from(occasion == Occasion::Free || occasion == Occasion::FreeRcu);
        let mut at = run.state.clone();
        at.cpus[0].task.pc += ahead;
        assert_eq!(machine.occasion(&at, 0), occasion, "{operation}");
        let held = machine.blocked(&at, 0) == Some(Blocked::StoreBufferNotEmpty(occasion));
        assert_eq!(held, waits, "{operation}");
        assert_eq!(both_miss(&machine), !waits, "{operation} on {machine_block}");
    }
}

/// What a host does with its guests, as above: the vendor, what it is to the store buffer, and whether it waits for that.
const OF_GUESTS: [(&str, &str, Occasion, bool); 5] = [
    ("vmptrld(m, g, 2);", "intel", Occasion::Vmptrld, false),
    ("invept_single(g);", "intel", Occasion::Invept, true),
    ("invvpid_single(1);", "intel", Occasion::Invept, true),
    ("invlpga(0x400000, 1);", "amd", Occasion::Invlpga, true),
    ("vmresume();", "intel", Occasion::VmResume, true),
];

#[test]
fn h54_what_serializes_of_what_a_host_does_with_its_guests_waits() {
    for (operation, vendor, occasion, waits) in OF_GUESTS {
        let load = if vendor == "amd" { "" } else { "vmptrld(m, g, 1);" };
        let text = format!(
            "{KERNEL} exit handle_exit(violation: bool, gpa: va) {{ }}
             sys p(m: mm, g: mm) then user(m) {{ {load} x = 1; {operation} }}"
        );
        let machine = machine(
            &text,
            &format!(
                "machine {{ cpus 1; vendor {vendor}; pcid off; }} guest G;
                 mm A in G {{ 0x400000 -> page \"data\" at 0x5000; }} cpu 0 {{ p(A, G); }}"
            ),
        );
        let mut run = Run::new(&machine);
        while run.state.cpus[0].buffer.is_empty() {
            run.step(0);
        }
        assert_eq!(machine.occasion(&run.state, 0), occasion, "{operation}");
        let held = run.blocked(0) == Some(Blocked::StoreBufferNotEmpty(occasion));
        assert_eq!(held, waits, "{operation}");
    }
}

/// What software does with an IOMMU, as above; device 1 stands behind it.
const OF_IOMMUS: [(&str, Occasion, bool); 7] = [
    ("qi_flush_piotlb(5);", Occasion::QueueCommand, true),
    ("qi_flush_piotlb_addr(5, 0x400000);", Occasion::QueueCommand, true),
    ("qi_flush_dev_iotlb_pasid(5);", Occasion::QueueCommand, true),
    ("qi_flush_dev_iotlb_pasid_addr(5, 0x400000);", Occasion::QueueCommand, true),
    ("qi_wait();", Occasion::WaitIpis, false),
    ("iommu_attach_pasid(1, init_mm, 5);", Occasion::AttachPasid, true),
    ("iommu_detach_pasid(1);", Occasion::AttachPasid, true),
];

#[test]
fn h76_what_writes_a_register_or_a_table_of_an_iommu_waits_and_what_reads_does_not() {
    for (operation, occasion, waits) in OF_IOMMUS {
        let machine = machine(
            &format!("{KERNEL} sys p() {{ x = 1; {operation} r0 = y; }}"),
            "machine { cpus 2; ats 1; spare 1; } cpu 0 { p(); }",
        );
        let mut run = Run::new(&machine);
        while run.state.cpus[0].buffer.is_empty() {
            run.step(0);
        }
        assert_eq!(machine.occasion(&run.state, 0), occasion, "{operation}");
        let held = run.blocked(0) == Some(Blocked::StoreBufferNotEmpty(occasion));
        assert_eq!(held, waits, "{operation}");
        assert_eq!(run.can(Action::Step { cpu: 0 }), !waits, "{operation}");
        if waits {
            run.drain(0);
            assert!(run.can(Action::Step { cpu: 0 }), "{operation}");
        }
    }
}

#[test]
fn h75_a_device_asks_for_a_translation_while_stores_of_cpus_wait() {
    let machine = machine(
        &format!(
            "{KERNEL} sys bind(m: mm) {{ iommu_attach_pasid(1, m, 5); }} sys p() {{ x = 1; smp_mb(); }}"
        ),
        "machine { cpus 2; ats 1; spare 1; } mm A { 0x400000 -> page \"data\"; }
         setup { cpu 0 { bind(A); } } cpu 0 { p(); } cpu 1 { load(0x400000); }",
    );
    let mut run = Run::new(&machine);
    while run.state.cpus[0].buffer.is_empty() {
        run.step(0);
    }
    while let Some(&walk) = run.walks(1).iter().find(|action| matches!(action, Action::Walk { .. })) {
        run.take(walk);
    }
    assert!(!Occasion::Translate.drains());
    run.take(Action::Translate { cpu: 1, va: 0, copy: 0 });
    assert!(!run.state.cpus[0].buffer.is_empty(), "the store still waits");
    assert!(run.can(Action::Access { cpu: 1, copy: 0 }));
}

#[test]
fn every_row_of_the_table_is_tried_here() {
    use Occasion::*;
    let iommus = OF_IOMMUS.iter().map(|row| row.1);
    let operations = BETWEEN.iter().chain(&OF_GUESTS).map(|row| row.2).chain(iommus);
    // These have separate tests below, or are not operations of a program.
    let others = [WaitIpis, UserLoad, UserStore, Wake, Iret, VmEntry, Interrupt, Nmi, VmExit, Fault];
    let hardware = [Broadcast, Walk, Translate];
    let tried: BTreeSet<Occasion> = operations.chain(others).chain(hardware).collect();
    assert_eq!(tried, Occasion::ALL.iter().copied().collect());
}

#[test]
fn a_wait_is_made_for_a_rule() {
    for occasion in Occasion::ALL {
        assert!(!occasion.drains() || occasion.law().is_some(), "{occasion:?} waits and names no rule");
    }
}

#[test]
fn loads_waits_and_stores_through_the_mmu_wait_for_nothing() {
    for (access, occasion) in
        [("load(0x400000);", Occasion::UserLoad), ("store(0x400000, 7);", Occasion::UserStore)]
    {
        let machine = machine(
            &format!("{KERNEL} sys p() {{ x = 1; }} sys q() {{ r0 = y; }}"),
            &format!(
                "mm A {{ 0x400000 -> page \"a\"; }} setup {{ cpu 0 {{ run(A); }} }}
                 cpu 0 {{ p(); {access} q(); }} cpu 1 {{ answer(); }}"
            ),
        );
        let mut run = Run::new(&machine);
        run.step(0);
        assert_eq!(machine.occasion(&run.state, 0), occasion);
        assert!(both_miss(&machine), "{access}");
    }
    // A wait for an IPI that has not been handled.
    let text = format!("{KERNEL} sys p() {{ ipi poke() to {{1}}; x = 1; wait_ipis; r0 = y; }}");
    let machine = machine(&text, "cpu 0 { p(); } cpu 1 { answer(); }");
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    assert_eq!(machine.occasion(&run.state, 0), Occasion::WaitIpis);
    assert_eq!(run.blocked(0), Some(Blocked::IpisNotHandled));
    assert!(both_miss(&machine));
}

#[test]
fn h61_a_cpu_that_wakes_up_by_itself_has_not_drained_unless_it_slept_deeply() {
    let text = |how: &str| format!("{KERNEL} sys p() {{ x = 1; {how}; r0 = y; }}");
    let machine = machine(&text("mwait_c1()"), "cpu 0 { p(); } cpu 1 { answer(); }");
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    assert_eq!(machine.occasion(&run.state, 0), Occasion::Wake);
    run.step(0).step(0);
    assert_eq!(run.global("x"), 0);
}

/// What one CPU passes to another by an IPI and no fence.
fn handed_over(machine_block: &str, before: &str, by: &str) -> Vec<[u64; 1]> {
    let machine = machine(
        &format!(
            "global x: int = 0; global seen: int = 9;
             ipi look() {{ seen = x; }}
             sys send() {{ x = 1; {before} ipi look() to {{1}} {by} and wait; }}"
        ),
        &format!("{machine_block} cpu 0 {{ send(); }}"),
    );
    outcomes(&machine, ["seen"])
}

#[test]
fn h60_an_x2apic_sends_before_older_stores_are_visible_unless_a_fence_or_a_locked_operation_comes_first() {
    assert_eq!(handed_over(XAPIC, "", ""), [[1]]);
    assert_eq!(handed_over(X2APIC, "", ""), [[0], [1]]);
    assert_eq!(handed_over(X2APIC, "smp_mb();", ""), [[1]]);
    assert_eq!(handed_over(X2APIC, "", "by llist_add"), [[1]]);
    assert_eq!(handed_over(X2APIC_AMD, "", ""), [[1]]);
    // As Linux has it: the fence is there where the machine needs one.
    let linux = "if x2apic && !amd { smp_mb(); }";
    for machine_block in [XAPIC, X2APIC, X2APIC_AMD] {
        assert_eq!(handed_over(machine_block, linux, ""), [[1]], "{machine_block}");
    }
}

#[test]
fn h59_a_handler_begins_with_nothing_of_the_interrupted_program_buffered() {
    // CPU 1 stores x; its handler reads y. CPU 0 stores y, has a fence, and reads x.
    let kernel = |handler: &str| {
        format!(
            "global x: int = 0; global y: int = 0; global r0: int = 9; global r1: int = 9;
             {handler} {{ if x == 1 {{ r1 = y; }} }}
             sys write() {{ x = 1; }}
             sys read() {{ y = 1; smp_mb(); r0 = x; }}"
        )
    };
    let cases = [
        ("ipi look()", "sys send() { ipi look() to {1}; }", "", "send();"),
        ("nmi look()", "", "nmi cpu 1;", ""),
        ("vmexit look()", "", "vmexit cpu 1;", ""),
    ];
    for (handler, send, comes, sends) in cases {
        let machine = machine(
            &format!("{} {send}", kernel(handler)),
            &format!("{comes} cpu 0 {{ {sends} read(); }} cpu 1 {{ write(); }}"),
        );
        let found = outcomes(&machine, ["r0", "r1"]);
        assert!(!found.contains(&[0, 0]), "{handler}: {found:?}");
        assert!(found.contains(&[1, 0]) && found.contains(&[0, 1]), "{handler}: {found:?}");
        everywhere(&machine, |state, enabled| {
            let comes = |action: &Action| {
                matches!(
                    action,
                    Action::Interrupt { cpu: 1 } | Action::Nmi { cpu: 1 } | Action::VmExit { cpu: 1 }
                )
            };
            assert!(!enabled.iter().any(comes) || state.cpus[1].buffer.is_empty());
        });
    }
}

#[test]
fn h59_an_interrupt_is_taken_after_the_buffer_has_drained() {
    let machine = machine(
        "global x: int = 0; global n: int = 0; ipi poke() { inc_return(n); }
         sys send() { ipi poke() to {1}; } sys write() { x = 1; }",
        "cpu 0 { send(); } cpu 1 { write(); }",
    );
    let mut run = Run::new(&machine);
    run.step(1).step(0);
    assert!(!run.can(Action::Interrupt { cpu: 1 }));
    run.drain(1);
    assert!(run.can(Action::Interrupt { cpu: 1 }));
}

#[test]
fn h59_nothing_of_a_handler_is_buffered_when_it_has_ended() {
    for (handler, comes, sends) in [
        ("ipi look()", "", "sys send() { ipi look() to {1}; }"),
        ("nmi look()", "nmi cpu 1;", "sys send() { }"),
        ("vmexit look()", "vmexit cpu 1;", "sys send() { }"),
    ] {
        let machine = machine(
            &format!(
                "global x: int = 0; {handler} {{ x = 1; }} {sends} sys work() {{ smp_mb(); smp_mb(); }}"
            ),
            &format!("{comes} cpu 0 {{ send(); }} cpu 1 {{ work(); }}"),
        );
        let (mut buffered, mut ended) = (0, 0);
        everywhere(&machine, |state, _| {
            let this = &state.cpus[1];
            let runs = this.handler.is_some() || this.intruder.is_some();
            buffered += u32::from(runs && !this.buffer.is_empty());
            ended += u32::from(!runs && global(&machine, state, "x") == 1);
            assert!(runs || this.buffer.is_empty(), "{handler}");
            if !this.buffer.is_empty() {
                let end = if handler.starts_with("vmexit") { Occasion::VmEntry } else { Occasion::Iret };
                assert_eq!(machine.blocked(state, 1), Some(Blocked::StoreBufferNotEmpty(end)));
            }
        });
        assert!(buffered > 0 && ended > 0, "{handler}");
    }
}

#[test]
fn h59_nothing_runs_after_a_page_fault_while_older_stores_are_buffered() {
    let machine = machine(
        &format!("{KERNEL} sys p() {{ x = 1; }} sys q() {{ r0 = y; }}"),
        "mm A { 0x400000 -> page \"a\"; } setup { cpu 0 { run(A); } }
         cpu 0 { p(); load(0x500000); q(); } cpu 1 { answer(); }",
    );
    assert!(possible(&machine, Property::PageFault));
    assert!(!both_miss(&machine));
}

#[test]
fn h54_a_broadcast_may_be_carried_out_before_older_stores_are_visible() {
    // The entry is cleared by a plain store: CPU 1 can walk it again after it has carried the broadcast out.
    let stale = |before: &str| {
        let machine = machine(
            &format!(
                "sys zap(m: mm) {{
                     let page = pte_pfn(pte(m, 0x400000));
                     pte(m, 0x400000) = 0;
                     {before}
                     invlpgb_flush_all_nosync();
                     tlbsync();
                     free_page(page);
                 }}"
            ),
            "machine { cpus 2; spare 0; vendor amd; } mm A { 0x400000 -> page \"a\"; }
             setup { cpu 1 { run(A); } } cpu 0 { zap(A); } cpu 1 { load(0x400000); }",
        );
        possible(&machine, Property::StaleAccess)
    };
    assert!(stale(""));
    assert!(!stale("smp_mb();"));
}

#[test]
fn a_grace_period_outlives_what_a_critical_section_has_stored() {
    // CPU 1 stores into the page with interrupts off, if it still finds it. CPU 0 unlinks the page, frees it, and allocates it
    // again for something else.
    let text = |free: &str| {
        format!(
            "global page: frame = none;
             sys make() {{ page = alloc_page(); smp_mb(); }}
             sys reuse() {{
                 let f = xchg(page, none);
                 {free}(f);
                 let p = alloc_page();
                 xchg(p[0], 7);
                 BUG_ON(p[0] != 7);
             }}
             sys write() {{ local_irq_disable(); let f = page; if f != none {{ f[0] = 1; }} local_irq_enable(); }}"
        )
    };
    let scenario =
        "machine { cpus 2; spare 1; } setup { cpu 0 { make(); } } cpu 0 { reuse(); } cpu 1 { write(); }";
    let rcu = machine(&text("free_page_rcu"), scenario);
    let mut waited = 0;
    let properties = everywhere(&rcu, |state, _| {
        let this = &state.cpus[1];
        let owing = state.rcu.iter().any(|queued| queued.waiting == 0b10);
        waited += u32::from(owing && this.irqs_on && !this.buffer.is_empty());
    });
    assert!(waited > 0 && !properties.intersects(Property::KernelBug.as_set()), "{waited}");
    // Freed at once, the page changes under its new owner.
    assert!(possible(&machine(&text("free_page"), scenario), Property::KernelBug));
}
