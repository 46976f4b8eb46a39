//! Guests: entries and exits, walks in two dimensions, and what a text can do wrong. H59, H63 to H71.

use crate::support::*;
use x86::{Level, SpaceKind, Vendor};

/// A kernel that enters a guest and counts exits. `ON` is what happens at a violation.
const KERNEL: &str = "global exits: int = 0; global interrupts: int = 0; global got: int = 0;
    sys enter(m: mm, g: mm, vpid: int) then user(m) { vmptrld(m, g, vpid); vmresume(); }
    sys leave() { vmcall(); }
    sys put_back(g: mm, gpa: va, page: frame) { pte(g, gpa) = pfn_pte(page, VMX_EPT_RWX_MASK); smp_mb(); }
    sys take(g: mm, gpa: va) -> frame { return pte_pfn(xchg(pte(g, gpa), 0)); }
    sys give(page: frame) { free_page(page); }
    ipi tap() { inc_return(interrupts); }
    sys kick() { ipi tap() to online - {cpu} and wait; }
    sys invept(g: mm) { invept_single(g); }
    sys protect(g: mm, gpa: va) { fetch_and_not(pte(g, gpa), VMX_EPT_WRITABLE_MASK); }
    exit handle_exit(violation: bool, gpa: va, write: bool) { inc_return(exits); ON }";
const GUEST: &str = "guest G; mm A in G { 0x400000 -> page \"data\" at 0x5000; }";

fn guests(on: &str, machine_: &str, blocks: &str) -> Machine {
    let kernel = KERNEL.replace("ON", on);
    machine(&kernel, &format!("machine {{ tso 0; pcid off; pge off; {machine_} }} {GUEST} {blocks}"))
}

/// Every execution, by the plain search and by the one that remembers steps; returns the properties that showed.
fn all_ways(machine: &Machine) -> PropertySet {
    let mut states = 0;
    let properties = everywhere(machine, |_, _| states += 1);
    let mut check = Check::new(machine, explore::Limits { symmetry: false, ..explore::Limits::default() });
    check.run_to_end();
    assert_eq!(check.progress().states, states);
    properties
}

#[test]
fn a_guest_reaches_its_page_through_both_dimensions() {
    let machine = guests("", "cpus 1;", "cpu 0 { enter(A, G, 1); store(0x400000, 7); leave(); }");
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    assert!(run.state.cpus[0].in_guest());
    assert!(!run.can(Action::Step { cpu: 0 }));
    run.walk_all(0);
    let hw = &run.state.cpus[0].hw;
    let count = |kind: SpaceKind| hw.tlb.iter().filter(|entry| entry.space.kind == kind).count();
    // Four tables and a page.
    assert_eq!(
        (count(SpaceKind::Combined), count(SpaceKind::GuestPhysical), count(SpaceKind::Linear)),
        (1, 5, 0)
    );
    run.take(Action::Access { cpu: 0, copy: 0 });
    let What::Accessed { backing, given, .. } = &run.events[0] else { panic!("{:?}", run.events) };
    let x86::Backing::Frame(frame) = *backing else { panic!("{backing:?}") };
    assert_eq!(machine.map().frames[usize::from(frame)].1, "data");
    assert!(given);
    assert_eq!(run.state.memory.word(frame, 0u32), 7);
    run.step(0);
    assert!(!run.state.cpus[0].in_guest() && run.properties == PropertySet::NONE);
    // With a VPID everything stays cached, and is of no use outside.
    assert_eq!(run.state.cpus[0].hw.tlb.len(), 6);
    assert_eq!(run.state.cpus[0].hw.translations(machine.watched()[0]).count(), 0);
    assert_eq!(all_ways(&machine), PropertySet::NONE);
}

#[test]
fn an_ept_violation_leaves_to_the_host_and_the_access_is_made_again() {
    for (access, writes) in [("load(0x400000);", 0), ("store(0x400000, 1);", 1)] {
        let on = "if violation { BUG_ON(gpa != 0x5000); if write { got = 1; } pte(THE, gpa) = pfn_pte(alloc_page(), VMX_EPT_RWX_MASK); smp_mb(); }";
        let kernel = KERNEL.replace("ON", on).replace("THE", "the_guest");
        let kernel = format!("global the_guest: mm; sys name(g: mm) {{ the_guest = g; smp_mb(); }} {kernel}");
        let machine = machine(
            &kernel,
            &format!(
                "machine {{ cpus 1; tso 0; pcid off; pge off; spare 1; }} {GUEST}
                 setup {{ cpu 0 {{ name(G); take(G, 0x5000); }} }} cpu 0 {{ enter(A, G, 1); {access} leave(); }}"
            ),
        );
        let mut done = 0;
        let properties = everywhere(&machine, |state, _| {
            if machine.all_done(state) {
                done += 1;
                assert_eq!(global(&machine, state, "exits"), 1);
                assert_eq!(global(&machine, state, "got"), writes);
            }
        });
        assert!(done > 0 && properties == PropertySet::NONE);
    }
}

