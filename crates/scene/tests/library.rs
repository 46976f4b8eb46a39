//! Laws that hold for every step of every scenario of the library, tried on seeded random runs.

use crate::support;

use explore::{Seeded, System, Trace};
use machine::{Action, Machine, State};
use scene::view::{Change, Scene, TileKind, Tone};
use std::collections::BTreeSet;

/// Every scenario of the library in every case, for both vendors, with and without PCIDs.
fn for_each_machine(mut look: impl FnMut(&str, &Machine)) {
    let mut machines = 0;
    for scenario in gallery::scenarios() {
        for case in 0..lang::cases(scenario.text).len() {
            for options in
                [&[][..], &[("vendor", "amd"), ("pcid", "off")], &[("vendor", "intel"), ("tso", "off")]]
            {
                let name = format!("{} case {case} {options:?}", scenario.slug);
                if options.is_empty() {
                    look(&name, &support::compile(scenario.text, case, options));
                } else if let Ok(machine) = support::try_compile(scenario.text, case, options) {
                    look(&name, &machine);
                }
                machines += 1;
            }
        }
    }
    assert!(machines > 0);
}

/// A random run that lets hardware walk often and software often enough.
fn run(machine: &Machine, seed: u64) -> Trace<Machine> {
    let mut trace = Trace::new(machine);
    trace.run(machine, &mut Seeded::new(seed), 120);
    trace
}

fn states(machine: &Machine, trace: &Trace<Machine>) -> Vec<State> {
    let mut states = vec![machine.initial()];
    for step in trace.steps() {
        let mut next = states[states.len() - 1].clone();
        machine.step(&mut next, step.action, &mut ());
        states.push(next);
    }
    states
}

#[test]
fn every_step_has_a_sentence() {
    for_each_machine(|name, machine| {
        for seed in 0..4 {
            let trace = run(machine, seed);
            let states = states(machine, &trace);
            for (at, step) in trace.steps().iter().enumerate() {
                let caption = scene::caption(machine, &states[at], step, &states[at + 1]);
                let sentence = &caption.sentence;
                let who = scene::unit(machine, step.action.cpu());
                assert!(sentence.starts_with(&who) && sentence.ends_with('.'), "{name}: {sentence}");
                assert!(sentence.len() > 12, "{name}: {sentence}");
                for text in [sentence, &caption.because] {
                    assert!(!text.contains("  ") && !text.contains(".."), "{name}: {text}");
                    assert_eq!(text.trim(), text, "{name}");
                }
                for law in &caption.laws {
                    assert!(x86::Law::from_number(*law).is_some(), "{name}: H{law}");
                }
                let unique: BTreeSet<&u8> = caption.laws.iter().collect();
                assert_eq!(unique.len(), caption.laws.len(), "{name}: {:?}", caption.laws);
            }
        }
    });
}

#[test]
fn every_enabled_action_can_be_told_from_the_others() {
    for_each_machine(|name, machine| {
        let trace = run(machine, 7);
        for state in states(machine, &trace) {
            let mut enabled = Vec::new();
            machine.enabled(&state, &mut enabled);
            let names: BTreeSet<String> = enabled.iter().map(|&a| scene::action_name(machine, a)).collect();
            assert_eq!(names.len(), enabled.len(), "{name}: {names:?}");
            for &action in &enabled {
                let told = scene::explain_action(machine, &state, action);
                let who = scene::unit(machine, action.cpu());
                assert!(told.starts_with(&who) && !told.ends_with('.'), "{name}: {told}");
            }
            for cpu in 0..state.cpus.len() as u8 {
                let acts = enabled.iter().any(|action| {
                    let software = matches!(
                        action,
                        Action::Step { .. }
                            | Action::Access { .. }
                            | Action::DirtyWalk { .. }
                            | Action::Fault { .. }
                            | Action::ProtectionFault { .. }
                            | Action::Violation { .. }
                            | Action::Pick { .. }
                            | Action::Allocate { .. }
                    );
                    software && action.cpu() == cpu
                });
                let blocked = scene::why_blocked(machine, &state, cpu);
                assert_eq!(blocked.is_none(), acts, "{name} CPU {cpu}: {blocked:?}");
            }
        }
    });
}

