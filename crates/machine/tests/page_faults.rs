//! Faults that are raised, and how the program continues. H15, H23, H47, H57.

use crate::support::*;

const FAULT: Action = Action::Fault { cpu: 0 };
const G: &str = "global g: int = 0;";

/// One CPU that makes accesses to addresses of `A`, of which 0x400000 is mapped, read-only, and then says so in `g`.
fn one(kernel: &str, items: &str, setup: &str, block: &str) -> Machine {
    machine(
        &format!("{G} {kernel}"),
        &format!(
            "machine {{ cpus 1; {items} }} mm A {{ 0x400000 -> page \"data\" ro; }}
             setup {{ cpu 0 {{ run(A); {setup} }} }} cpu 0 {{ {block} inc_return(g); }}"
        ),
    )
}

/// The values of `g` at the end of complete executions, and all properties.
fn ends(machine: &Machine) -> (Vec<u64>, PropertySet) {
    let mut values = Vec::new();
    let properties = everywhere(machine, |state, _| {
        if machine.all_done(state) {
            values.push(global(machine, state, "g"));
        }
    });
    values.sort_unstable();
    values.dedup();
    (values, properties)
}

#[test]
fn h15_a_user_programs_fault_kills_it() {
    for access in ["load(0x500000);", "store(0x400000, 1);", "load(0xffff888000000000);"] {
        let (values, properties) = ends(&one("", "", "", access));
        assert_eq!((values, properties), (vec![0], Property::PageFault.as_set()), "{access}");
    }
}

#[test]
fn the_kernels_own_fault_is_an_oops() {
    for access in ["load(0x500000);", "store(0x400000, 1);"] {
        let (values, properties) = ends(&one("", "", "kthread();", access));
        assert_eq!(values, [0], "{access}");
        assert_eq!(properties, Property::PageFault.as_set() | Property::KernelBug.as_set(), "{access}");
    }
}

#[test]
fn an_access_with_a_fixup_is_stepped_over() {
    for setup in ["", "kthread();"] {
        for access in ["BUG_ON(load_nofault(0x500000) != 0);", "store_nofault(0x400000, 1);"] {
            let (values, properties) = ends(&one("", "", setup, access));
            assert_eq!((values, properties), (vec![1], Property::PageFault.as_set()), "{access}");
        }
    }
    // If it does not fault, it is like any access.
    let (values, properties) = ends(&one("", "", "", "BUG_ON(load_nofault(0x400000) != 0);"));
    assert_eq!((values, properties), (vec![1], PropertySet::NONE));
}

#[test]
fn a_program_that_is_over_has_interrupts_on_and_its_stores_drain() {
    let machine = one(
        "ipi poke() { } sys off() { local_irq_disable(); g = 7; }",
        "",
        "kthread();",
        "off(); load(0x500000);",
    );
    let mut run = Run::new(&machine);
    run.software(0).take(FAULT);
    assert!(run.state.cpus[0].interruptible() && machine.all_done(&run.state));
    assert_eq!(run.global("g"), 7);
}

#[test]
fn the_handler_of_an_nmi_ends_by_an_oops_or_goes_on_by_a_fixup() {
    for (access, values, bug) in [("load", vec![0, 11], true), ("load_nofault", vec![11], false)] {
        let machine = machine(
            &format!("{G} nmi handler() {{ {access}(0x500000); add_return(g, 10); }}"),
            "machine { cpus 1; } mm A { 0x400000 -> page \"data\"; } nmi cpu 0;
             setup { cpu 0 { run(A); } } cpu 0 { inc_return(g); }",
        );
        let mut ends = Vec::new();
        let properties = everywhere(&machine, |state, enabled| {
            if machine.ended(state, enabled) && state.cpus[0].nmis == 0 {
                ends.push(global(&machine, state, "g"));
            }
        });
        ends.sort_unstable();
        ends.dedup();
        // The NMI comes before the program's only step, or after it.
        let values = if bug { vec![0, 1] } else { values };
        assert_eq!(ends, values, "{access}");
        assert_eq!(properties.intersects(Property::KernelBug.as_set()), bug, "{access}");
        assert!(properties.intersects(Property::PageFault.as_set()));
    }
}

