//! What leads from one state to the next, worked out once and then remembered.
//!
//! The system itself takes each step once for each combination of values that the step depends on
//! ([`System::reads`]). From then on a worker only looks up which parts get which values. So there is still one
//! transition function, and what depends on nothing but one CPU and memory is not computed again for every position
//! of all the others. (LTSmin calls it transition caching.) In debug builds each step is watched: it must not write
//! a part that its group did not name.

use crate::memo::Memo;
use crate::values::{Facts, Shape};
use crate::{Full, Key, Marks, Space, System};

/// What leads out of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The state that it leads to.
    pub key: Key,
    /// What the step shows.
    pub marks: Marks,
    /// Place of the action among those enabled.
    pub action: u16,
}

/// What a state itself shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What [`System::observe`] says.
    pub marks: Marks,
    /// What [`System::ended`] says.
    pub ended: bool,
}

/// Expands states of a space.
#[derive(Debug)]
pub struct Worker<S: System> {
    memo: Memo,
    /// How often the system itself was asked for a step.
    learned: u64,
    /// Copies of what the space knows of values and shapes; it may know of more by now.
    facts: Vec<Facts>,
    shapes: Vec<Shape>,
    /// The tree of the state being expanded, and that of a successor.
    tree: Vec<u32>,
    other: Vec<u32>,
    /// A state that has the values in `held`, and one to take steps in.
    state: S::State,
    held: Vec<u32>,
    after: S::State,
    actions: Vec<S::Action>,
    name: Vec<u32>,
    known: Vec<u32>,
    places: Vec<u32>,
}

/// Set in the first word of a group's record if it has an action that is not quiet; the number of actions is below.
const MOVES: u32 = 1 << 31;

