//! What the kernel's own functions load and store through the MMU: with which rights, through which tables, and what
//! they find out about a fault.

use crate::support::*;

const KERNEL_VA: &str = "0xffff888000000000";

/// One CPU that runs `block` on `A`, where 0x400000 may be written and 0x401000 is read-only; the kernel has a page too.
fn one(kernel: &str, block: &str) -> Machine {
    machine(
        &format!("{G} {kernel}"),
        &format!(
            "machine {{ cpus 1; }} mm A {{ 0x400000 -> page \"data\"; 0x401000 -> page \"code\" ro; }}
             mm init_mm {{ {KERNEL_VA} -> page \"k\"; }}
             setup {{ cpu 0 {{ run(A); }} }} cpu 0 {{ {block} inc_return(g); }}"
        ),
    )
}

#[test]
fn a_function_of_the_kernel_has_supervisor_rights_and_obeys_write_protection() {
    let oops = Property::PageFault.as_set() | Property::KernelBug.as_set();
    for (access, done, shows) in [
        // Kernel and user pages alike: SMAP is off.
        (format!("load({KERNEL_VA});"), 1, PropertySet::NONE),
        ("load(0x401000);".to_owned(), 1, PropertySet::NONE),
        ("store(0x400000, 7);".to_owned(), 1, PropertySet::NONE),
        // CR0.WP is set.
        ("store(0x401000, 7);".to_owned(), 0, oops),
        ("load(0x500000);".to_owned(), 0, oops),
    ] {
        let machine = one(&format!("fn touch() {{ {access} }} sys call() {{ touch(); }}"), "call();");
        let (values, properties) = ends(&machine);
        assert_eq!((values, properties), (vec![(done, 9)], shows), "{access}");
    }
    // The same access by the program is a user access.
    assert_eq!(ends(&one("", &format!("load({KERNEL_VA});"))).1, Property::PageFault.as_set());
}

#[test]
fn an_access_goes_through_the_tables_that_are_loaded() {
    let kernel = "sys peek(m: mm) { write_cr3(m.pgd, 1); let v = load(0x400000); got = v; inc_return(g); }";
    let machine = machine(
        &format!("{G} {kernel}"),
        "machine { cpus 1; } mm A { 0x400000 -> page \"data\"; } mm B { 0x400000 -> page \"other\"; }
         setup { cpu 0 { run(B); store(0x400000, 5); run(A); store(0x400000, 3); } } cpu 0 { peek(B); }",
    );
    assert_eq!(ends(&machine).0, [(1, 5)]);
}

#[test]
fn the_handler_of_an_ipi_that_interrupts_a_program_is_a_supervisor() {
    let kernel = format!(
        "ipi peek() {{ let v = load({KERNEL_VA}); got = v; }}
         sys send() {{ ipi peek() to {{1}} and wait; inc_return(g); }}"
    );
    let machine = machine(
        &format!("{G} {kernel}"),
        &format!(
            "machine {{ cpus 2; }} mm A {{ }} mm init_mm {{ {KERNEL_VA} -> page \"k\"; }}
             setup {{ cpu 1 {{ run(A); }} }} cpu 0 {{ send(); }} cpu 1 {{ until g == 1; }}"
        ),
    );
    let (values, properties) = ends(&machine);
    assert_eq!((values, properties), (vec![(1, 0)], PropertySet::NONE));
}

#[test]
fn an_oops_in_the_handler_of_an_ipi_ends_the_handler_and_the_program_and_the_sender_goes_on() {
    let machine = machine(
        &format!(
            "{G} ipi poke() {{ load(0x500000); got = 7; }}
                  sys send() {{ ipi poke() to {{1}} and wait; inc_return(g); }}"
        ),
        "machine { cpus 2; } mm A { } setup { cpu 1 { run(A); } }
         cpu 0 { send(); } cpu 1 { until g == 1; add_return(g, 10); }",
    );
    let (values, properties) = ends(&machine);
    // The interrupted program is over, too.
    assert_eq!(values, [(1, 9)]);
    assert!(properties.intersects(Property::KernelBug.as_set()));
    assert!(!properties.intersects(Property::Deadlock.as_set()));
}

#[test]
fn the_kernel_finds_out_whether_an_access_faulted() {
    let get = |va: &str| {
        format!(
            "sys copy() {{ let x = 5; let err = get_user(x, {va}); got = x; if err {{ add_return(g, 10); }} }}"
        )
    };
    for (va, end, shows) in [
        ("0x400000", (1, 3), PropertySet::NONE),
        // A load that faults gives 0.
        ("0x500000", (11, 0), Property::PageFault.as_set()),
    ] {
        let machine = one(&get(va), "store(0x400000, 3); copy();");
        assert_eq!(ends(&machine), (vec![end], shows), "{va}");
    }
    let put = |va: &str| {
        format!(
            "sys copy() {{ if put_user(4, {va}) {{ add_return(g, 10); return; }} got = load(0x400000); }}"
        )
    };
    for (va, end, shows) in
        [("0x400000", (1, 4), PropertySet::NONE), ("0x401000", (11, 9), Property::PageFault.as_set())]
    {
        assert_eq!(ends(&one(&put(va), "copy();")), (vec![end], shows), "{va}");
    }
}

#[test]
fn an_access_whose_answer_nobody_looks_at_is_made_all_the_same() {
    let machine = one("sys copy() { put_user(4, 0x400000); put_user(5, 0x500000); }", "copy();");
    assert_eq!(ends(&machine), (vec![(1, 9)], Property::PageFault.as_set()));
    let machine = one("sys copy() { put_user(4, 0x400000); }", "copy(); BUG_ON(load(0x400000) != 4);");
    assert_eq!(ends(&machine), (vec![(1, 9)], PropertySet::NONE));
}

#[test]
fn a_store_of_the_kernel_waits_in_the_store_buffer() {
    // Store buffering over user memory: each may miss the other's store, unless it fences.
    let test = |fence: &str| {
        let block = |mine: &str, other: &str| {
            format!(
                "sys at_{mine}() {{ store(0x40{mine}000, 1); {fence} if load(0x40{other}000) == 0 {{ inc_return(g); }} }}"
            )
        };
        let machine = machine(
            &format!("{G} {} {}", block("0", "1"), block("1", "0")),
            "machine { cpus 2; } mm A { 0x400000 -> page \"x\"; 0x401000 -> page \"y\"; }
             setup { cpu 0 { run(A); load(0x400000); load(0x401000); } cpu 1 { run(A); load(0x400000); load(0x401000); } }
             cpu 0 { at_0(); } cpu 1 { at_1(); }",
        );
        ends(&machine).0.iter().any(|end| end.0 == 2)
    };
    assert!(test(""));
    assert!(!test("smp_mb();"));
}

#[test]
fn a_copy_through_a_stale_translation_is_a_stale_access() {
    let machine = machine(
        &format!(
            "{G} sys zap(m: mm) {{ let old = xchg(pte(m, 0x400000), 0); free_page(pte_pfn(old)); }}
                  sys copy() {{ let x = 0; if !get_user(x, 0x400000) {{ got = x; }} }}"
        ),
        "machine { cpus 2; } mm A { 0x400000 -> page \"data\"; }
         setup { cpu 0 { run(A); } cpu 1 { run(A); } } cpu 0 { zap(A); } cpu 1 { copy(); }",
    );
    assert!(possible(&machine, Property::StaleAccess));
}