#[test]
fn a_page_that_the_host_frees_is_reached_through_what_is_cached_unless_it_is_flushed() {
    for (flush, shown) in [("", true), ("invept(G);", false)] {
        let on = "if violation { got = 1; smp_mb(); until got == 2; }";
        let block = format!(
            "cpu 0 {{ enter(A, G, 1); load(0x400000); leave(); give(take(G, 0x5000)); {flush} enter(A, G, 1); load(0x400000); }}"
        );
        let machine = guests(on, "cpus 1;", &block);
        let properties = all_ways(&machine);
        assert_eq!(properties.intersects(Property::StaleAccess.as_set()), shown, "{flush}");
    }
}

#[test]
fn a_right_that_the_host_takes_away_is_a_violation_of_stores_alone() {
    let block = "cpu 0 { protect(G, 0x5000); enter(A, G, 1); load(0x400000); leave(); enter(A, G, 1); store(0x400000, 1); }";
    let machine = guests("BUG_ON(!write); until got == 2;", "cpus 1;", block);
    let mut run = Run::new(&machine);
    run.software(0).walk_all(0).take(Action::Access { cpu: 0, copy: 0 }).software(0).walk_all(0);
    assert!(run.can(Action::Violation { cpu: 0 }) && !run.can(Action::Access { cpu: 0, copy: 0 }));
    run.take(Action::Violation { cpu: 0 });
    // Everything that its addresses would use is gone: the page and the pointers to it, in both dimensions.
    assert!(!run.state.cpus[0].in_guest() && run.state.cpus[0].exception.is_some());
    let hw = &run.state.cpus[0].hw;
    assert_eq!((hw.tlb.len(), hw.psc.len()), (4, 0));
}

#[test]
fn an_interrupt_leaves_the_guest_and_the_exit_handler_runs_behind_it() {
    let machine = guests(
        "BUG_ON(violation); BUG_ON(interrupts != 1);",
        "cpus 2;",
        "setup { cpu 1 { enter(A, G, 1); } } cpu 0 { kick(); } cpu 1 { enter(A, G, 1); load(0x400000); }",
    );
    let machine_ = &machine;
    let mut run = Run::new(machine_);
    assert!(run.state.cpus[1].in_guest());
    run.step(0).take(Action::Interrupt { cpu: 1 });
    assert!(!run.state.cpus[1].in_guest() && run.state.cpus[1].handler.is_some());
    run.step(1);
    assert!(run.state.cpus[1].handler.is_some() || run.state.cpus[1].exception.is_some());
    run.software(1);
    assert!(run.state.cpus[1].in_guest() || run.properties != PropertySet::NONE);
}

/// A guest that sleeps goes on behind its MWAIT, and the handler of the exit begins at its beginning.
#[test]
fn an_interrupt_of_a_guest_that_sleeps_ends_its_mwait() {
    let exit = KERNEL.rfind("exit handle_exit").expect("it is the last function");
    let with = |exit_handler: &str| {
        let kernel = format!(
            "nmi watchdog() {{ }} sys nap() {{ mwait_c1(); }} {} {exit_handler}",
            KERNEL.get(..exit).expect("a place in it")
        );
        machine(
            &kernel,
            &format!(
                "machine {{ cpus 2; tso 0; pcid off; pge off; }} {GUEST}
                 setup {{ cpu 1 {{ enter(A, G, 1); }} }} nmi cpu 1; cpu 0 {{ kick(); }} cpu 1 {{ nap(); }}"
            ),
        )
    };
    for wake in [Action::Interrupt { cpu: 1 }, Action::Nmi { cpu: 1 }] {
        // An interrupt, and what the kernel does about it.
        let woken = |machine: &Machine| {
            let mut run = Run::new(machine);
            run.step(1);
            assert!(run.state.cpus[1].in_guest() && run.state.cpus[1].asleep.is_some());
            run.step(0).take(wake);
            run.software(1);
            (run.state.cpus[1].in_guest(), run.state.cpus[1].asleep.is_some(), run.properties)
        };
        assert_eq!(woken(&with("exit handle_exit() { }")), (true, false, PropertySet::NONE));
        assert!(
            woken(&with("exit handle_exit() { BUG_ON(true); }")).2.intersects(Property::KernelBug.as_set())
        );
    }
}

