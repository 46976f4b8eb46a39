//! The states of a system as 64-bit numbers, and what leads from one to the next.
//!
//! **Keys.** Each value that a part of a state takes gets a number when it first turns up. The numbers of a state's
//! parts are the leaves of a binary tree; each pair of numbers that meets at an inner node gets a number in turn; the
//! two numbers below the root are the state's key. Nothing is hashed away: different states have different keys, and
//! every state can be had back from its key. (The idea is the tree compression of LTSmin: Laarman, van de Pol, Weber,
//! "Parallel recursive state compression for free", 2011.) A step changes few parts, so few nodes are looked up.
//!
//! **Steps.** The system itself takes each step once for each combination of values that the step depends on
//! ([`System::reads`]). From then on the search only looks up which parts get which values. So there is still one
//! transition function, and what depends on nothing but one CPU and memory is not computed again for every
//! position of all the others. (LTSmin calls it transition caching.) In debug builds each step is watched: it must
//! not write a part that its group did not name.

use crate::interner::Interner;
use crate::memo::Memo;
use crate::pairs::Pairs;
use crate::{Marks, System};

/// A state, as the number that this space gave it.
pub type Key = u64;

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

/// One group's dependencies for some values of its leading part.
#[derive(Clone, Debug)]
struct Shape {
    group: u32,
    /// The parts read or written, ascending.
    parts: Vec<u8>,
}

/// What is known of a value of a part.
#[derive(Clone, Debug, Default)]
struct Values {
    names: Interner,
    /// Which groups this part leads.
    led: Vec<u32>,
    /// For each value and each group led, the number of the shape + 1; 0 if the group has no action.
    shapes: Vec<u32>,
    /// For each value, whether it rules out every action.
    halts: Vec<bool>,
}

/// The state space of a system.
#[derive(Clone, Debug)]
pub struct Space<S: System> {
    system: S,
    values: Vec<Values>,
    /// Inner nodes by their place in the tree: node n has the children 2n and 2n + 1, the root is 1, the leaves are
    /// numbered from the number of parts on.
    nodes: Vec<Pairs>,
    /// For each group, its leading part and its place among the groups that the part leads.
    leads: Vec<(u8, u8)>,
    shapes: Vec<Shape>,
    shape_names: Interner,
    /// Number of the shape of "at rest".
    rest: u32,
    memo: Memo,
    /// How often the system itself was asked for a step.
    learned: u64,
    /// The tree of the state being expanded, and that of a successor.
    tree: Vec<u32>,
    other: Vec<u32>,
    /// A state that has the values in `held`, and one to take steps in.
    state: S::State,
    held: Vec<u32>,
    after: S::State,
    actions: Vec<S::Action>,
    bytes: Vec<u8>,
    view: Vec<u8>,
    name: Vec<u32>,
    known: Vec<u32>,
    places: Vec<u32>,
}

/// Set in the first word of a group's record if it has an action that is not quiet; the number of actions is below.
const MOVES: u32 = 1 << 31;

impl<S: System> Space<S> {
    /// A space that knows the initial state.
    #[must_use]
    pub fn new(system: S) -> Space<S> {
        let parts = system.parts().clamp(1, 64) as usize;
        let mut values = vec![Values::default(); parts];
        let mut leads = Vec::new();
        for group in 0..system.groups() {
            let lead = system.lead(group) as usize;
            leads.push((lead as u8, values[lead].led.len() as u8));
            values[lead].led.push(group);
        }
        let state = system.initial();
        let mut space = Space {
            values,
            nodes: vec![Pairs::default(); parts],
            leads,
            shapes: Vec::new(),
            shape_names: Interner::default(),
            rest: 0,
            memo: Memo::default(),
            learned: 0,
            tree: vec![0; 2 * parts],
            other: vec![0; 2 * parts],
            after: state.clone(),
            state,
            held: vec![0; parts],
            actions: Vec::new(),
            bytes: Vec::new(),
            view: Vec::new(),
            name: Vec::new(),
            known: Vec::new(),
            places: Vec::new(),
            system,
        };
        for part in 0..parts {
            space.held[part] = space.value(part);
        }
        let rest = space.system.rest_reads();
        space.view.clear();
        space.rest = space.shape(u32::MAX, rest);
        space
    }

    /// The system.
    pub fn system(&self) -> &S {
        &self.system
    }

