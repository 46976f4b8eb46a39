//! Verdicts that depend on what waits for a store buffer: a flush that concerns no CPU, an IPI that is sent before
//! older stores are visible, and handlers, which begin and end with nothing buffered.

use experiment::{Experiment, Kernels};
use lang::program::Vendor;
use machine::{Machine, Verdict};
use tests::{library, machine, settle};

/// A page is mapped by two address spaces; both entries are cleared by plain stores, and each space is flushed.
const TWO_FLUSHES: &str = r#"
kernel "two flushes" {
    about "A page is mapped by two spaces. Both entries are cleared with plain stores, then each space is flushed."

    option skip_empty = off "A flush that concerns nobody is not sent (as Linux does: cpumask_any_but() finds none)"
    option fence      = off "A full barrier between the stores and the reading of the masks"

    global zone_lock: int = 0;
    mm     cpumask: cpus = {};
    percpu loaded_mm: mm = init_mm;

    ipi flush_tlb_func(m: mm) {
        if loaded_mm == m {
            write_cr3(m.pgd, 0, flush);
        }
    }

    sys run(next: mm) {
        local_irq_disable();
        let prev = loaded_mm;
        cpumask_set_cpu(cpu, next.cpumask);
        write_cr3(next.pgd, 0, flush);
        loaded_mm = next;
        cpumask_clear_cpu(cpu, prev.cpumask);
        local_irq_enable();
    }

    fn flush_mm(m: mm) {
        let mask = m.cpumask - {cpu};
        if skip_empty && mask == {} {
            return;
        }
        ipi flush_tlb_func(m) to mask by llist_add and wait;
    }

    sys share(a: mm, b: mm, addr: va) {
        pte(b, addr) = pte(a, addr);
    }

    sys unmap_shared(a: mm, b: mm, addr: va) {
        let page = pte_pfn(pte(a, addr));
        pte(a, addr) = 0;
        pte(b, addr) = 0;
        if fence {
            smp_mb();
        }
        flush_mm(a);                                    // nobody runs it
        flush_mm(b);
        spin_lock(zone_lock);
        free_page(page);
        spin_unlock(zone_lock);
    }
}
"#;

const FLUSH_OF_NOBODY: &str = r#"
scenario "a flush of nobody" {
    about "CPU 0 unmaps a page that A and B share. Nobody runs A; CPU 1 switches to B meanwhile."
    use kernel "two flushes"
    machine { cpus 2; spare 0; }
    mm A { 0x400000 -> page "shared"; }
    mm B { 0x400000 -> page "unused"; }
    mm C { 0x800000 -> page "C's page"; }
    setup { cpu 0 { share(A, B, 0x400000); } cpu 1 { run(C); } }
    cpu 0 { unmap_shared(A, B, 0x400000); }
    cpu 1 { run(B); load(0x400000); }
    expect sometimes stale_access;
    case "asks first" { use kernel "two flushes" with { skip_empty = on } expect sometimes stale_access; }
    case "a fence" { use kernel "two flushes" with { fence = on } expect never violation; }
    case "no store buffers" { use kernel "two flushes" with { tso = off } expect never violation; }
}
"#;

/// A variable says what has to be flushed; the IPI says only that there is something.
const MAILBOX: &str = r#"
kernel "mailbox" {
    about "The address to be flushed is left in a variable, and an IPI says to look there."
    cite "Intel SDM vol. 3A, 10.12.3"

    option fence: none | linux | always = none "What stands before the write to the ICR (linux: weak_wrmsr_fence())"

    global flush_va: va = 0;

    ipi invalidate_interrupt() {
        invlpg(flush_va);
    }

    sys run(m: mm) {
        write_cr3(m.pgd, 0, flush);
    }

    sys munmap_page(m: mm, addr: va) {
        let page = pte_pfn(xchg(pte(m, addr), 0));
        flush_va = addr;
        if fence == always || fence == linux && x2apic && !amd {
            smp_mb();
        }
        ipi invalidate_interrupt() to online - {cpu} and wait;
        free_page(page);
    }
}
"#;

