//! A run in the forms that other tools read: [`trace`] for Perfetto and Chrome's trace viewer, [`mermaid`] for documents,
//! [`json`] for programs.
//!
//! Each form is made from [`scene`]'s views, so it says what the page says. Names from texts are written so that no tool
//! takes them for anything else. Runs come from links that anybody may have written: of a very long run each form has the
//! first [`MOST_STEPS`] steps at most, fewer with many CPUs, and says so.
//!
//! Litmus tests and Promela models are not made from runs but from scenarios: the crates `litmus` and `promela` write them.
#![forbid(unsafe_code)]

mod json;
mod mermaid;
mod trace;

use explore::{Step, System, Trace};
use lang::source::Site;
use machine::{Action, Event, Machine, State};
use scene::Sources;
use scene::view::Caption;

pub use json::{VERSION, json};
pub use mermaid::mermaid;
pub use trace::trace;

/// The most steps that are written.
pub const MOST_STEPS: usize = 5_000;

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub struct ExportedRun<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// Its run.
    pub trace: &'a Trace<Machine>,
    /// How many steps have been taken at the moment shown.
    pub cursor: usize,
    /// The case of the scenario, by its name.
    pub case: Option<&'a str>,
    /// The texts, for the places of statements.
    pub sources: Sources<'a>,
    /// A link to the moment: the text after `#`.
    pub link: &'a str,
}

/// A step with its sentence.
struct Told<'a> {
    /// Its number; the first is 1.
    number: u32,
    step: &'a Step<Action, Event>,
    caption: Caption,
    /// The statement that it belongs to, if software takes it.
    site: Option<&'a Site>,
}

impl<'a> ExportedRun<'a> {
    /// The scenario's name, and its case.
    fn name(&self) -> String {
        let name = &self.machine.program().name;
        self.case.map_or_else(|| name.clone(), |case| format!("{name}, case {case}"))
    }

    /// The scenario on its kernel, and its case.
    fn subject(&self) -> String {
        let subject = scene::subject(self.machine);
        self.case.map_or_else(|| subject.clone(), |case| format!("{subject}, case {case}"))
    }

    /// How many steps are written: no more than the diagram has, from which labels, messages and dangers are.
    fn written(&self) -> usize {
        self.trace.len().min(MOST_STEPS).min(scene::drawn(self.machine))
    }

    /// The steps that are written.
    fn told(&self) -> Vec<Told<'a>> {
        let mut before: State = self.machine.initial();
        let steps = (1..).zip(self.trace.steps()).take(self.written());
        let told = steps.map(|(number, step)| {
            let mut after = before.clone();
            self.machine.step(&mut after, step.action, &mut ());
            let caption = scene::caption(self.machine, &before, step, &after);
            let site = self.site(&before, step.action);
            before = after;
            Told { number, step, caption, site }
        });
        told.collect()
    }

    /// The statement that a CPU's software is at, if an action goes on with that.
    fn site(&self, before: &State, action: Action) -> Option<&'a Site> {
        let elsewhere =
            matches!(action, Action::Interrupt { .. } | Action::Nmi { .. } | Action::VmExit { .. });
        let cpu =
            before.cpus.get(usize::from(action.cpu())).filter(|_| !by_hardware(action) && !elsewhere)?;
        self.machine.program().sites.get(cpu.context().pc as usize)
    }

    /// How many steps are left out.
    fn left_out(&self) -> usize {
        self.trace.len() - self.written()
    }
}

/// Whether hardware takes a step by itself.
fn by_hardware(action: Action) -> bool {
    matches!(
        action,
        Action::Walk { .. }
            | Action::GuestWalk { .. }
            | Action::Translate { .. }
            | Action::NestedWalk { .. }
            | Action::Drain { .. }
            | Action::Broadcast { .. }
    )
}
