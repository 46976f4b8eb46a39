//! What is shown: plain views of a machine's states, steps and traces. No Yew, no DOM, no colour, no clock.
//!
//! Everything is a pure function. [`frame`] draws a moment, [`caption`] finds the sentence for a step, [`timeline`]
//! lays out a whole trace, [`text`] prints it, and [`verdict_sentence`] says what a search has settled. [`view`]
//! has their results. Names come from the texts and numbers from the states. Nothing is written for a particular
//! scenario.
#![forbid(unsafe_code)]

mod action;
mod arrow;
mod cache;
mod caption;
mod compare;
mod control;
mod cpu;
pub mod direction;
mod finals;
mod idle_claims;
mod kernel;
mod kind;
mod layout;
mod lost;
mod memory;
mod name;
mod only_fault;
mod reason;
mod reference;
mod text;
mod timeline;
mod token;
mod unreached;
mod values;
mod verdict;
pub mod view;
mod why;
mod why_not;

use explore::Step;
use lang::effects::Flow;
use machine::{Action, Event, Machine, State};
use name::Names;
use view::Scene;

pub use action::{action_name, explain_action, why_blocked};
pub use caption::caption;
pub use compare::{Comparison, Other, compare};
pub use control::control;
pub use finals::{final_state, final_value, finals, how_often, witnesses};
pub use idle_claims::idle_claims;
pub use kind::StepKind;
pub use lost::lost;
pub use name::{count, unit};
pub use only_fault::only_fault;
pub use reason::Reason;
pub use text::{LastStep, Sources, last_step, text};
pub use timeline::{drawn, timeline};
pub use unreached::{UnreachedLines, unreached, unreached_lines};
pub use verdict::{
    Known, bounds, complete, early_sentence, grouped, interchangeable, kernel, needs, reached, replaced,
    share, states, steps, subject, verdict_sentence,
};
pub use why::why;
pub use why_not::why_not;

/// A moment of a machine: the state `after`, what differs from the one `before` it, and what moves in the `step`
/// between them. At the beginning there is neither.
#[must_use]
pub fn frame(
    machine: &Machine,
    before: Option<&State>,
    step: Option<&Step<Action, Event>>,
    after: &State,
) -> Scene {
    let names = Names::new(machine);
    let events = step.map_or(&[][..], |step| &step.events);
    let taken = step.map(|step| step.action);
    Scene {
        cpus: (0..after.cpus.len() as u8).map(|cpu| cpu::cpu(names, before, taken, after, cpu)).collect(),
        memory: memory::memory(names, before, events, after),
        variables: kernel::shared(names, before, after),
        waiting: waiting(names, after),
        free_list: after.free.iter().rev().map(|&frame| names.frame(frame)).collect(),
        token: token::token(names, events, after),
        stopped: after.stopped,
    }
}

/// The threads that no CPU runs; nothing if the scenario has no threads.
fn waiting(names: Names<'_>, after: &State) -> Option<Vec<String>> {
    let program = names.machine.program();
    let own = usize::from(program.machine.cpus);
    let name = |(task, saved): (u64, &Option<machine::Task>)| {
        let saved = saved.as_ref()?;
        let how = match program.code.get(saved.context.pc as usize) {
            _ if !saved.begun => " (not begun)",
            Some(op) if op.effects().flow == Flow::End => " (ended)",
            _ => "",
        };
        Some(names.task(task) + how)
    };
    let names = || (0u64..).zip(&after.tasks).skip(own).filter_map(name).collect();
    (!program.tasks.is_empty()).then(names)
}
