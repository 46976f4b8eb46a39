//! Invalidations as instructions: operands that fault or mean nothing, broadcasts, and requests to other CPUs. H3, H27, H38,
//! H48, H49, H72.

use crate::support::*;

const PROCESS: &str = "mm A { 0x400000 -> page \"data\"; }";

/// One CPU that has walked to the page of `A` under a PCID and then carries out some operations of the kernel.
fn after(machine_items: &str, operations: &str) -> (Machine, State, PropertySet) {
    let machine = machine(
        &format!("sys p(m: mm) {{ {operations} }}"),
        &format!(
            "machine {{ cpus 1; {machine_items} }} {PROCESS} setup {{ cpu 0 {{ run(A); }} }} cpu 0 {{ p(A); }}"
        ),
    );
    let mut run = Run::new(&machine);
    run.walk_all(0);
    assert_eq!(run.cached(0), (1, 3));
    run.software(0);
    let (state, properties) = (run.state.clone(), run.properties);
    (machine, state, properties)
}

fn cached(state: &State) -> (usize, usize) {
    (state.cpus[0].hw.tlb.len(), state.cpus[0].hw.psc.len())
}

#[test]
fn h27_invlpg_of_an_address_that_is_not_canonical_does_nothing() {
    let (_, state, properties) = after("", "invlpg(0x800000400000);");
    assert_eq!((cached(&state), properties), ((1, 3), PropertySet::NONE));
    // The same bits in the lower half do something.
    let (_, state, _) = after("", "invlpg(0x400000);");
    assert_eq!(cached(&state), (0, 0));
}

#[test]
fn h27_invpcid_0_of_an_address_that_is_not_canonical_is_a_fault() {
    let (_, state, properties) = after("", "invpcid_flush_one(0, 0x800000400000);");
    assert_eq!((cached(&state), properties), ((1, 3), Property::KernelBug.as_set()));
    let (_, state, properties) = after("", "invpcid_flush_one(0, 0x400000);");
    assert_eq!((cached(&state), properties), ((0, 0), PropertySet::NONE));
}

#[test]
fn h3_without_pcide_the_low_bits_of_cr3_mean_nothing_and_bit_63_is_a_fault() {
    for pcid in [0, 1, 24, 4095] {
        let (_, state, properties) = after("pcid off;", &format!("write_cr3(m.pgd, {pcid});"));
        assert_eq!(properties, PropertySet::NONE, "{pcid}");
        assert_eq!(state.cpus[0].hw.cr3.pcid, x86::Pcid(0), "{pcid}");
        assert_eq!(cached(&state), (0, 0), "{pcid}");
    }
    let (machine, state, properties) = after("pcid off;", "write_cr3(init_mm.pgd, 0, noflush);");
    assert_eq!(properties, Property::KernelBug.as_set());
    // The fault comes before anything is done.
    assert_eq!(cached(&state), (1, 3));
    assert_eq!(machine.mm_of_root(&state, state.cpus[0].hw.cr3.root), Some(1));
}

#[test]
fn h3_with_pcide_the_pcid_is_bits_11_to_0() {
    let (_, state, properties) = after("", "write_cr3(m.pgd, 4095, noflush);");
    assert_eq!((state.cpus[0].hw.cr3.pcid, properties), (x86::Pcid(4095), PropertySet::NONE));
    let (_, _, properties) = after("", "write_cr3(m.pgd, 4096);");
    assert_eq!(properties, Property::KernelBug.as_set());
}

#[test]
fn h3_invpcid_of_a_pcid_without_pcide_is_a_fault() {
    for operation in ["invpcid_flush_one(1, 0x400000);", "invpcid_flush_single_context(1);"] {
        assert_eq!(after("pcid off;", operation).2, Property::KernelBug.as_set(), "{operation}");
        assert_eq!(after("pcid on;", operation).2, PropertySet::NONE, "{operation}");
    }
}

#[test]
fn h38_only_amd_has_tce() {
    // Another page, below another page table: with TCE the pointers to the first one stay.
    let far = "invlpg(0x8000000000);";
    let (_, state, _) = after("vendor amd; tce on;", far);
    assert_eq!(cached(&state), (1, 3));
    for other in ["vendor amd; tce off;", "vendor intel; tce on;"] {
        let (_, state, _) = after(other, far);
        assert_eq!(cached(&state), (1, 0), "{other}");
    }
}