#[test]
fn an_address_that_is_not_canonical_ends_the_program_unless_there_is_a_fixup() {
    for (access, values) in [("load", vec![0]), ("load_nofault", vec![1])] {
        let machine = one("global bad: int = 0x800000400000;", "", "", &format!("{access}(bad);"));
        let (found, properties) = ends(&machine);
        assert_eq!((found, properties), (values, Property::KernelBug.as_set()), "{access}");
    }
}

#[test]
fn h47_on_intel_a_fault_may_come_of_a_pointer_to_the_table_that_was_there() {
    // The table below the PMD gives way to one that maps the page. The old one, still cached, maps nothing.
    let kernel = "sys empty(m: mm) { xchg(pte(m, 0x400000), 0); invlpg(0x400000); }
        sys replace(m: mm) {
            let page = alloc_page();
            let table = alloc_table(m, pte);
            table[0] = pfn_pte(page, _PAGE_TABLE);
            xchg(pmd(m, 0x400000), pfn_pte(table, _PAGE_TABLE));
        }";
    for (vendor, told) in [("intel", true), ("amd", false)] {
        let items = format!("vendor {vendor}; spare 2;");
        let machine = one(kernel, &items, "empty(A);", "replace(A); load(0x400000);");
        let (values, properties) = ends(&machine);
        assert_eq!(values, [1], "{vendor}: the access is made again");
        assert_eq!(properties.intersects(Property::PageFault.as_set()), told, "{vendor}");
        assert!(!properties.intersects(VIOLATION), "{vendor}");
    }
}

#[test]
fn h57_a_fault_that_an_own_store_mends_is_told_and_not_for_good() {
    let kernel =
        "percpu entry: pte = 0; sys zap(m: mm) { entry = xchg(pte(m, 0x400000), 0); invlpg(0x400000); }
         sys map(m: mm) { pte(m, 0x400000) = entry; }";
    let machine = one(kernel, "", "zap(A); kthread();", "map(A); load(0x400000);");
    let (values, properties) = ends(&machine);
    assert_eq!((values, properties), (vec![1], Property::PageFault.as_set()));
}

#[test]
fn set_up_goes_through_what_it_has_changed_without_a_fault() {
    let allow = "sys allow(m: mm) { fetch_or(pte(m, 0x400000), _PAGE_RW); }";
    let machine = one(allow, "", "load(0x400000); allow(A); store(0x400000, 5);", "");
    assert_eq!(ends(&machine).0, [1]);
}

/// The accesses that only fault, as operations.
fn only(machine: &Machine) -> Vec<lang::program::Op> {
    let mut check = Check::new(machine, explore::Limits::default());
    check.run_to_end();
    check.only_fault().into_iter().map(|pc| machine.program().code[usize::from(pc)].clone()).collect()
}

#[test]
fn an_access_that_can_only_fault_is_found() {
    use lang::program::Op;
    for (block, found) in [
        ("load(0x500000);", 1),
        ("store(0x400000, 1);", 1),
        ("load(0xffff888000000000);", 1),
        // Code after such an access is never reached.
        ("load(0x500000); load(0x501000);", 1),
        ("load(0x400000); load(0x500000);", 1),
        ("if maybe() { load(0x500000); inc_return(g); }", 1),
        // Two paths meet after it, so that it can't be told.
        ("if maybe() { load(0x500000); }", 0),
        ("load(0x400000);", 0),
        ("load_nofault(0x500000);", 0),
        ("if g == 1 { load(0x500000); inc_return(g); }", 0),
    ] {
        let found_now = only(&one("", "", "", block));
        assert_eq!(found_now.len(), found, "{block}: {found_now:?}");
        assert!(found_now.iter().all(|op| matches!(op, Op::UserLoad { .. } | Op::UserStore { .. })));
    }
    // It may succeed, if the page is not gone yet.
    let zap = "sys zap(m: mm) { xchg(pte(m, 0x400000), 0); }";
    let machine = machine(
        zap,
        "machine { cpus 2; spare 0; } mm A { 0x400000 -> page \"data\"; }
         setup { cpu 0 { run(A); } cpu 1 { run(A); } } cpu 0 { zap(A); } cpu 1 { load(0x400000); }",
    );
    assert_eq!(only(&machine), []);
}

