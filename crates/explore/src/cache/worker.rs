//! What leads from one state to the next, worked out once and then remembered.
//!
//! The system itself takes each step once for each combination of values that the step depends on
//! ([`System::reads`]). From then on a worker only looks up which bits of the key it flips. So there is still one
//! transition function, and what depends on nothing but one CPU and memory is not computed again for every position
//! of all the others. (LTSmin calls it transition caching.) In debug builds each step is watched: it must not write
//! a part that its group did not name.

use super::canonical::Images;
use super::memo::{AHEAD, Memo};
use super::plan::{Lookup, Lookups, Plan, masks};
use super::space::Moved;
use super::values::Shape;
use crate::model::{Action, State};
use crate::{Factored, Full, Handle, Key, Marks, Space, Successors, Symmetric, System};

/// What a state itself shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What [`System::observe`] says.
    pub marks: Marks,
    /// What [`System::ended`] says.
    pub ended: bool,
    /// What the steps out of it show, all together.
    pub steps: Marks,
}

/// Expands states of a space.
pub struct Worker<H: Handle> {
    memo: Memo,
    images: Images,
    /// How often the system itself was asked for a step.
    learned: u64,
    /// One for each of the space's bands, in their order.
    plans: Vec<Plan>,
    lookups: Lookups,
    /// The number of the look-up of "at rest".
    rest: u32,
    /// For each shape, the bits of a key that it reads.
    masks: Vec<u64>,
    shapes: Vec<Shape>,
    /// Where the number of the part is that may rule out every action, and for each number whether it does.
    halt: Option<(Plan, Vec<bool>)>,
    /// The parts' values in the state that is worked on, and in the one a step leads to.
    parts: Vec<u32>,
    other: Vec<u32>,
    /// A state that has the values in `held`, and one to take steps in.
    state: State<H>,
    held: Vec<u32>,
    after: State<H>,
    actions: Vec<Action<H>>,
    /// What a group's steps flip and show.
    flips: Vec<u64>,
    marks: Vec<u64>,
}