impl<S: System> Worker<S> {
    /// A worker that knows nothing yet.
    #[must_use]
    pub fn new(space: &Space<S>) -> Worker<S> {
        let parts = space.parts();
        let mut tree = vec![0; 2 * parts];
        space.unfold(space.initial(), &mut tree);
        let state = space.system().initial();
        Worker {
            memo: Memo::default(),
            learned: 0,
            facts: vec![Facts::default(); parts],
            shapes: Vec::new(),
            held: tree[parts..].to_vec(),
            other: tree.clone(),
            tree,
            after: state.clone(),
            state,
            actions: Vec::new(),
            name: Vec::new(),
            known: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Bytes of memory in use.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.memo.memory()
    }

    /// How often the system itself was asked to take a step.
    #[must_use]
    pub fn learned(&self) -> u64 {
        self.learned
    }

    /// Appends what leads out of a state, in the order of [`System::enabled`], and says what the state shows.
    ///
    /// # Errors
    /// If the space has no room; then only a part of it has been appended.
    pub fn expand(&mut self, space: &Space<S>, key: Key, out: &mut Vec<Successor>) -> Result<Shown, Full> {
        let parts = space.parts();
        self.memo.tidy();
        space.unfold(key, &mut self.tree);
        self.catch_up(space);
        let halted = (0..parts).any(|part| self.facts[part].halts[self.tree[parts + part] as usize]);
        self.places.clear();
        let mut moves = 0;
        if !halted {
            for &(lead, place, led) in &space.leads {
                let value = self.tree[parts + lead as usize] as usize;
                let shape = self.facts[lead as usize].shapes[value * led as usize + place as usize];
                if shape != 0 {
                    let place = self.outcomes(space, shape - 1);
                    moves |= self.memo.words()[place as usize];
                    self.places.push(place);
                }
            }
        }
        let mut action = 0;
        self.other.copy_from_slice(&self.tree);
        for &place in &self.places {
            let mut words = &self.memo.words()[place as usize..];
            let count = words[0] & !MOVES;
            words = &words[1..];
            for _ in 0..count {
                let [changes, marks, ..] = *words else {
                    unreachable!("a record has as many words as it says")
                };
                let (changed, rest) = words[2..].split_at(2 * changes as usize);
                words = rest;
                let key = space.fold(&self.tree, &mut self.other, changed)?;
                out.push(Successor { key, marks: Marks(marks), action });
                action += 1;
            }
        }
        Ok(if moves & MOVES != 0 { Shown { marks: Marks::NONE, ended: false } } else { self.at_rest(space) })
    }

    /// Copies what others have found out, if the state being expanded has a value that is new to this worker.
    #[inline]
    fn catch_up(&mut self, space: &Space<S>) {
        let values = &self.tree[space.parts()..];
        if values.iter().zip(&self.facts).any(|(&value, facts)| value as usize >= facts.halts.len()) {
            self.copy_facts(space);
        }
    }

    #[cold]
    fn copy_facts(&mut self, space: &Space<S>) {
        let values = space.values();
        for (mine, all) in self.facts.iter_mut().zip(&values.facts) {
            mine.halts.extend_from_slice(&all.halts[mine.halts.len()..]);
            mine.shapes.extend_from_slice(&all.shapes[mine.shapes.len()..]);
        }
        self.shapes.extend_from_slice(&values.shapes[self.shapes.len()..]);
    }

    /// The record's name for a shape in the state being expanded.
    #[inline]
    fn name(&mut self, parts: usize, shape: u32) {
        let leaves = &self.tree[parts..];
        self.name.clear();
        self.name.push(shape);
        self.name.extend(self.shapes[shape as usize].parts.iter().map(|&part| leaves[part as usize]));
    }

    /// The place of a group's outcomes in the state being expanded.
    #[inline]
    fn outcomes(&mut self, space: &Space<S>, shape: u32) -> u32 {
        self.name(space.parts(), shape);
        match self.memo.find(&self.name) {
            Some(place) => place,
            None => self.learn(space, shape),
        }
    }

    /// Has the system take every step of a group.
    #[cold]
    fn learn(&mut self, space: &Space<S>, shape: u32) -> u32 {
        let system = space.system();
        let group = self.shapes[shape as usize].group;
        let mut involved = self.shapes[shape as usize].parts.clone();
        let written = involved.len();
        let lead = space.leads[group as usize].0;
        if !involved.contains(&lead) {
            involved.push(lead);
        }
        for &part in &involved {
            self.hold(space, part.into());
        }
        let mut actions = std::mem::take(&mut self.actions);
        actions.clear();
        system.group(&self.state, group, &mut actions);
        let moves = actions.iter().any(|&action| !system.quiet(action));
        let mut known = std::mem::take(&mut self.known);
        known.clear();
        known.push(actions.len() as u32 | if moves { MOVES } else { 0 });
        for &action in &actions {
            for &part in &involved {
                system.copy_part(&self.state, part.into(), &mut self.after);
            }
            let watched = cfg!(debug_assertions).then(|| self.after.clone());
            let marks = system.step(&mut self.after, action, &mut ());
            self.learned += 1;
            if let Some(before) = watched {
                watch(system, &before, &self.after, &involved[..written], group);
            }
            let head = known.len();
            known.extend([0, marks.0]);
            for &part in &involved[..written] {
                let value = space.values().insert(system, &self.after, part.into());
                if value != self.tree[space.parts() + part as usize] {
                    known[head] += 1;
                    known.extend([part.into(), value]);
                }
            }
        }
        self.actions = actions;
        let place = self.memo.add(&self.name, &known);
        self.known = known;
        place
    }

    /// What a state shows in which no action moves.
    fn at_rest(&mut self, space: &Space<S>) -> Shown {
        self.name(space.parts(), space.rest);
        let place = match self.memo.find(&self.name) {
            Some(place) => place,
            None => {
                for part in 0..space.parts() {
                    self.hold(space, part);
                }
                let mut actions = std::mem::take(&mut self.actions);
                actions.clear();
                space.system().enabled(&self.state, &mut actions);
                let marks = space.system().observe(&self.state, &actions);
                let ended = space.system().ended(&self.state, &actions);
                self.actions = actions;
                self.memo.add(&self.name, &[marks.0, ended.into()])
            }
        };
        let words = &self.memo.words()[place as usize..];
        Shown { marks: Marks(words[0]), ended: words[1] != 0 }
    }

    /// Gives `state` the value that a part has in the state being expanded.
    fn hold(&mut self, space: &Space<S>, part: usize) {
        let value = self.tree[space.parts() + part];
        if self.held[part] != value {
            space.system().unpack_part(space.values().get(part, value), part as u32, &mut self.state);
            self.held[part] = value;
        }
    }
}

/// Makes sure that a step wrote nothing but what its group named.
fn watch<S: System>(system: &S, before: &S::State, after: &S::State, written: &[u8], group: u32) {
    let part = |state: &S::State, part: u32| {
        let mut bytes = Vec::new();
        system.pack_part(state, part, &mut bytes);
        bytes
    };
    for n in (0..system.parts()).filter(|&n| !written.contains(&(n as u8))) {
        assert!(part(before, n) == part(after, n), "group {group} writes part {n} and does not say so");
    }
}
