//! A machine of five levels: `la57 on` (H62).

use crate::support::*;
use x86::{Level, WalkOutcome};

/// An address that needs 57 bits. With five levels it is a user's.
const HIGH: u64 = 0xa5_1234_0000_0000;

/// A machine whose CPU 0 runs `A`, which maps a page where only five levels reach.
fn high(kernel: &str, cpu0: &str) -> Machine {
    machine(
        kernel,
        &format!(
            "machine {{ cpus 1; la57 on; }} mm A {{ {HIGH:#x} -> page \"far\"; }}
             setup {{ cpu 0 {{ run(A); }} }} cpu 0 {{ {cpu0} }}"
        ),
    )
}

#[test]
fn h62_the_tables_of_an_mm_have_five_levels() {
    let machine = high("", &format!("load({HIGH:#x});"));
    assert_eq!(machine.map().top, Level::Pml5);
    let names = machine.map().frames.iter().map(|frame| frame.1.as_str()).collect::<Vec<_>>();
    let of_a = [
        "A pgd",
        "A p4d 0xa5000000000000",
        "A pud 0xa5120000000000",
        "A pmd 0xa5123400000000",
        "A pte 0xa5123400000000",
        "far",
    ];
    assert_eq!(names[1..7], of_a);
    let mut run = Run::new(&machine);
    for from in [From::Cr3, psc(Level::Pml5), psc(Level::Pml4), psc(Level::Pdpt), psc(Level::Pd)] {
        let walk = Action::Walk { cpu: 0, va: 0, from, own: false };
        assert_eq!(run.walks(0), [walk], "a walk has one place to go on from");
        run.take(walk);
    }
    assert_eq!(run.cached(0), (1, 4));
    run.take(Action::Access { cpu: 0, copy: 0 });
    assert!(!run.shows(Property::PageFault) && machine.all_done(&run.state));
}

fn psc(level: Level) -> From {
    From::Psc { level, copy: 0 }
}

/// Linux's names: pgd is what CR3 points to, and p4d the level below it, or pgd once more where there is none.
#[test]
fn h62_pgd_is_the_root_and_p4d_the_level_below() {
    let kernel = "global g: int = 0;
        global h: int = 0;
        sys look(m: mm, a: va) {
            if (pgd(m, a) != p4d(m, a)) { g = 1; }
            if (pte_pfn(pgd(m, a)) == m.pgd) { h = 1; }
            if (la57) { pgd(m, a) = 0; } else { p4d(m, a) = 0; }
            smp_mb();
        }";
    let five = high(kernel, &format!("look(A, {HIGH:#x});"));
    let four = machine(
        kernel,
        "machine { cpus 1; la57 off; } mm A { 0x400000 -> page \"near\"; } setup { cpu 0 { run(A); } }
         cpu 0 { look(A, 0x400000); }",
    );
    for (machine, differ) in [(&five, 1), (&four, 0)] {
        let mut run = Run::new(machine);
        run.software(0);
        while run.can(Action::Drain { cpu: 0 }) {
            run.drain(0).software(0);
        }
        assert_eq!((run.global("g"), run.global("h")), (differ, 0));
        let walk = machine.walk(&run.state, 0, 0, From::Cr3, false).expect("a walk from CR3");
        assert_eq!(walk.outcome, WalkOutcome::NotPresent, "the root's entry is gone");
    }
}

/// A table of p4d entries is allocated, linked and used; freed too early, it is walked through.
#[test]
fn h62_a_pml4_can_be_freed_under_a_cached_pml5e() {
    let kernel = "sys unmap(m: mm, a: va) {
            let old = xchg(pgd(m, a), 0);
            free_table(pte_pfn(old));
        }
        sys grow(m: mm, a: va) {
            let t = alloc_table(m, p4d);
            pgd(m, a) = pfn_pte(t, _PAGE_TABLE);
        }";
    let grown = high(kernel, "grow(A, 0x1000000000000);");
    let mut run = Run::new(&grown);
    run.software(0).drain(0);
    let table = grown.map().frames.iter().position(|frame| frame.1 == "spare 0").expect("a spare frame");
    let owner = run.state.memory.frames[table].owner;
    assert_eq!(owner, x86::Owner::Table { mm: 1, level: Level::Pml4 });
    let stale = high(kernel, &format!("unmap(A, {HIGH:#x});"));
    assert!(possible(&stale, Property::WalkOfFreed));
    let mut run = Run::new(&stale);
    run.take(Action::Walk { cpu: 0, va: 0, from: From::Cr3, own: false }).software(0);
    // CR3 leads nowhere now, but the cached PML5E does.
    run.walk_from(0, Level::Pml5);
    assert!(run.shows(Property::WalkOfFreed));
}

#[test]
fn h62_which_addresses_are_canonical_is_the_machines() {
    let text = |la57: &str| {
        format!(
            "scenario \"s\" {{ use kernel \"k\" machine {{ cpus 1; la57 {la57}; }} mm A {{ {HIGH:#x} -> page \"far\"; }}
             cpu 0 {{ }} expect never machine_check; }}"
        )
    };
    let errors = |la57: &str| {
        let kernels = [("k", "kernel \"k\" { sys run() { } }")];
        let compiled = lang::compile(&text(la57), &kernels, &lang::Selection::default());
        compiled.diagnostics.iter().map(|found| found.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(errors("off"), ["this is not a user address"]);
    assert_eq!(errors("on"), [""; 0]);
    // An INVLPG of an address that is canonical with five levels alone does nothing with four (H27).
    for (la57, does) in [("on", true), ("off", false)] {
        let machine = machine(
            "sys zap(a: va) { invlpg(a); }",
            &format!("machine {{ cpus 1; la57 {la57}; }} cpu 0 {{ zap({HIGH:#x}); }}"),
        );
        let mut run = Run::new(&machine);
        run.step(0);
        let invalidated = run.events.iter().any(|event| matches!(event, What::Invalidated { .. }));
        assert_eq!(invalidated, does);
    }
}

/// Codes of what begins at a fifth level are long, and no other action has a long one.
#[test]
fn actions_of_a_fifth_level_have_extended_codes() {
    for copy in [0, 1, 255] {
        let level = Level::Pml5;
        let dirty = Action::DirtyWalk { cpu: 3, level, copy };
        for action in [true, false]
            .map(|own| Action::Walk { cpu: 3, va: 15, from: From::Psc { level, copy }, own })
            .into_iter()
            .chain([dirty])
        {
            assert!(Action::is_extended(action.code()), "{action:?}");
            assert_eq!(Action::from_code(action.code()), Some(action));
        }
    }
}
