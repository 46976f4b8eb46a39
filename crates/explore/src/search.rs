//! Exhaustive search, breadth first.
//!
//! States are expanded in the order of their discovery, actions in the order of `enabled`: the first witness
//! found for a property has the fewest steps, and is the same one on every machine. A search is run in slices
//! of a budget, so that it can report, be cancelled, and share a thread with others. It calls itself complete
//! only when nothing is left to expand; otherwise it names the bound it ran into.

use crate::store::StateId;
use crate::{Marks, Store, System};

/// Where a search has to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most states kept.
    pub states: u32,
    /// Most bytes of memory the visited set may use.
    pub bytes: u64,
    /// Steps that show one of these are looked at but not followed: what lies behind them is not explored.
    /// Empty for a full search.
    pub avoid: Marks,
    /// Stop as soon as one of these has been seen. Empty for a full search.
    pub stop_at: Marks,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { states: 50_000_000, bytes: 4 << 30, avoid: Marks::NONE, stop_at: Marks::NONE }
    }
}

/// What kept a search from being complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// As many states as allowed.
    States,
    /// As much memory as allowed.
    Bytes,
    /// One of the properties asked for was seen.
    Found,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// There is more to do.
    Running,
    /// Every reachable state has been expanded (up to `avoid`).
    Complete,
    /// It stopped early, and why.
    Bounded(Bound),
}

/// Figures of a search so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Distinct states found.
    pub states: u32,
    /// States not yet expanded.
    pub frontier: u32,
    /// Transitions computed, those that lead to known states included.
    pub transitions: u64,
    /// Steps from the initial state to the states being expanded.
    pub depth: u32,
    /// Memory of the visited set in bytes.
    pub bytes: u64,
    /// Properties seen.
    pub seen: Marks,
    /// Whether it is done, and how.
    pub completeness: Completeness,
}

/// A shortest way to see a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness<A> {
    /// The actions, from the initial state; the property shows in the last one or in the state it leads to.
    pub schedule: Vec<A>,
}

#[derive(Clone, Copy, Debug)]
enum Seen<A> {
    /// In the step from a state by an action.
    Step(StateId, A),
    /// In a state.
    State(StateId),
}

/// A search under way. It owns the system it searches, or a reference to it: `&S` and `Rc<S>` are systems too.
pub struct Search<S: System> {
    system: S,
    limits: Limits,
    store: Store,
    next: StateId,
    level_end: StateId,
    depth: u32,
    transitions: u64,
    marks: Marks,
    seen: [Option<Seen<S::Action>>; 32],
    /// Whether a complete execution that shows none of `avoid` was found.
    ended: bool,
    completeness: Completeness,
    enabled: Vec<S::Action>,
    packed: Vec<u8>,
}

impl<S: System> Search<S> {
    /// A search that has seen only the initial state.
    #[must_use]
    pub fn new(system: S, limits: Limits) -> Search<S> {
        let mut store = Store::default();
        let mut packed = Vec::new();
        system.pack(&system.initial(), &mut packed);
        store.insert(&packed, 0);
        Search {
            system,
            limits,
            store,
            next: 0,
            level_end: 1,
            depth: 0,
            transitions: 0,
            marks: Marks::NONE,
            seen: [None; 32],
            ended: false,
            completeness: Completeness::Running,
            enabled: Vec::new(),
            packed,
        }
    }

    /// Expands up to `budget` states.
    pub fn run(&mut self, budget: u32) -> Completeness {
        for _ in 0..budget {
            if self.completeness != Completeness::Running {
                break;
            }
            if self.next == self.store.len() {
                self.completeness = Completeness::Complete;
                break;
            }
            if self.next == self.level_end {
                self.depth += 1;
                self.level_end = self.store.len();
            }
            self.expand();
            self.next += 1;
            if self.completeness == Completeness::Running {
                if self.store.len() >= self.limits.states {
                    self.completeness = Completeness::Bounded(Bound::States);
                } else if self.store.memory() >= self.limits.bytes {
                    self.completeness = Completeness::Bounded(Bound::Bytes);
                }
            }
        }
        self.completeness
    }

    /// Runs until complete or bounded.
    pub fn run_to_end(&mut self) -> Completeness {
        while self.run(u32::MAX) == Completeness::Running {}
        self.completeness
    }

    fn expand(&mut self) {
        let id = self.next;
        let state = self.system.unpack(self.store.get(id));
        let mut enabled = std::mem::take(&mut self.enabled);
        enabled.clear();
        self.system.enabled(&state, &mut enabled);
        let marks = self.system.observe(&state, &enabled);
        self.note(marks, Seen::State(id));
        if self.system.ended(&state, &enabled) && !marks.meets(self.limits.avoid) {
            self.ended = true;
        }
        for &action in &enabled {
            if self.completeness != Completeness::Running {
                break;
            }
            let mut after = state.clone();
            let marks = self.system.step(&mut after, action, &mut ());
            self.transitions += 1;
            self.note(marks, Seen::Step(id, action));
            if marks.meets(self.limits.avoid) {
                continue;
            }
            self.packed.clear();
            self.system.pack(&after, &mut self.packed);
            self.store.insert(&self.packed, id);
        }
        self.enabled = enabled;
    }

    fn note(&mut self, marks: Marks, seen: Seen<S::Action>) {
        let new = Marks(marks.0 & !self.marks.0);
        for number in new.iter() {
            self.seen[number as usize] = Some(seen);
        }
        self.marks |= new;
        if marks.meets(self.limits.stop_at) {
            self.completeness = Completeness::Bounded(Bound::Found);
        }
    }

    /// Figures so far.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            states: self.store.len(),
            frontier: self.store.len() - self.next,
            transitions: self.transitions,
            depth: self.depth,
            bytes: self.store.memory(),
            seen: self.marks,
            completeness: self.completeness,
        }
    }

    /// Whether a complete execution was found that shows nothing of `limits.avoid`.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// A shortest schedule that shows a property, if one has been found.
    #[must_use]
    pub fn witness(&self, property: u8) -> Option<Witness<S::Action>> {
        let (mut id, last) = match (*self.seen.get(property as usize)?)? {
            Seen::Step(id, action) => (id, Some(action)),
            Seen::State(id) => (id, None),
        };
        let mut schedule: Vec<S::Action> = last.into_iter().collect();
        while id != 0 {
            let parent = self.store.parent(id);
            schedule.push(self.action_between(parent, id)?);
            id = parent;
        }
        schedule.reverse();
        Some(Witness { schedule })
    }

    /// The first enabled action that leads from one state to the other. The store keeps no actions: computing
    /// one again for each step of a witness costs nothing next to keeping one for each state.
    fn action_between(&self, from: StateId, to: StateId) -> Option<S::Action> {
        let state = self.system.unpack(self.store.get(from));
        let mut enabled = Vec::new();
        self.system.enabled(&state, &mut enabled);
        let mut packed = Vec::new();
        enabled.into_iter().find(|&action| {
            let mut after = state.clone();
            let marks = self.system.step(&mut after, action, &mut ());
            packed.clear();
            self.system.pack(&after, &mut packed);
            !marks.meets(self.limits.avoid) && packed == self.store.get(to)
        })
    }
}
