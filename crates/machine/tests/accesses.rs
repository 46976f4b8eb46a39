//! Committed accesses: the translations they may use, faults, the dirty bit, supervisor rights, kernel mappings.
//! H14, H15, H18, H19, H23, H25.

use crate::support::*;
use x86::{Level, Pte};

/// CPU 1 runs a program of `A`; CPU 0 changes its tables.
fn program(kernel: &str, items: &str, cpu0: &str, cpu1: &str) -> Machine {
    machine(
        kernel,
        &format!(
            "machine {{ cpus 2; spare 0; {items} }} mm A {{ 0x400000 -> page \"data\"; 0x401000 -> page \"next\"; }}
             setup {{ cpu 0 {{ run(A); }} cpu 1 {{ run(A); }} }} cpu 0 {{ {cpu0} }} cpu 1 {{ {cpu1} }}"
        ),
    )
}

const ACCESS: Action = Action::Access { cpu: 1, copy: 0 };
const FAULT: Action = Action::Fault { cpu: 1 };

/// The leaf entry of the first page in memory.
fn leaf(run: &Run<'_>) -> Pte {
    let root = run.state.cpus[1].hw.cr3.root;
    let mut table = root;
    for level in [Level::Pml4, Level::Pdpt, Level::Pd] {
        table = word(run, table, level.index(VA)).pfn(level);
    }
    word(run, table, Level::Pt.index(VA))
}

fn word(run: &Run<'_>, pfn: x86::Pfn, index: u16) -> Pte {
    let x86::Backing::Frame(frame) = run.machine.map().backing(pfn) else { panic!("{pfn}") };
    Pte(run.state.memory.word(frame, index))
}

#[test]
fn h15_an_access_faults_only_if_memory_says_so() {
    let machine = program("sys zap(m: mm) { xchg(pte(m, 0x400000), 0); }", "", "zap(A);", "load(0x400000);");
    let mut run = Run::new(&machine);
    assert!(!run.can(FAULT) && !run.can(ACCESS), "it waits for a walk");
    run.walk_all(1);
    assert!(!run.can(FAULT) && run.can(ACCESS));
    run.step(0);
    // The entry is gone from memory, but not from the TLB. The access may still succeed, or a processor that does
    // not use what it has cached faults.
    assert!(run.can(FAULT) && run.can(ACCESS));
    run.take(FAULT);
    assert!(run.shows(Property::PageFault));
    assert!(run.state.cpus[1].hw.translations(machine.watched()[0]).next().is_none());
    assert!(run.state.cpus[1].hw.structures(machine.watched()[0]).next().is_none());
    assert!(machine.all_done(&run.state), "the program is killed");
}

#[test]
fn h15_a_fault_leaves_what_serves_other_addresses() {
    let machine = machine(
        "sys zap(m: mm) { xchg(pte(m, 0x400000), 0); }",
        "machine { cpus 1; } mm A { 0x400000 -> page \"a\"; 0x8000000000 -> page \"far\"; }
         setup { cpu 0 { run(A); } } cpu 0 { zap(A); load(0x400000); }",
    );
    let mut run = Run::new(&machine);
    run.walk_all(0);
    assert_eq!(run.cached(0), (2, 6));
    run.step(0).take(Action::Fault { cpu: 0 });
    assert_eq!(run.cached(0), (1, 3));
}

#[test]
fn h23_a_stricter_entry_costs_one_fault_on_intel_and_none_on_amd() {
    // Read-only at first; the kernel makes it writable and flushes nothing.
    for (vendor, told) in [("intel", true), ("amd", false)] {
        let machine = program(
            "sys deny(m: mm) { fetch_and_not(pte(m, 0x400000), _PAGE_RW); }
             sys allow(m: mm) { fetch_or(pte(m, 0x400000), _PAGE_RW); }",
            &format!("vendor {vendor};"),
            "deny(A); allow(A);",
            "store(0x400000, 5);",
        );
        let mut run = Run::new(&machine);
        run.step(0).walk_all(1);
        assert!(run.can(FAULT) && !run.can(ACCESS));
        run.step(0);
        assert!(run.can(FAULT) && !run.can(ACCESS), "the cached entry does not allow it yet");
        run.take(FAULT);
        match run.events[0] {
            What::Faulted { fault: None, then: Aftermath::Retried, .. } => assert!(told),
            What::Rewalked { .. } => assert!(!told),
            ref other => panic!("{other:?}"),
        }
        assert_eq!(run.shows(Property::PageFault), told, "{vendor}");
        assert!(!run.can(FAULT), "once is enough");
        run.walk_all(1).take(ACCESS);
        assert!(machine.all_done(&run.state));
        assert!(!run.shows(Property::KernelBug));
    }
}

