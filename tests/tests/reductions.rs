//! What the search does not distinguish: which of several interchangeable CPUs is which, the values of dead
//! registers, and when a CPU does what no other CPU can see. No verdict depends on these.
//!
//! The program determines whether CPUs are interchangeable. This test tries that claim: in every state, the same
//! actions must be possible under the other names, and must lead to the same states under the other names.

use experiment::{Experiment, Kernels};
use explore::{Limits, Progress, Search, Symmetric, System};
use lang::Selection;
use lang::program::Observation;
use machine::{Action, Blocked, Check, Machine, State};
use std::collections::{BTreeMap, BTreeSet};
use tests::{machine, without_large_cases};

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

/// Each state of a machine with at most so many states is looked at by itself.
const SMALL: u32 = 5_000;

/// A CPU reads its own variable, which another one writes: the time of the read makes a difference.
const TOLD: &str = r#"
kernel "told" {
    about "One CPU tells another."
    global gate: int = 0;
    percpu flag: int = 0;
    sys tell() { gate = 1; per_cpu(flag, 1) = 1; }
    sys look() {
        let before = gate;
        let told = flag;
        if before == 0 { WARN_ON_ONCE(told == 1); }
    }
}
"#;
const LOOK: &str = r#"
scenario "look" {
    use kernel "told"
    machine { cpus 2; tso 1; }
    cpu 0 { tell(); }
    cpu 1 { look(); }
    expect sometimes kernel_warning;
}"#;

fn built(text: &str, case: Option<u8>) -> Machine {
    let own = [("names", NAMES), ("told", TOLD)];
    let kernels = own.into_iter().collect::<Kernels>();
    let selection = Selection { case, ..Selection::default() };
    machine(&Experiment { scenario: text.into(), kernels, selection })
}

/// For a property: how often it shows, and in how many steps.
type Found = (Option<Observation>, Option<usize>);

/// Everything that a search says, except its counts.
fn said(machine: &Machine, symmetry: bool) -> (Progress, Vec<Found>) {
    let mut check = Check::new(machine, Limits { symmetry, ..Limits::default() });
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
        let properties = machine.step(&mut after, action, &mut ());
        (properties.0, packed(machine, &names(after)))
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
        for renaming in machine.renamings() {
            let other = machine.rename(renaming, &state);
            least &= packed(machine, &other) >= own;
            assert_eq!(
                leads_to(machine, &state, |after| machine.rename(renaming, &after)),
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
    for (text, case, classes, renamings) in [
        (PAIR, None, vec![0b110], 1),
        (PAIR, Some(0), vec![0b110], 1),
        (TWO, None, vec![0b110], 1),
        (THREE, None, vec![0b1110], 5),
    ] {
        let machine = built(text, case);
        assert_eq!(machine.interchangeable(), classes);
        assert_eq!(machine.renamings().len(), renamings);
        let (all, named) = try_all(&machine);
        assert_eq!(said(&machine, false).0.states, all);
        assert_eq!(said(&machine, true).0.states, named, "{all} states in all");
        assert!(named * 3 < all * 2, "{named} of {all}");
    }
}

/// The same machine, but registers keep values that will not be read.
fn with_dead_registers(machine: &Machine) -> Machine {
    let mut program = machine.program().clone();
    program.live.fill(u64::MAX);
    Machine::new(program).unwrap_or_else(|e| panic!("{e}"))
}

/// The same machine without any reduction.
fn unreduced(machine: &Machine) -> Machine {
    Machine::unreduced(machine.program().clone()).unwrap_or_else(|e| panic!("{e}"))
}

/// Some of this test, and those of the library that are compared.
fn machines() -> impl Iterator<Item = Machine> {
    let pairs = [(PAIR, None), (PAIR, Some(0)), (TWO, None), (THREE, None), (LOOK, None)];
    let pairs = pairs.map(|(text, case)| built(text, case));
    let library = without_large_cases().into_iter().map(|(_, experiment)| machine(&experiment));
    pairs.into_iter().chain(library)
}

#[test]
fn verdicts_and_least_steps_do_not_depend_on_it() {
    let mut more = 0;
    for machine in machines() {
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

/// Whether a CPU waits for IPIs that have not been handled.
fn waits(machine: &Machine, state: &State, cpu: u8) -> bool {
    machine.blocked(state, cpu) == Some(Blocked::IpisNotHandled)
}

/// The least number of steps to each property, without steps that no other CPU can observe and without waits
/// that were over when the CPU reached them. It goes through all states, nearest first.
fn least_visible_steps(machine: &Machine) -> BTreeMap<u8, usize> {
    let mut least = BTreeMap::new();
    let mut known = BTreeSet::new();
    // With each state, the CPUs that reached a wait that was not over.
    let (mut near, mut far) = (vec![(machine.initial(), 0u64)], Vec::new());
    let mut depth = 0;
    while !near.is_empty() {
        while let Some((state, waited)) = near.pop() {
            if !known.insert((packed(machine, &state), waited)) {
                continue;
            }
            let mut enabled = Vec::new();
            machine.enabled(&state, &mut enabled);
            machine
                .observe(&state, &enabled)
                .iter()
                .for_each(|property| _ = least.entry(property).or_insert(depth));
            for action in enabled {
                let mut after = state.clone();
                let properties = machine.step(&mut after, action, &mut ());
                let cpu = action.cpu();
                let silent = machine.is_silent(&state, action) && waited >> cpu & 1 == 0;
                let steps = depth + usize::from(!silent);
                for property in properties.iter() {
                    let known = least.entry(property).or_insert(steps);
                    *known = steps.min(*known);
                }
                let came = !matches!(action, Action::Walk { .. } | Action::Broadcast { .. });
                let others = if came { waited & !(1 << cpu) } else { waited };
                let now = others | u64::from(came && waits(machine, &after, cpu)) << cpu;
                if silent { near.push((after, now)) } else { far.push((after, now)) }
            }
        }
        std::mem::swap(&mut near, &mut far);
        depth += 1;
    }
    least
}

#[test]
fn what_nobody_sees_needs_no_step() {
    let (mut more, mut compared) = (0, 0);
    for machine in machines() {
        let name = &machine.program().name;
        let full = unreduced(&machine);
        let (one, found) = said(&machine, true);
        let (other, all_off) = said(&full, false);
        let verdicts = |found: &[Found]| found.iter().map(|found| found.0).collect::<Vec<_>>();
        assert_eq!(verdicts(&found), verdicts(&all_off), "{name}");
        assert_eq!(one.seen, other.seen, "{name}");
        more += u32::from(one.states < other.states);
        if other.states > SMALL {
            continue;
        }
        compared += 1;
        let mut check = Search::new(&machine, Limits::default());
        check.run_to_end();
        let lengths = one
            .seen
            .iter()
            .map(|property| (property, check.witness(property).map_or(0, |way| way.schedule.len())));
        assert_eq!(lengths.collect::<BTreeMap<_, _>>(), least_visible_steps(&full), "{name}");
    }
    assert!(
        more > 100 && compared > 100,
        "{more} machines have more states without, {compared} were compared"
    );
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
        let machine = machine(&Experiment::new(TWO).with_kernel("names", text));
        assert!(machine.interchangeable().is_empty(), "{why}: {:?}", machine.interchangeable());
    }
}