/// The ids of everything that is drawn, in the order of drawing.
fn ids(scene: &Scene) -> Vec<&str> {
    let mut ids = Vec::new();
    for cpu in &scene.cpus {
        ids.extend([cpu.id.as_str(), cpu.cr3.id.as_str()]);
        for rows in [&cpu.psc, &cpu.tlb, &cpu.buffer, &cpu.pending] {
            ids.extend(rows.iter().map(|row| row.id.as_str()));
        }
        ids.extend(cpu.variables.iter().map(|variable| variable.id.as_str()));
    }
    for tile in &scene.memory.tiles {
        ids.push(&tile.id);
        ids.extend(tile.words.iter().map(|word| word.id.as_str()));
    }
    ids.extend(scene.variables.iter().map(|variable| variable.id.as_str()));
    ids
}

#[test]
fn ids_are_unique_and_refer_to_what_is_drawn() {
    for_each_machine(|name, machine| {
        for seed in 0..2 {
            let trace = run(machine, seed);
            let states = states(machine, &trace);
            for (at, step) in trace.steps().iter().enumerate() {
                let scene = scene::frame(machine, Some(&states[at]), Some(step), &states[at + 1]);
                let all = ids(&scene);
                let known: BTreeSet<&str> = all.iter().copied().collect();
                assert_eq!(known.len(), all.len(), "{name}: {all:?}");
                let tiles: BTreeSet<&str> = scene.memory.tiles.iter().map(|tile| tile.id.as_str()).collect();
                for arrow in &scene.memory.arrows {
                    assert!(
                        tiles.contains(arrow.from.as_str()) && tiles.contains(arrow.to.as_str()),
                        "{arrow:?}"
                    );
                }
                for holder in scene.memory.tiles.iter().flat_map(|tile| &tile.holders) {
                    assert!(known.contains(holder.id.as_str()), "{name}: {holder:?}");
                }
                if let Some(token) = &scene.token {
                    let drawn = known.contains(token.from.as_str()) && known.contains(token.to.as_str());
                    assert!(drawn, "{name} step {at}: {token:?}");
                }
            }
        }
    });
}

/// The memory of the bad walk has a device that garbage leads to, and pages of several owners.
#[test]
fn only_what_has_been_freed_looks_stale_and_pins_say_what_rows_say() {
    for_each_machine(|name, machine| {
        for seed in 0..2 {
            let trace = run(machine, seed);
            for (at, state) in states(machine, &trace).iter().enumerate() {
                let scene = scene::frame(machine, None, None, state);
                for tile in &scene.memory.tiles {
                    let stale = tile.holders.iter().any(|holder| holder.usable && holder.word == "stale");
                    let stale = stale && tile.kind != TileKind::Device;
                    assert_eq!(tile.tone == Tone::Stale, stale, "{name} step {at}: {tile:?}");
                    let words = tile.words.iter().any(|word| word.tone == Tone::Stale);
                    assert!(stale || !words, "{name} step {at}: {tile:?}");
                }
                for cpu in &scene.cpus {
                    let rows = || cpu.psc.iter().chain(&cpu.tlb);
                    for holder in scene.memory.tiles.iter().flat_map(|tile| &tile.holders) {
                        for row in rows().filter(|row| row.id == holder.id) {
                            assert!([holder.word, "outdated"].contains(&row.word), "{name}: {row:?}");
                        }
                    }
                    let freed =
                        rows().any(|row| row.usable && row.word == "stale") || cpu.cr3.tone == Tone::Stale;
                    assert!(
                        freed || cpu.danger != Some("can walk freed memory"),
                        "{name} step {at}: {cpu:?}"
                    );
                }
            }
        }
    });
}

#[test]
fn a_cpu_that_runs_a_function_of_the_kernel_is_not_called_idle() {
    let mut ran = 0;
    for_each_machine(|name, machine| {
        let trace = run(machine, 1);
        for state in &states(machine, &trace) {
            for cpu in scene::frame(machine, None, None, state).cpus {
                let runs = !cpu.position.ended && !cpu.position.callers.is_empty();
                ran += u32::from(runs && cpu.mode == "kernel");
                assert!(
                    !runs || !cpu.mode.starts_with("idle") || cpu.mode.contains("asleep"),
                    "{name}: {cpu:?}"
                );
            }
        }
    });
    assert!(ran > 0);
}

