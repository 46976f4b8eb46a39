//! Expands states: the system takes each step once, and from then on the step is looked up.
//!
//! The system takes a step once for each combination of values in the step's footprint ([`Factored::footprint`]). From
//! then on a worker only looks up which bits of the key the step flips. So there is still one transition function, but a
//! step of one thread is not computed again for every position of the other threads. (LTSmin calls this transition
//! caching.) Debug builds watch each step: it must not write a part outside the footprint of its group.

mod order;

use super::canonical::Images;
use super::lookups::{ControlPart, Lookup, Lookups, masks};
use super::memo::{AHEAD, Memo};
use super::partial_order::{PartialOrder, Process, Prospects};
use super::saturation::Saturation;
use super::space::Moved;
use super::successors::NONE;
use super::values::Footprint;
use crate::model::{Action, State};
use crate::width::{low_u32, to_u32};
use crate::{Factored, Full, Handle, Key, Passed, PropertySet, Space, Successors, Symmetric, System};

/// What a state shows, and what its steps show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// What [`System::observe`] says.
    pub properties: PropertySet,
    /// What [`System::ended`] says.
    pub ended: bool,
    /// What the steps out of the state show, all together.
    pub steps: PropertySet,
    /// How many of the steps are postponed, since others may be taken first.
    pub put_off: u32,
}

/// Expands states of a space.
pub struct Worker<H: Handle> {
    memo: Memo,
    images: Images,
    /// How many steps the system has computed.
    learned: u64,
    /// The places of its program that these steps have reached.
    passed: Passed,
    /// One for each of the space's bands, in their order.
    controls: Vec<ControlPart>,
    /// How gains are taken, if they are, and the control part of each group that may have some.
    saturation: Option<Saturation<H>>,
    gain_controls: Vec<(u32, ControlPart)>,
    /// How steps are postponed, if they are; all processes, and what they may do.
    order: Option<PartialOrder<H>>,
    processes: Vec<Process>,
    prospects: Prospects,
    /// For each value of the halting part, which resources are asleep.
    asleep: Vec<u64>,
    /// Where the actions of each band end, and whether one of them is not optional.
    ends: Vec<(usize, bool)>,
    lookups: Lookups,
    /// The number of the look-up for quiescent states.
    rest: u32,
    /// For each footprint, the bits of a key that it covers.
    masks: Vec<u64>,
    footprints: Vec<Footprint>,
    /// Where the halting part lies in a key, and for each of its values whether it rules out every action.
    halt: Option<(ControlPart, Vec<bool>)>,
    /// The values of the parts in the state that is being expanded, and in a successor.
    parts: Vec<u32>,
    other: Vec<u32>,
    /// A state whose parts have the values in `held`, and a state to take steps in.
    state: State<H>,
    held: Vec<u32>,
    after: State<H>,
    actions: Vec<Action<H>>,
    /// What the steps of a group flip, and what they show.
    flips: Vec<u64>,
    properties: Vec<u64>,
}

impl<H: Handle<System: Symmetric>> Worker<H> {
    /// A worker that knows nothing yet.
    #[must_use]
    pub fn new(space: &Space<H>) -> Worker<H> {
        Worker::reducing(space, None, None)
    }

    /// A worker that takes gains, and postpones steps, if it is given the means.
    pub(crate) fn reducing(
        space: &Space<H>,
        saturation: Option<Saturation<H>>,
        order: Option<PartialOrder<H>>,
    ) -> Worker<H> {
        let parts = vec![0; space.parts()];
        let state = space.system().initial();
        let mut lookups = Lookups::default();
        let mut worker = Worker {
            memo: Memo::default(),
            images: Images::new(space),
            learned: 0,
            passed: Passed::default(),
            controls: Vec::new(),
            saturation,
            gain_controls: Vec::new(),
            order,
            processes: Vec::new(),
            prospects: Prospects::default(),
            asleep: Vec::new(),
            ends: Vec::new(),
            rest: lookups.number(&[space.rest]),
            lookups,
            masks: Vec::new(),
            footprints: Vec::new(),
            halt: None,
            held: parts.clone(),
            other: parts.clone(),
            parts,
            after: state.clone(),
            state,
            actions: Vec::new(),
            flips: Vec::new(),
            properties: Vec::new(),
        };
        worker.lay_out(space);
        worker
    }