fn mailbox(block: &str, unfenced: &str) -> String {
    format!(
        r#"
scenario "mailbox" {{
    about "CPU 0 unmaps a page of A, CPU 1 uses it."
    use kernel "mailbox"
    machine {{ cpus 2; spare 0; {block} }}
    mm A {{ 0x400000 -> page "A's data"; }}
    setup {{ cpu 1 {{ run(A); }} }}
    cpu 0 {{ munmap_page(A, 0x400000); }}
    cpu 1 {{ load(0x400000); }}
    expect {unfenced};
    case "fenced as in Linux" {{ use kernel "mailbox" with {{ fence = linux }} expect never violation; }}
    case "fenced always" {{ use kernel "mailbox" with {{ fence = always }} expect never violation; }}
    case "no store buffers" {{ use kernel "mailbox" with {{ tso = off }} expect never violation; }}
}}
"#
    )
}

/// A handler reads what the interrupted program has not yet made visible.
const HANDLER: &str = r#"
kernel "handler" {
    about "CPU 1 stores x; its handler reads y. CPU 0 stores y, has a fence, and reads x. Not both may miss the other's store."

    global x: int = 0;
    global y: int = 0;
    global missed_y: bool = false;

    fn look() {
        let stored = x;                                 // its own store, forwarded
        let seen = y;
        if stored == 1 && seen == 0 {
            missed_y = true;
        }
    }

    ipi handler() { look(); }
    nmi note() { look(); }
    vmexit host() { look(); }

    sys store_x() { x = 1; }

    sys send() {
        ipi handler() to {1};
        answer();
    }

    fn check(seen: int) {
        wait_ipis;
        BUG_ON(seen == 0 && missed_y);
    }

    fn answer() {
        y = 1;
        smp_mb();
        check(x);
    }

    sys only_answer() { answer(); }

    // The handler's own store, and what the interrupted program reads after it.
    ipi writer() { x = 1; }

    sys send_writer() {
        ipi writer() to {1} and wait;
        y = 1;
        smp_mb();
        BUG_ON(x == 0);
    }

    sys reader() {
        if x == 1 && y == 0 { missed_y = true; }
    }
}
"#;

fn handler(comes: &str, first: &str) -> String {
    format!(
        r#"
scenario "handler" {{
    about "SDM vol. 3A, 11.10: CPU 1's store to x is in memory before its handler reads y."
    use kernel "handler"
    machine {{ cpus 2; spare 0; }}
    {comes}
    cpu 0 {{ {first} }}
    cpu 1 {{ store_x(); }}
    expect never violation;
}}
"#
    )
}

/// Every case of a scenario shows what it expects.
fn met(scenario: &str) {
    let kernels = [("two flushes", TWO_FLUSHES), ("mailbox", MAILBOX), ("handler", HANDLER)];
    let kernels = kernels.into_iter().collect::<Kernels>();
    for (case, experiment) in (Experiment { kernels, ..Experiment::new(scenario) }).variants() {
        let verdicts = settle(&machine(&experiment)).unwrap_or_else(|e| panic!("{e}"));
        assert!(verdicts.iter().all(|verdict| verdict.1 == Verdict::Met), "{:?}: {verdicts:?}", case.name);
    }
}

#[test]
fn a_flush_that_concerns_nobody_is_no_fence() {
    met(FLUSH_OF_NOBODY);
}

#[test]
fn an_x2apic_of_intel_sends_before_older_stores_are_visible() {
    met(&mailbox("", "never violation"));
    met(&mailbox("x2apic on;", "sometimes stale_access"));
    met(&mailbox("x2apic on; vendor amd;", "never violation"));
}

#[test]
fn what_interrupts_a_program_begins_with_its_stores_in_memory() {
    met(&handler("", "send();"));
    met(&handler("nmi cpu 1;", "only_answer();"));
    met(&handler("vmexit cpu 1;", "only_answer();"));
}

#[test]
fn what_a_handler_stored_is_in_memory_when_it_has_ended() {
    met(&handler("", "send_writer();").replace("store_x();", "reader();"));
}

#[test]
fn no_verdict_of_the_library_rests_on_an_xapic() {
    let mut tried = 0;
    for (name, experiment) in library() {
        let machine = machine(&experiment);
        let mut program = machine.program().clone();
        if program.machine.vendor == Vendor::Amd || program.machine.x2apic {
            continue;
        }
        program.machine.x2apic = true;
        let machine = Machine::new(program).unwrap_or_else(|e| panic!("{name}: {e}"));
        let verdicts = settle(&machine).unwrap_or_else(|e| panic!("{e}"));
        let met = verdicts.iter().all(|verdict| verdict.1 == Verdict::Met);
        assert!(met, "{name}: {verdicts:?}");
        tried += 1;
    }
    assert!(tried > 100, "{tried}");
}
