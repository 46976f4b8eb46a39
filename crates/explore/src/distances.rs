//! How far it is from each state to the nearest one that shows something.
//!
//! The states are found as a search finds them; then the graph is gone through once more, with its arrows kept, and
//! from the steps that show the property backwards. What is asked for is answered for every state there is, so a run
//! can be told, at each of its moments, how many steps a violation is away, and from when on there is none.

use crate::{Completeness, Key, Limits, Marks, Search, Space, Successors, System, Worker};

/// No way leads there.
const NEVER: u32 = u32::MAX;

/// Least numbers of steps, for the states of a search that came to its end.
pub struct Distances<S: System> {
    space: Space<S>,
    /// Ascending.
    keys: Vec<Key>,
    /// Beside each key.
    steps: Vec<u32>,
}

/// The arrows of a graph by where they end, and the steps to what is looked for as far as they are known.
struct Arrows {
    /// From, to: by place among the keys.
    arrows: Vec<(u32, u32)>,
    steps: Vec<u32>,
}

impl<S: System> Distances<S> {
    /// The distances to the nearest step or state that shows one of `marks`; nothing if the limits are too tight for
    /// all states.
    #[must_use]
    pub fn new(system: S, marks: Marks, limits: Limits) -> Option<Distances<S>> {
        let limits = Limits { avoid: Marks::NONE, stop_at: Marks::NONE, mirrors: false, ..limits };
        let mut search = Search::new(system, limits);
        if search.run_to_end() != Completeness::Complete {
            return None;
        }
        let (space, mut keys) = search.into_states();
        keys.sort_unstable();
        let Arrows { mut arrows, mut steps } = arrows(&space, &keys, marks)?;
        arrows.sort_unstable_by_key(|&(_, to)| to);
        // Backwards, level by level: first those that show it or lead to it in one step.
        let mut level: Vec<u32> =
            (0..keys.len() as u32).filter(|&state| steps[state as usize] == 0).collect();
        let mut next: Vec<u32> = (0..keys.len() as u32).filter(|&state| steps[state as usize] == 1).collect();
        let mut depth = 0;
        while !level.is_empty() || !next.is_empty() {
            for state in std::mem::take(&mut level) {
                let first = arrows.partition_point(|&(_, to)| to < state);
                for &(from, _) in arrows[first..].iter().take_while(|&&(_, to)| to == state) {
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
        Some(Distances { space, keys, steps })
    }

    /// The least number of steps from a state to what was looked for: 0 if the state shows it, 1 if a step out of it
    /// does. Nothing if no way leads there (or if the state is none of the system's).
    #[must_use]
    pub fn of(&self, state: &S::State) -> Option<u32> {
        let place = self.keys.binary_search(&self.space.key(state)?).ok()?;
        Some(self.steps[place]).filter(|&steps| steps != NEVER)
    }
}

/// Goes through all states once more.
fn arrows<S: System>(space: &Space<S>, keys: &[Key], marks: Marks) -> Option<Arrows> {
    let mut worker = Worker::new(space);
    let mut successors = Successors::default();
    let (mut arrows, mut steps) = (Vec::new(), vec![NEVER; keys.len()]);
    for (from, &key) in keys.iter().enumerate() {
        successors.clear();
        // There is room: the search met every value.
        let shown = worker.expand(space, key, &mut successors).ok()?;
        if shown.marks.meets(marks) {
            steps[from] = 0;
        } else if successors.iter().any(|successor| successor.marks.meets(marks)) {
            steps[from] = 1;
        }
        for successor in successors.iter() {
            // Every one of them was met by the search.
            if let Ok(to) = keys.binary_search(&successor.key) {
                arrows.push((from as u32, to as u32));
            }
        }
    }
    Some(Arrows { arrows, steps })
}