    /// Bytes of memory in use.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.memo.memory()
    }

    /// How many steps the system has computed: the others have been looked up.
    #[must_use]
    pub fn learned(&self) -> u64 {
        self.learned
    }

    /// The places of the system's program that the steps of all expanded states reach ([`Sink::passed`](crate::Sink::passed)).
    #[must_use]
    pub fn passed(&self) -> &Passed {
        &self.passed
    }

    /// Takes notice that the keys of the space have changed.
    pub fn follow(&mut self, space: &Space<H>, moved: &Moved) {
        if moved.keeps_fields() {
            self.memo.rename(self.rest, |bits| moved.shift(bits));
        } else {
            self.memo.clear();
        }
        self.images = Images::new(space);
        self.lay_out(space);
    }

    /// The canonical key of a state: the least of the keys of the state and its images under all renamings.
    ///
    /// # Errors
    /// If an image has a value for which the keys have no bits.
    #[inline]
    pub fn canonical(&mut self, space: &Space<H>, key: Key) -> Result<Key, Full> {
        self.images.canonical(space, key)
    }

    /// Adopts the present layout of the keys.
    fn lay_out(&mut self, space: &Space<H>) {
        self.controls =
            space.bands.iter().map(|band| ControlPart::new(space.layout(), band.control)).collect();
        self.gain_controls.clear();
        if let Some(saturation) = &self.saturation {
            let system = space.system();
            let gaining = (0..system.groups()).filter(|&group| saturation.gaining(system, group));
            let control = |group| (group, ControlPart::new(space.layout(), system.control(group)));
            self.gain_controls.extend(gaining.map(control));
        }
        self.processes.clear();
        self.asleep.clear();
        if let Some(order) = &self.order {
            let bands = space.bands.iter().enumerate();
            let own = bands.filter(|(_, band)| !(order.bystander)(space.system(), band.group));
            self.processes.extend(own.map(|(at, band)| Process::new(space.layout(), band.control, at)));
        }
        self.halt =
            space.system().halting_part().map(|part| (ControlPart::new(space.layout(), part), Vec::new()));
        self.masks.clear();
        self.footprints.clear();
        self.catch_up(space);
    }

    /// Copies what other workers have added to the space.
    fn catch_up(&mut self, space: &Space<H>) {
        let (values, layout) = (space.values(), space.layout());
        self.footprints.extend_from_slice(&values.footprints()[self.footprints.len()..]);
        self.masks.extend(masks(&self.footprints[self.masks.len()..], layout));
        for (control_part, band) in self.controls.iter_mut().zip(&space.bands) {
            let Some(field) = layout.of(band.control) else { continue };
            let control = band.control as usize;
            for number in control_part.known()..values.count(&field.source) {
                values.split(&field.source, number, &mut self.other);
                let controlled = &values.controlled(control, self.other[control])[band.first..][..band.count];
                control_part.add(controlled, &self.masks, &mut self.lookups);
            }
        }
        for (group, gains) in &mut self.gain_controls {
            let control = space.system().control(*group);
            let Some(field) = layout.of(control) else { continue };
            let place = space.place_of(*group);
            for number in gains.known()..values.count(&field.source) {
                values.split(&field.source, number, &mut self.other);
                let footprint = values.controlled(control as usize, self.other[control as usize])[place];
                gains.add_gains(footprint, &self.masks, &mut self.lookups);
            }
        }
        if let (Some((_, halts)), Some(part)) = (&mut self.halt, space.system().halting_part())
            && let Some(field) = layout.of(part)
        {
            for number in to_u32(halts.len())..values.count(&field.source) {
                values.split(&field.source, number, &mut self.other);
                let value = self.other[part as usize];
                halts.push(values.halts(value));
                if let Some(order) = &self.order {
                    space.system().unpack_part(values.get(part as usize, value), part, &mut self.after);
                    self.asleep.push((order.asleep)(space.system(), &self.after));
                }
            }
        }
        self.ask(space, &values);
    }

    /// Appends the successors of a state, in the order of [`System::enabled`], and returns what the state shows.
    ///
    /// # Errors
    /// If a new value has turned up for which the keys have no bits. Then only some successors have been appended.
    #[inline(never)]
    pub fn expand(&mut self, space: &Space<H>, key: Key, out: &mut Successors) -> Result<Observed, Full> {
        self.memo.tidy();
        let start = out.len();
        let mut found = Found { band: 0, lookup: 0, moves: false, steps: PropertySet::NONE };
        let mut put_off = 0;
        if !self.halted(space, key) {
            if self.order.is_none() {
                while let Err(missing) = look_up(&self.controls, &self.memo, key, &mut found, out) {
                    match missing {
                        Missing::Value => self.catch_up(space),
                        Missing::Record(number) => self.learn(space, key, number)?,
                    }
                }
            } else {
                self.look_up_by_band(space, key, &mut found, out)?;
                put_off = self.put_off(key, start, out);
            }
        }
        if !self.gain_controls.is_empty() {
            found.steps |= self.saturate_all(space, start, out)?;
        }
        if found.moves {
            return Ok(Observed { properties: PropertySet::NONE, ended: false, steps: found.steps, put_off });
        }
        Ok(Observed { steps: found.steps, put_off, ..self.quiescent(space, key) })
    }

    /// Takes the gains of each successor from `start` on, and adds what they show to what its step shows. All that they
    /// show.
    fn saturate_all(
        &mut self,
        space: &Space<H>,
        start: usize,
        out: &mut Successors,
    ) -> Result<PropertySet, Full> {
        let mut all = PropertySet::NONE;
        for place in start..out.len() {
            if out.keys[place] == NONE {
                continue;
            }
            let (key, shown) = self.saturate(space, out.keys[place])?;
            out.keys[place] = key;
            if !shown.is_empty() {
                out.mark(place, shown);
                all |= shown;
            }
        }
        Ok(all)
    }

    /// The saturated state above a state, and what shows on the way there. Without saturation it is the state itself.
    ///
    /// # Errors
    /// If a new value has turned up for which the keys have no bits.
    pub(crate) fn saturate(&mut self, space: &Space<H>, mut key: Key) -> Result<(Key, PropertySet), Full> {
        let mut shown = PropertySet::NONE;
        if self.halted(space, key) {
            return Ok((key, shown));
        }
        loop {
            // What one group gains may let another gain.
            let before = key;
            for at in 0..self.gain_controls.len() {
                let lookups = loop {
                    match self.gain_controls[at].1.lookups(key) {
                        Some(lookups) => break lookups,
                        None => self.catch_up(space),
                    }
                };
                let &[Lookup { mask, number }] = lookups else { continue };
                let place = match self.memo.find(number, key & mask) {
                    Some(place) => place,
                    None => self.learn_gains(space, key, number)?,
                };
                let (head, flips, _) = self.memo.actions(place);
                key ^= flips[0];
                shown |= head.properties();
            }
            if key == before {
                return Ok((key, shown));
            }
        }
    }

    /// Lets the system take the gains of a group, one after the other.
    #[cold]
    fn learn_gains(&mut self, space: &Space<H>, key: Key, number: u32) -> Result<u32, Full> {
        let (system, saturation) = (space.system(), self.saturation);
        let footprint = self.lookups.footprints(number).last().unwrap_or_default();
        let (group, written, involved) = self.hold_footprint(space, key, footprint);
        for &part in &involved {
            system.copy_part(&self.state, to_u32(part), &mut self.after);
        }
        let mut shown = PropertySet::NONE;
        let mut actions = std::mem::take(&mut self.actions);
        loop {
            actions.clear();
            system.enabled_in(&self.after, group, &mut actions);
            let taken = saturation.and_then(|how| how.take_one(system, &mut self.after, &actions));
            let Some((_, properties)) = taken else { break };
            shown |= properties;
            self.learned += 1;
        }
        self.actions = actions;
        let flips = self.flipped(space, key, &written)?;
        let name = key & self.masks[footprint as usize];
        Ok(self.memo.add_actions(number, name, false, &[flips], &[shown.0.into()]))
    }

    /// Whether the halting part rules out every action.
    #[inline(always)]
    fn halted(&mut self, space: &Space<H>, key: Key) -> bool {
        let Some((control_part, halts)) = &self.halt else { return false };
        let value = control_part.value(key);
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

    /// Makes a record that is missing: that of one group by asking the system, that of several groups from theirs.
    #[cold]
    fn learn(&mut self, space: &Space<H>, key: Key, number: u32) -> Result<(), Full> {
        let footprints: Vec<u32> = self.lookups.footprints(number).collect();
        if let [footprint] = footprints[..] {
            return self.learn_group(space, key, footprint, number).map(|_| ());
        }
        let mut name = 0;
        let mut places = Vec::with_capacity(footprints.len());
        for &footprint in &footprints {
            let (own, bits) = (self.lookups.number(&[footprint]), key & self.masks[footprint as usize]);
            name |= bits;
            places.push(match self.memo.find(own, bits) {
                Some(place) => place,
                None => self.learn_group(space, key, footprint, own)?,
            });
        }
        let (mut flips, mut properties) = (Vec::new(), Vec::new());
        let mut moves = false;
        for place in places {
            let (head, some, shown) = self.memo.actions(place);
            moves |= head.moves();
            flips.extend_from_slice(some);
            properties.extend_from_slice(shown);
            properties.resize(flips.len(), 0);
        }
        self.memo.add_actions(number, name, moves, &flips, &properties);
        Ok(())
    }

    /// Lets the system take every step of a group.
    fn learn_group(&mut self, space: &Space<H>, key: Key, footprint: u32, number: u32) -> Result<u32, Full> {
        let system = space.system();
        let (group, written, involved) = self.hold_footprint(space, key, footprint);
        let mut actions = std::mem::take(&mut self.actions);
        actions.clear();
        system.enabled_in(&self.state, group, &mut actions);
        let moves = actions.iter().any(|&action| !system.optional(action));
        let (mut flips, mut properties) =
            (std::mem::take(&mut self.flips), std::mem::take(&mut self.properties));
        flips.clear();
        properties.clear();
        let mut full = false;
        for &action in &actions {
            for &part in &involved {
                system.copy_part(&self.state, to_u32(part), &mut self.after);
            }
            let watched = cfg!(debug_assertions).then(|| self.after.clone());
            properties.push(system.step(&mut self.after, action, &mut self.passed).0.into());
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
        let name = key & self.masks[footprint as usize];
        let place = if full {
            Err(Full)
        } else {
            Ok(self.memo.add_actions(number, name, moves, &flips, &properties))
        };
        (self.flips, self.properties) = (flips, properties);
        place
    }

    /// The bits of the key in which the state `after` differs. Only these parts of it have been written.
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
                full |= number > field.most;
                bits |= (key & field.mask()) ^ field.put(number);
            }
        }
        if full { Err(Full) } else { Ok(bits) }
    }

    /// What a quiescent state shows.
    fn quiescent(&mut self, space: &Space<H>, key: Key) -> Observed {
        let name = key & self.masks[space.rest as usize];
        let place = match self.memo.find(self.rest, name) {
            Some(place) => place,
            None => {
                let all: Vec<usize> = (0..space.parts()).collect();
                self.hold(space, key, &all);
                let mut actions = std::mem::take(&mut self.actions);
                actions.clear();
                space.system().enabled(&self.state, &mut actions);
                let properties = space.system().observe(&self.state, &actions);
                let ended = space.system().ended(&self.state, &actions);
                self.actions = actions;
                self.memo.add(self.rest, name, [properties.0.into(), ended.into()].into_iter())
            }
        };
        let words = self.memo.record(place);
        Observed {
            properties: PropertySet(low_u32(words[0])),
            ended: words[1] != 0,
            steps: PropertySet::NONE,
            put_off: 0,
        }
    }

    /// Gives `state` the values of a footprint and of its group's control part: the group, the parts that its steps may
    /// write, and all parts that were given.
    fn hold_footprint(
        &mut self,
        space: &Space<H>,
        key: Key,
        footprint: u32,
    ) -> (u32, Vec<usize>, Vec<usize>) {
        let Footprint { group, parts: reads } = self.footprints[footprint as usize];
        let written: Vec<usize> = (0..space.parts()).filter(|part| reads >> part & 1 == 1).collect();
        let mut involved = written.clone();
        let control = space.system().control(group) as usize;
        if !involved.contains(&control) {
            involved.push(control);
        }
        self.hold(space, key, &involved);
        (group, written, involved)
    }

    /// Gives `state` the values that some parts have in the state with this key.
    fn hold(&mut self, space: &Space<H>, key: Key, some: &[usize]) {
        let values = space.values();
        values.unfold(space.layout(), key, &mut self.parts);
        for &part in some {
            let value = self.parts[part];
            if self.held[part] != value {
                space.system().unpack_part(values.get(part, value), to_u32(part), &mut self.state);
                self.held[part] = value;
            }
        }
    }
}

