//! The first step of a run after which what the run shows can no longer be avoided: a reachability game of two players.
//!
//! Two sides choose what happens ([`Contested`]). The attacker can *force* something in a state if that state shows it, or
//!
//! - one of the attacker's actions shows it, or leads to a state in which it can be forced; or
//! - the defender can go on, and each of its choices has an action which shows it or leads to such a state.
//!
//! These are the states from which the attacker has its way after finitely many steps, whatever the defender does. A defender
//! that can go round in a loop for ever can avoid it. Gains ([`Monotone`]) are the attacker's, who takes all of them at once.
//!
//! A run need not stay in such states: the attacker may miss its chance. So the question is from which moment on it
//! could be forced at every moment of the run. The moments are taken from the last one back. From a late moment few
//! states can be reached, and what is known of them holds for earlier moments too.

use crate::cache::Saturation;
use crate::model::{Action, State};
use crate::width::to_u32;
use crate::{
    Contested, Factored, Full, Handle, Key, Monotone, PropertySet, Rounds, Side, Space, Successors,
    Symmetric, System, Worker,
};
use std::collections::BTreeMap;

/// What is known of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The first of the moments in a row, up to the last one, in which it can be forced; the number of the run's steps if it could be
    /// avoided up to the last step.
    pub from: usize,
    /// Whether it is known that it could be avoided one moment before that, or that there is none.
    pub settled: bool,
}

/// The question, in slices, so that the thread can do other work meanwhile.
pub struct Forced<H: Handle> {
    properties: PropertySet,
    /// Most states looked at.
    most: u32,
    space: Space<H>,
    worker: Worker<H>,
    /// The states of the run whose moments have not been looked at, with all gains taken, the last one last. With each, whether one
    /// of these gains shows it.
    moments: Vec<(State<H>, bool)>,
    /// The run's number of steps, and the first moment so far of those in a row.
    from: usize,
    /// All states met, in the order of their discovery, and their places in it.
    keys: Vec<Key>,
    places: BTreeMap<Key, u32>,
    /// For each state of which all is known, whether it can be forced there; those behind them are new.
    forced: Vec<bool>,
    /// The new states that have been expanded.
    graph: Graph,
    successors: Successors,
    rounds: Rounds,
}

/// The states reached from a moment that are new, and how they hang together.
#[derive(Default)]
struct Graph {
    /// For each state, whether it shows it, or lets the attacker show it in one step; and the number of the choices that the
    /// defender has and would not lose by yet as far as is known, none if it can't go on.
    states: Vec<(bool, Option<u32>)>,
    /// For each choice of the defender, whose it is, and whether it is lost.
    choices: Vec<(u32, bool)>,
    /// To which state, and what it decides.
    arrows: Vec<(u32, Decides)>,
}

/// What is lost with a state.
#[derive(Clone, Copy, Debug)]
enum Decides {
    /// Another state: the attacker can go from there.
    State(u32),
    /// A choice of the defender.
    Choice(u32),
}

impl<H: Handle<System: Symmetric + Monotone + Contested>> Forced<H> {
    /// Asks about a run, by its actions, and about the first step of it that shows one of `properties`; nothing if none does, or if
    /// the run can't be made. At most `most` states are looked at.
    #[must_use]
    pub fn new(handle: H, schedule: &[Action<H>], properties: PropertySet, most: u32) -> Option<Forced<H>> {
        let saturation = Saturation::new(PropertySet::NONE);
        let space = Space::new(handle);
        let worker = Worker::reducing(&space, Some(saturation), None);
        let system = space.system();
        let (mut state, mut enabled, mut moments) = (system.initial(), Vec::new(), Vec::new());
        let mut shows = false;
        for &action in schedule {
            let (state_there, gained) = saturated::<H>(system, saturation, state.clone());
            moments.push((state_there, gained.intersects(properties)));
            enabled.clear();
            system.enabled(&state, &mut enabled);
            if !enabled.contains(&action) {
                return None;
            }
            shows = system.step(&mut state, action, &mut ()).intersects(properties);
            if shows {
                break;
            }
        }
        if !shows {
            enabled.clear();
            system.enabled(&state, &mut enabled);
            if !system.observe(&state, &enabled).intersects(properties) {
                return None;
            }
        }
        Some(Forced {
            properties,
            most,
            worker,
            from: moments.len(),
            moments,
            keys: Vec::new(),
            places: BTreeMap::new(),
            forced: Vec::new(),
            graph: Graph::default(),
            successors: Successors::default(),
            rounds: Rounds::default(),
            space,
        })
    }

