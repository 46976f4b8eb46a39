//! Saturated states are enough: over the whole library both searches find the same properties.
//!
//! docs/proof.md has the proof. Here it is tested: the same properties show in a full search and in a saturated one,
//! each witness of a saturated search is an execution that shows the property, and a search for an execution without a
//! property gives the same answer. All of this holds with partial orders, too: steps that may be exchanged are tried in
//! both orders, pair by pair.
#![expect(
    clippy::disallowed_types,
    reason = "a second opinion, as unlike ours as can be; no result depends on an order"
)]

use experiment::Experiment;
use explore::{Commuting, Factored, Limits, Monotone, PropertySet, Search, System, Trace};
use machine::{Action, Machine, Property, State, VIOLATION};
use std::collections::HashSet;
use tests::{cases, library, machine, variants, without_large_cases};

/// The library and all other cases, each variant with a name.
fn everything() -> Vec<(String, Machine)> {
    and_cases(library())
}

/// The same without the library's large cases.
fn most() -> Vec<(String, Machine)> {
    and_cases(without_large_cases())
}

fn and_cases(library: Vec<(String, Experiment)>) -> Vec<(String, Machine)> {
    let cases = cases().into_iter().flat_map(|(name, texts)| {
        variants(&texts).into_iter().map(move |(case, there)| (format!("{name} case {case}"), there))
    });
    library.into_iter().chain(cases).map(|(name, experiment)| (name, machine(&experiment))).collect()
}

/// Linux 6.18, two unmaps against two switches, on so many CPUs.
fn grow(cpus: usize) -> Machine {
    let mut text = String::from(
        r#"scenario "grow" {
            use kernel "linux-6.18"
            mm A { 0x400000 -> page "A's data"; 0x401000 -> page "more"; }
            mm B { 0x400000 -> page "B's data"; }
            cpu 0 { munmap_page(A, 0x401000); munmap(A, 0x400000); }
            expect never violation;
        "#,
    );
    text += &format!("machine {{ cpus {cpus}; }}\n");
    let setup: String = (0..cpus).map(|cpu| format!("cpu {cpu} {{ run(A); }} ")).collect();
    text += &format!("setup {{ {setup} }}\n");
    (1..cpus)
        .for_each(|cpu| text += &format!("cpu {cpu} {{ kthread(); run(B); run(A); load(0x400000); }}\n"));
    text += "}";
    machine(&Experiment::new(text))
}

fn full(machine: &Machine, limits: Limits) -> Search<&Machine> {
    let mut search = Search::new(machine, limits);
    search.run_to_end();
    search
}

fn saturated(machine: &Machine, limits: Limits) -> Search<&Machine> {
    let mut search = Search::saturated(machine, limits);
    search.run_to_end();
    search
}

/// A saturated search that leaves out orders, too.
fn reduced(machine: &Machine, limits: Limits) -> Search<&Machine> {
    let mut search = Search::reduced(machine, limits);
    search.run_to_end();
    search
}

/// Takes gains until there are none.
fn ascend(machine: &Machine, state: &mut State) -> PropertySet {
    let (mut shown, mut enabled) = (PropertySet::NONE, Vec::new());
    loop {
        enabled.clear();
        machine.enabled(state, &mut enabled);
        let Some(&action) = enabled.iter().rev().find(|&&action| machine.gains(state, action)) else {
            return shown;
        };
        shown |= machine.step(state, action, &mut ());
    }
}

/// A saturated search that is short enough to read. It takes gains in another order than ours.
fn naive(machine: &Machine) -> (usize, PropertySet) {
    let mut first = machine.initial();
    let mut shown = ascend(machine, &mut first);
    let mut known = HashSet::from([first.clone()]);
    let (mut todo, mut enabled) = (vec![first], Vec::new());
    while let Some(state) = todo.pop() {
        enabled.clear();
        machine.enabled(&state, &mut enabled);
        shown |= machine.observe(&state, &enabled);
        for &action in &enabled {
            let mut after = state.clone();
            shown |= machine.step(&mut after, action, &mut ());
            shown |= ascend(machine, &mut after);
            if known.insert(after.clone()) {
                todo.push(after);
            }
        }
    }
    (known.len(), shown)
}

#[test]
fn the_same_properties_show() {
    let mut orders = 0;
    let as_it_is = everything().into_iter().map(|there| (there, true));
    let without_symmetry = most().into_iter().map(|there| (there, false));
    for ((name, machine), symmetry) in as_it_is.chain(without_symmetry) {
        let limits = Limits { symmetry, ..Limits::default() };
        let (all, some) = (full(&machine, limits), saturated(&machine, limits));
        let (all, some) = (all.progress(), some.progress());
        assert_eq!(all.seen, some.seen, "{name}");
        assert_eq!(all.completeness, some.completeness, "{name}");
        assert!(some.states <= all.states, "{name}: {} of {}", some.states, all.states);
        let fewer = reduced(&machine, limits).progress();
        assert_eq!(all.seen, fewer.seen, "{name}: partial orders");
        assert_eq!(all.completeness, fewer.completeness, "{name}: partial orders");
        assert!(fewer.states <= some.states, "{name}: {} of {}", fewer.states, some.states);
        orders += u32::from(fewer.states < some.states);
    }
    assert!(orders > 200, "orders are left out in {orders}");
}

#[test]
fn a_plain_search_finds_the_same_states() {
    for (name, machine) in most() {
        let search = saturated(&machine, Limits { symmetry: false, ..Limits::default() });
        let progress = search.progress();
        assert_eq!(naive(&machine), (progress.states as usize, progress.seen), "{name}");
    }
}

