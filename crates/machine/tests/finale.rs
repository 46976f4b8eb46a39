//! What scenarios ask of the states in which executions end, held against a walk through all states that knows no reduction.

use crate::support::*;
use explore::Limits;
use lang::program::Quantifier;
use std::collections::BTreeSet;

/// A kernel with two variables, and blocks that use them.
fn ended(scenario: &str) -> Machine {
    machine(
        "global x: int; global y: int; mm count: int; percpu mine: int; global list[2]: int;
         sys unmap(m: mm, va: va) { xchg(pte(m, va), 0); invlpg(va); }",
        scenario,
    )
}

/// All final states, by a plain search of every reachable state.
fn naive(machine: &Machine) -> Vec<Vec<u64>> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![machine.initial()]);
    let mut found = BTreeSet::new();
    while let Some(state) = todo.pop() {
        let mut bytes = Vec::new();
        machine.pack(&state, &mut bytes);
        if !seen.insert(bytes) {
            continue;
        }
        found.extend(machine.outcome(&state));
        let mut enabled = Vec::new();
        machine.enabled(&state, &mut enabled);
        for action in enabled {
            let mut after = state.clone();
            machine.step(&mut after, action, &mut ());
            todo.push(after);
        }
    }
    found.into_iter().collect()
}

/// The result of a check: the final states that count, for how many the condition holds, and the verdict on it.
fn checked(machine: &Machine) -> (Vec<Vec<u64>>, usize, Verdict) {
    let mut check = Check::of(machine, Limits::default(), Asked::by(machine.program()));
    check.run_to_end();
    let finals = check.finals().expect("something is asked");
    assert!(finals.complete);
    let asked = machine.program().expectations.last().expect("it is an expectation");
    assert_eq!(asked.property, "final_state");
    (finals.states, finals.holds, check.verdict(asked))
}

/// Checks a scenario with and without reductions, against the naive search.
fn all_ways(scenario: &str) -> (Vec<Vec<u64>>, usize, Verdict) {
    let reduced = ended(scenario);
    let found = checked(&reduced);
    let counts = |machine: &Machine| {
        let finale = machine.program().finale.clone().expect("something is asked");
        naive(machine).into_iter().filter(|values| finale.counts(values)).collect::<Vec<_>>()
    };
    assert_eq!(found.0, counts(&reduced), "{scenario}");
    let unreduced = Machine::unreduced(reduced.program().clone()).expect("it can be built");
    assert_eq!(found, checked(&unreduced), "{scenario}");
    assert_eq!(found.0, counts(&unreduced), "{scenario}");
    found
}

const SB: &str = "cpu 0 { x = 1; let a = y; } cpu 1 { y = 1; let b = x; }";

#[test]
fn all_final_states_come_from_one_search() {
    let (states, holds, verdict) = all_ways(&format!("{SB} exists (0:a == 0 && 1:b == 0)"));
    assert_eq!(states, [[0, 0], [0, 1], [1, 0], [1, 1]]);
    assert_eq!((holds, verdict), (1, Verdict::Met));
    let (states, _, verdict) =
        all_ways(&format!("machine {{ tso off; }} {SB} exists (0:a == 0 && 1:b == 0)"));
    assert_eq!(states, [[0, 1], [1, 0], [1, 1]]);
    assert_eq!(verdict, Verdict::Failed);
}

#[test]
fn the_three_quantifiers_and_the_filter() {
    let verdict = |asked: &str| all_ways(&format!("{SB} {asked}")).2;
    assert_eq!(verdict("~exists (0:a == 0 && 1:b == 0)"), Verdict::Failed);
    assert_eq!(verdict("not exists (0:a == 2)"), Verdict::Met);
    assert_eq!(verdict("forall (x == 1 && y == 1)"), Verdict::Met);
    assert_eq!(verdict("forall (0:a == 1 || 1:b == 1)"), Verdict::Failed);
    // The condition is not about the other final states.
    assert_eq!(verdict("filter (0:a == 1) forall (0:a == 1 || 1:b == 1)"), Verdict::Met);
    assert_eq!(verdict("filter (0:a == 1) exists (0:a == 0 && 1:b == 0)"), Verdict::Failed);
    assert_eq!(verdict("filter (0:a == 1) ~exists (0:a == 0)"), Verdict::Met);
    let (states, holds, _) = all_ways(&format!("{SB} filter (0:a == 1) exists (1:b == 1)"));
    assert_eq!((states, holds), (vec![vec![1, 0], vec![1, 1]], 1));
}

