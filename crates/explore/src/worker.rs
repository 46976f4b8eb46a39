//! What leads from one state to the next, worked out once and then remembered.
//!
//! The system itself takes each step once for each combination of values that the step depends on
//! ([`System::reads`]). From then on a worker only looks up which bits of the key it flips. So there is still one
//! transition function, and what depends on nothing but one CPU and memory is not computed again for every position
//! of all the others. (LTSmin calls it transition caching.) In debug builds each step is watched: it must not write
//! a part that its group did not name.

use crate::layout::Layout;
use crate::memo::Memo;
use crate::mirrors::Mirrors;
use crate::space::Moved;
use crate::values::Shape;
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

/// A number in the key, and which groups have actions where it has which value.
#[derive(Clone, Debug, Default)]
struct Plan {
    shift: u32,
    most: u64,
    /// For each value, where its shapes begin; one more than there are values known.
    starts: Vec<u32>,
    shapes: Vec<u32>,
}

impl Plan {
    /// For no value yet of a part.
    fn new(layout: &Layout, part: u32) -> Plan {
        let (shift, most) = layout.of(part).map_or((0, 0), |field| (field.shift(), field.most));
        Plan { shift, most, starts: vec![0], shapes: Vec::new() }
    }

    /// The number in a key.
    #[inline(always)]
    fn value(&self, key: Key) -> usize {
        (key >> self.shift & self.most) as usize
    }
}

/// Expands states of a space.
#[derive(Debug)]
pub struct Worker<S: System> {
    memo: Memo,
    mirrors: Mirrors,
    /// How often the system itself was asked for a step.
    learned: u64,
    /// One for each of the space's bands, in their order.
    plans: Vec<Plan>,
    /// For each shape, the bits of a key that it reads.
    masks: Vec<u64>,
    shapes: Vec<Shape>,
    /// Where the number of the part is that may rule out every action, and for each number whether it does.
    halt: Option<(Plan, Vec<bool>)>,
    /// The parts' values in the state that is worked on, and in the one a step leads to.
    parts: Vec<u32>,
    other: Vec<u32>,
    /// A state that has the values in `held`, and one to take steps in.
    state: S::State,
    held: Vec<u32>,
    after: S::State,
    actions: Vec<S::Action>,
    record: Vec<u64>,
}

/// Set in the first word of a group's record if it has an action that is not quiet; the number of actions is below.
const MOVES: u64 = 1 << 32;

