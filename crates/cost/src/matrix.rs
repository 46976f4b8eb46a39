//! Kernels by workload: what the explorer says of each, beside what it costs.

use crate::{Counters, End, NoTimedSubject, Settings, TimedRun, TimedSubject, on_kernel};
use experiment::Experiment;
use explore::{Completeness, Limits, PropertySet};
use lang::costs::Costs;
use machine::{Asked, Check, Property, VIOLATION, headline};
use std::sync::Arc;

/// What the explorer says of the scenario: of one round of each block, on as many CPUs as the scenario has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioVerdict {
    /// No execution violates a property.
    Never {
        /// The number of states of the search.
        states: u32,
    },
    /// An execution violates a property.
    Violates {
        /// The violation that the headline names.
        property: Property,
        /// The length of a path to it.
        steps: usize,
    },
    /// The search stopped at its bound before it could tell.
    Open {
        /// The number of states of the search.
        states: u32,
    },
}

/// A kernel on a workload.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What the explorer says, if it was asked.
    pub judged: Option<ScenarioVerdict>,
    /// What the timed run counted.
    pub counters: Counters,
    /// Why it ended.
    pub end: End,
    /// Violations that the timed run itself showed.
    pub violations: PropertySet,
}

/// A line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// The kernel's name.
    pub kernel: String,
    /// What was found; or why the workload does not run on that kernel.
    pub found: Result<Measured, NoTimedSubject>,
}

/// The kernels of the library, in the order of their slugs, by the names that they give themselves.
pub fn kernels() -> impl Iterator<Item = &'static str> {
    gallery::kernels().map(|text| text.kernel_name().unwrap_or(text.slug))
}

/// Measures a kernel, or the one that the scenario names. `states` bounds the search; 0 asks for no verdict.
#[must_use]
pub fn row(
    experiment: &Experiment,
    kernel: Option<&str>,
    costs: &Costs,
    cpus: Option<u8>,
    settings: Settings,
    (steps, states): (u64, u32),
) -> Row {
    let experiment = kernel.map_or_else(|| experiment.clone(), |kernel| on_kernel(experiment, kernel));
    let name = kernel.map(str::to_owned).or_else(|| experiment.kernel_name()).unwrap_or_default();
    let found = TimedSubject::new(&experiment, costs, cpus).map(|subject| {
        let judged = if states > 0 { judge(&subject.experiment, states) } else { None };
        let settings = Settings { repeat: settings.repeat && subject.repeats, ..settings };
        let mut run = TimedRun::new(subject.machine, costs, &subject.workload, settings);
        let end = run.go_on(steps).unwrap_or(End::Steps);
        let violations = PropertySet(run.shown().0 & VIOLATION.0);
        Measured { judged, counters: run.counters().clone(), end, violations }
    });
    Row { kernel: name, found }
}

/// Asks the explorer whether a violation is reachable.
#[must_use]
pub fn judge(experiment: &Experiment, states: u32) -> Option<ScenarioVerdict> {
    let machine = Arc::new(experiment.compile().machine.ok()?);
    let limits = Limits { states, ..Limits::default() };
    let mut check = Check::whether(machine.clone(), limits, Asked::whether(VIOLATION));
    while check.run(100_000) {}
    let progress = check.progress();
    let shown = headline(progress.seen, machine.program())
        .and_then(|property| Some((property, check.witness(property.as_set())?.1.len())));
    Some(match (shown, progress.completeness) {
        (Some((property, steps)), _) => ScenarioVerdict::Violates { property, steps },
        (None, Completeness::Complete) => ScenarioVerdict::Never { states: progress.states },
        (None, _) => ScenarioVerdict::Open { states: progress.states },
    })
}
