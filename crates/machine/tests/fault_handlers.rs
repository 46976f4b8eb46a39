//! The kernel's handler of page faults: what it is told, what it may do, and how it ends. H15, H23, H47, H59.

use crate::support::*;

const FAULT: Action = Action::Fault { cpu: 0 };
const G: &str = "global g: int = 0; global faults: int = 0;";
/// Demand paging: a page appears where there was none.
const MAP: &str = "fault exc_page_fault(address: va) {
        inc_return(faults);
        pte(MM, address) = pfn_pte(alloc_page(), _PAGE_TABLE);
        smp_mb();
    }";

/// One CPU that runs `block` on `A`: 0x400000 may be written, 0x401000 is read-only, 0x402000 is not there.
fn one(kernel: &str, machine_: &str, block: &str) -> Machine {
    machine(
        // The one mm of the scenario, by a variable.
        &format!("{G} global the_mm: mm; sys enter(m: mm) {{ the_mm = m; smp_mb(); }} {}", kernel.replace("MM", "the_mm")),
        &format!(
            "machine {{ cpus 1; {machine_} }} mm A {{ 0x400000 -> page \"data\"; 0x401000 -> page \"code\" ro; }}
             watch 0x402000; setup {{ cpu 0 {{ run(A); enter(A); }} }} cpu 0 {{ {block} inc_return(g); }}"
        ),
    )
}

/// `g` and `faults` where executions are complete, and all properties.
fn ends(machine: &Machine) -> (Vec<(u64, u64)>, PropertySet) {
    let (mut values, mut states) = (Vec::new(), 0);
    let properties = everywhere(machine, |state, _| {
        states += 1;
        if machine.all_done(state) {
            values.push((global(machine, state, "g"), global(machine, state, "faults")));
        }
    });
    values.sort_unstable();
    values.dedup();
    // The search that remembers what steps lead to finds the same.
    let mut check = Check::new(machine, explore::Limits { symmetry: false, ..explore::Limits::default() });
    check.run_to_end();
    assert_eq!(check.progress().states, states);
    (values, properties)
}

const PAGE_FAULT: PropertySet = Property::PageFault.as_set();

#[test]
fn a_page_that_the_handler_maps_is_accessed_as_if_it_had_been_there() {
    for access in ["store(0x402000, 5);", "load(0x402000);"] {
        let machine = one(MAP, "", &format!("{access} load(0x402008);"));
        assert_eq!(ends(&machine), (vec![(1, 1)], PAGE_FAULT), "{access}");
    }
    // Accesses of the kernel's functions as well.
    let machine = one(&format!("{MAP} sys copy() {{ store(0x402000, 5); }}"), "", "copy();");
    assert_eq!(ends(&machine), (vec![(1, 1)], PAGE_FAULT));
}

#[test]
fn the_handler_is_told_the_address_and_three_bits_of_the_error_code() {
    let handler = "fault exc_page_fault(user: bool, present: bool, address: va, write: bool) {
            if user { add_return(faults, 1); }
            if write { add_return(faults, 10); }
            if present { add_return(faults, 100); }
            if address == 0x402010 { add_return(faults, 1000); }
            bad_area();
        }
        sys peek() { load_user(); } fn load_user() { let x = 0; if get_user(x, 0x402010) { add_return(g, 5); } }";
    for (block, end) in [
        ("load(0x402010);", (0, 1001)),
        ("store(0x402010, 1);", (0, 1011)),
        ("store(0x401000, 1);", (0, 111)),
        ("load(0xffff888000000000);", (0, 1)),
        ("peek();", (6, 1000)),
    ] {
        assert_eq!(ends(&one(handler, "", block)).0, [end], "{block}");
    }
}

#[test]
fn an_access_that_is_given_up_kills_the_program_or_goes_to_its_fixup_or_is_an_oops() {
    let handler = "fault exc_page_fault() { inc_return(faults); bad_area(); }
        sys get() { let x = 7; if get_user(x, 0x402000) { add_return(g, 10 + x); } }
        sys put() { if put_user(1, 0x401000) { add_return(g, 10); } }
        sys bare() { store(0x401000, 1); }
        sys nofault() { if load_nofault(0x402000) == 0 { add_return(g, 10); } }";
    let oops = PAGE_FAULT | Property::KernelBug.as_set();
    for (block, end, shows) in [
        ("load(0x402000);", (0, 1), PAGE_FAULT),
        // A program that catches SIGSEGV.
        ("load_nofault(0x402000);", (1, 1), PAGE_FAULT),
        ("get();", (11, 1), PAGE_FAULT),
        ("put();", (11, 1), PAGE_FAULT),
        ("bare();", (0, 1), oops),
        // With page faults disabled, the handler does not decide.
        ("nofault();", (11, 0), PAGE_FAULT),
    ] {
        assert_eq!(ends(&one(handler, "", block)), (vec![end], shows), "{block}");
    }
}

