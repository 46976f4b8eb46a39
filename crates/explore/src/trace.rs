//! What happened, step by step, with any moment of it at hand.
//!
//! A trace keeps the actions and events of every step and a state every few steps; the states in between are
//! computed again when somebody looks. Going back is looking at an earlier moment. Choosing otherwise there is a
//! fork: a new trace with the same beginning; the old one stays as it was.

use crate::{Chooser, Marks, Replay, System};

/// How many steps lie between two kept states.
const CHECKPOINT: usize = 16;

/// One step of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<A, E> {
    /// What was done.
    pub action: A,
    /// What happened.
    pub events: Vec<E>,
    /// Which properties it showed, those of the state it led to included.
    pub marks: Marks,
}

/// A schedule that could not be followed to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// Number of the first action that was not enabled: as many steps were taken.
    pub at: usize,
}

/// A run of a system from its initial state.
#[derive(Clone, Debug)]
pub struct Trace<S: System> {
    steps: Vec<Step<S::Action, S::Event>>,
    /// States after 0, 16, 32 ... steps.
    checkpoints: Vec<S::State>,
    last: S::State,
}

impl<S: System> Trace<S>
where
    S::Event: Clone,
{
    /// The trace without a step.
    #[must_use]
    pub fn new(system: &S) -> Trace<S> {
        let initial = system.initial();
        Trace { steps: Vec::new(), checkpoints: vec![initial.clone()], last: initial }
    }

    /// Follows a schedule as far as it goes.
    pub fn replay(system: &S, schedule: &[S::Action]) -> (Trace<S>, Option<Diverged>) {
        let mut trace = Trace::new(system);
        let mut replay = Replay::new(schedule);
        trace.run(system, &mut replay, schedule.len());
        let at = replay.taken();
        (trace, (at < schedule.len()).then_some(Diverged { at }))
    }

    /// Takes up to `most` steps that the chooser picks; returns how many it took.
    pub fn run(&mut self, system: &S, chooser: &mut impl Chooser<S::Action>, most: usize) -> usize {
        let mut enabled = Vec::new();
        for taken in 0..most {
            enabled.clear();
            system.enabled(&self.last, &mut enabled);
            match chooser.choose(&enabled) {
                Some(action) => self.push(system, action),
                None => return taken,
            }
        }
        most
    }

    /// Takes one step at the end. The action must be enabled there.
    pub fn push(&mut self, system: &S, action: S::Action) {
        let mut events = Vec::new();
        let mut marks = system.step(&mut self.last, action, &mut events);
        let mut enabled = Vec::new();
        system.enabled(&self.last, &mut enabled);
        marks |= system.observe(&self.last, &enabled);
        self.steps.push(Step { action, events, marks });
        if self.steps.len().is_multiple_of(CHECKPOINT) {
            self.checkpoints.push(self.last.clone());
        }
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[Step<S::Action, S::Event>] {
        &self.steps
    }

    /// The actions taken.
    #[must_use]
    pub fn schedule(&self) -> Vec<S::Action> {
        self.steps.iter().map(|step| step.action).collect()
    }

    /// How many steps there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The state at the end.
    #[must_use]
    pub fn last(&self) -> &S::State {
        &self.last
    }

    /// The state after `moment` steps (all of them, if there are fewer).
    #[must_use]
    pub fn state(&self, system: &S, moment: usize) -> S::State {
        if moment >= self.steps.len() {
            return self.last.clone();
        }
        let checkpoint = moment / CHECKPOINT;
        let mut state = self.checkpoints[checkpoint].clone();
        for step in &self.steps[checkpoint * CHECKPOINT..moment] {
            system.step(&mut state, step.action, &mut ());
        }
        state
    }

    /// A trace that has this one's first `moment` steps.
    #[must_use]
    pub fn fork(&self, system: &S, moment: usize) -> Trace<S> {
        let moment = moment.min(self.steps.len());
        Trace {
            steps: self.steps[..moment].to_vec(),
            checkpoints: self.checkpoints[..=moment / CHECKPOINT].to_vec(),
            last: self.state(system, moment),
        }
    }
}
