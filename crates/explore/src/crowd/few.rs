//! A parameterised system with a certain number of members, searched state by state.

use super::{Group, choices, steps};
use crate::model::{Crowd, PropertySet};
use std::collections::{BTreeMap, VecDeque};

/// A state, and the action that is taken there.
type Before<C> = (Group<C>, <C as Crowd>::Action);

/// The states that a crowd of so many members can reach.
pub struct Few<C: Crowd> {
    /// Each state, with its predecessor and the action that led to it.
    reached: BTreeMap<Group<C>, Option<Before<C>>>,
    /// For each property, the state and the action that showed it first.
    seen: [Option<Before<C>>; 32],
    shown: PropertySet,
    complete: bool,
}

/// The actions on a path.
pub type Path<C> = Vec<<C as Crowd>::Action>;

impl<C: Crowd> Few<C> {
    /// Searches breadth first, up to a number of states.
    #[must_use]
    pub fn new(crowd: &C, members: usize, most: usize) -> Few<C> {
        let mut few = Few {
            reached: BTreeMap::new(),
            seen: [const { None }; 32],
            shown: PropertySet::NONE,
            complete: true,
        };
        let mut kinds = crowd.members();
        kinds.sort();
        let begun = choices(&kinds, members).into_iter().map(|members| (crowd.shared(), members));
        let mut next: VecDeque<Group<C>> = begun.collect();
        few.reached.extend(next.iter().map(|state| (state.clone(), None)));
        while let Some(state) = next.pop_front() {
            if few.reached.len() > most {
                few.complete = false;
                break;
            }
            steps(crowd, &state.0, &state.1, |mut step| {
                for number in PropertySet(step.shown.0 & !few.shown.0).iter() {
                    few.seen[usize::from(number)] = Some((state.clone(), step.action));
                }
                few.shown |= step.shown;
                step.members.sort();
                let then = (step.shared, step.members);
                if !few.reached.contains_key(&then) {
                    few.reached.insert(then.clone(), Some((state.clone(), step.action)));
                    next.push_back(then);
                }
            });
        }
        few
    }

    /// The properties that show.
    #[must_use]
    pub fn shown(&self) -> PropertySet {
        self.shown
    }

    /// Whether all states have been looked at.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.complete
    }

    /// All states found.
    pub fn states(&self) -> impl Iterator<Item = &Group<C>> {
        self.reached.keys()
    }

    /// The actions of a shortest path to a property.
    #[must_use]
    pub fn path(&self, property: u8) -> Option<Path<C>> {
        let (state, last) = self.seen.get(usize::from(property))?.as_ref()?;
        let mut state = state;
        let mut path = vec![*last];
        while let Some(Some((before, action))) = self.reached.get(state) {
            path.push(*action);
            state = before;
        }
        path.reverse();
        Some(path)
    }
}