#[test]
fn h59_the_fault_drains_the_store_buffer_and_clears_the_interrupt_flag_and_iret_brings_it_back() {
    for (before, flag) in [("", true), ("off();", false)] {
        let kernel = format!(
            "{MAP} sys off() {{ local_irq_disable(); }} sys put() {{ faults = 5; store(0x402000, 1); }}"
        );
        let machine = one(&kernel, "", &format!("{before} put();"));
        let mut run = Run::new(&machine);
        run.software(0);
        assert!(!run.state.cpus[0].buffer.is_empty());
        run.take(FAULT);
        let this = &run.state.cpus[0];
        assert!(this.buffer.is_empty() && !this.irqs_on && this.exception.is_some());
        assert!(
            run.events.iter().any(|event| matches!(event, What::Faulted { then: Aftermath::Handled, .. }))
        );
        while run.state.cpus[0].exception.is_some() {
            let drain = Action::Drain { cpu: 0 };
            run.take(if run.can(drain) { drain } else { Action::Step { cpu: 0 } });
        }
        assert_eq!(run.state.cpus[0].irqs_on, flag);
        assert!(matches!(run.events[..], [What::FaultDone { .. }]));
        assert_eq!(run.global("faults"), 6);
    }
}

#[test]
fn h59_iret_waits_for_the_stores_of_the_handler() {
    let machine = one(
        "fault f(address: va) { pte(MM, address) = pfn_pte(alloc_page(), _PAGE_TABLE); }",
        "",
        "load(0x402000);",
    );
    let mut run = Run::new(&machine);
    run.software(0).take(FAULT).software(0);
    assert_eq!(run.blocked(0), Some(Blocked::StoreBufferNotEmpty(Occasion::Iret)));
    // Otherwise the load might fault a second time.
    assert_eq!(ends(&machine).1, PAGE_FAULT);
}

#[test]
fn an_ipi_is_taken_in_the_handler_only_if_the_handler_turns_interrupts_on() {
    let test = |enable: &str| {
        let kernel = format!(
            "{G} global the_mm: mm; ipi poke() {{ inc_return(g); }} sys enter(m: mm) {{ the_mm = m; smp_mb(); }}
             fault f(address: va) {{ {enable} until g == 1; pte(the_mm, address) = pfn_pte(alloc_page(), _PAGE_TABLE); }}
             sys send() {{ ipi poke() to {{0}} and wait; }}"
        );
        machine(
            &kernel,
            "machine { cpus 2; } mm A { 0x400000 -> page \"data\"; } watch 0x402000;
             setup { cpu 0 { run(A); enter(A); } } cpu 0 { load(0x402000); } cpu 1 { until faults == 0; send(); }",
        )
    };
    assert!(possible(&test(""), Property::Deadlock));
    assert!(!possible(&test("local_irq_enable();"), Property::Deadlock));
}

#[test]
fn h23_a_spurious_fault_runs_the_handler_on_intel_and_not_on_amd() {
    let kernel = "fault f(present: bool) { inc_return(faults); BUG_ON(!present); }
        sys allow(m: mm) { fetch_or(pte(m, 0x401000), _PAGE_RW); }";
    for (vendor, ends_) in [("intel", vec![(1, 0), (1, 1)]), ("amd", vec![(1, 0)])] {
        let machine =
            one(kernel, &format!("vendor {vendor};"), "load(0x401000); allow(A); store(0x401000, 1);");
        let (values, properties) = ends(&machine);
        assert_eq!(values, ends_, "{vendor}");
        assert!(!properties.intersects(VIOLATION), "{vendor}");
    }
}

#[test]
fn h47_a_fault_by_a_cached_pointer_says_that_nothing_is_present() {
    let kernel = "sys empty(m: mm) { xchg(pte(m, 0x400000), 0); invlpg(0x400000); }
        fault f(present: bool) { inc_return(faults); BUG_ON(present); }
        sys replace(m: mm) {
            let page = alloc_page();
            let table = alloc_table(m, pte);
            table[0] = pfn_pte(page, _PAGE_TABLE);
            xchg(pmd(m, 0x400000), pfn_pte(table, _PAGE_TABLE));
        }";
    let machine = one(kernel, "spare 2;", "empty(A); replace(A); load(0x400000);");
    let (values, properties) = ends(&machine);
    assert_eq!(values, [(1, 0), (1, 1)]);
    assert!(!properties.intersects(VIOLATION));
}

#[test]
fn whatever_refuses_an_access_may_be_what_the_error_code_speaks_of() {
    let kernel = "sys zap(m: mm) { xchg(pte(m, 0x401000), 0); }
        fault f(present: bool) { if present { add_return(faults, 10); } else { inc_return(faults); } bad_area(); }";
    // Memory has nothing there; the read-only translation is still cached, or is not.
    for (vendor, ends_) in [("intel", vec![(0, 1), (0, 10)]), ("amd", vec![(0, 1)])] {
        let machine =
            one(kernel, &format!("vendor {vendor};"), "load(0x401000); zap(A); store(0x401000, 1);");
        assert_eq!(ends(&machine).0, ends_, "{vendor}");
    }
}