#[test]
fn h39_invpcid_0_is_narrower_than_invlpg_but_on_amd_without_tce() {
    let far = "invpcid_flush_one(0, 0x8000000000);";
    for (items, left) in [("vendor intel;", 3), ("vendor amd; tce on;", 3), ("vendor amd; tce off;", 0)] {
        let (_, state, _) = after(items, far);
        assert_eq!(cached(&state), (1, left), "{items}");
    }
}

/// Three CPUs that have `A` loaded and its page cached; CPU 0 broadcasts.
fn broadcaster(operations: &str) -> Machine {
    machine(
        &format!("global x: int = 0; sys p(m: mm) {{ {operations} }}"),
        &format!(
            "machine {{ cpus 3; vendor amd; }} {PROCESS}
             setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(A); }} cpu 2 {{ run(A); }} }} cpu 0 {{ p(A); }}"
        ),
    )
}

#[test]
fn h48_each_cpu_carries_out_a_broadcast_at_a_moment_of_its_own() {
    let machine = broadcaster("invlpgb_flush_user_nr_nosync(0, 0x400000, 1, false); x = 1;");
    let mut run = Run::new(&machine);
    for cpu in 0..3 {
        run.walk_all(cpu);
    }
    run.step(0);
    // Nothing is invalidated yet, not even on the sender, and the sender continues.
    assert!((0..3).all(|cpu| run.cached(cpu) == (1, 3)));
    run.step(0);
    for (cpu, left) in [(2, [true, true, false]), (0, [false, true, false]), (1, [false, false, false])] {
        run.take(Action::Broadcast { cpu });
        assert_eq!([0, 1, 2].map(|cpu| run.cached(cpu) == (1, 3)), left);
        assert!(!run.can(Action::Broadcast { cpu }));
    }
}

#[test]
fn h48_a_cpu_that_has_interrupts_off_or_sleeps_is_reached_too() {
    for state in ["local_irq_disable(); x = 1;", "mwait_c1();"] {
        let machine = machine(
            &format!("global x: int = 0; sys deaf() {{ {state} }} sys p() {{ invlpgb_flush_all_nosync(); }}"),
            "machine { vendor amd; } mm A { 0x400000 -> page \"data\"; }
             setup { cpu 1 { run(A); } } cpu 0 { p(); } cpu 1 { deaf(); }",
        );
        let mut run = Run::new(&machine);
        run.walk_all(1).step(1).step(0).take(Action::Broadcast { cpu: 1 });
        assert_eq!(run.cached(1), (0, 0), "{state}");
    }
}

#[test]
fn h48_what_a_broadcast_names_is_what_goes() {
    for (operation, left) in [
        ("invlpgb_flush_user_nr_nosync(0, 0x400000, 1, false)", (0, 0)),
        ("invlpgb_flush_user_nr_nosync(0, 0x400000, 1, true)", (0, 3)),
        ("invlpgb_flush_user_nr_nosync(0, 0x401000, 1, true)", (1, 3)),
        ("invlpgb_flush_user_nr_nosync(0, 0x3ff000, 2, true)", (0, 3)),
        ("invlpgb_flush_user_nr_nosync(1, 0x400000, 1, false)", (1, 3)),
        ("invlpgb_flush_single_pcid_nosync(0)", (0, 0)),
        ("invlpgb_flush_single_pcid_nosync(1)", (1, 3)),
        ("invlpgb_flush_all_nonglobals_nosync()", (0, 0)),
        ("invlpgb_flush_all_nosync()", (0, 0)),
    ] {
        let machine = broadcaster(&format!("{operation};"));
        let mut run = Run::new(&machine);
        run.walk_all(1).step(0).take(Action::Broadcast { cpu: 1 });
        assert_eq!(run.cached(1), left, "{operation}");
    }
}

#[test]
fn h48_a_broadcast_to_a_pcid_without_pcide_is_a_fault_and_reaches_nobody() {
    for operation in [
        "invlpgb_flush_user_nr_nosync(1, 0x400000, 1, false);",
        "invlpgb_flush_single_pcid_nosync(1);",
        "invlpgb_flush_single_pcid_nosync(4096);",
    ] {
        let (_, state, properties) = after("vendor amd; pcid off;", operation);
        assert_eq!(properties, Property::KernelBug.as_set(), "{operation}");
        assert!(state.cpus.iter().all(|cpu| cpu.broadcasts.is_empty()), "{operation}");
    }
    let (_, state, properties) = after("vendor amd; pcid off;", "invlpgb_flush_single_pcid_nosync(0);");
    assert_eq!((properties, state.cpus[0].broadcasts.len()), (PropertySet::NONE, 1));
    assert_eq!(after("vendor amd;", "invlpgb_flush_single_pcid_nosync(1);").2, PropertySet::NONE);
}

