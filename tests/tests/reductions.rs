//! What the search need not tell apart, and that nothing depends on it: which of several interchangeable CPUs is which,
//! and what stands in registers that nobody will read.
//!
//! Whether CPUs are interchangeable is found out from the program. So what is claimed is tried: in every state, what
//! can be done must be the same under the other names, and lead to the same under the other names.

use explore::{Limits, Progress, System};
use lang::Selection;
use lang::program::Observation;
use machine::{Check, Machine, State};
use std::collections::BTreeSet;
use tests::{Kernels, machine};

/// Two CPUs go lazy while a third unmaps.
const PAIR: &str = r#"
scenario "pair" {
    use kernel "lazy TLB lab"
    machine { cpus 3; vendor amd; dram 0 .. 1536 MiB; device "nic" at 0x79646000 .. 0x79647000 uc; spare 0; }
    mm A { 0x400000 -> page "A's data"; }
    setup { cpu 0 { run(A); } cpu 1 { run(A); } cpu 2 { run(A); } }
    cpu 0 { munmap_region(A, 0x400000); let p = alloc_page(); p[0] = "Andy"; }
    cpu 1 { kthread(); }
    cpu 2 { kthread(); }
    expect sometimes walk_of_freed;
    case "init_mm switch" { use kernel "lazy TLB lab" with { init_mm_switch = on } expect never violation; }
}"#;

/// A kernel that passes CPUs and sets of them around, by every way there is. What names a CPU names CPU 0 at first.
const NAMES: &str = r#"
kernel "names" {
    about "CPUs by name."
    global seen: cpus = {};
    global last: cpu;
    global count: int = 0;
    percpu busy: bool = false;
    percpu told: cpu;
    ipi tell(who: cpu, others: cpus) {
        if who in others { per_cpu(busy, who) = true; }
        told = who;
        cpumask_set_cpu(cpu, seen);
    }
    sys hello() {
        let before = fetch_or(seen, {cpu});
        last = cpu;
        ipi tell(cpu, before | {cpu}) to online - {cpu} and wait;
        let who = last;
        if who != cpu && !(who in before) { inc_return(count); }
    }
    sys quiet() { until !busy; }
    sys tick() {
        last = cpu;
        if last in fetch_or(seen, {cpu}) { inc_return(count); }
    }
}
"#;
const TWO: &str = r#"
scenario "two" {
    use kernel "names"
    machine { cpus 3; tso 1; }
    cpu 1 { hello(); }
    cpu 2 { hello(); }
    expect never violation;
}"#;
const THREE: &str = r#"
scenario "three" {
    use kernel "names"
    machine { cpus 4; tso 1; }
    cpu 1 { tick(); }
    cpu 2 { tick(); }
    cpu 3 { tick(); }
    expect never violation;
}"#;

fn built(text: &str, case: Option<u8>) -> Machine {
    let kernels = Kernels { instead: vec![("names".to_owned(), NAMES.to_owned())] };
    let selection = Selection { case, options: Vec::new() };
    machine(text, &kernels, &selection).unwrap_or_else(|e| panic!("{e}"))
}

/// Of a property: how often it shows, and in how many steps.
type Found = (Option<Observation>, Option<usize>);

/// All that a search says, but for how it counts.
fn said(machine: &Machine, mirrors: bool) -> (Progress, Vec<Found>) {
    let mut check = Check::new(machine, Limits { mirrors, ..Limits::default() });
    check.run_to_end();
    let findings = check.findings().into_iter();
    let found = findings.map(|finding| (finding.observation, finding.witness.map(|way| way.len())));
    (check.progress(), found.collect())
}

fn packed(machine: &Machine, state: &State) -> Vec<u8> {
    let mut bytes = Vec::new();
    machine.pack(state, &mut bytes);
    bytes
}

/// What can be done in a state, as what shows and where it leads, in no order.
fn leads_to(machine: &Machine, state: &State, names: impl Fn(State) -> State) -> Vec<(u32, Vec<u8>)> {
    let mut enabled = Vec::new();
    machine.enabled(state, &mut enabled);
    let step = |&action: &_| {
        let mut after = state.clone();
        let marks = machine.step(&mut after, action, &mut ());
        (marks.0, packed(machine, &names(after)))
    };
    let mut all: Vec<_> = enabled.iter().map(step).collect();
    all.push((machine.observe(state, &enabled).0, vec![machine.ended(state, &enabled).into()]));
    all.sort_unstable();
    all
}