impl<H: Handle<System: Symmetric>> Worker<H> {
    /// A worker that knows nothing yet.
    #[must_use]
    pub fn new(space: &Space<H>) -> Worker<H> {
        let parts = vec![0; space.parts()];
        let state = space.system().initial();
        let mut lookups = Lookups::default();
        let mut worker = Worker {
            memo: Memo::default(),
            images: Images::new(space),
            learned: 0,
            plans: Vec::new(),
            rest: lookups.number(&[space.rest]),
            lookups,
            masks: Vec::new(),
            shapes: Vec::new(),
            halt: None,
            held: parts.clone(),
            other: parts.clone(),
            parts,
            after: state.clone(),
            state,
            actions: Vec::new(),
            flips: Vec::new(),
            marks: Vec::new(),
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
    pub fn follow(&mut self, space: &Space<H>, moved: &Moved) {
        if moved.keeps_fields() {
            self.memo.rename(self.rest, |bits| moved.shift(bits));
        } else {
            self.memo.clear();
        }
        self.images = Images::new(space);
        self.lay_out(space);
    }

    /// The key that stands for a state and all that differ from it in names only.
    ///
    /// # Errors
    /// If there is no room in the keys for another state's.
    #[inline]
    pub fn canonical(&mut self, space: &Space<H>, key: Key) -> Result<Key, Full> {
        self.images.canonical(space, key)
    }

    /// Sees where in the key what lies.
    fn lay_out(&mut self, space: &Space<H>) {
        self.plans = space.bands.iter().map(|band| Plan::new(space.layout(), band.lead)).collect();
        self.halt = space.system().halting_part().map(|part| (Plan::new(space.layout(), part), Vec::new()));
        self.masks.clear();
        self.shapes.clear();
        self.catch_up(space);
    }

    /// Copies what others have found out.
    fn catch_up(&mut self, space: &Space<H>) {
        let (values, layout) = (space.values(), space.layout());
        self.shapes.extend_from_slice(&values.shapes()[self.shapes.len()..]);
        self.masks.extend(masks(&self.shapes[self.masks.len()..], layout));
        for (plan, band) in self.plans.iter_mut().zip(&space.bands) {
            let Some(field) = layout.of(band.lead) else { continue };
            let lead = band.lead as usize;
            for number in plan.known()..values.count(&field.source) {
                values.split(&field.source, number, &mut self.other);
                let led = &values.led(lead, self.other[lead])[band.first..][..band.count];
                plan.add(led, &self.masks, &mut self.lookups);
            }
        }
        if let (Some((_, halts)), Some(part)) = (&mut self.halt, space.system().halting_part())
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
    #[inline(never)]
    pub fn expand(&mut self, space: &Space<H>, key: Key, out: &mut Successors) -> Result<Shown, Full> {
        self.memo.tidy();
        let mut found = Found { band: 0, lookup: 0, moves: false, steps: Marks::NONE };
        if !self.halted(space, key) {
            while let Err(missing) = look_up(&self.plans, &self.memo, key, &mut found, out) {
                match missing {
                    Missing::Value => self.catch_up(space),
                    Missing::Record(number) => self.learn(space, key, number)?,
                }
            }
        }
        if found.moves {
            return Ok(Shown { marks: Marks::NONE, ended: false, steps: found.steps });
        }
        Ok(Shown { steps: found.steps, ..self.at_rest(space, key) })
    }

    /// Whether a part's value rules out every action.
    #[inline(always)]
    fn halted(&mut self, space: &Space<H>, key: Key) -> bool {
        let Some((plan, halts)) = &self.halt else { return false };
        let value = plan.value(key);
        match halts.get(value) {
            Some(&halts) => halts,
            None => self.halted_anew(space, value),
        }
    }

    #[cold]
    fn halted_anew(&mut self, space: &Space<H>, value: usize) -> bool {
        self.catch_up(space);
        self.halt.as_ref().is_some_and(|(_, halts)| halts[value])
    }

    /// Works out a record that is not there: one group's from the system, that of several from each one's.
    #[cold]
    fn learn(&mut self, space: &Space<H>, key: Key, number: u32) -> Result<(), Full> {
        let shapes: Vec<u32> = self.lookups.shapes(number).collect();
        if let [shape] = shapes[..] {
            return self.learn_group(space, key, shape, number).map(|_| ());
        }
        let mut name = 0;
        let mut places = Vec::with_capacity(shapes.len());
        for &shape in &shapes {
            let (own, bits) = (self.lookups.number(&[shape]), key & self.masks[shape as usize]);
            name |= bits;
            places.push(match self.memo.find(own, bits) {
                Some(place) => place,
                None => self.learn_group(space, key, shape, own)?,
            });
        }
        let (mut flips, mut marks) = (Vec::new(), Vec::new());
        let mut moves = false;
        for place in places {
            let (head, some, shown) = self.memo.actions(place);
            moves |= head.moves();
            flips.extend_from_slice(some);
            marks.extend_from_slice(shown);
            marks.resize(flips.len(), 0);
        }
        self.memo.add_actions(number, name, moves, &flips, &marks);
        Ok(())
    }

    /// Has the system take every step of a group.
    fn learn_group(&mut self, space: &Space<H>, key: Key, shape: u32, number: u32) -> Result<u32, Full> {
        let system = space.system();
        let Shape { group, parts: reads } = self.shapes[shape as usize];
        let written: Vec<usize> = (0..space.parts()).filter(|part| reads >> part & 1 == 1).collect();
        let mut involved = written.clone();
        let lead = system.control(group) as usize;
        if !involved.contains(&lead) {
            involved.push(lead);
        }
        self.hold(space, key, &involved);
        let mut actions = std::mem::take(&mut self.actions);
        actions.clear();
        system.enabled_in(&self.state, group, &mut actions);
        let moves = actions.iter().any(|&action| !system.optional(action));
        let (mut flips, mut marks) = (std::mem::take(&mut self.flips), std::mem::take(&mut self.marks));
        flips.clear();
        marks.clear();
        let mut full = false;
        for &action in &actions {
            for &part in &involved {
                system.copy_part(&self.state, part as u32, &mut self.after);
            }
            let watched = cfg!(debug_assertions).then(|| self.after.clone());
            marks.push(system.step(&mut self.after, action, &mut ()).0.into());
            self.learned += 1;
            if let Some(before) = watched {
                watch(system, &before, &self.after, &written, group);
            }
            match self.flipped(space, key, &written) {
                Ok(bits) => flips.push(bits),
                Err(Full) => full = true,
            }
        }
        self.actions = actions;
        let name = key & self.masks[shape as usize];
        let place =
            if full { Err(Full) } else { Ok(self.memo.add_actions(number, name, moves, &flips, &marks)) };
        (self.flips, self.marks) = (flips, marks);
        place
    }

    /// Which bits of a key differ in `after`, of which only these parts have been written.
    fn flipped(&mut self, space: &Space<H>, key: Key, written: &[usize]) -> Result<u64, Full> {
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
    fn at_rest(&mut self, space: &Space<H>, key: Key) -> Shown {
        let name = key & self.masks[space.rest as usize];
        let place = match self.memo.find(self.rest, name) {
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
                self.memo.add(self.rest, name, [marks.0.into(), ended.into()].into_iter())
            }
        };
        let words = self.memo.record(place);
        Shown { marks: Marks(words[0] as u32), ended: words[1] != 0, steps: Marks::NONE }
    }

    /// Gives `state` the values that some parts have in the state with this key.
    fn hold(&mut self, space: &Space<H>, key: Key, some: &[usize]) {
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

/// How far the look-ups for a state have come, and what they found.
#[derive(Debug)]
struct Found {
    /// The next look-up: of which band, and its place among those that the value asks for.
    band: usize,
    lookup: usize,
    /// Whether an action is not quiet.
    moves: bool,
    /// What the steps show together.
    steps: Marks,
}

/// What has to be found out before the look-ups can go on.
#[derive(Debug)]
enum Missing {
    /// What a value asks for.
    Value,
    /// The record of a look-up.
    Record(u32),
}

/// Appends what has been worked out. This is where most of the time goes: it calls nothing and changes nothing but what
/// it appends to.
#[inline]
fn look_up(
    plans: &[Plan],
    memo: &Memo,
    key: Key,
    found: &mut Found,
    out: &mut Successors,
) -> Result<(), Missing> {
    for plan in &plans[found.band..] {
        let lookups = plan.lookups(key).ok_or(Missing::Value)?;
        for &Lookup { mask, number } in lookups.get(found.lookup..).unwrap_or_default() {
            let (place, head, flips) = memo.few(number, key & mask).ok_or(Missing::Record(number))?;
            found.moves |= head.moves();
            if head.count() <= AHEAD && head.marks().is_empty() {
                out.extend_few(key, flips, head.count());
            } else {
                let (_, flips, marks) = memo.actions(place);
                found.steps |= head.marks();
                out.extend(key, flips, marks);
            }
            found.lookup += 1;
        }
        found.band += 1;
        found.lookup = 0;
    }
    Ok(())
}

/// Makes sure that a step wrote nothing but what its group named.
fn watch<S: Factored>(system: &S, before: &S::State, after: &S::State, written: &[usize], group: u32) {
    let part = |state: &S::State, part: u32| {
        let mut bytes = Vec::new();
        system.pack_part(state, part, &mut bytes);
        bytes
    };
    for n in (0..system.parts()).filter(|&n| !written.contains(&(n as usize))) {
        assert!(part(before, n) == part(after, n), "group {group} writes part {n} and does not say so");
    }
}