#[test]
fn what_interchangeable_cpus_do_is_told_of_all_of_them() {
    let race = |block: &str| {
        machine(
            "global g: int = 0; sys first() -> int { return add_return(g, 1); }",
            &format!(
                "machine {{ cpus 2; spare 0; }} mm A {{ 0x400000 -> page \"data\"; }}
                 setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(A); }} }} cpu 0 {{ {block} }} cpu 1 {{ {block} }}"
            ),
        )
    };
    let symmetric = race("load(0x400000); first();");
    assert!(!symmetric.interchangeable().is_empty());
    assert_eq!(only(&symmetric), []);
    assert_eq!(only(&race("load(0x500000); first();")).len(), 2);
}

#[test]
fn user_or_supervisor_is_said_by_the_functions() {
    let kernel = "sys go(n: int, m: mm) then user(m) { write_cr3(m.pgd, 0); }
         sys enter() then kernel { smp_mb(); } sys leave() then user { smp_mb(); }
         sys thread() then kthread { smp_mb(); } sys rest() then idle { smp_mb(); } sys call() { smp_mb(); }
         sys idle() then user { smp_mb(); }";
    let user = "load(0xffff888000000000);";
    for (block, supervisor) in [
        ("", false),
        ("enter();", true),
        ("enter(); call();", true),
        ("enter(); call(); leave();", false),
        ("enter(); go(1, A);", false),
        ("leave();", false),
        ("thread();", true),
        ("thread(); leave();", true),
        ("rest(); call();", true),
        // The declared mode counts, and not the function's name.
        ("idle();", false),
    ] {
        let machine = machine(
            &format!("{G} {kernel}"),
            &format!(
                "machine {{ cpus 1; }} mm A {{ }} mm init_mm {{ 0xffff888000000000 -> page \"k\"; }}
                 setup {{ cpu 0 {{ go(1, A); }} }} cpu 0 {{ {block} {user} inc_return(g); }}"
            ),
        );
        assert_eq!(ends(&machine).0, [u64::from(supervisor)], "{block}");
    }
}

/// As with Linux's oops in_interrupt(), nothing of what was interrupted goes on.
#[test]
fn an_oops_in_an_nmi_ends_the_ipis_handler_below_it_too() {
    let machine = machine(
        &format!(
            "{G} nmi watchdog() {{ load(0x500000); }}
             ipi flush() {{ add_return(g, 10); add_return(g, 100); }}
             sys send() {{ ipi flush() to {{1}} and wait; add_return(g, 1000); }}"
        ),
        "machine { cpus 2; tso off; } mm A { 0x400000 -> page \"data\"; } nmi cpu 1;
         setup { cpu 1 { run(A); } } cpu 0 { send(); } cpu 1 { inc_return(g); inc_return(g); }",
    );
    let mut run = Run::new(&machine);
    run.step(0).take(Action::Interrupt { cpu: 1 }).step(1).take(Action::Nmi { cpu: 1 });
    run.take(Action::Fault { cpu: 1 });
    assert!(run.shows(Property::KernelBug));
    let cpu = &run.state.cpus[1];
    assert!(cpu.in_thread() && cpu.interruptible(), "{cpu:?}");
    assert!(
        run.events.iter().any(|event| matches!(event, What::IpiDone { sender: 0, .. })),
        "{:?}",
        run.events
    );
    // The sender continues, and nothing else does.
    run.software(0).software(1);
    assert_eq!(run.global("g"), 1010);
    let limits = explore::Limits { symmetry: false, ..explore::Limits::default() };
    let mut check = Check::new(&machine, limits);
    check.run_to_end();
    assert_eq!(check.progress().states as usize, count(&machine));
}
