//! Address spaces that come and go.

use crate::support::*;
use x86::{Level, Owner, Provenance};

const KERNEL: u64 = 0xffff_8880_0000_0000;

/// CPU 0 runs this; there is an mm `A` with a page, and `B`, which does not exist at the start.
fn of(kernel: &str, cpu0: &str) -> Machine {
    machine(
        kernel,
        &format!(
            "machine {{ cpus 2; tso off; spare 2; }} mm A {{ {VA:#x} -> page \"a\"; }} mm B;
             mm init_mm {{ {KERNEL:#x} -> page \"kernel\"; }} cpu 0 {{ {cpu0} }}"
        ),
    )
}

#[test]
fn one_is_made_with_the_kernels_half_and_initial_values() {
    let machine = of("mm gen: int = 7; sys p(m: mm) { m.gen = 9; mm_alloc(m); }", "p(B);");
    let mut run = Run::new(&machine);
    assert_eq!(machine.root(&run.state, 2), None);
    run.software(0);
    let root = machine.root(&run.state, 2).expect("it exists");
    assert_eq!(run.state.memory.frames[usize::from(root)].owner, Owner::Table { mm: 2, level: Level::Pml4 });
    let entry = |frame, va| run.state.memory.word(frame, Level::Pml4.index(va));
    let init = machine.root(&run.state, 0).expect("it always exists");
    assert_eq!(entry(root, KERNEL), entry(init, KERNEL));
    assert_ne!(entry(root, KERNEL), 0);
    assert_eq!(entry(root, VA), 0);
    assert_eq!(machine.mm_of_root(&run.state, machine.map().frames[usize::from(root)].0), Some(2));
    let gen_of_b = machine.program().variables.iter().find(|v| v.name == "gen").expect("declared").base + 2;
    assert_eq!(run.state.cells[usize::from(gen_of_b)], 7);
    assert!(!run.shows(Property::KernelBug));
}

#[test]
fn its_root_is_garbage_when_it_has_ended() {
    let machine = of(
        "sys p(m: mm) { mm_free(m); let p = alloc_page(); p[0] = 1; pgd(m, 0) = 0; write_cr3(m.pgd, 0); }",
        "run(A); p(A);",
    );
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    assert_eq!(run.state.cpus[0].hw.cr3.provenance, Provenance::Sound);
    run.step(0);
    assert_eq!(machine.root(&run.state, 1), None);
    assert_eq!(run.state.cpus[0].hw.cr3.provenance, Provenance::Dangling);
    // The page that is allocated is the frame of the PML4: what is written there is the page's.
    run.step(0).step(0);
    let What::Written { loc: Loc::Word(frame, 0), after: 1, .. } = run.events[0] else {
        panic!("{:?}", run.events)
    };
    run.step(0);
    assert!(
        matches!(run.events[0], What::Written { loc: Loc::Word(there, 0), before: 1, .. } if there == frame)
    );
    // And CR3 should not be loaded with it.
    run.software(0);
    assert!(matches!(run.events[..], [What::Bug(Bug::NotARoot(_)), ..]), "{:?}", run.events);
}

#[test]
fn what_exists_is_not_made_and_what_does_not_is_not_ended() {
    for (text, bug) in [
        ("mm_alloc(m);", Bug::SpaceExists(1)),
        ("mm_free(m); mm_free(m);", Bug::NoSpace(1)),
        ("mm_free(init_mm);", Bug::NoSpace(0)),
        ("mm_alloc(init_mm);", Bug::SpaceExists(0)),
        ("mm_alloc(LOADED_MM_SWITCHING);", Bug::OutOfRange),
        ("mm_free(LOADED_MM_SWITCHING);", Bug::OutOfRange),
    ] {
        let machine = of(&format!("sys p(m: mm) {{ WARN_ON_ONCE(m == init_mm); {text} }}"), "p(A);");
        let mut run = Run::new(&machine);
        run.software(0);
        assert!(run.events.contains(&What::Bug(bug)), "{text}: {:?}", run.events);
    }
    // An address space that has never existed has no root.
    let machine = of("sys p(m: mm) { pgd(m, 0) = 1; }", "p(B);");
    assert!(possible(&machine, Property::KernelBug));
}

#[test]
fn it_waits_for_a_frame_and_takes_any_if_there_is_a_choice() {
    let text = "sys p(m: mm) { mm_alloc(m); }";
    let scenario =
        |machine: &str| format!("machine {{ cpus 1; {machine} }} mm A {{ }} mm B; cpu 0 {{ p(B); }}");
    let none = machine(text, &scenario("spare 0;"));
    assert_eq!(Run::new(&none).blocked(0), Some(Blocked::NoFreeFrame));
    let any = machine(text, &scenario("spare 2; alloc any;"));
    let mut run = Run::new(&any);
    let actions = run.enabled();
    let [Action::Allocate { .. }, Action::Allocate { frame, .. }] = actions[..] else {
        panic!("{actions:?}")
    };
    run.take(actions[1]);
    assert_eq!(any.root(&run.state, 2), Some(frame));
}

/// `m.pgd` is a load with which others can interfere. If no address space is made or ended, it is no step.
#[test]
fn the_root_is_loaded_where_it_may_change() {
    let steps = |kernel: &str| {
        let machine = of(&format!("{kernel} sys p(m: mm) {{ write_cr3(m.pgd, 0); smp_mb(); }}"), "p(A);");
        let mut run = Run::new(&machine);
        let mut steps = 0;
        while run.can(Action::Step { cpu: 0 }) {
            run.step(0);
            steps += 1;
        }
        steps
    };
    // Here `B` may be made.
    assert_eq!(steps(""), 3);
    let without = machine(
        "sys p(m: mm) { write_cr3(m.pgd, 0); smp_mb(); }",
        &format!("machine {{ cpus 1; tso off; }} mm A {{ {VA:#x} -> page \"a\"; }} cpu 0 {{ p(A); }}"),
    );
    let mut run = Run::new(&without);
    run.step(0).step(0);
    assert!(!run.can(Action::Step { cpu: 0 }) && without.initial().spaces.is_empty());
}

/// A CPU that finds `m.pgd` before the end of the address space, and loads CR3 after it.
#[test]
fn a_root_that_is_loaded_too_early_is_a_bug_in_some_order() {
    let text = |cpu1: &str| {
        machine(
            "sys end(m: mm) { mm_free(m); } sys use(m: mm) { write_cr3(m.pgd, 0); }",
            &format!(
                "machine {{ cpus 2; tso off; }} mm A {{ {VA:#x} -> page \"a\"; }} cpu 0 {{ end(A); }} cpu 1 {{ {cpu1} }}"
            ),
        )
    };
    assert!(possible(&text("use(A);"), Property::KernelBug));
    assert!(!possible(&text(""), Property::KernelBug));
}

/// Everything cached of an address space that has ended is older.
#[test]
fn a_claim_about_one_that_has_ended() {
    let text = |flush: &str| {
        machine(
            &format!("sys p(m: mm) {{ mm_free(m); {flush} claim_flushed(m, 0x400000, 0x401000); }}"),
            &format!(
                "machine {{ cpus 1; tso off; }} mm A {{ {VA:#x} -> page \"a\"; }}
                 setup {{ cpu 0 {{ run(A); let x = load({VA:#x}); }} }} cpu 0 {{ p(A); }}"
            ),
        )
    };
    assert!(possible(&text(""), Property::MissedFlush));
    assert!(!possible(&text("write_cr3(init_mm.pgd, 0, flush);"), Property::MissedFlush));
}
