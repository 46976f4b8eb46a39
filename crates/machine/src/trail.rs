//! The way of software within a step: its operation, and the silent ones after it. The events of a step do not tell of branches,
//! since no other CPU can see them.

use crate::step::Stepping;
use crate::{Action, Event, Machine, State};
use lang::effects::Flow;
use lang::program::Pc;

/// Something that a step did on its CPU, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailPart {
    /// The operation that software carried out; nothing if it was the hardware's.
    pub pc: Option<Pc>,
    /// In which context.
    pub context: ContextId,
    /// The context after it.
    pub then: ContextId,
    /// Where that one is.
    pub next: Pc,
    /// Whether the operation led to where it may jump.
    pub jumped: bool,
    /// What it reported.
    pub events: Vec<Event>,
}

/// What runs on a CPU: each has registers and a position of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContextId {
    /// A thread, or a CPU's own block, by the number of the task.
    Task(u8),
    /// The handler of a page fault of that task.
    Exception(u8),
    /// The handler of an IPI, on that CPU.
    Handler(u8),
    /// The handler of an NMI, or the host, on that CPU.
    Intruder(u8),
}

impl Machine {
    /// What runs on a CPU.
    #[must_use]
    pub fn context_id(&self, state: &State, cpu: u8) -> ContextId {
        let this = &state.cpus[usize::from(cpu)];
        match (&this.intruder, &this.handler, &this.exception) {
            (Some(_), ..) => ContextId::Intruder(cpu),
            (None, Some(_), _) => ContextId::Handler(cpu),
            (None, None, Some(_)) => ContextId::Exception(self.task_of(this, cpu)),
            (None, None, None) => ContextId::Task(self.task_of(this, cpu)),
        }
    }

    /// What an action does, part by part. The action must be enabled.
    #[must_use]
    pub fn trail(&self, state: &State, action: Action) -> Vec<TrailPart> {
        let cpu = action.cpu();
        let (mut after, mut events) = (state.clone(), Vec::new());
        let mut step = Stepping::new(&mut after, cpu, Some(&mut events));
        let at = |step: &mut Stepping<'_>| (step.context().pc, self.context_id(step.state, cpu));
        let (mut pc, mut context) = at(&mut step);
        let hardware = action.unasked()
            || matches!(action, Action::Drain { .. } | Action::Interrupt { .. } | Action::Broadcast { .. });
        let mut by = (!hardware).then_some(pc);
        let mut goes_on = self.act(&mut step, action);
        let mut trail = Vec::new();
        loop {
            let events = step.events.as_mut().map(|events| std::mem::take(*events)).unwrap_or_default();
            let (next, then) = at(&mut step);
            let jumped = then == context && self.effects(pc).flow == Flow::Branch(next);
            trail.push(TrailPart { pc: by, context, then, next, jumped, events });
            (pc, context, by) = (next, then, Some(next));
            goes_on = goes_on && self.silent_operation(&mut step);
            if !goes_on {
                return trail;
            }
        }
    }
}