    /// Looks at all that it takes.
    #[must_use]
    pub fn run_to_end(mut self) -> Lost {
        loop {
            if let Some(lost) = self.run(u32::MAX) {
                return lost;
            }
        }
    }

    /// Expands up to `budget` states; what is known then, if there is no more to do.
    #[must_use]
    pub fn run(&mut self, budget: u32) -> Option<Lost> {
        let mut left = budget.max(1);
        while left > 0 {
            let next = self.forced.len() + self.graph.states.len();
            if next < self.keys.len() {
                left -= 1;
                if self.keys.len() > self.most as usize || self.expand(next).is_none() {
                    return Some(Lost { from: self.from, settled: false });
                }
                continue;
            }
            if !self.graph.states.is_empty() {
                self.solve();
            }
            // All states that can be reached from those met are known. The next moment may be one of them.
            let Some((moment, shows)) = self.moments.last() else {
                return Some(Lost { from: self.from, settled: true });
            };
            let known = match *shows {
                true => Some(true),
                false => {
                    let moment = moment.clone();
                    let place = self.meet(|this| this.space.enter(&moment));
                    self.forced.get(place as usize).copied()
                }
            };
            match known {
                Some(true) => {
                    self.moments.pop();
                    self.from -= 1;
                }
                Some(false) => return Some(Lost { from: self.from, settled: true }),
                None => {}
            }
        }
        None
    }

    /// The place of a state, new or known.
    fn meet(&mut self, key: impl Fn(&mut Self) -> Result<Key, Full>) -> u32 {
        let key = loop {
            match key(self) {
                Ok(key) => break key,
                Err(Full) => self.grow(),
            }
        };
        self.place(key)
    }

