//! Stores of software: the buffer of x86-TSO, as litmus tests over the kernel's variables. H54, H55, H56.

use crate::support::*;

/// Two CPUs that run one function each; what they have read is in `r0` and `r1`.
fn litmus(tso: &str, first: &str, second: &str) -> Vec<[u64; 2]> {
    let machine = machine(
        &format!(
            "global x: int = 0; global y: int = 0; global r0: int = 9; global r1: int = 9;
             sys p0() {{ {first} }} sys p1() {{ {second} }}"
        ),
        &format!("machine {{ tso {tso}; }} cpu 0 {{ p0(); }} cpu 1 {{ p1(); }}"),
    );
    outcomes(&machine, ["r0", "r1"])
}

#[test]
fn h55_a_store_may_be_overtaken_by_a_later_load() {
    let (first, second) = ("x = 1; r0 = y;", "y = 1; r1 = x;");
    let weak = [[0, 0], [0, 1], [1, 0], [1, 1]];
    assert_eq!(litmus("1", first, second), weak);
    assert_eq!(litmus("2", first, second), weak);
    // Without buffers it is sequential consistency.
    assert_eq!(litmus("off", first, second), weak[1..]);
}

#[test]
fn h55_mfence_and_locked_operations_on_both_sides_forbid_that() {
    let fence = ("x = 1; smp_mb(); r0 = y;", "y = 1; smp_mb(); r1 = x;");
    let locked = ("xchg(x, 1); r0 = y;", "y = 1; fetch_or(r1, 0); r1 = x;");
    for (first, second) in [fence, locked] {
        assert_eq!(litmus("2", first, second), [[0, 1], [1, 0], [1, 1]], "{first}");
        // A fence on one side is not enough.
        assert!(litmus("2", "x = 1; r0 = y;", second).contains(&[0, 0]), "{second}");
    }
}

#[test]
fn h55_lfence_sfence_and_compiler_barriers_drain_nothing() {
    for weak in ["smp_rmb()", "smp_wmb()", "barrier()"] {
        let found = litmus("2", &format!("x = 1; {weak}; r0 = y;"), &format!("y = 1; {weak}; r1 = x;"));
        assert!(found.contains(&[0, 0]), "{weak}");
    }
}

#[test]
fn h55_stores_are_seen_in_order_and_loads_are_made_in_order() {
    // Message passing: who sees the second store sees the first.
    let found = litmus("2", "x = 1; y = 1;", "r1 = y; r0 = x;");
    assert!(!found.contains(&[0, 1]), "{found:?}");
    assert_eq!(found.len(), 3);
    // Load buffering: no load sees a store that depends on it.
    let found = litmus("2", "let a = x; y = 1; r0 = a;", "let b = y; x = 1; r1 = b;");
    assert!(!found.contains(&[1, 1]), "{found:?}");
}

#[test]
fn h55_a_cpu_sees_its_own_store_before_anybody_else_does() {
    let found = litmus("2", "x = 1; r0 = x;", "r1 = x;");
    assert_eq!(found, [[1, 0], [1, 1]]);
    let machine =
        machine("global x: int = 0; sys p() { x = 1; BUG_ON(x != 1); }", "machine { tso 2; } cpu 0 { p(); }");
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    assert!(matches!(run.events[0], What::Read { value: 1, forwarded: true, .. }), "{:?}", run.events);
    assert_eq!(run.global("x"), 0);
}

#[test]
fn h55_a_full_buffer_holds_back_the_next_store_only() {
    let machine = machine(
        "global x: int = 0; global y: int = 0; sys p() { x = 1; let a = y; x = a + 2; }",
        "machine { tso 1; } cpu 0 { p(); }",
    );
    let mut run = Run::new(&machine);
    run.step(0).step(0);
    assert_eq!(run.blocked(0), Some(Blocked::StoreBufferFull));
    run.drain(0).step(0);
    assert_eq!(run.state.cpus[0].buffer.len(), 1);
}

#[test]
fn h54_operations_that_serialize_or_lock_wait_for_the_store_buffer() {
    let serializing = [
        "write_cr3(init_mm.pgd, 0)",
        "write_cr3(init_mm.pgd, 1, noflush)",
        "invlpg(0x400000)",
        "invpcid_flush_one(0, 0x400000)",
        "invpcid_flush_single_context(1)",
        "invpcid_flush_all()",
        "invpcid_flush_all_nonglobals()",
        "toggle_pge()",
        "mwait_c6()",
        "smp_mb()",
        "xchg(y, 1)",
        "inc_return(y)",
        "spin_lock(y)",
        "tlbsync()",
    ];
    for operation in serializing {
        let text = format!("global x: int = 0; global y: int = 0; sys p() {{ x = 1; {operation}; }}");
        let machine = machine(&text, "cpu 0 { p(); }");
        let mut run = Run::new(&machine);
        run.step(0);
        assert!(matches!(run.blocked(0), Some(Blocked::StoreBufferNotEmpty(_))), "{operation}");
        assert!(!run.can(Action::Step { cpu: 0 }), "{operation}");
        run.drain(0);
        assert_eq!(run.global("x"), 1);
        assert!(run.can(Action::Step { cpu: 0 }), "{operation}");
    }
}

