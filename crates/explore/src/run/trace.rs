//! An execution, step by step, with every moment of it at hand.
//!
//! A trace keeps the action and the events of every step, and a state every few steps. The states in between are
//! computed again on demand. Going back means looking at an earlier moment. To choose differently there, fork the
//! trace: the new trace has the same beginning, and the old one stays as it was.
//!
//! Every trace is bounded, whatever the system does: in steps, in events, and in work. The kept states are bounded too:
//! the larger they are, the fewer are kept.

use crate::{Chooser, Passed, PropertySet, Replay, Sink, System};

/// How many steps lie between two kept states, as long as states are small.
const CHECKPOINT: usize = 16;

/// The most bytes of kept states, packed.
const MOST_KEPT: usize = 16 << 20;

/// The most steps of a trace, the most events in it, and the most work ([`Sink::worked`]) that it may be.
const MOST_STEPS: usize = 100_000;
const MOST_EVENTS: usize = 1_000_000;
const MOST_WORK: u64 = 50_000_000;

/// One step of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<A, E> {
    /// The action taken.
    pub action: A,
    /// What happened.
    pub events: Vec<E>,
    /// The properties that the step showed, and those that the state after it shows.
    pub properties: PropertySet,
}

/// A schedule that could not be followed to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// The number of steps taken, which is the number of the first action that was not taken.
    pub at: usize,
    /// Whether it was not taken because the trace is full. Otherwise it was not enabled.
    pub full: bool,
}

/// A run of a system from its initial state.
#[derive(Clone, Debug)]
pub struct Trace<S: System> {
    steps: Vec<Step<S::Action, S::Event>>,
    /// States after no, `every`, twice as many ... steps, and how many bytes each is.
    checkpoints: Vec<(S::State, usize)>,
    every: usize,
    last: S::State,
    events: usize,
    work: u64,
}

/// Takes the events of a step, and what it cost.
struct Recorder<E> {
    events: Vec<E>,
    work: u32,
}

impl<E> Sink<E> for Recorder<E> {
    fn event(&mut self, make: impl FnOnce() -> E) {
        self.events.push(make());
    }

    fn listens(&self) -> bool {
        true
    }

    fn worked(&mut self, work: u32) {
        self.work += work;
    }

    fn passed(&mut self) -> Option<&mut Passed> {
        None
    }
}

impl<S: System> Trace<S>
where
    S::Event: Clone,
{
    /// The trace without a step.
    #[must_use]
    pub fn new(system: &S) -> Trace<S> {
        let initial = system.initial();
        Trace {
            steps: Vec::new(),
            checkpoints: vec![(initial.clone(), 0)],
            every: CHECKPOINT,
            last: initial,
            events: 0,
            work: 0,
        }
    }

    /// Follows a schedule as far as it goes.
    pub fn replay(system: &S, schedule: &[S::Action]) -> (Trace<S>, Option<Diverged>) {
        let mut trace = Trace::new(system);
        let mut replay = Replay::new(schedule);
        trace.run(system, &mut replay, schedule.len());
        let at = replay.taken();
        let full = trace.full();
        (trace, (at < schedule.len()).then_some(Diverged { at, full }))
    }

    /// Whether the trace is as long as a trace may be.
    #[must_use]
    pub fn full(&self) -> bool {
        self.steps.len() >= MOST_STEPS || self.events >= MOST_EVENTS || self.work >= MOST_WORK
    }

    /// Takes up to `most` steps that the chooser picks, unless the trace is full before; returns how many it took.
    pub fn run(&mut self, system: &S, chooser: &mut impl Chooser<S::Action>, most: usize) -> usize {
        let mut enabled = Vec::new();
        for taken in 0..most {
            if self.full() {
                return taken;
            }
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
        let mut recorder = Recorder { events: Vec::new(), work: 0 };
        let mut properties = system.step(&mut self.last, action, &mut recorder);
        let Recorder { events, work } = recorder;
        self.events += events.len();
        self.work += u64::from(work);
        let mut enabled = Vec::new();
        system.enabled(&self.last, &mut enabled);
        properties |= system.observe(&self.last, &enabled);
        self.steps.push(Step { action, events, properties });
        if self.steps.len().is_multiple_of(self.every) {
            let mut packed = Vec::new();
            system.pack(&self.last, &mut packed);
            self.checkpoints.push((self.last.clone(), packed.len()));
            self.thin_out();
        }
    }

    /// Drops every other kept state, until the rest is within the bound.
    fn thin_out(&mut self) {
        while self.checkpoints.len() > 2
            && self.checkpoints.iter().map(|kept| kept.1).sum::<usize>() > MOST_KEPT
        {
            let mut keep = false;
            self.checkpoints.retain(|_| {
                keep = !keep;
                keep
            });
            self.every *= 2;
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
        let checkpoint = moment / self.every;
        let mut state = self.checkpoints[checkpoint].0.clone();
        for step in &self.steps[checkpoint * self.every..moment] {
            system.step(&mut state, step.action, &mut ());
        }
        state
    }

    /// A trace that has this one's first `moment` steps.
    #[must_use]
    pub fn fork(&self, system: &S, moment: usize) -> Trace<S> {
        let moment = moment.min(self.steps.len());
        let steps = self.steps[..moment].to_vec();
        Trace {
            checkpoints: self.checkpoints[..=moment / self.every].to_vec(),
            every: self.every,
            last: self.state(system, moment),
            events: steps.iter().map(|step| step.events.len()).sum(),
            // As if each step so far had been as much work as the others.
            work: self.work * moment as u64 / self.steps.len().max(1) as u64,
            steps,
        }
    }
}