#[test]
fn every_mistake_with_guests_is_named() {
    let kernel = format!(
        "{} sys rerun() {{ vmresume(); }} sys amd(n: int) {{ vmrun(n); }} sys bad_ept(m: mm) {{ invept_single(m); }}
         sys vpid(n: int) {{ invvpid_single(n); }} sys name(m: mm, n: int) {{ vmptrld(m, m, n); }}",
        KERNEL.replace("ON", "")
    );
    let shown = |vendor: &str, block: &str| {
        let machine = machine(
            &kernel,
            &format!("machine {{ cpus 1; tso 0; pcid off; pge off; {vendor} }} {GUEST} cpu 0 {{ {block} }}"),
        );
        let mut run = Run::new(&machine);
        let mut bugs = Vec::new();
        while run.can(Action::Step { cpu: 0 }) {
            run.step(0);
            bugs.extend(run.events.iter().filter_map(|event| match event {
                What::Bug(Bug::Vm(why)) => Some(*why),
                _ => None,
            }));
        }
        assert_eq!(run.shows(Property::KernelBug), !bugs.is_empty());
        bugs
    };
    for (vendor, block, why) in [
        ("", "rerun();", VmFault::NoGuest),
        ("", "name(A, 1);", VmFault::NoGuest),
        ("", "bad_ept(A);", VmFault::NoGuest),
        ("", "enter(A, G, 300);", VmFault::TagTooLarge),
        ("", "leave();", VmFault::NotInGuest),
        ("", "enter(A, G, 1); invept(G);", VmFault::InGuest),
        ("", "if got == 0 { enter(A, G, 1); } let p = alloc_page(); p[0] = 1;", VmFault::InGuest),
        ("", "if got == 0 { enter(A, G, 1); } let p = alloc_page(); free_page(p);", VmFault::InGuest),
        ("", "vpid(0);", VmFault::TagOfHost),
        ("vendor amd;", "vpid(1);", VmFault::OtherVendor),
    ] {
        assert_eq!(shown(vendor, block).first(), Some(&why), "{block}");
    }
    assert_eq!(shown("", "enter(A, G, 1); leave();"), []);
}

#[test]
fn states_with_guests_survive_packing() {
    let block = "cpu 0 { enter(A, G, 1); load(0x400000); leave(); }";
    for vendor in [Vendor::Intel, Vendor::Amd] {
        let (word, enter) = match vendor {
            Vendor::Intel => ("intel", "vmresume();"),
            Vendor::Amd => ("amd", "vmrun(0);"),
        };
        let kernel = KERNEL.replace("ON", "").replace("vmresume();", enter);
        let machine = machine(
            &kernel,
            &format!("machine {{ cpus 1; tso 0; pcid off; pge off; vendor {word}; }} {GUEST} {block}"),
        );
        let mut entered = 0;
        everywhere(&machine, |state, _| {
            let mut bytes = Vec::new();
            machine.pack(state, &mut bytes);
            assert_eq!(machine.unpack(&bytes), *state);
            entered += u32::from(state.cpus[0].in_guest());
        });
        assert!(entered > 10);
    }
}

#[test]
fn a_guest_table_that_the_host_has_moved_is_read_where_it_was() {
    let block = "cpu 0 { enter(A, G, 1); load(0x400000); leave(); give(take(G, 0x103000)); enter(A, G, 1); load(0x400000); }";
    let machine = guests("until got == 2;", "cpus 1;", block);
    let properties = all_ways(&machine);
    // The frame of the guest's page table has been freed: a walk may still go there from a combined pointer.
    assert!(properties.intersects(Property::WalkOfFreed.as_set()), "{}", Level::Pt.table_name());
}

/// H71: TLB_CONTROL of the VMRUN that ends `exit`.
#[test]
fn h71_a_vmrun_may_end_the_exit_handler() {
    for (last, kept) in [("", true), ("vmrun(0);", true), ("vmrun(1);", false), ("vmrun(3);", false)] {
        let kernel = KERNEL.replace("vmresume();", "vmrun(0);").replace("ON", last);
        let machine = machine(
            &kernel,
            &format!(
                "machine {{ vendor amd; cpus 2; tso 0; pcid off; pge off; }} {GUEST}
                 setup {{ cpu 0 {{ enter(A, G, 1); load(0x400000); }} }} cpu 0 {{ load(0x400000); leave(); }} cpu 1 {{ kick(); }}"
            ),
        );
        let mut run = Run::new(&machine);
        assert!(run.state.cpus[0].in_guest() && run.cached(0).0 > 0);
        run.step(1).take(Action::Interrupt { cpu: 0 });
        assert!(!run.state.cpus[0].in_guest());
        run.software(0);
        assert!(run.state.cpus[0].in_guest() && !run.shows(Property::KernelBug), "{last}");
        assert_eq!((run.global("exits"), run.global("interrupts")), (1, 1));
        assert_eq!(run.cached(0).0 > 0, kept, "{last}");
        assert!(run.can(Action::Access { cpu: 0, copy: 0 }) == kept, "{last}");
    }
}