#[test]
fn h56_neither_fences_nor_locked_operations_remove_or_forbid_a_fill() {
    for fence in ["smp_mb()", "xchg(x, 1)", "smp_rmb(); inc_return(x)", "spin_lock(x)"] {
        let machine = machine(
            &format!("global x: int = 0; sys p() {{ {fence}; x = 1; }}"),
            "machine { cpus 1; } mm A { 0x400000 -> page \"data\"; } setup { cpu 0 { run(A); } } cpu 0 { p(); }",
        );
        // With nothing cached, half a walk, and all of it: what can be walked afterwards is what could be before.
        for walked in 0..=4 {
            let mut run = Run::new(&machine);
            for _ in 0..walked {
                let walk = run.walks(0)[0];
                run.take(walk);
            }
            let (walks, cached) = (run.walks(0), run.cached(0));
            assert_eq!(walks.is_empty(), walked == 4);
            run.step(0);
            assert_eq!((run.walks(0), run.cached(0)), (walks, cached), "{fence} after {walked}");
        }
    }
}

#[test]
fn h54_invalidations_divide_fills_into_before_and_after() {
    for flush in
        ["write_cr3(A.pgd, 0)", "invlpg(0x400000)", "invpcid_flush_single_context(0)", "toggle_pge()"]
    {
        let flush = flush.replace("A.pgd", "m.pgd");
        let machine = machine(
            &format!("sys p(m: mm) {{ xchg(pmd(m, 0x400000), 0); {flush}; }}"),
            "machine { cpus 1; } mm A { 0x400000 -> page \"data\"; } setup { cpu 0 { run(A); } } cpu 0 { p(A); }",
        );
        // However far a walk had come, nothing of the unlinked table is left or can come back.
        let mut ends = 0;
        everywhere(&machine, |state, enabled| {
            if machine.ended(state, enabled) {
                let hw = &state.cpus[0].hw;
                assert!(hw.tlb.is_empty() && hw.psc.iter().all(|e| e.level > x86::Level::Pd), "{flush}");
                ends += 1;
            }
        });
        assert!(ends > 1, "{flush}");
    }
}

#[test]
fn h55_a_depth_that_hides_outcomes_is_told() {
    // The first store is still in the buffer when `y` is read: three are in flight.
    let kernel = "global x: int = 0; global y: int = 0; global a: int = 0; global r0: int = 9; global r1: int = 9;
        sys p0() { x = 1; a = 1; a = 2; let seen = y; smp_mb(); r0 = seen; } sys p1() { y = 1; smp_mb(); r1 = x; }";
    let with =
        |tso: &str| machine(kernel, &format!("machine {{ tso {tso}; }} cpu 0 {{ p0(); }} cpu 1 {{ p1(); }}"));
    let waited = |machine: &Machine| {
        let mut check = Check::new(machine, explore::Limits::default());
        check.run_to_end();
        check.stores_waited()
    };
    let found: Vec<(bool, bool)> = ["off", "1", "2", "3", "8"]
        .map(|tso| (outcomes(&with(tso), ["r0", "r1"]).contains(&[0, 0]), waited(&with(tso))))
        .into();
    // With too small a buffer, the outcome is missing and a CPU waited. If no CPU waits, the outcome is there.
    assert_eq!(found, [(false, false), (false, true), (false, true), (true, false), (true, false)]);
}

#[test]
fn h55_a_program_s_store_waits_for_room_too() {
    let kernel = "";
    let scenario = "mm A { 0x400000 -> page \"p\"; } setup { cpu 0 { run(A); } } cpu 0 { store(0x400000, 1); store(0x400000, 2); }";
    for (tso, waits) in [("1", true), ("2", false)] {
        let machine = machine(kernel, &format!("machine {{ tso {tso}; }} {scenario}"));
        let mut check = Check::new(&machine, explore::Limits::default());
        check.run_to_end();
        assert_eq!(check.stores_waited(), waits, "{tso}");
    }
}

#[test]
fn what_was_not_found_with_a_full_store_buffer_is_open() {
    for (depth, stores, expected) in
        [(1, 2, Verdict::Open), (2, 2, Verdict::Failed), (0, 2, Verdict::Failed), (8, 9, Verdict::Open)]
    {
        let kernel = format!(
            "global a: int; global b: int; sys set() {{ {} }} sys see() {{ WARN_ON_ONCE(b == 7); }}",
            "a = 1; ".repeat(stores)
        );
        let text = format!(
            "machine {{ cpus 2; tso {depth}; }} cpu 0 {{ set(); }} cpu 1 {{ see(); }} expect sometimes kernel_warning; expect never kernel_warning;"
        );
        let machine = machine(&kernel, &text);
        let mut check = Check::new(&machine, explore::Limits::default());
        check.run_to_end();
        let verdicts: Vec<Verdict> =
            machine.program().expectations.iter().map(|expected| check.verdict(expected)).collect();
        assert_eq!(verdicts[..2], [expected, Verdict::Met], "{depth}");
    }
}