#[test]
fn h19_a_committed_store_sets_d_in_memory_and_in_the_cached_entry() {
    let clean = "sys clean(m: mm) { fetch_and_not(pte(m, 0x400000), _PAGE_DIRTY); }";
    let machine = program(clean, "", "clean(A);", "load(0x400000); store(0x400000, 5);");
    let mut run = Run::new(&machine);
    run.step(0).walk_all(1).take(ACCESS);
    assert!(!leaf(&run).has(Pte::D), "neither a walk nor a load sets it");
    let copies = |run: &Run<'_>| {
        let hw = &run.state.cpus[1].hw;
        hw.translations(run.machine.watched()[0]).map(|entry| entry.dirty).collect::<Vec<_>>()
    };
    assert_eq!(copies(&run), [false]);
    run.take(ACCESS);
    assert!(leaf(&run).has(Pte::D));
    assert_eq!(copies(&run), [true]);
    assert!(matches!(run.events[0], What::DirtySet { level: Level::Pt, .. }));
}

#[test]
fn h19_no_speculative_walk_sets_d() {
    let clean = "sys clean(m: mm) { fetch_and_not(pte(m, 0x400000), _PAGE_DIRTY); }";
    let machine = program(clean, "", "clean(A);", "");
    let mut cleaned = 0;
    everywhere(&machine, |state, _| {
        if machine.all_done(state) {
            let mut run = Run::new(&machine);
            run.state = state.clone();
            assert!(!leaf(&run).has(Pte::D));
            cleaned += 1;
        }
    });
    assert!(cleaned > 10);
}

#[test]
fn h19_a_store_through_an_entry_whose_page_is_gone_from_memory_does_not_set_d() {
    let machine = program(
        "sys clean(m: mm) { fetch_and_not(pte(m, 0x400000), _PAGE_DIRTY); }
         sys zap(m: mm) { xchg(pte(m, 0x400000), 0); }",
        "",
        "clean(A); zap(A);",
        "store(0x400000, 5);",
    );
    let mut run = Run::new(&machine);
    run.step(0).walk_all(1).step(0).take(ACCESS);
    assert!(matches!(run.events[0], What::Rewalked { .. }), "{:?}", run.events);
    assert_eq!(leaf(&run), Pte(0));
    assert!(!run.can(ACCESS) && run.can(FAULT) && !machine.all_done(&run.state));
}

#[test]
fn h19_a_store_through_a_stale_clean_entry_does_not_set_d_in_what_took_its_place() {
    for change in ["pte(m, 0x401000) & ~_PAGE_DIRTY", "pte(m, 0x400000) & ~_PAGE_RW"] {
        let machine = program(
            &format!(
                "sys clean(m: mm) {{ fetch_and_not(pte(m, 0x400000), _PAGE_DIRTY); }}
                 sys change(m: mm) {{ xchg(pte(m, 0x400000), {change}); }}"
            ),
            "",
            "clean(A); change(A);",
            "store(0x400000, 5);",
        );
        let mut run = Run::new(&machine);
        run.step(0).walk_all(1).software(0).take(ACCESS);
        assert!(matches!(run.events[0], What::Rewalked { .. }), "{:?}", run.events);
        assert!(!leaf(&run).has(Pte::D), "{change}");
        assert!(run.state.cpus[1].hw.translations(machine.watched()[0]).next().is_none(), "{change}");
    }
}

/// CPU 1 has a pointer to a page table that has been freed and reused; the word where the leaf was is `word`.
fn reused(word: &str, cpu1: &str) -> Machine {
    program(
        "sys free(m: mm) {
             let page = pte_pfn(pte(m, 0x400000));
             let table = pte_pfn(xchg(pmd(m, 0x400000), 0));
             free_table(table);
             let p = alloc_page();
             p[0] = WORD | pfn_pte(page, 0);
             smp_mb();
         }"
        .replace("WORD", word)
        .as_str(),
        "",
        "free(A);",
        cpu1,
    )
}