#[test]
fn a_local_that_only_the_condition_reads_is_kept() {
    // Otherwise `b` could use the register of `a`, and the constant would need no register.
    let blocks = "cpu 0 { { let a = x; } let b = y; let c = 7; c = c + b; } cpu 1 { x = 1; y = 2; }";
    let (states, ..) = all_ways(&format!("{blocks} exists (0:a == 1 && 0:b == 2 && 0:c == 9)"));
    assert_eq!(states, [[0, 0, 7], [0, 2, 9], [1, 0, 7], [1, 2, 9]]);
    // It shows its last value.
    let blocks = "cpu 0 { let a = x; a = x + y; let b = true; b = a == 0 && x == 0; } cpu 1 { x = 1; }";
    all_ways(&format!("{blocks} exists (0:a == 1 && !0:b)"));
}

#[test]
fn equal_cpus_are_told_apart_by_the_condition() {
    let blocks = "cpu 0 { let a = inc_return(x); } cpu 1 { let a = inc_return(x); }";
    let found = all_ways(&format!("{blocks} exists (0:a == 1 && 1:a == 2)"));
    assert_eq!(found, (vec![vec![1, 2], vec![2, 1]], 1, Verdict::Met));
}

#[test]
fn memory_of_every_kind_is_observed() {
    let blocks = "mm A { 0x400000 -> page \"one\"; }
        cpu 0 { A.count = 3; list[1] = 4; unmap(A, 0x400000); }";
    let asked = "locations init_mm.count; forall (A.count == 3 && list[1] == 4 && pte(A, 0x400000) == 0)";
    let found = all_ways(&format!("{blocks} {asked}"));
    // A.count, init_mm.count, list[1], pte(A, 0x400000)
    assert_eq!(found, (vec![vec![3, 0, 4, 0]], 1, Verdict::Met));
}

#[test]
fn a_block_that_faults_keeps_what_it_has_found_out() {
    let blocks = "mm A { 0x400000 -> page \"one\"; }
        setup { cpu 0 { run(A); } cpu 1 { run(A); } }
        cpu 0 { let a = x; let b = load(0x400000) + 1; a = 5; }
        cpu 1 { x = 1; unmap(A, 0x400000); }";
    let (states, holds, verdict) =
        all_ways(&format!("{blocks} exists (fault(0) && 0:a == 1 && 0:b == 0) locations 0:b;"));
    // a, b, whether it faulted: nothing is half done.
    assert_eq!(states, [[0, 0, 1], [1, 0, 1], [5, 1, 0]]);
    assert_eq!((holds, verdict), (1, Verdict::Met));
}

#[test]
fn a_case_asks_otherwise_or_not_at_all() {
    let scenario = |case| {
        let kernel = "kernel \"k\" { global x: int; global y: int; }";
        let text = format!(
            "scenario \"s\" {{ use kernel \"k\" {SB} exists (0:a == 0 && 1:b == 0)
                case \"sc\" {{ use kernel \"k\" with {{ tso = off }} ~exists (0:a == 0 && 1:b == 0) }}
                case \"word\" {{ expect sometimes final_state; }}
                case \"nothing\" {{ expect never machine_check; }} }}"
        );
        let selection = lang::Selection::new(case, Vec::new());
        let compiled = lang::compile(&text, &[("k", kernel)], &selection);
        assert!(compiled.diagnostics.is_empty(), "{:#?}", compiled.diagnostics);
        Machine::new(compiled.program.expect("it compiles")).expect("it can be built")
    };
    let (one, sc, word, nothing) = (scenario(None), scenario(Some(0)), scenario(Some(1)), scenario(Some(2)));
    assert_eq!(checked(&one).2, Verdict::Met);
    assert_eq!((checked(&sc).0.len(), checked(&sc).2), (3, Verdict::Met));
    assert_eq!((checked(&word).0.len(), checked(&word).2), (4, Verdict::Met));
    let finale = nothing.program().finale.clone().expect("the condition stands");
    assert_eq!((finale.quantifier, nothing.program().expectations.len()), (None, 1));
    assert_eq!(sc.program().finale.as_ref().and_then(|f| f.quantifier), Some(Quantifier::NotExists));
    assert_eq!(finale.words(), "(0:a=0 /\\ 1:b=0)");
}

#[test]
fn a_witness_ends_in_such_a_state() {
    let machine = ended(&format!("{SB} exists (0:a == 0 && 1:b == 0)"));
    let mut check = Check::new(&machine, Limits::default());
    check.run_to_end();
    let (property, schedule) = check.witness(Property::FinalState.as_set()).expect("it was found");
    let mut state = machine.initial();
    for action in schedule {
        machine.step(&mut state, action, &mut ());
    }
    assert_eq!((property, machine.outcome(&state)), (Property::FinalState, Some(vec![0, 0])));
}
