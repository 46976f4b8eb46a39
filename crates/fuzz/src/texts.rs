//! Texts: the language, the machines made from texts, and the words about those machines.
//!
//! An input is a scenario, followed by the kernel that it uses. The kernel begins at a line that begins with
//! `kernel "`, and may have any name.

use crate::reached::reached;
use experiment::Experiment;
use explore::{Chooser, Completeness, Limits, Passed, Search, Seeded, Sink, System};
use lang::MAX_TEXT;
use lang::program::Program;
use machine::{Action, CpuState, Event, MOST_WAITING, Machine, Property};

/// Steps of a run.
const MOST_STEPS: usize = 2_000;

/// Silent operations of a run.
const MOST_WORK: u64 = 3_000_000;

/// States of a search.
const MOST_STATES: u32 = 2_400;

/// Cases of a scenario that are looked at.
const CASES: usize = 4;

/// The scenario and the kernel of an input.
pub(crate) fn split(text: &str) -> (&str, &str) {
    match text.find("\nkernel \"") {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// The programs of a scenario and its first cases.
pub(crate) fn programs(input: &[u8]) -> Vec<Program> {
    let text = String::from_utf8_lossy(input);
    let (scenario, kernel) = split(&text);
    let texts = Experiment::new(scenario);
    let mut variants: Vec<Experiment> = texts.variants().into_iter().map(|(_, there)| there).collect();
    variants.truncate(CASES);
    if variants.is_empty() {
        // It is no scenario: compiled, it has diagnostics.
        variants.push(texts);
    }
    let compiled = variants.iter().map(|variant| match kernel {
        "" => variant.program(),
        kernel => variant.with_kernel_text(kernel).program(),
    });
    compiled
        .filter_map(|compiled| {
            assert!(
                compiled.program.is_some() || !compiled.diagnostics.is_empty(),
                "a refusal has its reason"
            );
            compiled.program
        })
        .collect()
}

/// Compiles; formats twice.
pub(crate) fn language(input: &[u8]) {
    programs(input).iter().for_each(|_| reached());
    let text = String::from_utf8_lossy(input);
    let (scenario, kernel) = split(&text);
    for text in [scenario, kernel] {
        let _ = lang::tokens(text);
        if let Ok(formatted) = lang::format(text) {
            let again = lang::format(&formatted);
            assert!(
                formatted.len() > MAX_TEXT || again.is_ok_and(|again| again == formatted),
                "it is formatted"
            );
        }
    }
}

/// Takes the events of a step and adds up what steps cost.
#[derive(Default)]
struct Watched {
    events: usize,
    work: u64,
}

impl Sink<Event> for Watched {
    fn event(&mut self, make: impl FnOnce() -> Event) {
        drop(make());
        self.events += 1;
    }

    fn listens(&self) -> bool {
        true
    }

    fn worked(&mut self, work: u32) {
        self.work += u64::from(work);
    }

    fn passed(&mut self) -> Option<&mut Passed> {
        None
    }
}

/// Takes steps at random: recorded or not they are the same, each reports something, no queue grows without end, states
/// survive packing, actions survive their codes.
pub(crate) fn steps(input: &[u8]) {
    for program in programs(input) {
        let Ok(machine) = Machine::new(program) else { continue };
        reached();
        let mut seeded = Seeded::new(input.len() as u64);
        let mut state = machine.initial();
        let (mut enabled, mut watched) = (Vec::new(), Watched::default());
        for step in 0..MOST_STEPS {
            enabled.clear();
            machine.enabled(&state, &mut enabled);
            let Some(action) = seeded.choose(&enabled) else { break };
            assert_eq!(Action::from_code(action.code()), Some(action));
            let events = watched.events;
            // Every now and then what costs twice the time.
            if step % 16 == 0 {
                let mut silent = state.clone();
                let shown = machine.step(&mut silent, action, &mut ());
                assert_eq!(machine.step(&mut state, action, &mut watched), shown, "{action:?}");
                assert!(silent == state, "recording changes nothing: {action:?}");
                let mut packed = Vec::new();
                machine.pack(&state, &mut packed);
                assert!(machine.unpack(&packed) == state, "packing loses nothing: {action:?}");
            } else {
                machine.step(&mut state, action, &mut watched);
            }
            assert!(watched.events > events, "{action:?} reports nothing");
            let waiting = |cpu: &CpuState| cpu.pending.len().max(cpu.broadcasts.len());
            assert!(state.cpus.iter().all(|cpu| waiting(cpu) <= MOST_WAITING), "{action:?} fills a queue");
            if watched.work > MOST_WORK {
                break;
            }
        }
    }
}

/// What a search finds: each property, and after how many steps; nothing if it is not complete.
fn found(machine: &Machine, symmetry: bool) -> Option<Vec<Option<usize>>> {
    let limits = Limits { states: MOST_STATES, bytes: 128 << 20, symmetry, ..Limits::default() };
    let mut search = Search::new(machine, limits);
    let complete = search.run_to_end() == Completeness::Complete;
    let steps = |property: Property| search.witness(property.number()).map(|witness| witness.schedule.len());
    complete.then(|| Property::ALL.into_iter().map(steps).collect())
}

/// Whether each property shows.
fn shows(found: &[Option<usize>]) -> Vec<bool> {
    found.iter().map(Option::is_some).collect()
}

/// Whether each property shows in a search of saturated states, in all orders or not; nothing if it is not complete.
fn saturated(machine: &Machine, partial_orders: bool) -> Option<Vec<bool>> {
    let limits = Limits { states: MOST_STATES, bytes: 128 << 20, partial_orders, ..Limits::default() };
    let mut search = Search::reduced(machine, limits);
    let complete = search.run_to_end() == Completeness::Complete;
    let seen = search.progress().seen;
    complete.then(|| Property::ALL.into_iter().map(|property| seen.intersects(property.as_set())).collect())
}

/// Searches with all reductions, with none, and of saturated states: where all come to their end, the same properties show.
pub(crate) fn verdicts(input: &[u8]) {
    for program in programs(input) {
        let (Ok(machine), Ok(unreduced)) = (Machine::new(program.clone()), Machine::unreduced(program))
        else {
            continue;
        };
        let Some(reduced) = found(&machine, true) else { continue };
        reached();
        assert!(found(&machine, false).is_none_or(|plain| plain == reduced), "interchangeable CPUs");
        for partial_orders in [false, true] {
            let found = saturated(&machine, partial_orders);
            assert_eq!(found, Some(shows(&reduced)), "saturated states, partial orders {partial_orders}");
        }
        if let Some(plain) = found(&unreduced, false) {
            assert_eq!(shows(&plain), shows(&reduced), "left without reductions, right with all");
        }
    }
}
