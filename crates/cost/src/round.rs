//! One round of each block, as the clock decides it: a schedule short enough to be shown step by step, with the time of
//! each step.

use crate::run::{Settings, TimedRun};
use crate::{SHOWN, Strip, TimedSubject};
use lang::costs::{Costs, Figure};
use machine::{Action, Machine};
use std::sync::Arc;

/// The most steps of a round.
const MOST: usize = 2_000;

/// How often time may pass in a round without a step: see [`Settings::patience`]. A round is made while a reader waits.
const PATIENCE: u64 = 100_000;

/// A round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The choices: a schedule of the machine, on as many CPUs as the scenario has.
    pub schedule: Vec<Action>,
    /// When each step is taken, in picoseconds.
    pub times: Vec<u64>,
    /// What each CPU is doing, moment by moment.
    pub strips: Vec<Strip>,
    /// For each of [`SHOWN`], the number of steps after which it first counts something; nothing if it never does.
    pub firsts: Vec<Option<usize>>,
}

impl Round {
    /// The machine of a scenario's rounds, on as many CPUs as the scenario has; nothing if it can't exist.
    #[must_use]
    pub fn machine(subject: &TimedSubject) -> Option<Arc<Machine>> {
        Some(Arc::new(subject.experiment.compile().machine.ok()?))
    }

    /// How rounds may begin, in the order in which they are to be tried: with so many seeds. A round is shorter than a time slice
    /// of the host. So if the host preempts virtual CPUs, rounds begin anywhere in its slices, and after these come those that begin
    /// with whole slices.
    pub fn starts(costs: &Costs, seeds: u64) -> impl Iterator<Item = Settings> {
        let preempts = costs.amount(Figure::VcpuRuns) > 0;
        let places = [true, false].into_iter().filter(move |anywhere| preempts || !anywhere);
        places.flat_map(move |anywhere| {
            (1..=seeds).map(move |seed| Settings {
                seed,
                anywhere,
                repeat: false,
                keep: MOST,
                patience: PATIENCE,
            })
        })
    }

    /// A round with such a beginning, on the machine of [`Round::machine`]; nothing if it does not begin with the choices of `like`. It is given
    /// up at the first other choice, so that many seeds may be tried. It takes what happens in it from `events`, and there is
    /// nothing if these do not suffice.
    #[must_use]
    pub fn of(
        machine: &Arc<Machine>,
        subject: &TimedSubject,
        costs: &Costs,
        start: Settings,
        like: &[Action],
        events: &mut u64,
    ) -> Option<Round> {
        let mut run = TimedRun::new(machine.clone(), costs, &subject.workload, start);
        run.record(4 * MOST);
        let mut firsts = vec![None; SHOWN.len()];
        let mut times: Vec<u64> = Vec::new();
        let mut ended = false;
        while !ended && times.len() < MOST {
            ended = run.go_on_within(1, events).is_some();
            if *events == 0 {
                return None;
            }
            let (counters, made) = (run.counters(), run.schedule());
            if made.iter().zip(like).skip(times.len()).any(|(one, other)| one != other) {
                return None;
            }
            // What happens at once may be more than one step.
            times.resize(run.schedule().len(), counters.time);
            for (first, shown) in firsts.iter_mut().zip(SHOWN.iter()) {
                if first.is_none() && (shown.of)(counters) > 0 {
                    *first = Some(times.len());
                }
            }
        }
        if times.len() < like.len() {
            return None;
        }
        Some(Round { schedule: run.schedule().to_vec(), times, strips: run.strips().to_vec(), firsts })
    }
}