/// What such a CPU may do next.
fn astray(machine: &Machine) -> Run<'_> {
    let mut run = Run::new(machine);
    let walk = |from| Action::Walk { cpu: 1, va: 0, from, own: false };
    run.take(walk(From::Cr3));
    run.walk_from(1, Level::Pml4).walk_from(1, Level::Pdpt);
    while !machine.all_done(&run.state)
        && (run.can(Action::Step { cpu: 0 }) || run.can(Action::Drain { cpu: 0 }))
    {
        if run.can(Action::Drain { cpu: 0 }) {
            run.drain(0)
        } else {
            run.step(0)
        };
    }
    run
}

const DIRTY_WALK: Action = Action::DirtyWalk { cpu: 1, level: Level::Pd, copy: 0 };

#[test]
fn h14_the_walk_of_a_store_may_begin_at_a_stale_pointer_and_set_d_in_a_strangers_page() {
    let machine = reused("0x27", "store(0x400000, 5);");
    let mut run = astray(&machine);
    run.take(DIRTY_WALK);
    assert!(run.shows(Property::WalkOfFreed) && run.shows(Property::ABitCorruption));
    assert!(run.shows(Property::StaleAccess));
    let What::DirtySet { frame, index, .. } = run.events[1] else { panic!("{:?}", run.events) };
    assert_eq!(run.state.memory.frames[frame as usize].owner, x86::Owner::Data);
    assert_eq!(run.state.memory.word(frame, index) & 0xfff, 0x27 | Pte::D);
    run.drain(1);
    let page = run.state.cpus[1].hw.translations(machine.watched()[0]).next().expect("it was cached").pfn;
    assert_eq!(word(&run, page, 0), Pte(5), "the store went where the new owner's word points");
}

#[test]
fn h14_such_a_walk_is_made_for_stores_alone_and_only_where_the_word_allows_it() {
    let possible = |word: &str, cpu1: &str| {
        let machine = reused(word, cpu1);
        let run = astray(&machine);
        run.can(DIRTY_WALK)
    };
    assert!(possible("0x27", "store(0x400000, 5);"));
    assert!(possible("0x07", "store(0x400000, 5);"), "it sets A as well");
    assert!(!possible("0x27", "load(0x400000);"));
    assert!(!possible("0x27", ""));
    assert!(!possible("0x26", "store(0x400000, 5);"), "not present");
    assert!(!possible("0x25", "store(0x400000, 5);"), "not writable");
    assert!(!possible("0x23", "store(0x400000, 5);"), "supervisor only");
    assert!(!possible("0x67", "store(0x400000, 5);"), "dirty: a plain walk fills it");
}

#[test]
fn h14_a_sound_pointer_adds_nothing_to_a_walk_from_cr3() {
    let clean = "sys clean(m: mm) { fetch_and_not(pte(m, 0x400000), _PAGE_DIRTY); }";
    let machine = program(clean, "", "clean(A);", "store(0x400000, 5);");
    everywhere(&machine, |_, enabled| {
        assert!(!enabled.iter().any(|action| matches!(action, Action::DirtyWalk { .. })));
    });
}