/// Goes through all states; how many there are, and how many if names don't count.
fn try_all(machine: &Machine) -> (u32, u32) {
    let mut known = BTreeSet::from([packed(machine, &machine.initial())]);
    let mut todo = vec![machine.initial()];
    let mut classes = 0;
    while let Some(state) = todo.pop() {
        let own = packed(machine, &state);
        let mut least = true;
        for mirror in 0..machine.mirrors() {
            let other = machine.mirror(mirror, &state);
            least &= packed(machine, &other) >= own;
            assert_eq!(
                leads_to(machine, &state, |after| machine.mirror(mirror, &after)),
                leads_to(machine, &other, |after| after),
                "{state:#?}\nis not what it is under other names:\n{other:#?}"
            );
        }
        classes += u32::from(least);
        let mut enabled = Vec::new();
        machine.enabled(&state, &mut enabled);
        for action in enabled {
            let mut after = state.clone();
            machine.step(&mut after, action, &mut ());
            if known.insert(packed(machine, &after)) {
                todo.push(after);
            }
        }
    }
    (known.len() as u32, classes)
}

#[test]
fn under_other_names_the_same_can_be_done() {
    for (text, case, classes, mirrors) in [
        (PAIR, None, vec![0b110], 1),
        (PAIR, Some(0), vec![0b110], 1),
        (TWO, None, vec![0b110], 1),
        (THREE, None, vec![0b1110], 5),
    ] {
        let machine = built(text, case);
        assert_eq!(machine.interchangeable(), classes);
        assert_eq!(machine.mirrors(), mirrors);
        let (all, named) = try_all(&machine);
        assert_eq!(said(&machine, false).0.states, all);
        assert_eq!(said(&machine, true).0.states, named, "{all} states in all");
        assert!(named * 3 < all * 2, "{named} of {all}");
    }
}

/// The same machine, but registers keep what nobody will read.
fn with_dead_registers(machine: &Machine) -> Machine {
    let mut program = machine.program().clone();
    program.live.fill(u64::MAX);
    Machine::new(program).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn verdicts_and_least_steps_do_not_depend_on_it() {
    let pairs = [built(PAIR, None), built(PAIR, Some(0)), built(TWO, None), built(THREE, None)];
    let library = gallery::scenarios().flat_map(|scenario| {
        (0..lang::cases(scenario.text).len())
            .map(move |case| built(scenario.text, (case as u8).checked_sub(1)))
    });
    let mut more = 0;
    for machine in pairs.into_iter().chain(library) {
        let name = &machine.program().name;
        let (one, found) = said(&machine, true);
        let (other, all_off) = said(&with_dead_registers(&machine), false);
        assert_eq!(found, all_off, "{name}");
        assert_eq!(one.seen, other.seen, "{name}");
        assert!(one.states <= other.states, "{name}: {} and {}", one.states, other.states);
        more += u32::from(one.states < other.states);
    }
    assert!(more > 4, "{more} machines have more states without");
}

#[test]
fn who_is_told_apart_is_not_interchangeable() {
    let three = |thread: &str| {
        THREE.replace("tick", "hello").replace("cpu 3 { hello(); }", &format!("cpu 3 {{ {thread} }}"))
    };
    let classes = |text: &str| built(text, None).interchangeable().to_vec();
    assert_eq!(classes(&three("hello();")), [0b1110]);
    assert_eq!(classes(&THREE.replace("cpus 4", "cpus 11")), [0u64; 0], "too many for a key");
    assert_eq!(classes(&three("quiet();")), [0b0110], "another thread");
    assert_eq!(classes(&three("")), [0b0110], "none, and CPU 0 is named at first");
    let begins = THREE.replace("cpu 1 { tick", "setup { cpu 2 { tick(); } }\n    cpu 1 { tick");
    assert_eq!(classes(&begins), [0b1010], "CPU 2 has called before");
    for (numbered, why) in [
        ("for c in seen { per_cpu(busy, c) = false; }", "one after the other"),
        ("per_cpu(busy, 1) = true;", "a CPU by its number"),
        ("ipi tell(cpu, {}) to {1} and wait;", "a set by its members' numbers"),
        ("if last == 1 { count = 2; }", "compared with a number"),
        ("let s = {cpu, 1}; seen = s;", "a set with a member by its number"),
    ] {
        let text = NAMES.replace("let before =", &format!("{numbered}\n        let before ="));
        let kernels = Kernels { instead: vec![("names".to_owned(), text)] };
        let machine = machine(TWO, &kernels, &Selection::default()).unwrap_or_else(|e| panic!("{why}: {e}"));
        assert!(machine.interchangeable().is_empty(), "{why}: {:?}", machine.interchangeable());
    }
}