    fn place(&mut self, key: Key) -> u32 {
        let next = to_u32(self.keys.len());
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.keys.push(key);
        }
        place
    }

    /// Makes the keys long enough for the new values.
    fn grow(&mut self) {
        let moved = self.space.grow(self.keys.iter().copied());
        self.worker.follow(&self.space, &moved);
        self.keys.iter_mut().for_each(|key| *key = self.space.moved(&moved, *key));
        // One by one: to collect them would sort them first, by a sort of their own.
        self.places.clear();
        self.places.extend(self.keys.iter().copied().zip(0..));
    }

    /// Expands a state; nothing if the system leaves something out there.
    fn expand(&mut self, place: usize) -> Option<()> {
        let shown = loop {
            self.successors.clear();
            match self.worker.expand(&self.space, self.keys[place], &mut self.successors) {
                Ok(shown) => break shown,
                Err(Full) => self.grow(),
            }
        };
        let state = self.space.state(self.keys[place]);
        let mut enabled = Vec::new();
        let mut observed = shown.properties;
        let system = self.space.system();
        system.enabled(&state, &mut enabled);
        if system.may_go_round().intersects(self.properties) {
            observed |= system.goes_round(&state, &mut self.rounds);
        }
        if (observed | shown.steps).intersects(system.truncated()) {
            return None;
        }
        let sides: Vec<Side> = enabled.iter().map(|&action| system.side(&state, action)).collect();
        let (own, mut at_once) = (to_u32(place), observed.intersects(self.properties));
        let mut choices: BTreeMap<u32, u32> = BTreeMap::new();
        let first = self.graph.choices.len();
        let successors: Vec<_> = self.successors.iter().collect();
        for (side, successor) in sides.into_iter().zip(successors) {
            let shows = successor.properties.intersects(self.properties);
            let to = self.place(successor.key);
            let lost = shows || self.forced.get(to as usize) == Some(&true);
            let known = (to as usize) < self.forced.len();
            let open = !lost && !known;
            if let Side::Attacker | Side::Both(_) = side {
                at_once |= lost;
                if open && to != own {
                    self.graph.arrows.push((to, Decides::State(own)));
                }
            }
            let number = match side {
                Side::Attacker => continue,
                // What changes nothing helps nobody to go on.
                Side::Both(_) if to == own && !shows => continue,
                Side::Defender(number) | Side::Both(number) => number,
            };
            let choice = *choices.entry(number).or_insert_with(|| {
                self.graph.choices.push((own, false));
                to_u32(self.graph.choices.len() - 1)
            });
            self.graph.choices[choice as usize].1 |= lost;
            if open {
                self.graph.arrows.push((to, Decides::Choice(choice)));
            }
        }
        let mine = &self.graph.choices[first..];
        let left = mine.iter().filter(|choice| !choice.1).count();
        self.graph.states.push((at_once, (!mine.is_empty()).then_some(to_u32(left))));
        Some(())
    }

    /// Settles the new states, all of which have been expanded.
    fn solve(&mut self) {
        let Graph { mut states, mut choices, arrows } = std::mem::take(&mut self.graph);
        let old = self.forced.len();
        // The arrows by where they end: where those of a state begin, and what they decide.
        let mut first = vec![0_u32; states.len() + 1];
        let new = |to: u32| to as usize - old;
        arrows.iter().for_each(|&(to, _)| first[new(to) + 1] += 1);
        for to in 0..states.len() {
            first[to + 1] += first[to];
        }
        let (mut next, mut decided) = (first.clone(), vec![Decides::State(0); arrows.len()]);
        for (to, decides) in arrows {
            decided[next[new(to)] as usize] = decides;
            next[new(to)] += 1;
        }
        let lost = |&(at_once, left): &(bool, Option<u32>)| at_once || left == Some(0);
        let mut waiting: Vec<usize> = (0..states.len()).filter(|&state| lost(&states[state])).collect();
        self.forced.resize(old + states.len(), false);
        waiting.iter().for_each(|state| self.forced[old + state] = true);
        while let Some(state) = waiting.pop() {
            for decides in &decided[first[state] as usize..first[state + 1] as usize] {
                let owner = match *decides {
                    Decides::State(owner) => {
                        states[new(owner)].0 = true;
                        owner
                    }
                    Decides::Choice(choice) => {
                        let (owner, known) = &mut choices[choice as usize];
                        if !std::mem::replace(known, true)
                            && let Some(left) = &mut states[new(*owner)].1
                        {
                            *left -= 1;
                        }
                        *owner
                    }
                };
                if lost(&states[new(owner)]) && !self.forced[owner as usize] {
                    self.forced[owner as usize] = true;
                    waiting.push(new(owner));
                }
            }
        }
    }
}

/// The saturated state above a state, and what shows on the way there.
fn saturated<H: Handle<System: Symmetric>>(
    system: &H::System,
    saturation: Saturation<H>,
    mut state: State<H>,
) -> (State<H>, PropertySet) {
    let (mut enabled, mut all) = (Vec::new(), PropertySet::NONE);
    let mut taken = true;
    while taken && !system.halts(&state) {
        taken = false;
        for group in (0..system.groups()).filter(|&group| saturation.gaining(system, group)) {
            enabled.clear();
            system.enabled_in(&state, group, &mut enabled);
            if let Some((_, shown)) = saturation.take_one(system, &mut state, &enabled) {
                all |= shown;
                taken = true;
            }
        }
    }
    (state, all)
}
