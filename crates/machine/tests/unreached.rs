//! Code of the kernel that no run reaches.

use crate::support::*;
use lang::program::Pc;
use lang::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The functions of the kernel in which, by a complete search, there are statements that no run reaches, with the text of each.
fn unreached(kernel: &str, scenario: &str) -> Vec<String> {
    let machine = machine(kernel, scenario);
    let mut check = Check::new(&machine, explore::Limits::default());
    check.run_to_end();
    let open: BTreeSet<Pc> = check.unreached().into_iter().collect();
    let mut statements: BTreeMap<Span, (String, bool)> = BTreeMap::new();
    for pc in machine.statements() {
        let site = &machine.program().sites[usize::from(pc)];
        statements.entry(site.span).or_insert((site.function.clone(), false)).1 |= !open.contains(&pc);
    }
    let found: BTreeSet<String> =
        statements.into_values().filter(|statement| !statement.1).map(|statement| statement.0).collect();
    found.into_iter().collect()
}

const KERNEL: &str = "global busy: int; global count: int;
    ipi ask(n: int) { if n == 7 { invlpg(0x1000); } }
    ipi never() { smp_mb(); }
    fn rare() { count = 3; smp_mb(); }
    fn silent(n: int) -> int { let sum = n + 1; if sum > 5 { return twice(sum); } return sum; }
    fn twice(n: int) -> int { return n * 2; }
    sys work(n: int) { if busy == 2 { rare(); } busy = silent(n + count); }
    sys call(n: int) { ipi ask(n) to online and wait; }
    sys begin(m: mm) { if m == init_mm { rare(); } }";

#[test]
fn branches_that_are_never_taken_are_found_and_others_are_not() {
    let with = |blocks: &str| unreached(KERNEL, &format!("machine {{ cpus 2; }} {blocks}"));
    // `never` is a handler, and part of every program.
    assert_eq!(with("cpu 0 { work(1); }"), ["ask", "never", "rare", "twice"]);
    // Another CPU stores the 2 at the right moment.
    assert_eq!(with("cpu 0 { work(1); } cpu 1 { work(1); }"), ["ask", "never", "twice"]);
    // A statement that is only arithmetic: it is part of another step.
    assert_eq!(with("cpu 0 { work(5); }"), ["ask", "never", "rare", "silent"]);
    assert_eq!(with("cpu 0 { call(6); }"), ["ask", "never"]);
    assert_eq!(with("cpu 0 { call(7); }"), ["never"]);
    // What set-up comes to counts.
    assert_eq!(with("setup { cpu 1 { work(1); work(1); } } cpu 0 { call(7); }"), ["never", "twice"]);
    // A branch on what is known when it is compiled leaves no code.
    assert_eq!(with("mm A { 0x400000 -> page \"a\"; } cpu 0 { call(7); begin(A); }"), ["never"]);
}

#[test]
fn a_statement_that_waits_for_ever_is_come_to_and_what_follows_is_not() {
    let kernel = "global go: int;
        fn after() { smp_mb(); }
        sys wait() { until go == 1; after(); }";
    assert_eq!(unreached(kernel, "cpu 0 { wait(); }"), ["after"]);
    assert_eq!(unreached(kernel, "cpu 0 { wait(); } cpu 1 { go = 1; }"), [""; 0]);
}

/// Interchangeable CPUs stand for one another in a search, and each may come to its own function.
#[test]
fn equal_code_of_two_functions_is_come_to_by_either() {
    let kernel = "global owner: int; global a: int; global b: int;
        sys first() { if xchg(owner, 1) == 0 { a = 1; b = 1; } }
        sys second() { if xchg(owner, 1) == 0 { a = 1; b = 1; } }";
    let both = "machine { cpus 2; tso off; } cpu 0 { first(); } cpu 1 { second(); }";
    assert!(!machine(kernel, both).interchangeable().is_empty());
    assert_eq!(unreached(kernel, both), [""; 0]);
    // What neither of them comes to is unreached in both.
    let kernel = kernel.replace("b = 1;", "if owner == 2 { b = 1; }");
    assert_eq!(unreached(&kernel, both), ["first", "second"]);
}

#[test]
fn a_search_that_stops_early_says_nothing() {
    let machine = machine(KERNEL, "cpu 0 { work(1); }");
    let limits = explore::Limits { states: 2, ..explore::Limits::default() };
    let mut check = Check::new(&machine, limits);
    check.run_to_end();
    assert!(check.unreached().is_empty());
}

#[test]
fn saturated_states_and_one_order_come_to_the_same_code() {
    let machine = machine(
        KERNEL,
        "machine { cpus 3; } mm A { 0x400000 -> page \"a\"; }
         cpu 0 { work(1); load(0x400000); } cpu 1 { work(1); call(6); } cpu 2 { store(0x400000, 1); work(5); }",
    );
    let limits = explore::Limits::default();
    let mut searches = [explore::Search::new(&machine, limits), explore::Search::reduced(&machine, limits)];
    let passed = searches.each_mut().map(|search| {
        search.run_to_end();
        search.passed()
    });
    assert_eq!(passed[0], passed[1]);
}