#[test]
fn a_witness_shows_its_property_in_the_end() {
    for (name, machine) in everything() {
        let (all, some) = (full(&machine, Limits::default()), saturated(&machine, Limits::default()));
        let fewer = reduced(&machine, Limits::default());
        for (number, some) in
            all.progress().seen.iter().flat_map(|number| [(number, &some), (number, &fewer)])
        {
            let shortest = all.witness(number).map(|witness| witness.schedule.len());
            let Some(schedule) = some.witness(number).map(|witness| witness.schedule) else {
                panic!("{name}: no witness of {number}")
            };
            assert!(shortest <= Some(schedule.len()), "{name}: {number}");
            let (trace, diverged) = Trace::replay(&machine, &schedule);
            assert!(diverged.is_none(), "{name}: {number}");
            let shown = trace.steps().last().map_or(PropertySet::NONE, |step| step.properties);
            assert!(shown.contains(PropertySet::one(number)), "{name}: {number}");
        }
    }
}

#[test]
fn an_execution_without_a_property_is_found_or_not_by_both() {
    for (name, machine) in most() {
        let steady: Vec<PropertySet> = Property::ALL
            .iter()
            .map(|property| property.as_set())
            .chain([VIOLATION])
            .filter(|&properties| machine.steady().contains(properties))
            .collect();
        assert!(steady.len() > 10);
        let seen = full(&machine, Limits::default()).progress().seen;
        for avoid in steady.into_iter().filter(|avoid| seen.intersects(*avoid)) {
            let limits = Limits { avoid, ..Limits::default() };
            let (all, some) = (full(&machine, limits), saturated(&machine, limits));
            assert_eq!(all.ended(), some.ended(), "{name} without {avoid:?}");
            assert_eq!(all.progress().seen, some.progress().seen, "{name} without {avoid:?}");
            let fewer = reduced(&machine, limits);
            assert_eq!(all.ended(), fewer.ended(), "{name} without {avoid:?}: partial orders");
            assert_eq!(
                all.progress().seen,
                fewer.progress().seen,
                "{name} without {avoid:?}: partial orders"
            );
        }
    }
}

#[test]
fn threads_change_nothing() {
    let machine = grow(2);
    for search in [saturated, reduced] {
        let one = search(&machine, Limits::default());
        let two = search(&machine, Limits { threads: 2, ..Limits::default() });
        assert_eq!(one.progress().states, two.progress().states);
        assert_eq!(one.progress().transitions, two.progress().transitions);
        assert_eq!(one.progress().seen, two.progress().seen);
        for number in one.progress().seen.iter() {
            assert_eq!(one.witness(number), two.witness(number));
        }
    }
}

/// Tests, for each two CPUs, whether the next step of one conflicts with no step that the other may ever take: in every saturated
/// state the two steps are taken in both orders.
#[test]
fn steps_that_do_not_conflict_can_be_exchanged() {
    let mut tried = 0;
    for (name, machine) in most().into_iter().filter(|(_, machine)| machine.commutes()) {
        let search = saturated(&machine, Limits { symmetry: false, ..Limits::default() });
        if search.progress().states > 20_000 {
            continue;
        }
        for state in search.states() {
            tried += exchange(&name, &machine, &state);
        }
    }
    assert!(tried > 10_000, "{tried}");
}

/// Takes each two steps of two CPUs that do not conflict in both orders; how many there were.
fn exchange(name: &str, machine: &Machine, state: &State) -> u32 {
    let mut enabled = Vec::new();
    machine.enabled(state, &mut enabled);
    let software: Vec<_> = enabled.iter().copied().filter(|action| !action.unasked()).collect();
    let prospect = |action: Action| {
        let mut actions = Vec::new();
        let group = (0..machine.groups()).find(|&group| {
            machine.enabled_in(state, group, &mut actions);
            actions.contains(&action)
        });
        machine.prospect(state, Factored::control(machine, group?))
    };
    let take = |state: &State, action| {
        let mut after = state.clone();
        let shown = machine.step(&mut after, action, &mut ());
        let gained = ascend(machine, &mut after);
        (after, shown, gained)
    };
    let asleep = machine.asleep(state);
    let mut tried = 0;
    for &a in &software {
        for &b in software.iter().filter(|b| b.cpu() > a.cpu()) {
            let (Some(first), Some(second)) = (prospect(a), prospect(b)) else { continue };
            let woken = first.wakes | second.wakes;
            if first.next.conflicts(second.next, asleep & !woken) {
                continue;
            }
            let (after_a, shows_a, _) = take(state, a);
            let (after_b, shows_b, _) = take(state, b);
            let (one, then_b, _) = take(&after_a, b);
            let (other, then_a, _) = take(&after_b, a);
            assert!(one == other, "{name}: {a:?} {b:?}");
            assert_eq!((shows_a, shows_b), (then_a, then_b), "{name}: {a:?} {b:?}");
            tried += 1;
        }
    }
    tried
}

#[test]
fn two_cpus_of_a_real_kernel_are_settled_in_a_hundredth_of_the_states() {
    let machine = grow(2);
    let search = saturated(&machine, Limits::default());
    let progress = search.progress();
    assert!(!progress.seen.intersects(VIOLATION));
    let all = full(&machine, Limits::default()).progress().states;
    assert!(progress.states * 100 < all, "{} of {all}", progress.states);
    let fewer = reduced(&machine, Limits::default()).progress();
    assert!(fewer.states * 5 < progress.states * 4, "{} of {}", fewer.states, progress.states);
    println!("{} and {} of {all}", fewer.states, progress.states);
}
