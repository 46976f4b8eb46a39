//! Machines that hang although something still happens: a CPU that goes round for ever is a deadlock like one that waits.

use crate::support::*;
use explore::{Limits, Search};

/// All properties that searches find: with every state, with saturated ones, and with some orders only.
fn found(machine: &Machine) -> [PropertySet; 3] {
    let limits = Limits::default();
    [Search::new, Search::saturated, Search::reduced].map(|search| {
        let mut search = search(machine, limits);
        search.run_to_end();
        search.progress().seen
    })
}

fn hangs(kernel: &str, scenario: &str) -> bool {
    let machine = machine(kernel, scenario);
    let here = possible(&machine, Property::Deadlock);
    for seen in found(&machine) {
        assert_eq!(seen.intersects(Property::Deadlock.as_set()), here, "{scenario}");
    }
    here
}

#[test]
fn a_loop_that_nobody_ends_is_a_deadlock() {
    let kernel = "global a: int = 0; global b: int = 0; global n: int = 0;
        sys both() { while !(a == 1 || b == 1) { } } sys set() { b = 1; } sys unset() { b = 0; }
        sys count() { while a == 0 { inc_return(n); n = 0; } }
        sys wait_a() { until a == 1; }";
    for (blocks, hang) in [
        ("cpu 0 { both(); } cpu 1 { }", true),
        ("cpu 0 { both(); } cpu 1 { set(); }", false),
        // It may be missed.
        ("cpu 0 { both(); } cpu 1 { set(); unset(); }", true),
        ("cpu 0 { both(); } cpu 1 { wait_a(); set(); }", true),
        // One that works for ever does not hang.
        ("cpu 0 { both(); } cpu 1 { count(); }", false),
        // A choice of the environment may end it.
        ("cpu 0 { while maybe() { set(); } } cpu 1 { }", false),
    ] {
        assert_eq!(hangs(kernel, &format!("machine {{ cpus 2; }} {blocks}")), hang, "{blocks}");
    }
}

#[test]
fn who_polls_a_cpu_with_interrupts_off_hangs() {
    let kernel = "global acks: int = 0; global enough: int = 0;
        ipi flush() { inc_return(acks); }
        sys shoot() { ipi flush() to {1}; while acks == 0 { } enough = 1; }
        sys off() { local_irq_disable(); } sys on() { local_irq_enable(); } sys poll() { while enough == 0 { } }";
    let with = |block: &str| {
        hangs(kernel, &format!("machine {{ cpus 2; }} cpu 0 {{ shoot(); }} cpu 1 {{ {block} }}"))
    };
    assert!(with("off(); poll(); on();"));
    assert!(!with("off(); on(); poll();"));
}

#[test]
fn a_program_that_waits_for_a_word_needs_a_walk_and_a_store() {
    let of = |wait: &str, block: &str| {
        format!(
            "machine {{ cpus 2; }} mm A {{ 0x400000 -> page \"data\"; }} setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(A); }} }}
             cpu 0 {{ {wait} }} cpu 1 {{ {block} }}"
        )
    };
    for wait in [
        "while load(0x400000) != 1 { }",
        "until load(0x400000) == 1;",
        "until 1 == (load_nofault(0x400000) & 3);",
    ] {
        assert!(!hangs("", &of(wait, "store(0x400000, 1);")), "{wait}");
        assert!(hangs("", &of(wait, "store(0x400000, 2);")), "{wait}");
    }
}

#[test]
fn who_waits_for_a_word_may_look_at_a_page_that_has_gone() {
    let kernel = "sys zap(m: mm) { let old = xchg(pte(m, 0x400000), 0); free_page(pte_pfn(old)); }";
    let machine = machine(
        kernel,
        "machine { cpus 2; spare 0; } mm A { 0x400000 -> page \"data\"; } setup { cpu 0 { run(A); } cpu 1 { run(A); } }
         cpu 0 { zap(A); let p = alloc_page(); p[0] = 1; } cpu 1 { until load(0x400000) == 1; }",
    );
    // With a stale translation it reads what the next owner has written, and continues.
    assert!(possible(&machine, Property::StaleAccess));
}

#[test]
fn a_handler_that_mends_nothing_is_entered_for_ever() {
    let of = |body: &str| {
        let kernel = format!("fault f(address: va) {{ {body} }}");
        hangs(&kernel, "machine { cpus 1; } mm A { } setup { cpu 0 { run(A); } } cpu 0 { load(0x400000); }")
    };
    assert!(of("smp_mb();"));
    assert!(!of("bad_area();"));
}