/// The progress of the look-ups for a state, and what they have found.
#[derive(Debug)]
struct Found {
    /// The next look-up: of which band, and its place among those that the value asks for.
    band: usize,
    lookup: usize,
    /// Whether some action is not optional.
    moves: bool,
    /// What the steps show together.
    steps: PropertySet,
}

/// What has to be computed before the look-ups can continue.
#[derive(Debug)]
enum Missing {
    /// What a value asks for.
    Value,
    /// The record of a look-up.
    Record(u32),
}

/// Appends the successors that are known already. Most of the time of a search is spent here, so this function calls
/// nothing, and changes nothing but the lists that it appends to.
#[inline]
fn look_up(
    controls: &[ControlPart],
    memo: &Memo,
    key: Key,
    found: &mut Found,
    out: &mut Successors,
) -> Result<(), Missing> {
    for control_part in &controls[found.band..] {
        let lookups = control_part.lookups(key).ok_or(Missing::Value)?;
        for &Lookup { mask, number } in lookups.get(found.lookup..).unwrap_or_default() {
            let (place, head, flips) = memo.few(number, key & mask).ok_or(Missing::Record(number))?;
            found.moves |= head.moves();
            if head.count() <= AHEAD && head.properties().is_empty() {
                out.extend_few(key, flips, head.count());
            } else {
                let (_, flips, properties) = memo.actions(place);
                found.steps |= head.properties();
                out.extend(key, flips, properties);
            }
            found.lookup += 1;
        }
        found.band += 1;
        found.lookup = 0;
    }
    Ok(())
}

/// Makes sure that a step has written nothing outside the footprint of its group.
fn watch<S: Factored>(system: &S, before: &S::State, after: &S::State, written: &[usize], group: u32) {
    let part = |state: &S::State, part: u32| {
        let mut bytes = Vec::new();
        system.pack_part(state, part, &mut bytes);
        bytes
    };
    for n in (0..system.parts()).filter(|&n| !written.contains(&(n as usize))) {
        assert!(
            part(before, n) == part(after, n),
            "group {group} writes part {n}, which is not in its footprint"
        );
    }
}
