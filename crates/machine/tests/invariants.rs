//! Invariants: looked at in every state, whatever the search remembers.

use crate::support::*;
use explore::{Completeness, Limits};
use machine::{Check, MachineRefusal, Verdict, named};

/// A machine with `invariant "i" { body }` in its scenario.
fn with(kernel: &str, scenario: &str, body: &str) -> Machine {
    machine(kernel, &format!("invariant \"i\" {{ {body} }} {scenario} expect never invariant \"i\";"))
}

/// Whether the invariant breaks, in a search that takes every step and in one that remembers steps.
fn broken(machine: &Machine) -> bool {
    let label = named(machine.program(), "invariant \"i\"").expect("a property");
    let mut some = false;
    let found = everywhere(machine, |state, _| {
        some |= machine.program().invariants.iter().any(|invariant| !machine.holds(state, *invariant));
    });
    let by_hand = found.intersects(label);
    assert_eq!(by_hand, found.intersects(Property::Invariant.as_set()));
    assert_eq!(by_hand, some, "a state that breaks it is led to by a step that shows it");
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    assert_eq!(check.progress().completeness, Completeness::Complete);
    assert_eq!(
        check.verdict(&machine.program().expectations[0]),
        if by_hand { Verdict::Failed } else { Verdict::Met }
    );
    by_hand
}

const SLOTS: &str = "percpu slot: int = 0; global next: int = 0;
    sys locked() { slot = inc_return(next); }
    sys raced() { let mine = next + 1; next = mine; slot = mine; }";

#[test]
fn variables_of_all_cpus_are_compared_in_every_state() {
    let body = "for a in online { for b in online { BUG_ON(a != b && per_cpu(slot, a) != 0 && per_cpu(slot, a) == per_cpu(slot, b)); } }";
    for tso in ["off", "2"] {
        let run = |call: &str| {
            let scenario =
                format!("machine {{ cpus 2; tso {tso}; }} cpu 0 {{ {call}(); }} cpu 1 {{ {call}(); }}");
            broken(&with(SLOTS, &scenario, body))
        };
        assert!(!run("locked"));
        assert!(run("raced"));
    }
}

#[test]
fn what_a_kernel_does_not_see_can_be_asked_for() {
    // A PCID is used for two spaces in turn, with and without a flush.
    let kernel = |kind: &str| format!("sys other(m: mm) then user(m) {{ write_cr3(m.pgd, 0, {kind}); }}");
    let scenario = "machine { cpus 1; tso off; pcid on; } mm A { 0x400000 -> page \"a\"; } mm B { 0x400000 -> page \"b\"; }
        cpu 0 { run(A); other(B); load(0x400000); }";
    let body = "for c in online { for a in 0 .. tlb_entries(c) { for b in 0 .. tlb_entries(c) {
        BUG_ON(tlb_pcid(c, a) == tlb_pcid(c, b) && tlb_mm(c, a) != tlb_mm(c, b)); } } }";
    assert!(broken(&with(&kernel("noflush"), scenario, body)));
    assert!(!broken(&with(&kernel("flush"), scenario, body)));
    let pointers = body.replace("tlb_", "psc_");
    assert!(broken(&with(&kernel("noflush"), scenario, &pointers)));
    assert!(!broken(&with(&kernel("flush"), scenario, &pointers)));
    // An invariant may also ask for the frame in CR3, and for its PCID.
    let in_a = "BUG_ON(cr3_pgd(0) == B.pgd);";
    assert!(broken(&with(&kernel("flush"), scenario, in_a)));
    assert!(!broken(&with(&kernel("flush"), scenario, "BUG_ON(cr3_pcid(0) != 0);")));
}

#[test]
fn a_walk_or_a_drain_may_be_what_breaks_it() {
    let scenario = "machine { cpus 2; tso 2; } mm A { 0x400000 -> page \"a\"; } setup { cpu 1 { run(A); } } cpu 0 { clear(A); }";
    let kernel = "sys clear(m: mm) { pte(m, 0x400000) = 0; }";
    assert!(broken(&with(kernel, scenario, "BUG_ON(tlb_entries(1) != 0);")), "a walk");
    assert!(broken(&with(kernel, scenario, "BUG_ON(!pte_present(pte(A, 0x400000)));")), "a drain");
    // A table that is not there has no entries, and that is no bug of the kernel.
    let missing = with(kernel, scenario, "BUG_ON(pte_present(pte(A, 0x40000000)));");
    assert!(!broken(&missing));
    assert!(!possible(&missing, Property::KernelBug));
}

#[test]
fn what_is_in_a_store_buffer_is_not_looked_at() {
    let scenario = "machine { cpus 1; tso 2; } cpu 0 { up(); }";
    let machine = with("global n: int = 0; sys up() { n = 1; }", scenario, "BUG_ON(n == 1);");
    let mut run = Run::new(&machine);
    run.step(0);
    let invariant = machine.program().invariants[0];
    assert!(machine.holds(&run.state, invariant), "memory says 0");
    run.drain(0);
    assert!(!machine.holds(&run.state, invariant));
}

#[test]
fn a_look_without_an_end_is_no_look() {
    let long = "for a in 0 .. 1500 { for b in 0 .. 1500 { BUG_ON(n == 7 && a + b == 7); } }";
    let scenario = format!("machine {{ cpus 1; }} invariant \"i\" {{ {long} }} cpu 0 {{ up(); }}");
    let refused = laid_out("global n: int = 0; sys up() { n = 1; }", &scenario);
    assert_eq!(refused.err(), Some(MachineRefusal::InvariantBroken { name: "i".to_owned() }));
}

