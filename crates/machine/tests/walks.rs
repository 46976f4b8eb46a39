//! Walks of the machine: what they see of the CPU's own stores, which memory bars them, and which addresses they
//! go to. H13, H30, H57, H73.

use crate::support::*;
use x86::Level;

/// CPU 0 has cached everything but the leaf, and buffers a store to it. `before` and `after` are the leaf's flags.
fn storing(sees: &str, before: &str, after: &str) -> Machine {
    machine(
        &format!(
            "sys clear(m: mm) {{ xchg(pte(m, 0x400000), pte(m, 0x400000) & ~0xfff | {before}); invlpg(0x400000); }}
             sys p(m: mm) {{ let e = pte(m, 0x400000); pte(m, 0x400000) = e & ~0xfff | {after}; smp_mb(); }}"
        ),
        &format!(
            "machine {{ cpus 1; walk_sees_own_stores {sees}; }} mm A {{ 0x400000 -> page \"data\"; }}
             setup {{ cpu 0 {{ run(A); clear(A); }} }} cpu 0 {{ p(A); }}"
        ),
    )
}

/// The walks that read the leaf while the store is in the buffer, by whether they see it.
fn leaf_walks(machine: &Machine) -> Vec<bool> {
    let mut run = Run::new(machine);
    run.walk_all(0);
    assert_eq!(run.cached(0).1, 3);
    run.step(0).step(0);
    assert_eq!(run.state.cpus[0].buffer.len(), 1);
    let owns = run.walks(0).into_iter().filter_map(|walk| match walk {
        Action::Walk { from: From::Psc { level: Level::Pd, .. }, own, .. } => Some(own),
        _ => None,
    });
    owns.collect()
}

#[test]
fn h57_whether_a_walk_sees_a_buffered_store_is_what_the_machine_says() {
    // P 0 -> 1: only a walk that sees the store finds anything.
    let (absent, present) = ("0", "0x27");
    assert_eq!(leaf_walks(&storing("no", absent, present)), []);
    assert_eq!(leaf_walks(&storing("yes", absent, present)), [true]);
    assert_eq!(leaf_walks(&storing("either", absent, present)), [true]);
    // Flags 0x27 -> 0x25: both find something, but not the same.
    let read_only = "0x25";
    assert_eq!(leaf_walks(&storing("no", present, read_only)), []);
    assert_eq!(leaf_walks(&storing("yes", present, read_only)), [true]);
    assert_eq!(leaf_walks(&storing("either", present, read_only)), [true]);
}

#[test]
fn h57_a_walk_that_would_set_the_accessed_bit_does_not_see_the_buffered_entry() {
    for sees in ["no", "yes", "either"] {
        assert_eq!(leaf_walks(&storing(sees, "0", "0x07")), [], "{sees}");
    }
}

#[test]
fn h57_once_the_store_has_left_the_buffer_every_walk_sees_it() {
    for sees in ["no", "yes", "either"] {
        let machine = storing(sees, "0", "0x27");
        let mut run = Run::new(&machine);
        run.walk_all(0).step(0).step(0).drain(0);
        let from = From::Psc { level: Level::Pd, copy: 0 };
        run.take(Action::Walk { cpu: 0, va: 0, from, own: false });
        assert_eq!(run.cached(0).0, 1, "{sees}");
    }
}

#[test]
fn h57_a_cleared_entry_in_the_buffer_may_still_be_filled_from_but_not_after_a_flush() {
    for sees in ["no", "yes", "either"] {
        let machine = machine(
            "global done: int = 0;
             sys p(m: mm) { pte(m, 0x400000) = 0; invlpg(0x400000); done = 1; }",
            &format!(
                "machine {{ cpus 1; walk_sees_own_stores {sees}; }} mm A {{ 0x400000 -> page \"data\"; }}
                 setup {{ cpu 0 {{ run(A); }} }} cpu 0 {{ p(A); }}"
            ),
        );
        let mut stale = false;
        everywhere(&machine, |state, _| {
            let cached = !state.cpus[0].hw.tlb.is_empty();
            stale |= cached && !state.cpus[0].buffer.is_empty();
            assert!(!cached || global(&machine, state, "done") == 0, "{sees}");
        });
        assert!(stale, "{sees}");
    }
}

