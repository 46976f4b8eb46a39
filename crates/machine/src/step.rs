//! The transition function: what happens when an action is taken.
//!
//! There is one transition function, for the player, the explorer, the command line and the tests. An observer
//! passes a sink.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::state::Context;
use crate::{Action, BEYOND, Bug, CpuState, Event, LIMIT, Machine, Property, State, What};
use explore::{Factored, Passed, PropertySet, Rounds, Sink, System};
use lang::effects::{Flow, Seen};
use lang::program::{HandlerKind, Operand, Pc};

/// The most silent operations in one step. A text can only exceed it with a counting loop of that length.
const MOST_SILENT: u32 = 65_536;

/// A step being taken.
pub(crate) struct Stepping<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) cpu: u8,
    /// The events, if an observer wants them. (A sink of any type would make a second copy of all this
    /// code.)
    pub(crate) events: Option<&'a mut Vec<Event>>,
    pub(crate) properties: PropertySet,
    /// The operations that CPUs reach, if somebody asks for them.
    pub(crate) passed: Option<&'a mut Passed>,
    /// How many silent operations were carried out.
    pub(crate) silent: u32,
    /// The run ends with this step, at a limit that the text declares.
    pub(crate) cut: bool,
}

impl<'a> Stepping<'a> {
    pub(crate) fn new(state: &'a mut State, cpu: u8, events: Option<&'a mut Vec<Event>>) -> Stepping<'a> {
        Stepping { state, cpu, events, passed: None, properties: PropertySet::NONE, silent: 0, cut: false }
    }
}

impl Stepping<'_> {
    pub(crate) fn event(&mut self, what: impl FnOnce() -> What) {
        if let Some(events) = &mut self.events {
            events.push(Event { cpu: self.cpu, what: what() });
        }
    }

    /// The text did something impossible.
    pub(crate) fn bug(&mut self, bug: Bug) {
        self.properties |= Property::KernelBug.as_set();
        self.event(|| What::Bug(bug));
    }

    pub(crate) fn context(&mut self) -> &mut Context {
        self.state.cpus[self.cpu as usize].context_mut()
    }

    pub(crate) fn set(&mut self, reg: u8, value: u64) {
        self.context().regs[reg as usize] = value;
    }

    /// Control continues there.
    pub(crate) fn go(&mut self, target: Pc) {
        self.context().pc = target;
    }

    pub(crate) fn advance(&mut self) {
        self.context().pc += 1;
    }
}

impl System for Machine {
    type State = State;
    type Action = Action;
    type Event = Event;

    fn initial(&self) -> State {
        self.initial.clone()
    }

    fn enabled(&self, state: &State, out: &mut Vec<Action>) {
        self.list(state, out);
    }

    fn step(&self, state: &mut State, action: Action, sink: &mut impl Sink<Event>) -> PropertySet {
        if !sink.listens() {
            let (properties, silent) = self.take(state, action, None, sink.passed());
            sink.worked(silent);
            return properties;
        }
        let mut events = Vec::new();
        let (properties, silent) = self.take(state, action, Some(&mut events), sink.passed());
        events.into_iter().for_each(|event| sink.event(|| event));
        sink.worked(silent);
        properties
    }

    fn observe(&self, state: &State, enabled: &[Action]) -> PropertySet {
        let stuck = enabled.iter().all(|action| action.unasked());
        if !stuck {
            return self.goes_round(state, &mut Rounds::default());
        }
        if stuck && !state.stopped && !self.all_done(state) && !self.walk_wanted(state) {
            Property::Deadlock.as_set()
        } else if stuck && self.final_state_shows(state) {
            Property::FinalState.as_set()
        } else {
            PropertySet::NONE
        }
    }

    fn ended(&self, state: &State, enabled: &[Action]) -> bool {
        let over = state.stopped || self.all_done(state);
        over && enabled.iter().all(|action| action.unasked()) && !self.cut_off(state)
    }

    fn truncated(&self) -> PropertySet {
        BEYOND | LIMIT
    }

    fn pack(&self, state: &State, out: &mut Vec<u8>) {
        crate::pack::pack(state, out);
    }

    fn unpack(&self, bytes: &[u8]) -> State {
        crate::pack::unpack(self, bytes)
    }
}

impl Machine {
    /// Whether every thread has ended.
    #[must_use]
    pub fn all_done(&self, state: &State) -> bool {
        let free = |cpu: &CpuState| cpu.handler.is_none() && cpu.intruder.is_none();
        if !state.tasks.is_empty() {
            return state.cpus.iter().all(free) && self.tasks_done(state);
        }
        state.cpus.iter().all(|cpu| free(cpu) && self.effects(cpu.task.pc).flow == Flow::End)
    }

    /// Whether some CPU is about to make a committed access: it can always continue, if necessary by
    /// walks.
    pub(crate) fn walk_wanted(&self, state: &State) -> bool {
        (0..self.program.machine.cpus).any(|cpu| self.wants(state, cpu).is_some())
    }

