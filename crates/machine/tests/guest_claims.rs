//! Claims about guests: the host's, about guest-physical addresses, and a guest's own.

use crate::support::*;

/// A hypervisor that takes a page from its guest. CPU 1 has run the guest, and has cached whatever the guest's load needs.
fn take(options: &str, flush: &str, claim: &str, other: &str) -> Machine {
    let options = if options.contains("tso") { options.to_owned() } else { format!("tso off; {options}") };
    let enter = if options.contains("amd") { "vmrun(0)" } else { "vmresume()" };
    machine(
        &format!(
            "global taken: bool = false; global got: int = 0; global the_guest: mm;
             sys enter(m: mm, g: mm) then user(m) {{ vmptrld(m, g, 1); {enter}; }}
             sys enter_flushed(m: mm, g: mm) then user(m) {{ vmptrld(m, g, 1); invept_global(); {enter}; }}
             sys leave() {{ vmcall(); }}
             ipi nothing() {{ }}
             ipi flush() {{ invept_global(); }}
             ipi address() {{ invvpid_addr(1, 0x400000); }}
             sys take(g: mm, gpa: va) {{ let old = xchg(pte(g, gpa), 0); {flush} {claim} taken = true; }}
             sys buffer(g: mm, gpa: va) {{ pte(g, gpa) = 0; {claim} }}
             sys move(g: mm, gpa: va) {{ let new = alloc_page(); xchg(pte(g, gpa), pfn_pte(new, VMX_EPT_RWX_MASK)); {flush} {claim} }}
             sys protect(g: mm, gpa: va) {{ fetch_and_not(pte(g, gpa), VMX_EPT_WRITABLE_MASK); {flush} {claim} }}
             exit handle_exit(violation: bool) {{ if violation {{ smp_mb(); until got == 2; }} }}"
        ),
        &format!(
            "machine {{ cpus 2; spare 1; pcid off; pge off; {options} }}
             guest G; mm A in G {{ 0x400000 -> page \"data\" at 0x5000; 0x401000 -> page \"more\" at 0x6000; }}
             setup {{ cpu 1 {{ enter(A, G); let x = load(0x400000); leave(); }} }}
             {other}"
        ),
    )
}

const CLAIM: &str = "claim_flushed(g, gpa, gpa + PAGE_SIZE);";
const FLUSH: &str = "ipi flush() to online and wait;";
const RUNS: &str = "cpu 0 { take(G, 0x5000); } cpu 1 { enter(A, G); let x = load(0x400000); }";

/// The properties of claims that show, by a plain search and by the search that remembers steps.
fn missed(machine: &Machine) -> [bool; 2] {
    let found = everywhere(machine, |_, _| ());
    let mut check = Check::new(machine, explore::Limits { symmetry: false, ..explore::Limits::default() });
    check.run_to_end();
    assert_eq!(check.progress().seen, found);
    [Property::MissedFlush, Property::MissedFlushUsed].map(|property| found.intersects(property.as_set()))
}

#[test]
fn the_host_may_not_miss_a_cpu_that_runs_the_guest() {
    assert_eq!(missed(&take("", "", CLAIM, RUNS)), [true, true]);
    // A VM exit alone flushes nothing: the guest has a VPID.
    assert_eq!(missed(&take("", "ipi nothing() to online and wait;", CLAIM, RUNS)), [true, true]);
    // INVVPID keeps the guest-physical mappings, and the combined ones are made again from those.
    assert_eq!(missed(&take("", "ipi address() to online and wait;", CLAIM, RUNS)), [true, true]);
    assert_eq!(missed(&take("", FLUSH, CLAIM, RUNS)), [false, false]);
}

#[test]
fn a_cpu_that_is_out_of_the_guest_may_flush_before_it_goes_in_again() {
    let block = |enter: &str| format!("cpu 0 {{ take(G, 0x5000); }} cpu 1 {{ until taken; {enter}(A, G); }}");
    assert_eq!(missed(&take("", "", CLAIM, &block("enter_flushed"))), [false, false]);
    // It can use what it holds as soon as the guest runs, whether or not a program does.
    assert_eq!(missed(&take("", "", CLAIM, &block("enter"))), [true, false]);
}

#[test]
fn what_is_older_is_judged_by_the_guest_physical_address() {
    // The claim is about another page.
    let other = "claim_flushed(g, 0x6000, 0x7000);";
    assert_eq!(missed(&take("", "", other, RUNS)), [false, false]);
    // The page is elsewhere, or may not be written any more.
    for call in ["move", "protect"] {
        let block =
            format!("cpu 0 {{ {call}(G, 0x5000); }} cpu 1 {{ enter(A, G); let x = load(0x400000); }}");
        assert!(missed(&take("", "", CLAIM, &block))[0], "{call}");
        assert_eq!(missed(&take("", FLUSH, CLAIM, &block)), [false, false], "{call}");
    }
    // The host moves a page table of the guest: pointers to it are cached as combined mappings.
    for gpa in ["0x100000", "0x101000", "0x102000", "0x103000"] {
        let block = format!("cpu 0 {{ take(G, {gpa}); }} cpu 1 {{ enter(A, G); }}");
        assert!(missed(&take("", "", CLAIM, &block))[0], "{gpa}");
        assert!(!missed(&take("", FLUSH, CLAIM, &block))[0], "{gpa}");
    }
    // The stronger claim is about pages, the weaker one about the tables of the second dimension alone.
    let tables = "claim_flushed_tables(g, gpa, gpa + PAGE_SIZE);";
    assert_eq!(missed(&take("", "", tables, RUNS)), [false, false]);
}

#[test]
fn a_store_on_its_way_to_the_second_dimension_makes_a_claim_false() {
    let block = "cpu 0 { buffer(G, 0x6000); }";
    assert_eq!(missed(&take("tso 1;", "", CLAIM, block)), [true, false]);
    assert_eq!(missed(&take("tso 0;", "", CLAIM, block)), [false, false]);
}

#[test]
fn on_amd_the_asid_is_flushed() {
    let flush = |how: &str| format!("{how} tlbsync();");
    for (flush, shown) in [
        ("", true),
        (&*flush("invlpgb_flush_asid_nested_nosync(1);"), false),
        // Guest-physical mappings stay.
        (&flush("invlpgb_flush_single_asid_nosync(1);"), true),
    ] {
        let machine = take("vendor amd;", flush, CLAIM, RUNS);
        assert_eq!(missed(&machine), [shown, shown], "{flush}");
    }
}

/// A guest whose kernel clears an entry of its own.
fn guests_own(flush: &str, claim: &str) -> Machine {
    machine(
        &format!(
            "sys enter(m: mm, g: mm) {{ vmptrld(m, g, 1); vmresume(); }}
             sys leave() {{ vmcall(); }}
             sys zap(m: mm, va: va) {{ xchg(pte(m, va), 0); {flush} {claim} }}
             sys swap(g: mm) {{ let new = alloc_page(); xchg(pte(g, 0x5000), pfn_pte(new, VMX_EPT_RWX_MASK)); }}
             exit handle_exit() {{ }}"
        ),
        "machine { cpus 2; spare 1; tso off; pcid off; pge off; }
         guest G; mm A in G { 0x400000 -> page \"data\" at 0x5000; 0x401000 -> page \"more\" at 0x6000; }
         cpu 0 { enter(A, G); let x = load(0x400000); zap(A, 0x401000); leave(); }
         cpu 1 { swap(G); }",
    )
}

#[test]
fn a_guests_claim_is_about_its_own_tables() {
    let claim = "claim_flushed(m, va, va + PAGE_SIZE);";
    assert_eq!(missed(&guests_own("", claim)), [true, false]);
    assert_eq!(missed(&guests_own("invlpg(va);", claim)), [false, false]);
    // Where the host keeps the pages is no affair of the guest.
    assert_eq!(missed(&guests_own("", "claim_flushed(m, 0x400000, 0x401000);")), [false, false]);
}

/// What is cached under another PCID of the guest can be used as soon as the guest loads that PCID, and keeps what it has.
#[test]
fn a_guest_that_loads_another_pcid_looks_at_its_claims() {
    let guest = |bit: &str| {
        machine(
            &format!(
                "sys enter(m: mm, g: mm) {{ vmptrld(m, g, 1); vmresume(); }}
                 sys leave() {{ vmcall(); }}
                 sys load_cr3(m: mm, n: int) {{ write_cr3(m.pgd, n, {bit}); }}
                 sys zap(m: mm, va: va) {{ xchg(pte(m, va), 0); claim_flushed(m, va, va + PAGE_SIZE); }}
                 exit handle_exit() {{ }}"
            ),
            "machine { cpus 1; tso off; pcid on; pge off; }
             guest G; mm A in G { 0x400000 -> page \"a\" at 0x5000; } mm B in G { 0x401000 -> page \"b\" at 0x6000; }
             cpu 0 { enter(A, G); load_cr3(B, 2); let x = load(0x401000); load_cr3(A, 1);
                     zap(B, 0x401000); load_cr3(B, 2); leave(); }",
        )
    };
    assert_eq!(missed(&guest("noflush")), [true, false]);
    assert_eq!(missed(&guest("flush")), [false, false]);
}

#[test]
fn a_claim_about_a_guest_that_says_nothing_is_found() {
    let idle = |claim: &str| {
        let machine = take("", FLUSH, claim, RUNS);
        let mut check = Check::new(&machine, explore::Limits::default());
        check.run_to_end();
        check.idle_claims().len()
    };
    assert_eq!(idle(CLAIM), 0);
    assert_eq!(idle("claim_flushed(g, 0x9000, 0xa000);"), 1);
}