#[test]
fn an_early_return_hides_nothing_of_what_is_read() {
    let scenario = "machine { cpus 2; tso off; } mm A { 0x400000 -> page \"a\"; } setup { cpu 1 { run(A); } } cpu 0 { touch(); }";
    let body = "if next == 0 { return; } BUG_ON(tlb_entries(1) != 0);";
    assert!(broken(&with("global next: int = 0; sys touch() { next = 1; }", scenario, body)));
}

#[test]
fn an_invariant_may_be_broken_while_set_up_is_under_way() {
    let scenario = "machine { cpus 1; } setup { cpu 0 { down(); up(); } } cpu 0 { up(); }";
    let kernel = "global n: int = 1; sys up() { n = 1; } sys down() { n = 0; }";
    assert!(!broken(&with(kernel, scenario, "BUG_ON(n == 0);")));
}

#[test]
fn an_invariant_that_does_not_hold_at_first_is_refused() {
    let kernel = "kernel \"k\" { global n: int = 0; sys up() { n = 1; } }";
    let scenario = "scenario \"s\" { use kernel \"k\" invariant \"i\" { BUG_ON(n == 0); } cpu 0 { up(); } }";
    let compiled = lang::compile(scenario, &[("k", kernel)], &lang::Selection::default());
    let program = compiled.program.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    assert_eq!(Machine::new(program).err(), Some(MachineRefusal::InvariantBroken { name: "i".to_owned() }));
}

/// Three CPUs that do the same.
fn three(call: &str, body: &str) -> Machine {
    let blocks: String = (0..3).map(|cpu| format!("cpu {cpu} {{ {call}(); }} ")).collect();
    // Who is named at the beginning is one of its own.
    let who = if body.contains("who") { "global who: cpu = 0;" } else { "" };
    let kernel = format!("{SLOTS} {who} global names[3]: int; global some: cpus = {{}};");
    with(&kernel, &format!("machine {{ cpus 3; tso 1; }} {blocks}"), body)
}

#[test]
fn an_invariant_that_treats_cpus_alike_leaves_them_interchangeable() {
    for (body, call, breaks) in [
        (
            "for a in online { for b in online - {a} { BUG_ON(per_cpu(slot, a) != 0 && per_cpu(slot, a) == per_cpu(slot, b)); } }",
            "raced",
            true,
        ),
        (
            "for a in online { let mine = per_cpu(slot, a); for b in online { if a != b { BUG_ON(mine != 0 && mine == per_cpu(slot, b)); } } }",
            "locked",
            false,
        ),
        (
            "for c in online & {0, 1, 2} { BUG_ON(c in some || tlb_entries(c) > 0 || per_cpu(slot, c) > 3); }",
            "locked",
            false,
        ),
    ] {
        let machine = three(call, body);
        assert_eq!(machine.interchangeable(), [0b111], "{body}");
        let found = |symmetry: bool| {
            let mut check = Check::new(&machine, Limits { symmetry, ..Limits::default() });
            check.run_to_end();
            let progress = check.progress();
            assert_eq!(progress.completeness, Completeness::Complete);
            let length = check.witness(Property::Invariant.as_set()).map(|found| found.1.len());
            (progress.seen, length, progress.states)
        };
        let (with, without) = (found(true), found(false));
        assert_eq!((with.0, with.1), (without.0, without.1), "{body}");
        assert!(with.2 * 3 < without.2, "{body}: {} and {} states", with.2, without.2);
        assert_eq!(with.0.intersects(Property::Invariant.as_set()), breaks, "{body}");
    }
}

#[test]
fn an_invariant_that_tells_cpus_apart_leaves_no_symmetry() {
    for body in [
        "BUG_ON(per_cpu(slot, 0) > 7);",
        "for c in online { BUG_ON(c == 1 && per_cpu(slot, c) > 7); }",
        "for c in {0, 1} { BUG_ON(per_cpu(slot, c) > 7); }",
        "for c in online { for d in online { BUG_ON(c < d && per_cpu(slot, c) > 7 + per_cpu(slot, d)); } }",
        "let last = 0; for c in online { last = per_cpu(slot, c); } BUG_ON(last > 7);",
        "for c in online { if per_cpu(slot, c) == 1 { return; } BUG_ON(per_cpu(slot, c) > 7); }",
        "for c in online { BUG_ON(names[c] > 7); }",
        "let c: cpu = 2; BUG_ON(per_cpu(slot, c) > 7);",
        "BUG_ON(per_cpu(slot, who) > 7 || who == 1);",
        "BUG_ON(1 in some);",
    ] {
        assert!(three("locked", body).interchangeable().is_empty(), "{body}");
    }
    // The CPU that a variable names has no number of its own.
    assert!(!three("locked", "BUG_ON(per_cpu(slot, who) > 7);").interchangeable().is_empty());
    // One of several is enough.
    let both = "for c in online { BUG_ON(per_cpu(slot, c) > 7); } } invariant \"two\" { BUG_ON(per_cpu(slot, 1) > 7);";
    assert!(three("locked", both).interchangeable().is_empty());
}