const KERNEL_PAGES: &str =
    "mm init_mm { 0xffff888000000000 -> page \"kernel\" global; 0xffff888000001000 -> page \"text\" ro; }
     mm A { 0x400000 -> page \"data\"; } mm B { }";

#[test]
fn kernel_mappings_are_in_every_mm_and_are_shared_tables() {
    let machine = machine("", &format!("machine {{ cpus 1; }} {KERNEL_PAGES} cpu 0 {{ kthread(); }}"));
    let state = machine.initial();
    let entry = |mm: u8| {
        state.memory.word(machine.root(&state, mm).unwrap(), Level::Pml4.index(0xffff_8880_0000_0000))
    };
    assert_ne!(entry(0), 0);
    assert_eq!((entry(1), entry(2)), (entry(0), entry(0)));
    // And no user mapping is in another mm.
    let user = |mm: u8| state.memory.word(machine.root(&state, mm).unwrap(), Level::Pml4.index(VA));
    assert_eq!((user(0), user(2)), (0, 0));
    assert_ne!(user(1), 0);
}

#[test]
fn h4_a_global_kernel_mapping_survives_a_flushing_cr3_write_and_serves_every_pcid() {
    let machine = machine(
        "sys go(m: mm) { write_cr3(m.pgd, 3); }",
        &format!("machine {{ cpus 1; }} {KERNEL_PAGES} setup {{ cpu 0 {{ run(A); }} }} cpu 0 {{ go(B); }}"),
    );
    let mut run = Run::new(&machine);
    run.walk_all(0);
    let global = |run: &Run<'_>| run.state.cpus[0].hw.tlb.iter().filter(|entry| entry.global).count();
    assert_eq!(global(&run), 1);
    run.step(0);
    assert_eq!(global(&run), 1);
    let kernel = x86::VirtAddr::new(0xffff_8880_0000_0000, x86::Level::Pml4).expect("canonical");
    assert_eq!(run.state.cpus[0].hw.translations(kernel).count(), 1);
}

#[test]
fn a_user_access_to_a_kernel_mapping_faults_and_a_supervisor_access_does_not() {
    for (who, block) in [("user", "run(A);"), ("kernel thread", "run(A); kthread();"), ("idle", "")] {
        let machine = machine(
            "",
            &format!(
                "machine {{ cpus 1; }} {KERNEL_PAGES} setup {{ cpu 0 {{ {block} }} }}
                 cpu 0 {{ load(0xffff888000000000); }}"
            ),
        );
        assert_eq!(possible(&machine, Property::PageFault), who == "user", "{who}");
    }
}

#[test]
fn a_supervisor_access_may_use_user_pages_and_respects_read_only_ones() {
    let faults = |access: &str| {
        let scenario = format!(
            "machine {{ cpus 1; }} {KERNEL_PAGES} setup {{ cpu 0 {{ run(A); kthread(); }} }} cpu 0 {{ {access} }}"
        );
        possible(&machine("", &scenario), Property::PageFault)
    };
    assert!(!faults("store(0x400000, 1);"), "SMAP is off");
    assert!(!faults("load(0xffff888000001000);"));
    assert!(faults("store(0xffff888000001000, 1);"), "CR0.WP is on");
}

#[test]
fn an_access_is_made_through_any_of_the_usable_translations() {
    // The page is replaced without a flush: the old translation and the new one are both usable.
    let machine = program(
        "sys swap(m: mm) { xchg(pte(m, 0x400000), pte(m, 0x401000)); }",
        "",
        "swap(A);",
        "load(0x400000); load(0x400000);",
    );
    let mut run = Run::new(&machine);
    run.walk_all(1).take(Action::Step { cpu: 0 }).step(0).walk_all(1);
    let frames: Vec<u64> = (0..2)
        .map(|copy| {
            let mut fork = Run {
                machine: &machine,
                state: run.state.clone(),
                properties: PropertySet::NONE,
                events: vec![],
            };
            fork.take(Action::Access { cpu: 1, copy });
            let What::Accessed { via, .. } = &fork.events[0] else { panic!("{:?}", fork.events) };
            via.pfn.0
        })
        .collect();
    assert_ne!(frames[0], frames[1]);
    assert!(!run.can(Action::Access { cpu: 1, copy: 2 }));
}

#[test]
fn h57_an_access_faults_by_its_own_buffered_stores_only_if_walks_may_see_them() {
    // The zero waits in the buffer: memory still maps the page.
    for (own, faults, walks) in [("no", false, true), ("yes", true, false), ("either", true, true)] {
        let machine = program(
            "sys zap(m: mm) { pte(m, 0x400000) = 0; }",
            &format!("walk_sees_own_stores {own};"),
            "",
            "zap(A); load(0x400000);",
        );
        let mut run = Run::new(&machine);
        run.step(1).walk_all(1);
        assert_eq!((run.can(FAULT), run.can(ACCESS)), (faults, walks), "{own}");
        run.drain(1);
        assert!(run.can(FAULT), "{own}: now memory says so");
    }
    // The entry waits in the buffer: memory does not map the page yet.
    for (own, faults) in [("no", true), ("yes", false), ("either", true)] {
        let machine = program(
            "percpu entry: pte = 0; sys zap(m: mm) { entry = xchg(pte(m, 0x400000), 0); invlpg(0x400000); }
             sys map(m: mm) { pte(m, 0x400000) = entry; }",
            &format!("walk_sees_own_stores {own};"),
            "",
            "zap(A); map(A); load(0x400000);",
        );
        let mut run = Run::new(&machine);
        run.step(1).step(1).step(1);
        assert_eq!(run.can(FAULT), faults, "{own}");
        run.drain(1);
        assert!(!run.can(FAULT), "{own}: now memory maps it");
    }
}