#[test]
fn tiles_have_places_of_their_own_that_never_change() {
    for_each_machine(|name, machine| {
        let trace = run(machine, 3);
        let places = |scene: &Scene| -> Vec<(u8, u8)> {
            scene.memory.tiles.iter().map(|tile| (tile.row, tile.column)).collect()
        };
        let first = scene::frame(machine, None, None, &machine.initial());
        let unique: BTreeSet<(u8, u8)> = places(&first).into_iter().collect();
        assert_eq!(unique.len(), first.memory.tiles.len(), "{name}: {:?}", places(&first));
        assert!(unique.iter().all(|place| usize::from(place.0) < first.memory.rows.len()), "{name}");
        let last = scene::frame(machine, None, None, trace.last());
        assert_eq!(places(&first), places(&last), "{name}");
    });
}

#[test]
fn nothing_has_changed_where_nothing_happened() {
    for_each_machine(|name, machine| {
        let trace = run(machine, 5);
        for state in states(machine, &trace).iter().step_by(7) {
            let scene = scene::frame(machine, Some(state), None, state);
            assert_eq!(scene, scene::frame(machine, Some(state), None, state), "{name}: not a function");
            assert_eq!(changes(&scene), Vec::<String>::new(), "{name}");
            assert!(scene.memory.tiles.iter().all(|tile| tile.holders.iter().all(|holder| !holder.added)));
            let alone = scene::frame(machine, None, None, state);
            assert_eq!(scene, alone, "{name}: the moment before matters though it is the same");
        }
    });
}

/// Ids of what has changed.
fn changes(scene: &Scene) -> Vec<String> {
    let mut changes: Vec<(&str, &Change)> = Vec::new();
    for cpu in &scene.cpus {
        changes.extend([(cpu.id.as_str(), &cpu.mode_change), (cpu.cr3.id.as_str(), &cpu.cr3.change)]);
        for rows in [&cpu.psc, &cpu.tlb, &cpu.buffer, &cpu.pending] {
            changes.extend(rows.iter().map(|row| (row.id.as_str(), &row.change)));
        }
        changes.extend(cpu.variables.iter().map(|variable| (variable.id.as_str(), &variable.change)));
    }
    for tile in &scene.memory.tiles {
        changes.push((&tile.id, &tile.change));
        changes.extend(tile.words.iter().map(|word| (word.id.as_str(), &word.change)));
    }
    changes.extend(scene.variables.iter().map(|variable| (variable.id.as_str(), &variable.change)));
    changes.into_iter().filter(|change| *change.1 != Change::None).map(|change| change.0.to_owned()).collect()
}

#[test]
fn timelines_stay_within_their_lanes_and_steps() {
    for_each_machine(|name, machine| {
        let trace = run(machine, 11);
        let timeline = scene::timeline(machine, &trace);
        let lanes = timeline.lanes.len() as u8;
        let cpus = machine.program().machine.cpus;
        assert_eq!((timeline.steps, lanes), (trace.len() as u32, cpus + 1), "{name}");
        let software = timeline.marks.iter().filter(|mark| mark.lane < cpus).count();
        assert_eq!(software, trace.len(), "{name}: one mark per step in a CPU's lane");
        for mark in &timeline.marks {
            assert!((1..=timeline.steps).contains(&mark.step) && mark.lane < lanes, "{name}: {mark:?}");
            assert!(!mark.label.is_empty(), "{name}: {mark:?}");
        }
        for arrow in &timeline.arrows {
            assert!(arrow.from_step <= arrow.to_step && arrow.to_step <= timeline.steps, "{name}: {arrow:?}");
            assert!(arrow.from_lane < cpus && arrow.to_lane < cpus, "{name}: {arrow:?}");
        }
        for (at, band) in timeline.bands.iter().enumerate() {
            assert!(band.from_step <= band.to_step && band.to_step <= timeline.steps, "{name}: {band:?}");
            for other in &timeline.bands[at + 1..] {
                let same = (band.lane, band.track) == (other.lane, other.track);
                let apart = band.to_step <= other.from_step || other.to_step <= band.from_step;
                assert!(!same || apart, "{name}: {band:?} {other:?}");
            }
        }
        for cpu in 0..cpus {
            for (at, state) in states(machine, &trace).iter().enumerate() {
                let at = at as u32;
                let open = timeline.bands.iter().any(|band| {
                    let lasts = at < band.to_step || band.to_step == timeline.steps;
                    band.lane == cpu && band.from_step <= at && lasts && at <= band.to_step
                });
                // In the last step a window that closes there and one that stays open look the same.
                let danger = machine.in_danger(state, cpu);
                assert!(open == danger || at == timeline.steps, "{name}: CPU {cpu} at {at}");
            }
        }
    });
}