#[test]
fn the_handler_does_not_run_for_handlers() {
    // Its own accesses and those of an IPI's handler: an oops, or the fixup.
    let oops = PAGE_FAULT | Property::KernelBug.as_set();
    let own = |access: &str| {
        one(&format!("fault f() {{ inc_return(faults); {access} bad_area(); }}"), "", "load(0x402000);")
    };
    assert_eq!(ends(&own("load(0x500000);")), (vec![(0, 1)], oops));
    assert_eq!(ends(&own("load_nofault(0x500000);")), (vec![(0, 1)], PAGE_FAULT));
    let kernel = format!(
        "{G} ipi poke() {{ let x = 0; if get_user(x, 0x500000) {{ inc_return(g); }} }} fault f() {{ inc_return(faults); }}
         sys send() {{ ipi poke() to {{1}} and wait; }}"
    );
    let machine = machine(
        &kernel,
        "machine { cpus 2; } mm A { } setup { cpu 1 { run(A); } } cpu 0 { send(); } cpu 1 { until g == 1; }",
    );
    assert_eq!(ends(&machine), (vec![(1, 0)], PAGE_FAULT));
}

#[test]
fn a_handler_that_repairs_nothing_is_entered_for_ever_and_no_execution_is_complete() {
    let (values, properties) =
        ends(&one("fault f() { inc_return(g); dec_return(g); }", "", "load(0x402000);"));
    assert_eq!((values, properties), (vec![], PAGE_FAULT));
}

#[test]
fn an_nmi_may_come_in_the_handler_and_its_oops_ends_both() {
    let kernel = format!("{G} nmi n() {{ load(0x500000); }} fault f() {{ inc_return(faults); bad_area(); }}");
    let machine = machine(
        &kernel,
        "machine { cpus 1; } mm A { } nmi cpu 0; setup { cpu 0 { run(A); } } cpu 0 { load(0x402000); inc_return(g); }",
    );
    let mut run = Run::new(&machine);
    run.software(0).take(FAULT).take(Action::Nmi { cpu: 0 }).take(FAULT);
    let this = &run.state.cpus[0];
    assert!(this.exception.is_none() && this.intruder.is_none() && machine.all_done(&run.state));
}

#[test]
fn a_state_with_a_handler_at_work_is_packed_whole() {
    let machine = one(MAP, "", "store(0x402000, 5);");
    let mut states = 0;
    everywhere(&machine, |state, _| {
        let mut bytes = Vec::new();
        machine.pack(state, &mut bytes);
        assert_eq!(&machine.unpack(&bytes), state);
        states += usize::from(state.cpus[0].exception.is_some());
    });
    assert!(states > 3);
}

#[test]
fn a_search_that_remembers_steps_knows_what_the_handler_looks_at_first() {
    // If nothing is buffered, the access itself touches no variable.
    let kernel = "percpu marked: int = 0; sys mark() { marked = 1; }
        fault f() { if marked == 1 { add_return(faults, 10); } bad_area(); }";
    let machine = one(kernel, "tso off;", "if maybe() { mark(); } load(0x402000);");
    assert_eq!(ends(&machine).0, [(0, 0), (0, 10)]);
}

#[test]
fn set_up_may_fault_where_a_handler_mends_it() {
    let with = |kernel: &str, setup: &str| {
        laid_out(
            &format!("{G} global the_mm: mm; sys enter(m: mm) {{ the_mm = m; smp_mb(); }} {}", kernel.replace("MM", "the_mm")),
            &format!(
                "machine {{ cpus 1; spare 2; }} mm A {{ 0x400000 -> page \"data\"; }} watch 0x402000, 0x403000;
                 setup {{ cpu 0 {{ run(A); enter(A); {setup} }} }} cpu 0 {{ let x = load(0x402000); BUG_ON(x != 5); }}"
            ),
        )
    };
    let machine = with(MAP, "store(0x402000, 5);").expect("the handler maps it");
    let run = Run::new(&machine);
    assert_eq!((run.global("faults"), run.state.cpus[0].exception.is_none()), (1, true));
    assert!(run.state.cpus[0].irqs_on);
    assert!(!possible(&machine, Property::KernelBug), "the page is there, with what was stored");
    // Two of them, one after the other.
    let two = with(MAP, "store(0x402000, 5); load(0x403000);").expect("both are mapped");
    assert_eq!(Run::new(&two).global("faults"), 2);
    // Without a handler, or with one that gives up the access, the block can't reach its end.
    assert!(matches!(
        with("", "store(0x402000, 5);").err(),
        Some(MachineRefusal::SetupViolates { cpu: 0, property: Property::PageFault, .. })
    ));
    let gives_up =
        "fault exc_page_fault(address: va) { if address == 0x402000 { inc_return(faults); bad_area(); } }";
    assert_eq!(with(gives_up, "store(0x402000, 5);").err(), Some(MachineRefusal::SetupKilled { cpu: 0 }));
    let fixed = with(gives_up, "let x = 0; if get_user(x, 0x402000) { store(0x400000, 1); }");
    assert!(fixed.is_ok(), "a fixup goes on: {:?}", fixed.err());
}