#[test]
fn h30_a_walk_that_a_program_waits_for_is_made_into_uncacheable_memory_and_a_speculative_one_is_not() {
    // The kernel makes the entry of a live page table uncacheable. The program's access must still succeed.
    for bits in ["_PAGE_PCD", "_PAGE_PCD | _PAGE_PWT"] {
        for vendor in ["intel", "amd"] {
            let machine = machine(
                &format!("sys p(m: mm) {{ fetch_or(pmd(m, 0x400000), {bits}); invlpg(0x400000); }}"),
                &format!(
                    "machine {{ cpus 1; vendor {vendor}; tlb_cache_dis on; }}
                     mm A {{ 0x400000 -> page \"data\"; 0x401000 -> page \"next\"; }}
                     setup {{ cpu 0 {{ run(A); p(A); }} }} cpu 0 {{ let a = load(0x400000); }}"
                ),
            );
            let mut run = Run::new(&machine);
            run.walk_all(0);
            // The walk is to the page that the program needs, not to its neighbour below the same pointer.
            assert_eq!(run.cached(0), (1, 3), "{vendor} {bits}");
            let page = run.state.cpus[0].hw.tlb[0].page;
            assert_eq!(page, VA >> 12);
            run.take(Action::Access { cpu: 0, copy: 0 });
            run.walk_all(0);
            assert_eq!(run.cached(0).0, 1, "nobody waits any more");
            let mut stuck = false;
            everywhere(&machine, |state, enabled| stuck |= enabled.is_empty() && !machine.all_done(state));
            assert!(!stuck, "{vendor} {bits}");
        }
    }
}

#[test]
fn h13_any_mapped_address_is_walked_whatever_runs_but_not_another_mms() {
    let machine = machine(
        "sys p() { xchg(x, 1); } global x: int = 0;",
        "machine { cpus 2; } mm A { 0x400000 -> page \"a\"; } mm B { 0x8000000000 -> page \"b\"; }
         setup { cpu 0 { run(A); kthread(); } } cpu 1 { p(); }",
    );
    let mut run = Run::new(&machine);
    // CPU 0 runs a kernel thread, and does nothing.
    run.walk_all(0);
    assert_eq!(run.cached(0), (1, 3));
    // CPU 1 has init_mm loaded, where nothing is mapped.
    assert!(run.walks(1).is_empty());
}

/// CPU 0 runs `A` and CPU 1 runs `B`, under PCIDs that a test gives; CPU 2 is another core.
fn threads(by: u8, pcids: [u16; 2]) -> Machine {
    machine(
        "sys enter(m: mm, n: int) then user(m) { write_cr3(m.pgd, n); }
         sys flush() { invlpg(0x400000); invpcid_flush_all(); }",
        &format!(
            "machine {{ cpus 3; tso off; tlb_shared_by {by}; }}
             mm A {{ 0x400000 -> page \"a\"; }} mm B {{ 0x400000 -> page \"b\"; }}
             setup {{ cpu 0 {{ enter(A, {}); }} cpu 1 {{ enter(B, {}); }} cpu 2 {{ enter(A, {}); }} }}
             cpu 0 {{ flush(); }} cpu 1 {{ load(0x400000); }}",
            pcids[0], pcids[1], pcids[0]
        ),
    )
}

#[test]
fn h73_what_a_sibling_caches_serves_whoever_has_the_same_pcid() {
    for (by, pcids, cached, usable) in
        [(1, [3, 3], (0, 0), 0), (2, [3, 3], (1, 3), 1), (2, [3, 4], (1, 3), 0), (3, [3, 3], (1, 3), 1)]
    {
        let machine = threads(by, pcids);
        let mut run = Run::new(&machine);
        run.walk_all(0);
        assert_eq!(run.cached(0), (1, 3));
        assert_eq!(run.cached(1), cached, "{by} {pcids:?}");
        assert_eq!(run.cached(2), if by == 3 { (1, 3) } else { (0, 0) }, "{by}");
        let va = machine.watched()[0];
        assert_eq!(run.state.cpus[1].hw.translations(va).count(), usable, "{by} {pcids:?}");
        assert_eq!(run.can(Action::Access { cpu: 1, copy: 0 }), usable == 1);
        if by > 1 {
            assert!(run.events.iter().any(|event| matches!(event, What::Shared { .. })), "{:?}", run.events);
        }
        // An invalidation is the CPU's own.
        run.software(0);
        assert_eq!((run.cached(0), run.cached(1)), ((0, 0), cached), "{by}");
        // Walks that tell their own CPU nothing new bring back what the sibling has lost.
        run.walk_all(1);
        assert_eq!(run.cached(0) != (0, 0), by > 1, "{by}");
    }
}

#[test]
fn h73_a_search_knows_what_a_walk_caches_elsewhere() {
    for by in [1, 2, 3] {
        let machine = machine(
            "sys enter(m: mm, n: int) then user(m) { write_cr3(m.pgd, n); } sys flush() { invpcid_flush_all(); }",
            &format!(
                "machine {{ cpus 3; tso off; tlb_shared_by {by}; }} mm A {{ 0x400000 -> page \"a\"; }}
                 setup {{ cpu 0 {{ enter(A, 1); }} cpu 1 {{ enter(A, 1); }} }}
                 cpu 0 {{ flush(); }} cpu 1 {{ load(0x400000); }}"
            ),
        );
        let mut check =
            Check::new(&machine, explore::Limits { symmetry: false, ..explore::Limits::default() });
        check.run_to_end();
        assert_eq!(check.progress().states as usize, count(&machine), "{by}");
    }
}