#[test]
fn h49_tlbsync_waits_until_every_cpu_has_carried_out_the_senders_broadcasts() {
    let machine = broadcaster(
        "invlpgb_flush_single_pcid_nosync(1); invlpgb_flush_single_pcid_nosync(0); tlbsync(); x = 1;",
    );
    let mut run = Run::new(&machine);
    for cpu in 0..3 {
        run.walk_all(cpu);
    }
    run.step(0).step(0);
    for cpu in [1, 0, 2, 2, 1, 0] {
        assert_eq!(run.blocked(0), Some(Blocked::BroadcastsNotDone));
        assert!(!run.can(Action::Step { cpu: 0 }));
        run.take(Action::Broadcast { cpu });
    }
    run.step(0);
    assert!((0..3).all(|cpu| run.cached(cpu) == (0, 0)));
    // No execution leaves anything after it.
    everywhere(&machine, |state, _| {
        if global(&machine, state, "x") == 1 {
            assert!(state.cpus.iter().all(|cpu| cpu.broadcasts.is_empty()));
        }
    });
}

#[test]
fn h49_tlbsync_waits_for_no_broadcast_of_another_cpu() {
    let machine = machine(
        "sys send() { invlpgb_flush_all_nosync(); } sys sync() { tlbsync(); }",
        "machine { vendor amd; } cpu 0 { send(); } cpu 1 { sync(); }",
    );
    let mut run = Run::new(&machine);
    run.step(0);
    assert_eq!(run.state.cpus[1].broadcasts.len(), 1);
    run.step(1);
    assert!(matches!(run.events[0], What::Waited));
}

#[test]
fn h49_broadcasts_of_one_cpu_are_carried_out_in_the_order_in_which_they_came() {
    let machine = broadcaster("invlpgb_flush_single_pcid_nosync(7); invlpgb_flush_all_nosync();");
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    let mut pcids = Vec::new();
    for _ in 0..2 {
        run.take(Action::Broadcast { cpu: 2 });
        let What::BroadcastDone { broadcast, sender: 0, .. } = &run.events[0] else { panic!() };
        pcids.push(broadcast.pcid);
    }
    assert_eq!(pcids, [Some(x86::Pcid(7)), None]);
}

/// One INVLPGB names at least one page, and at most as many as CPUID says: the instruction does nothing else.
#[test]
fn h48_a_count_that_the_processor_does_not_take_is_a_fault() {
    for (items, pages, good) in [
        ("", 0, false),
        ("", 1, true),
        ("", 512, true),
        ("", 513, false),
        ("invlpgb_count_max 8;", 8, true),
        ("invlpgb_count_max 8;", 9, false),
        ("invlpgb_count_max 1;", 2, false),
    ] {
        let operation = format!("invlpgb_flush_user_nr_nosync(0, 0x400000, {pages}, false);");
        let (_, state, properties) = after(&format!("vendor amd; {items}"), &operation);
        assert_eq!(properties.intersects(Property::KernelBug.as_set()), !good, "{items} {pages}");
        assert_eq!(state.cpus[0].broadcasts.len(), usize::from(good), "{items} {pages}");
    }
}

/// Only AMD has INVLPGB and TLBSYNC: elsewhere they are #UD, and reach nobody.
#[test]
fn h48_h49_intel_has_neither_invlpgb_nor_tlbsync() {
    for operation in
        ["invlpgb_flush_all_nosync();", "invlpgb_flush_user_nr_nosync(0, 0x400000, 1, false);", "tlbsync();"]
    {
        for (vendor, good) in [("amd", true), ("intel", false)] {
            let (_, state, properties) = after(&format!("vendor {vendor};"), operation);
            assert_eq!(properties.intersects(Property::KernelBug.as_set()), !good, "{vendor} {operation}");
            let sent = good && operation != "tlbsync();";
            assert_eq!(state.cpus[0].broadcasts.len(), usize::from(sent), "{vendor} {operation}");
        }
    }
}

/// Three CPUs that have `A` loaded and its page cached; CPU 0 asks others for flushes.
fn asker(operations: &str, others: &str) -> Machine {
    machine(
        &format!("global x: int = 0; sys deaf() {{ {others} }} sys p(m: mm) {{ {operations} x = 1; }}"),
        &format!(
            "machine {{ cpus 3; tso off; }} {PROCESS}
             setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(A); }} cpu 2 {{ run(A); }} }} cpu 0 {{ p(A); }} cpu 1 {{ deaf(); }}"
        ),
    )
}