impl<S: System> Worker<S> {
    /// A worker that knows nothing yet.
    #[must_use]
    pub fn new(space: &Space<S>) -> Worker<S> {
        let parts = vec![0; space.parts()];
        let state = space.system().initial();
        let mut worker = Worker {
            memo: Memo::default(),
            mirrors: Mirrors::new(space),
            learned: 0,
            plans: Vec::new(),
            masks: Vec::new(),
            shapes: Vec::new(),
            halt: None,
            held: parts.clone(),
            other: parts.clone(),
            parts,
            after: state.clone(),
            state,
            actions: Vec::new(),
            record: Vec::new(),
        };
        worker.lay_out(space);
        worker
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

    /// The keys of the space have moved.
    pub fn follow(&mut self, space: &Space<S>, moved: &Moved) {
        if moved.keeps_fields() {
            self.memo.rename(space.rest, |bits| moved.shift(bits));
        } else {
            self.memo.clear();
        }
        self.mirrors = Mirrors::new(space);
        self.lay_out(space);
    }

    /// The key that stands for a state and all that differ from it in names only.
    ///
    /// # Errors
    /// If there is no room in the keys for another state's.
    #[inline]
    pub fn least(&mut self, space: &Space<S>, key: Key) -> Result<Key, Full> {
        self.mirrors.least(space, key)
    }

    /// Sees where in the key what lies.
    fn lay_out(&mut self, space: &Space<S>) {
        self.plans = space.bands.iter().map(|band| Plan::new(space.layout(), band.lead)).collect();
        self.halt = space.system().halting().map(|part| (Plan::new(space.layout(), part), Vec::new()));
        self.masks.clear();
        self.shapes.clear();
        self.catch_up(space);
    }

    /// Copies what others have found out.
    fn catch_up(&mut self, space: &Space<S>) {
        let (values, layout) = (space.values(), space.layout());
        self.shapes.extend_from_slice(&values.shapes()[self.shapes.len()..]);
        let new = &self.shapes[self.masks.len()..];
        self.masks.extend(new.iter().map(|shape| layout.mask(shape.parts)));
        for (plan, band) in self.plans.iter_mut().zip(&space.bands) {
            let Some(field) = layout.of(band.lead) else { continue };
            let lead = band.lead as usize;
            for number in plan.starts.len() as u32 - 1..values.count(&field.source) {
                values.split(&field.source, number, &mut self.other);
                let all = &values.led(lead, self.other[lead])[band.first..][..band.count];
                plan.shapes.extend(all.iter().filter_map(|shape| shape.checked_sub(1)));
                plan.starts.push(plan.shapes.len() as u32);
            }
        }
        if let (Some((_, halts)), Some(part)) = (&mut self.halt, space.system().halting())
            && let Some(field) = layout.of(part)
        {
            for number in halts.len() as u32..values.count(&field.source) {
                values.split(&field.source, number, &mut self.other);
                halts.push(values.halts(self.other[part as usize]));
            }
        }
    }

    /// Appends what leads out of a state, in the order of [`System::enabled`], and says what the state shows.
    ///
    /// # Errors
    /// If a value turned up for which there is no room in the keys; then only a part of it has been appended.
    pub fn expand(&mut self, space: &Space<S>, key: Key, out: &mut Vec<Successor>) -> Result<Shown, Full> {
        self.memo.tidy();
        let mut moves = 0;
        let mut action = 0;
        if !self.halted(space, key) {
            for band in 0..self.plans.len() {
                for at in self.planned(space, key, band) {
                    let shape = self.plans[band].shapes[at as usize];
                    let name = key & self.masks[shape as usize];
                    let place = match self.memo.find(shape, name) {
                        Some(place) => place,
                        None => self.learn(space, key, shape)?,
                    };
                    let record = self.memo.record(place);
                    let head = record[0];
                    moves |= head;
                    for pair in record[1..].chunks_exact(2).take(head as u32 as usize) {
                        out.push(Successor { key: key ^ pair[0], marks: Marks(pair[1] as u32), action });
                        action += 1;
                    }
                }
            }
        }
        if moves & MOVES != 0 {
            return Ok(Shown { marks: Marks::NONE, ended: false });
        }
        Ok(self.at_rest(space, key))
    }

    /// Whether a part's value rules out every action.
    #[inline(always)]
    fn halted(&mut self, space: &Space<S>, key: Key) -> bool {
        let Some((plan, halts)) = &self.halt else { return false };
        let value = plan.value(key);
        match halts.get(value) {
            Some(&halts) => halts,
            None => self.halted_anew(space, value),
        }
    }

    #[cold]
    fn halted_anew(&mut self, space: &Space<S>, value: usize) -> bool {
        self.catch_up(space);
        self.halt.as_ref().is_some_and(|(_, halts)| halts[value])
    }

    /// Where in a band's plan the shapes of the groups stand that may have actions in a state.
    #[inline(always)]
    fn planned(&mut self, space: &Space<S>, key: Key, band: usize) -> std::ops::Range<u32> {
        let plan = &self.plans[band];
        let value = plan.value(key);
        match plan.starts.get(value..value + 2) {
            Some(range) => range[0]..range[1],
            None => self.planned_anew(space, value, band),
        }
    }

    #[cold]
    fn planned_anew(&mut self, space: &Space<S>, value: usize, band: usize) -> std::ops::Range<u32> {
        self.catch_up(space);
        let starts = &self.plans[band].starts;
        starts[value]..starts[value + 1]
    }

    /// Has the system take every step of a group.
    #[cold]
    fn learn(&mut self, space: &Space<S>, key: Key, shape: u32) -> Result<u32, Full> {
        let system = space.system();
        let Shape { group, parts: reads } = self.shapes[shape as usize];
        let written: Vec<usize> = (0..space.parts()).filter(|part| reads >> part & 1 == 1).collect();
        let mut involved = written.clone();
        let lead = system.lead(group) as usize;
        if !involved.contains(&lead) {
            involved.push(lead);
        }
        self.hold(space, key, &involved);
        let mut actions = std::mem::take(&mut self.actions);
        actions.clear();
        system.group(&self.state, group, &mut actions);
        let moves = actions.iter().any(|&action| !system.quiet(action));
        let mut record = std::mem::take(&mut self.record);
        record.clear();
        record.push(actions.len() as u64 | if moves { MOVES } else { 0 });
        let mut full = false;
        for &action in &actions {
            for &part in &involved {
                system.copy_part(&self.state, part as u32, &mut self.after);
            }
            let watched = cfg!(debug_assertions).then(|| self.after.clone());
            let marks = system.step(&mut self.after, action, &mut ());
            self.learned += 1;
            if let Some(before) = watched {
                watch(system, &before, &self.after, &written, group);
            }
            match self.flipped(space, key, &written) {
                Ok(bits) => record.extend([bits, marks.0.into()]),
                Err(Full) => full = true,
            }
        }
        self.actions = actions;
        let name = key & self.masks[shape as usize];
        let place = if full { Err(Full) } else { Ok(self.memo.add(shape, name, &record)) };
        self.record = record;
        place
    }

    /// Which bits of a key differ in `after`, of which only these parts have been written.
    fn flipped(&mut self, space: &Space<S>, key: Key, written: &[usize]) -> Result<u64, Full> {
        let mut values = space.values();
        self.other.copy_from_slice(&self.parts);
        for &part in written {
            self.other[part] = values.insert(space.system(), &self.after, part);
        }
        let mut bits = 0;
        let mut full = false;
        for field in &space.layout().fields {
            if written.iter().any(|&part| field.source.parts() >> part & 1 == 1) {
                let number = values.number(&field.source, &self.other);
                full |= u64::from(number) > field.most;
                bits |= (key & field.mask()) ^ field.put(number);
            }
        }
        if full { Err(Full) } else { Ok(bits) }
    }

    /// What a state shows in which no action moves.
    fn at_rest(&mut self, space: &Space<S>, key: Key) -> Shown {
        let name = key & self.masks[space.rest as usize];
        let place = match self.memo.find(space.rest, name) {
            Some(place) => place,
            None => {
                let all: Vec<usize> = (0..space.parts()).collect();
                self.hold(space, key, &all);
                let mut actions = std::mem::take(&mut self.actions);
                actions.clear();
                space.system().enabled(&self.state, &mut actions);
                let marks = space.system().observe(&self.state, &actions);
                let ended = space.system().ended(&self.state, &actions);
                self.actions = actions;
                self.memo.add(space.rest, name, &[marks.0.into(), ended.into()])
            }
        };
        let words = self.memo.record(place);
        Shown { marks: Marks(words[0] as u32), ended: words[1] != 0 }
    }

    /// Gives `state` the values that some parts have in the state with this key.
    fn hold(&mut self, space: &Space<S>, key: Key, some: &[usize]) {
        let values = space.values();
        values.unfold(space.layout(), key, &mut self.parts);
        for &part in some {
            let value = self.parts[part];
            if self.held[part] != value {
                space.system().unpack_part(values.get(part, value), part as u32, &mut self.state);
                self.held[part] = value;
            }
        }
    }
}

/// Makes sure that a step wrote nothing but what its group named.
fn watch<S: System>(system: &S, before: &S::State, after: &S::State, written: &[usize], group: u32) {
    let part = |state: &S::State, part: u32| {
        let mut bytes = Vec::new();
        system.pack_part(state, part, &mut bytes);
        bytes
    };
    for n in (0..system.parts()).filter(|&n| !written.contains(&(n as usize))) {
        assert!(part(before, n) == part(after, n), "group {group} writes part {n} and does not say so");
    }
}
