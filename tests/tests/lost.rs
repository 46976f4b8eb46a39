//! From which step on a run was lost: on the library, compared with a game that is played as plainly as it is defined.
#![expect(clippy::disallowed_types, reason = "as unlike ours as can be; no result depends on an order")]

use explore::{Contested, Forced, Limits, Lost, Monotone, PropertySet, Side, System};
use machine::{Action, Check, Machine, Property, State};
use std::collections::{BTreeMap, HashMap};
use tests::{library, machine, without_large_cases};

/// More saturated states are not looked at here.
const MOST: usize = 2_000;

/// The headline's violation, and a shortest run that shows it.
fn shown(machine: &Machine) -> Option<(Property, Vec<Action>)> {
    let mut check = Check::new(machine, Limits::default());
    check.run_to_end();
    check.witness(machine::headline(check.progress().seen, machine.program())?.as_set())
}

fn saturated(machine: &Machine, mut state: State, shown: &mut PropertySet) -> State {
    loop {
        let mut enabled = Vec::new();
        machine.enabled(&state, &mut enabled);
        let Some(&gain) = enabled.iter().find(|&&action| machine.gains(&state, action)) else { return state };
        *shown |= machine.step(&mut state, gain, &mut ());
    }
}

/// Where a step leads, if it does not show what was asked for: then it leads nowhere.
type Steps = Vec<(Side, Option<usize>)>;

/// All that can be reached from some states; nothing if that is too much.
fn graph(machine: &Machine, roots: &[State], wanted: PropertySet) -> Option<(Vec<Steps>, Vec<bool>)> {
    let mut known: HashMap<State, usize> = HashMap::new();
    let mut states: Vec<State> = Vec::new();
    let mut place = |state: State, states: &mut Vec<State>| {
        *known.entry(state.clone()).or_insert_with(|| {
            states.push(state);
            states.len() - 1
        })
    };
    for root in roots {
        place(root.clone(), &mut states);
    }
    let (mut steps, mut shows) = (Vec::new(), Vec::new());
    while let Some(state) = states.get(steps.len()).cloned() {
        if states.len() > MOST {
            return None;
        }
        let mut enabled = Vec::new();
        machine.enabled(&state, &mut enabled);
        shows.push(machine.observe(&state, &enabled).intersects(wanted));
        let step = |&action: &Action| {
            let mut after = state.clone();
            let mut shown = machine.step(&mut after, action, &mut ());
            let after = saturated(machine, after, &mut shown);
            let to = (!shown.intersects(wanted)).then(|| place(after, &mut states));
            (machine.side(&state, action), to)
        };
        steps.push(enabled.iter().map(step).collect());
    }
    Some((steps, shows))
}

/// The states in which it can be forced: more and more of them, until there are no more.
fn lost(steps: &[Steps], shows: &[bool]) -> Vec<bool> {
    let mut lost = shows.to_vec();
    loop {
        let before = lost.clone();
        for (state, steps) in steps.iter().enumerate() {
            let bad = |to: &Option<usize>| to.is_none_or(|to| before[to]);
            let hardware = steps.iter().any(|(side, to)| !matches!(side, Side::Defender(_)) && bad(to));
            let mut choices: BTreeMap<u32, bool> = BTreeMap::new();
            for (side, to) in steps {
                match side {
                    Side::Defender(choice) => *choices.entry(*choice).or_default() |= bad(to),
                    // What changes nothing is no way to go on.
                    Side::Both(choice) if *to != Some(state) => {
                        *choices.entry(*choice).or_default() |= bad(to)
                    }
                    Side::Both(_) | Side::Attacker => {}
                }
            }
            let software = !choices.is_empty() && choices.values().all(|lost| *lost);
            lost[state] |= hardware || software;
        }
        if lost == before {
            return lost;
        }
    }
}

fn naive(machine: &Machine, run: &[Action], wanted: PropertySet) -> Option<Lost> {
    let mut state = machine.initial();
    let mut moments = Vec::new();
    for &action in run {
        let mut gained = PropertySet::NONE;
        let moment = saturated(machine, state.clone(), &mut gained);
        moments.push((moment, gained.intersects(wanted)));
        machine.step(&mut state, action, &mut ());
    }
    // The later moments come first, and have the first places; two moments may be one state.
    moments.reverse();
    let roots: Vec<State> = moments.iter().map(|moment| moment.0.clone()).collect();
    let (steps, shows) = graph(machine, &roots, wanted)?;
    let lost = lost(&steps, &shows);
    let mut distinct: Vec<State> = Vec::new();
    let mut from = run.len();
    for (moment, at_once) in moments {
        let place = distinct.iter().position(|known| *known == moment).unwrap_or_else(|| {
            distinct.push(moment);
            distinct.len() - 1
        });
        if !lost[place] && !at_once {
            break;
        }
        from -= 1;
    }
    Some(Lost { from, settled: true })
}

#[test]
fn the_library_is_lost_where_the_plain_game_says() {
    let (mut compared, mut late) = (0, 0);
    for (name, experiment) in without_large_cases() {
        let machine = machine(&experiment);
        let Some((property, run)) = shown(&machine) else { continue };
        let Some(plain) = naive(&machine, &run, property.as_set()) else { continue };
        let ours = Forced::new(&machine, &run, property.as_set(), 50_000).expect("the run shows it");
        assert_eq!(ours.run_to_end(), plain, "{name}: {} in {} steps", property.name(), run.len());
        println!("{name}: {} in {} steps, lost from {}", property.name(), run.len(), plain.from);
        compared += 1;
        late += usize::from(plain.from > 0 && plain.from < run.len());
    }
    assert!(compared > 50 && late > 10, "{compared} runs, {late} of them lost on the way");
}

/// Linux 4.14-rc1 in 2017. A CPU that is lazy from the beginning has nothing left to do that could save it. One that goes idle
/// later is lost when it has.
#[test]
fn in_2017_it_was_lost_when_the_cpu_was_lazy() {
    let lost = |name: &str, most| {
        let (_, experiment) = library().into_iter().find(|there| there.0 == name).expect("it is there");
        let machine = machine(&experiment);
        let (property, run) = shown(&machine).expect("it shows");
        assert_eq!(property, Property::WalkOfFreed);
        let asked = Forced::new(&machine, &run, property.as_set(), most).expect("the run shows it");
        let known = asked.run_to_end();
        assert!(known.from < run.len(), "{name}: {known:?}");
        known
    };
    assert_eq!(lost("lazy+munmap case 0", 50_000), Lost { from: 0, settled: true });
    let later = lost("idle+munmap case 0", 50_000);
    assert!(later.settled && later.from > 0, "{later:?}");
    let few = lost("idle+munmap case 0", 400);
    assert!(few.from >= later.from, "{few:?}");
}
