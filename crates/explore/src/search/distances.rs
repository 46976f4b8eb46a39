//! How many steps each state is away from the nearest one that shows a property.
//!
//! First a search finds all states. Then each of them is expanded once more, and this time the transitions are kept.
//! Last, the graph is walked backwards from the states and steps that show the property. The result covers every state.
//! So for each moment of a run it says how many steps a violation is away, and from which moment on it is no longer
//! reachable.

use crate::model::State;
use crate::width::to_u32;
use crate::{
    Completeness, Factored, Handle, Key, Limits, PropertySet, Rounds, Search, Space, Successors, Symmetric,
    Worker,
};

/// No path leads there.
const NEVER: u32 = u32::MAX;

/// Least numbers of steps, for the states of a search that came to its end.
pub struct Distances<H: Handle> {
    space: Space<H>,
    /// Ascending.
    keys: Vec<Key>,
    /// For each key, its distance.
    steps: Vec<u32>,
}

impl<H: Handle<System: Symmetric>> Distances<H> {
    /// The distances to the nearest step or state that shows one of `properties`; nothing if the limits are too tight for
    /// all states.
    #[must_use]
    pub fn new(system: H, properties: PropertySet, limits: Limits) -> Option<Distances<H>> {
        let mut survey = Survey::new(system, properties, limits);
        loop {
            survey = match survey.run(u32::MAX) {
                Surveyed::Partly(survey) => survey,
                Surveyed::Whole(distances) => return Some(*distances),
                Surveyed::TooLarge => return None,
            };
        }
    }

    /// The least number of steps from a state to what was looked for: 0 if the state shows it, 1 if a step out of it
    /// does. `None` if no path leads there (or if the state is not a reachable one).
    #[must_use]
    pub fn of(&self, state: &State<H>) -> Option<u32> {
        let place = self.keys.binary_search(&self.space.key(state)?).ok()?;
        Some(self.steps[place]).filter(|&steps| steps != NEVER)
    }
}

/// Distances that are being computed, in slices, so that the thread can do other work meanwhile.
pub struct Survey<H: Handle> {
    properties: PropertySet,
    stage: Stage<H>,
}

/// The result of a slice.
pub enum Surveyed<H: Handle> {
    /// There is more to do.
    Partly(Survey<H>),
    /// All distances are known.
    Whole(Box<Distances<H>>),
    /// There are more states than the limits allow.
    TooLarge,
}

enum Stage<H: Handle> {
    /// The states are being found.
    Search(Box<Search<H>>),
    /// The states are visited once more, to find their arrows.
    Arrows(Box<Arrows<H>>),
}

/// The arrows of a graph, and the steps to what is looked for as far as they are known.
struct Arrows<H: Handle> {
    worker: Worker<H>,
    successors: Successors,
    /// With the steps of states that show it, and of those from where one step does.
    known: Distances<H>,
    /// From, to: by place among the keys.
    arrows: Vec<(u32, u32)>,
    /// How many states have been gone through.
    done: usize,
    /// What is known of those that may go round for ever.
    rounds: Rounds,
}

impl<H: Handle<System: Symmetric>> Survey<H> {
    /// See [`Distances::new`].
    #[must_use]
    pub fn new(system: H, properties: PropertySet, limits: Limits) -> Survey<H> {
        let limits =
            Limits { avoid: PropertySet::NONE, stop_at: PropertySet::NONE, symmetry: false, ..limits };
        Survey { properties, stage: Stage::Search(Box::new(Search::new(system, limits))) }
    }

    /// Expands up to `budget` states.
    #[must_use]
    pub fn run(self, budget: u32) -> Surveyed<H> {
        let Survey { properties, stage } = self;
        let stage = match stage {
            Stage::Search(mut search) => match search.run(budget) {
                Completeness::Running => Stage::Search(search),
                Completeness::Complete => Stage::Arrows(Box::new(Arrows::new(*search))),
                Completeness::Bounded(_) => return Surveyed::TooLarge,
            },
            Stage::Arrows(mut arrows) => {
                if arrows.run(properties, budget).is_none() {
                    return Surveyed::TooLarge;
                }
                if arrows.done == arrows.known.keys.len() {
                    return Surveyed::Whole(Box::new(arrows.backwards()));
                }
                Stage::Arrows(arrows)
            }
        };
        Surveyed::Partly(Survey { properties, stage })
    }
}

impl<H: Handle<System: Symmetric>> Arrows<H> {
    fn new(search: Search<H>) -> Arrows<H> {
        let (space, mut keys) = search.into_states();
        keys.sort_unstable();
        let steps = vec![NEVER; keys.len()];
        Arrows {
            worker: Worker::new(&space),
            successors: Successors::default(),
            known: Distances { space, keys, steps },
            arrows: Vec::new(),
            done: 0,
            rounds: Rounds::default(),
        }
    }

    /// Goes through up to `budget` states. Nothing if there is no room for their values, which the search has met all.
    fn run(&mut self, properties: PropertySet, budget: u32) -> Option<()> {
        let Distances { space, keys, steps } = &mut self.known;
        let end = self.done.saturating_add(budget as usize).min(keys.len());
        for from in self.done..end {
            self.successors.clear();
            let shown = self.worker.expand(space, keys[from], &mut self.successors).ok()?;
            let round = space.system().may_go_round();
            let shown = match round.intersects(properties) {
                true => {
                    shown.properties | space.system().goes_round(&space.state(keys[from]), &mut self.rounds)
                }
                false => shown.properties,
            };
            if shown.intersects(properties) {
                steps[from] = 0;
            } else if self.successors.iter().any(|successor| successor.properties.intersects(properties)) {
                steps[from] = 1;
            }
            for successor in self.successors.iter() {
                // Every one of them was met by the search.
                if let Ok(to) = keys.binary_search(&successor.key) {
                    self.arrows.push((to_u32(from), to_u32(to)));
                }
            }
        }
        self.done = end;
        Some(())
    }

    /// Goes back along the arrows, level by level: first those that show it or lead to it in one step.
    fn backwards(self) -> Distances<H> {
        let Arrows { known: mut distances, arrows, .. } = self;
        let steps = &mut distances.steps;
        // The arrows by where they end: where those of a state begin, and their beginnings.
        let mut first = vec![0_u32; steps.len() + 1];
        for &(_, to) in &arrows {
            first[to as usize + 1] += 1;
        }
        for to in 0..steps.len() {
            first[to + 1] += first[to];
        }
        let (mut next, mut froms) = (first.clone(), vec![0_u32; arrows.len()]);
        for (from, to) in arrows {
            froms[next[to as usize] as usize] = from;
            next[to as usize] += 1;
        }
        let at = |steps: &[u32], depth: u32| -> Vec<u32> {
            (0..to_u32(steps.len())).filter(|&state| steps[state as usize] == depth).collect()
        };
        let (mut level, mut next) = (at(steps, 0), at(steps, 1));
        let mut depth = 0;
        while !level.is_empty() || !next.is_empty() {
            for state in std::mem::take(&mut level) {
                let state = state as usize;
                for &from in &froms[first[state] as usize..first[state + 1] as usize] {
                    let known = &mut steps[from as usize];
                    if *known == NEVER {
                        *known = depth + 1;
                        next.push(from);
                    }
                }
            }
            std::mem::swap(&mut level, &mut next);
            depth += 1;
        }
        distances
    }
}
