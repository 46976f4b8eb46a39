//! A check that was asked for, from its texts on.

use crate::{
    FromExplorer, MAX_KERNELS, MAX_OPTIONS, MAX_TEXT, Part, Refusal, Report, WireLimits, WireVariant,
};
use explore::Progress;
use lang::{Selection, Severity};
use machine::{Asked, Check, Machine, run_check};
use std::sync::Arc;

/// What is to be checked: the fields of a `Check` message.
pub(crate) struct Request {
    pub(crate) scenario: String,
    pub(crate) kernels: Vec<(String, String)>,
    pub(crate) variant: WireVariant,
    pub(crate) limits: WireLimits,
}

impl Request {
    pub(crate) fn machine(self) -> Result<Machine, Refusal> {
        fit(&self.scenario, &self.kernels)?;
        machine(&self.scenario, &self.kernels, self.variant.into())
    }
}

/// Whether texts are as small as they must be.
pub(crate) fn fit(scenario: &str, kernels: &[(String, String)]) -> Result<(), Refusal> {
    if kernels.len() > MAX_KERNELS {
        return Err(Refusal::TooBig(Part::Kernels));
    }
    let mut texts = kernels.iter().map(|(_, text)| text.as_str()).chain([scenario]);
    if texts.any(|text| text.len() > MAX_TEXT) { Err(Refusal::TooBig(Part::Text)) } else { Ok(()) }
}

/// The machine that texts and a selection become.
pub(crate) fn machine(
    scenario: &str,
    kernels: &Vec<(String, String)>,
    selection: Selection,
) -> Result<Machine, Refusal> {
    if selection.options.len() > MAX_OPTIONS {
        return Err(Refusal::TooBig(Part::Options));
    }
    let compiled = lang::compile(scenario, kernels, &selection);
    let Some(program) = compiled.program else {
        let mut errors = compiled.diagnostics.into_iter().filter(|d| d.severity == Severity::Error);
        let first = errors.next().map(|error| error.message).unwrap_or_default();
        return Err(Refusal::Text { errors: 1 + errors.count() as u32, first });
    };
    Machine::new(program).map_err(|refusal| Refusal::Machine(refusal.to_string()))
}

/// A check under way.
pub(crate) struct Job {
    pub(crate) number: u32,
    machine: Arc<Machine>,
    check: Check<Arc<Machine>>,
}

impl Job {
    pub(crate) fn new(number: u32, request: Request) -> Result<Job, Refusal> {
        let limits = request.limits.into();
        let machine = Arc::new(request.machine()?);
        let asked = Asked::by(machine.program());
        let check = Check::of(machine.clone(), limits, asked);
        Ok(Job { number, machine, check })
    }

    /// Expands up to `budget` states; the answer is progress, or the report if nothing is left to do.
    pub(crate) fn run(&mut self, budget: u32) -> FromExplorer {
        let job = self.number;
        if !run_check(&mut self.check, budget) {
            return FromExplorer::Done { job, report: Report::of(&self.check, self.machine.program()) };
        }
        let Progress { states, frontier, transitions, depth, bytes, seen, completeness: _ } =
            self.check.progress();
        FromExplorer::Progress { job, states, frontier, transitions, depth, bytes, seen: seen.0 }
    }
}