    /// Carries out the silent operations at the beginning of a thread, up to the first that shows a property: that one
    /// is left for the thread's first step, since a run contains only what a step shows. If the thread begins with an
    /// endless loop, its first step is the beginning of the loop. Returns how many operations there were.
    pub(crate) fn settle(&self, state: &mut State, cpu: u8, passed: Option<&mut Passed>) -> u32 {
        let before = state.clone();
        let mut step = Stepping { passed, ..Stepping::new(state, cpu, None) };
        while step.properties == PropertySet::NONE && self.silent_operation(&mut step) {}
        let silent = step.silent;
        if step.properties != PropertySet::NONE {
            *step.state = before;
            step = Stepping { passed: step.passed, ..Stepping::new(step.state, cpu, None) };
            let quiet = if silent > MOST_SILENT { 0 } else { silent - 1 };
            while step.silent < quiet && self.silent_operation(&mut step) {}
        }
        self.forget(&mut step);
        silent
    }

    /// A step, for [`System::step`]; not generic, so that it is compiled once and here. What it showed, and how many
    /// silent operations it took.
    pub(crate) fn take(
        &self,
        state: &mut State,
        action: Action,
        mut events: Option<&mut Vec<Event>>,
        passed: Option<&mut Passed>,
    ) -> (PropertySet, u32) {
        if !self.may_break(state, action) {
            return self.take_alone(state, action, events, passed);
        }
        let (shown, silent) = self.take_alone(state, action, events.as_deref_mut(), passed);
        (shown | self.look(state, action.cpu(), events), silent)
    }

    /// A step that does not evaluate the invariants.
    pub(crate) fn take_alone(
        &self,
        state: &mut State,
        action: Action,
        events: Option<&mut Vec<Event>>,
        passed: Option<&mut Passed>,
    ) -> (PropertySet, u32) {
        let mut step = Stepping { passed, ..Stepping::new(state, action.cpu(), events) };
        if self.act(&mut step, action) {
            self.run_silent(&mut step);
        }
        (step.properties, step.silent)
    }

    /// The first part of a step; whether software goes on after it.
    #[inline]
    pub(crate) fn act(&self, step: &mut Stepping<'_>, action: Action) -> bool {
        match action {
            Action::Step { .. } => self.operate(step),
            Action::Allocate { frame, .. } => {
                self.put_last(step, frame);
                self.operate(step);
                Self::put_back(step);
            }
            Action::Access { copy, .. } => self.access(step, copy),
            Action::DirtyWalk { level, copy, .. } => self.dirty_walk(step, level, copy),
            Action::Fault { .. } => self.fault(step, false),
            Action::ProtectionFault { .. } => self.fault(step, true),
            Action::Drain { .. } => self.drain(step),
            Action::Interrupt { .. } => self.interrupt(step),
            Action::Nmi { .. } => self.intrude(step, HandlerKind::Nmi),
            Action::VmExit { .. } => self.intrude(step, HandlerKind::VmExit),
            Action::Pick { yes, .. } => self.pick(step, yes),
            Action::Violation { .. } => self.violate(step),
            Action::Broadcast { .. } => {
                self.broadcast(step);
                return false;
            }
            Action::Translate { va, copy, .. } => {
                self.take_translation(step, va, copy);
                return false;
            }
            // A walk is the hardware's: software stays where it is.
            Action::Walk { .. } | Action::GuestWalk { .. } | Action::NestedWalk { .. } => {
                self.take_walk(step, action);
                return false;
            }
        }
        true
    }

    /// Continues through silent operations, then makes the context canonical.
    fn run_silent(&self, step: &mut Stepping<'_>) {
        while self.silent_operation(step) {}
        self.forget(step);
    }

    /// Carries out the next operation if no other CPU can see it; returns whether there was one, and there may
    /// be more.
    pub(crate) fn silent_operation(&self, step: &mut Stepping<'_>) -> bool {
        if step.cut {
            return false;
        }
        let this = &step.state.cpus[step.cpu as usize];
        let pc = this.context().pc as usize;
        if let Some(passed) = &mut step.passed {
            passed.note(this.context().pc);
        }
        let seen = self.effects[pc].seen;
        if !(seen.silent() || self.fused && self.unseen(step.state, step.cpu)) {
            return false;
        }
        // A wait that is over.
        if seen == Seen::WhileItWaits {
            step.advance();
            return true;
        }
        step.silent += 1;
        if step.silent > MOST_SILENT {
            step.bug(Bug::Runaway);
            return false;
        }
        self.carry_out(step, &self.program.code[pc]);
        true
    }

    /// Sets registers that will not be read to 0.
    pub(crate) fn forget(&self, step: &mut Stepping<'_>) {
        let context = step.context();
        let live = self.program.live[context.pc as usize];
        for (reg, value) in context.regs.iter_mut().enumerate() {
            if live >> reg & 1 == 0 {
                *value = 0;
            }
        }
    }

    fn operate(&self, step: &mut Stepping<'_>) {
        let op = &self.program.code[step.state.cpus[step.cpu as usize].context().pc as usize];
        self.carry_out(step, op);
    }

    pub(crate) fn value(&self, step: &Stepping<'_>, operand: Operand) -> u64 {
        self.operand(step.state, step.cpu, operand)
    }

    fn pick(&self, step: &mut Stepping<'_>, yes: bool) {
        if let Some((dst, _)) = self.next(step.state, step.cpu).result {
            step.set(dst, u64::from(yes));
            step.event(|| What::Picked { yes });
            step.advance();
        }
    }
}