    /// Bytes of memory in use.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let values =
            self.values.iter().map(|v| v.names.memory() + (4 * v.shapes.len() + v.halts.len()) as u64);
        values.chain(self.nodes.iter().map(Pairs::memory)).sum::<u64>() + self.memo.memory()
    }

    /// How often the system itself was asked to take a step.
    #[must_use]
    pub fn learned(&self) -> u64 {
        self.learned
    }

    /// The initial state.
    pub fn initial(&mut self) -> Key {
        let parts = self.values.len();
        // Nothing else has been looked at yet, or else the values are there: a state's key never changes.
        let state = self.system.initial();
        for part in 0..parts {
            self.bytes.clear();
            self.system.pack_part(&state, part as u32, &mut self.bytes);
            self.other[parts + part] = self.values[part].names.insert(&self.bytes);
        }
        for node in (2..parts).rev() {
            self.other[node] = self.nodes[node].insert(self.other[2 * node], self.other[2 * node + 1]);
        }
        root(&self.other, parts)
    }

    /// A state that has been met, from its key.
    #[must_use]
    pub fn state(&self, key: Key) -> S::State {
        let parts = self.values.len();
        let mut tree = vec![0; 2 * parts];
        unfold(&self.nodes, key, &mut tree);
        let mut state = self.state.clone();
        for (part, values) in self.values.iter().enumerate() {
            self.system.unpack_part(values.names.get(tree[parts + part]), part as u32, &mut state);
        }
        state
    }

    /// Appends what leads out of a state, in the order of [`System::enabled`], and says what the state shows.
    pub fn expand(&mut self, key: Key, out: &mut Vec<Successor>) -> Shown {
        let parts = self.values.len();
        self.memo.tidy();
        unfold(&self.nodes, key, &mut self.tree);
        let halted = (0..parts).any(|part| self.values[part].halts[self.tree[parts + part] as usize]);
        self.places.clear();
        let mut moves = 0;
        if !halted {
            for group in 0..self.leads.len() {
                let (lead, slot) = self.leads[group];
                let lead = &self.values[lead as usize];
                let value = self.tree[parts + self.leads[group].0 as usize] as usize;
                let shape = lead.shapes[value * lead.led.len() + slot as usize];
                if shape == 0 {
                    continue;
                }
                let place = self.outcomes(shape - 1);
                moves |= self.memo.words()[place as usize];
                self.places.push(place);
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
                let key = fold(&mut self.nodes, &self.tree, &mut self.other, changed);
                out.push(Successor { key, marks: Marks(marks), action });
                action += 1;
            }
        }
        if moves & MOVES != 0 { Shown { marks: Marks::NONE, ended: false } } else { self.at_rest() }
    }

    /// The record's name for a shape in the state being expanded.
    fn name(&mut self, shape: u32) {
        let leaves = &self.tree[self.values.len()..];
        self.name.clear();
        self.name.push(shape);
        self.name.extend(self.shapes[shape as usize].parts.iter().map(|&part| leaves[part as usize]));
    }

    /// The place of a group's outcomes in the state being expanded.
    #[inline]
    fn outcomes(&mut self, shape: u32) -> u32 {
        self.name(shape);
        match self.memo.find(&self.name) {
            Some(place) => place,
            None => self.learn(shape),
        }
    }

    /// Has the system take every step of a group.
    #[cold]
    fn learn(&mut self, shape: u32) -> u32 {
        let parts = self.values.len();
        let group = self.shapes[shape as usize].group;
        let mut involved = self.shapes[shape as usize].parts.clone();
        let written = involved.len();
        let lead = self.leads[group as usize].0;
        if !involved.contains(&lead) {
            involved.push(lead);
        }
        for &part in &involved {
            self.hold(part);
        }
        let mut actions = std::mem::take(&mut self.actions);
        actions.clear();
        self.system.group(&self.state, group, &mut actions);
        let moves = actions.iter().any(|&action| !self.system.quiet(action));
        let mut known = std::mem::take(&mut self.known);
        known.clear();
        known.push(actions.len() as u32 | if moves { MOVES } else { 0 });
        for &action in &actions {
            for &part in &involved {
                self.system.copy_part(&self.state, part.into(), &mut self.after);
            }
            let watched = cfg!(debug_assertions).then(|| self.after.clone());
            let marks = self.system.step(&mut self.after, action, &mut ());
            self.learned += 1;
            if let Some(before) = watched {
                self.watch(&before, &involved[..written], group);
            }
            let head = known.len();
            known.extend([0, marks.0]);
            for &part in &involved[..written] {
                let value = self.value(part.into());
                if value != self.tree[parts + part as usize] {
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
    fn at_rest(&mut self) -> Shown {
        self.name(self.rest);
        let place = match self.memo.find(&self.name) {
            Some(place) => place,
            None => {
                for part in 0..self.values.len() {
                    self.hold(part as u8);
                }
                let mut actions = std::mem::take(&mut self.actions);
                actions.clear();
                self.system.enabled(&self.state, &mut actions);
                let marks = self.system.observe(&self.state, &actions);
                let ended = self.system.ended(&self.state, &actions);
                self.actions = actions;
                self.memo.add(&self.name, &[marks.0, ended.into()])
            }
        };
        let words = &self.memo.words()[place as usize..];
        Shown { marks: Marks(words[0]), ended: words[1] != 0 }
    }

    /// Gives `state` the value that a part has in the state being expanded.
    fn hold(&mut self, part: u8) {
        let value = self.tree[self.values.len() + part as usize];
        if self.held[part as usize] != value {
            let bytes = self.values[part as usize].names.get(value);
            self.system.unpack_part(bytes, part.into(), &mut self.state);
            self.held[part as usize] = value;
        }
    }

    /// The number of the value that a part has in `after`.
    fn value(&mut self, part: usize) -> u32 {
        self.bytes.clear();
        self.system.pack_part(&self.after, part as u32, &mut self.bytes);
        let known = self.values[part].names.len();
        let value = self.values[part].names.insert(&self.bytes);
        if value == known {
            self.values[part].halts.push(self.system.halts(&self.after, part as u32));
            for slot in 0..self.values[part].led.len() {
                let group = self.values[part].led[slot];
                self.view.clear();
                let shape = match self.system.reads(&self.after, group, &mut self.view) {
                    Some(reads) => self.shape(group, reads) + 1,
                    None => 0,
                };
                self.values[part].shapes.push(shape);
            }
        }
        value
    }

    /// The number of the shape of a group that reads these parts, and `view`.
    fn shape(&mut self, group: u32, reads: u64) -> u32 {
        self.view.extend(group.to_le_bytes());
        self.view.extend(reads.to_le_bytes());
        let known = self.shapes.len() as u32;
        let shape = self.shape_names.insert(&self.view);
        if shape == known {
            let parts = (0..self.values.len() as u8).filter(|&part| reads >> part & 1 == 1).collect();
            self.shapes.push(Shape { group, parts });
        }
        shape
    }

    /// Makes sure that a step from `before` to `after` wrote nothing but what its group named.
    fn watch(&self, before: &S::State, written: &[u8], group: u32) {
        let part = |state: &S::State, part: u32| {
            let mut bytes = Vec::new();
            self.system.pack_part(state, part, &mut bytes);
            bytes
        };
        for n in (0..self.values.len() as u32).filter(|&n| !written.contains(&(n as u8))) {
            assert!(
                part(before, n) == part(&self.after, n),
                "group {group} writes part {n} and does not say so"
            );
        }
    }
}

/// The numbers below the root, as one.
#[inline(always)]
fn root(tree: &[u32], parts: usize) -> Key {
    if parts == 1 { u64::from(tree[1]) } else { u64::from(tree[2]) << 32 | u64::from(tree[3]) }
}

/// Fills a tree from the root down.
#[inline]
fn unfold(nodes: &[Pairs], key: Key, tree: &mut [u32]) {
    let parts = nodes.len();
    if parts == 1 {
        tree[1] = key as u32;
        return;
    }
    (tree[2], tree[3]) = ((key >> 32) as u32, key as u32);
    for node in 2..parts {
        (tree[2 * node], tree[2 * node + 1]) = nodes[node].get(tree[node]);
    }
}

/// The key of the state that differs from that of `tree` in these parts. `other` is a copy of `tree`, and is one
/// again afterwards.
#[inline]
fn fold(nodes: &mut [Pairs], tree: &[u32], other: &mut [u32], changed: &[u32]) -> Key {
    let parts = nodes.len();
    // Inner nodes below which something changed: the highest number is the deepest.
    let mut dirty = 0u64;
    for change in changed.chunks_exact(2) {
        let leaf = parts + change[0] as usize;
        other[leaf] = change[1];
        dirty |= 1 << (leaf >> 1);
    }
    let mut seen = 0u64;
    while dirty > 3 {
        let node = 63 - dirty.leading_zeros() as usize;
        dirty &= !(1 << node);
        seen |= 1 << node;
        other[node] = nodes[node].insert(other[2 * node], other[2 * node + 1]);
        dirty |= 1 << (node >> 1);
    }
    let key = root(other, parts);
    for change in changed.chunks_exact(2) {
        let leaf = parts + change[0] as usize;
        other[leaf] = tree[leaf];
    }
    while seen != 0 {
        let node = seen.trailing_zeros() as usize;
        seen &= seen - 1;
        other[node] = tree[node];
    }
    key
}