#[test]
fn h72_a_request_reaches_the_cpus_of_its_set_whatever_they_do() {
    for others in ["local_irq_disable(); x = 2;", "mwait_c1();"] {
        let machine = asker("rar_flush_single_context({0, 1}, 0); rar_wait();", others);
        let mut run = Run::new(&machine);
        for cpu in 0..3 {
            run.walk_all(cpu);
        }
        run.step(1).step(0);
        assert!(matches!(run.events[..], [What::RarSent { targets: 2, .. }]), "{:?}", run.events);
        assert_eq!(run.blocked(0), Some(Blocked::BroadcastsNotDone));
        // Neither the sender nor a CPU outside the set.
        assert!(!run.can(Action::Broadcast { cpu: 0 }) && !run.can(Action::Broadcast { cpu: 2 }));
        run.take(Action::Broadcast { cpu: 1 });
        assert_eq!([0, 1, 2].map(|cpu| run.cached(cpu)), [(1, 3), (0, 0), (1, 3)]);
        run.step(0).step(0);
        assert_eq!(run.global("x"), 1);
        assert!(!run.shows(Property::KernelBug));
    }
}

#[test]
fn h72_what_a_request_names_is_what_goes() {
    for (operation, left) in [
        ("rar_flush_one({1}, 0, 0x400000);", (0, 0)),
        ("rar_flush_one({1}, 0, 0x401000);", (1, 0)),
        ("rar_flush_one({1}, 0, 0x8000000000);", (1, 3)),
        ("rar_flush_one({1}, 1, 0x400000);", (1, 3)),
        ("rar_flush_single_context({1}, 0);", (0, 0)),
        ("rar_flush_single_context({1}, 1);", (1, 3)),
    ] {
        let machine = asker(operation, "");
        let mut run = Run::new(&machine);
        run.walk_all(1).step(0).take(Action::Broadcast { cpu: 1 });
        assert_eq!(run.cached(1), left, "{operation}");
    }
}

#[test]
fn h72_what_no_invpcid_could_do_no_request_does_and_only_intel_has_them() {
    for (items, operation, good) in [
        ("", "rar_flush_single_context({1}, 0);", true),
        ("", "rar_flush_single_context({1}, 4096);", false),
        ("pcid off;", "rar_flush_one({1}, 1, 0x400000);", false),
        ("pcid off;", "rar_flush_one({1}, 0, 0x400000);", true),
        ("", "rar_flush_one({1}, 0, 0x800000400000);", false),
        ("vendor amd;", "rar_flush_single_context({1}, 0);", false),
        ("vendor amd;", "rar_wait();", false),
        ("", "rar_wait();", true),
        ("", "rar_flush_single_context({}, 0);", true),
    ] {
        let machine = machine(
            &format!("sys p() {{ {operation} }}"),
            &format!("machine {{ cpus 2; {items} }} cpu 0 {{ p(); }}"),
        );
        let mut run = Run::new(&machine);
        run.step(0);
        assert_eq!(run.shows(Property::KernelBug), !good, "{items} {operation}");
        let sent = good && operation.contains("{1}");
        assert_eq!(run.state.cpus[1].broadcasts.len(), usize::from(sent), "{items} {operation}");
    }
}

/// No order of a search is left out, and the search that remembers steps finds what the plain one finds.
#[test]
fn h72_every_moment_of_a_request_is_tried() {
    let machine = machine(
        "global x: int = 0; sys section() { local_irq_disable(); local_irq_enable(); }
         sys p() { rar_flush_one(online, 0, 0x400000); rar_wait(); x = 1; }",
        &format!(
            "machine {{ cpus 2; tso 1; }} {PROCESS} setup {{ cpu 1 {{ run(A); }} }} cpu 0 {{ p(); }} cpu 1 {{ section(); }}"
        ),
    );
    let mut check = Check::new(&machine, explore::Limits { symmetry: false, ..explore::Limits::default() });
    check.run_to_end();
    assert_eq!(check.progress().states as usize, count(&machine));
    everywhere(&machine, |state, _| {
        if global(&machine, state, "x") == 1 {
            assert!(state.cpus.iter().all(|cpu| cpu.broadcasts.is_empty()));
        }
        let mut bytes = Vec::new();
        machine.pack(state, &mut bytes);
        assert_eq!(machine.unpack(&bytes), *state);
    });
}