#[test]
fn an_nmi_leaves_the_guest_and_its_handler_runs_before_that_of_the_exit() {
    let kernel = format!(
        "nmi watchdog() {{ BUG_ON(exits != 0); got = 1; }} {}",
        KERNEL.replace("ON", "BUG_ON(got == 0 || violation);")
    );
    let machine = machine(
        &kernel,
        &format!(
            "machine {{ cpus 1; tso 0; pcid off; pge off; }} {GUEST} nmi cpu 0;
             cpu 0 {{ enter(A, G, 0); load(0x400000); leave(); }}"
        ),
    );
    let mut run = Run::new(&machine);
    run.step(0).step(0).walk_all(0);
    run.take(Action::Nmi { cpu: 0 });
    // A VM exit, without a VPID, drops what was cached of linear addresses.
    assert!(!run.state.cpus[0].in_guest() && run.state.cpus[0].intruder.is_some());
    assert!(run.state.cpus[0].hw.tlb.iter().all(|entry| entry.space.kind == SpaceKind::GuestPhysical));
    let outside = Property::KernelBug.as_set();
    let kinds = |machine: &Machine| {
        let (mut inside, mut over) = (0, 0);
        let shown = everywhere(machine, |state, _| {
            inside += usize::from(state.cpus[0].exception.is_some() && state.cpus[0].intruder.is_some());
            over += usize::from(machine.all_done(state));
        });
        (shown, inside > 0, over > 0)
    };
    // If it comes outside the guest, it is no VM exit. (So the handler of exits may see none.)
    let (shown, inside, over) = kinds(&machine);
    assert!(inside && over && !shown.intersects(outside), "{shown:?}");
    let mut check = Check::new(&machine, explore::Limits { symmetry: false, ..explore::Limits::default() });
    check.run_to_end();
    assert_eq!(check.progress().seen, shown);
}

/// AMD takes the walk of a guest's table for a user's write in the second dimension (APM vol. 2, 15.25.5).
#[test]
fn h63_a_guest_table_that_may_not_be_written_is_a_nested_page_fault_on_amd() {
    // The guest's page table is at guest-physical 0x103000.
    for (vendor, enter, told) in [("amd", "vmrun(0);", true), ("intel", "vmresume();", false)] {
        for protect in ["protect(G, 0x103000);", ""] {
            let on = "if violation { BUG_ON(gpa != 0x103000); BUG_ON(!write); got = 1; allow_it(); }";
            let kernel = KERNEL.replace("ON", on).replace("vmresume();", enter);
            let kernel = format!(
                "global the_guest: mm; sys name(g: mm) {{ the_guest = g; smp_mb(); }}
                 fn allow_it() {{ fetch_or(pte(the_guest, 0x103000), _PAGE_RW); }} {kernel}"
            );
            let machine = machine(
                &kernel,
                &format!(
                    "machine {{ vendor {vendor}; cpus 1; tso 0; pcid off; pge off; }} {GUEST}
                     cpu 0 {{ name(G); {protect} enter(A, G, 1); load(0x400000); leave(); }}"
                ),
            );
            let mut ends = Vec::new();
            let properties = everywhere(&machine, |state, _| {
                if machine.all_done(state) {
                    ends.push(global(&machine, state, "got"));
                }
            });
            ends.sort_unstable();
            ends.dedup();
            let violated = told && !protect.is_empty();
            assert_eq!(ends, [u64::from(violated)], "{vendor} {protect}");
            assert_eq!(properties, PropertySet::NONE, "{vendor} {protect}");
        }
    }
}

/// The host's tables may be freed while its guest runs: after the VM exit the CPU walks in a table that is gone.
#[test]
fn a_root_of_the_host_that_is_freed_while_the_guest_runs_dangles_after_the_exit() {
    let kernel = format!(
        "{} sys drop(m: mm) {{ free_table(m.pgd); }} sys host(m: mm) then user(m) {{ write_cr3(m.pgd, 0); }}",
        KERNEL.replace("ON", "")
    );
    for (dropped, shown) in [("drop(B);", true), ("", false)] {
        let machine = machine(
            &kernel,
            &format!(
                "machine {{ cpus 2; tso 0; pcid off; pge off; }} {GUEST} mm B {{ 0x400000 -> page \"host\"; }}
                 setup {{ cpu 1 {{ host(B); enter(A, G, 1); }} }} cpu 0 {{ {dropped} }} cpu 1 {{ leave(); }}"
            ),
        );
        let properties = all_ways(&machine);
        assert_eq!(properties.intersects(Property::WalkOfFreed.as_set()), shown, "{dropped}");
        let mut run = Run::new(&machine);
        run.software(0).step(1);
        assert!(!run.state.cpus[1].in_guest());
        assert_eq!(machine.in_danger(&run.state, 1), shown, "{dropped}");
    }
}
