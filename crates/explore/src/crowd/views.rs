//! What may happen in a crowd with any number of members.
//!
//! A *view* of a state is the shared part and the states of `k` of its members. A set of views stands for all states of
//! which every view is in the set. The set is enlarged until no step leads out of it. Then it stands for every state
//! that any number of members can reach. The method is that of thread-modular proofs (Owicki and Gries 1976; Flanagan
//! and Qadeer, "Thread-modular model checking", 2003), with views of several members (Abdulla, Haziza and Holík, "All
//! for the price of few", 2013; Hoenicke, Majumdar and Podelski, "Thread modularity at many levels", 2017).
//! docs/proof.md has the theorem and its proof.
//!
//! The effect of a step depends on the member that takes it and the member at which it is aimed. So for a state with
//! more members than `k`, it is enough to look at these two together with the members of the resulting view.

use super::{Group, choices, steps};
use crate::model::{Crowd, PropertySet};
use std::collections::{BTreeMap, BTreeSet};

/// How far the views have been enlarged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closure {
    /// No step leads out of them: what they do not show never happens, with any number of members.
    Closed,
    /// There were too many views: nothing is known.
    Open,
}

/// Views of a crowd's states.
pub struct Views<C: Crowd> {
    size: usize,
    /// For each shared part its views, as ascending lists of members.
    views: BTreeMap<C::Shared, BTreeSet<Vec<C::Member>>>,
    shown: PropertySet,
    closure: Closure,
}

impl<C: Crowd> Views<C> {
    /// The least set of views of `size` members, at least one, that holds the views of the initial states and that no step leaves.
    /// It ends early if there are more than `most` views.
    #[must_use]
    pub fn new(crowd: &C, size: usize, most: usize) -> Views<C> {
        let size = size.max(1);
        let mut kinds = crowd.members();
        kinds.sort();
        let begun = choices(&kinds, size).into_iter().collect();
        let views = BTreeMap::from([(crowd.shared(), begun)]);
        let mut all = Views { size, views, shown: PropertySet::NONE, closure: Closure::Closed };
        // The shared parts that have new views.
        let mut due = BTreeSet::from([crowd.shared()]);
        while let Some(shared) = due.pop_first() {
            for (then, view) in all.next(crowd, &shared) {
                if all.views.entry(then.clone()).or_default().insert(view) {
                    due.insert(then);
                }
            }
            if all.len() > most {
                all.closure = Closure::Open;
                break;
            }
        }
        all
    }

    /// The views that result from the steps of all groups with this shared part.
    fn next(&mut self, crowd: &C, shared: &C::Shared) -> BTreeSet<Group<C>> {
        let Some(views) = self.views.get(shared) else { return BTreeSet::new() };
        let kinds: BTreeSet<&C::Member> = views.iter().flatten().collect();
        let (mut next, mut shown) = (BTreeSet::new(), self.shown);
        let mut groups: Vec<Vec<C::Member>> = views.iter().cloned().collect();
        // Groups with one member more than a view: the member that takes the step, or the one at
        // which it is aimed. With two more: both.
        for more in 0..=2 {
            for group in &groups {
                steps(crowd, shared, group, |step| {
                    let left_out = match (more, step.whom) {
                        (0, _) => vec![vec![]],
                        (1, None) => vec![vec![step.who]],
                        (1, Some(whom)) => vec![vec![step.who], vec![whom]],
                        (_, Some(whom)) => vec![vec![step.who, whom]],
                        (_, None) => Vec::new(),
                    };
                    for out in left_out {
                        let kept = step.members.iter().enumerate().filter(|(at, _)| !out.contains(at));
                        let mut view: Vec<C::Member> = kept.map(|(_, member)| member.clone()).collect();
                        view.sort();
                        shown |= step.shown;
                        next.insert((step.shared.clone(), view));
                    }
                });
            }
            if more < 2 {
                groups = groups.iter().flat_map(|group| longer(views, &kinds, group, self.size)).collect();
            }
        }
        self.shown = shown;
        next
    }

    /// How many members a view has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many views there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.views.values().map(BTreeSet::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// Whether no step leads out of them.
    #[must_use]
    pub fn closure(&self) -> Closure {
        self.closure
    }

    /// The properties that may show. If the views are closed, no other property ever shows.
    #[must_use]
    pub fn shown(&self) -> PropertySet {
        self.shown
    }

    /// Whether the views stand for a state. They do not stand for a state with fewer members than a view.
    #[must_use]
    pub fn cover(&self, shared: &C::Shared, members: &[C::Member]) -> bool {
        let mut members = members.to_vec();
        members.sort();
        let parts = parts(&members, self.size);
        members.len() >= self.size
            && self.views.get(shared).is_some_and(|views| parts.iter().all(|part| views.contains(part)))
    }
}

/// The groups with one member more, of which that member is the last and all views are known.
fn longer<T: Clone + Ord>(
    views: &BTreeSet<Vec<T>>,
    kinds: &BTreeSet<&T>,
    group: &[T],
    size: usize,
) -> Vec<Vec<T>> {
    let rest = parts(group, size - 1);
    let fits = |kind: &T| {
        rest.iter().all(|part| {
            let mut view = part.clone();
            view.push(kind.clone());
            views.contains(&view)
        })
    };
    let last = group.last();
    let later = kinds.iter().filter(|&&kind| last.is_none_or(|last| kind >= last) && fits(kind));
    later
        .map(|&kind| {
            let mut longer = group.to_vec();
            longer.push(kind.clone());
            longer
        })
        .collect()
}

/// All sublists of an ascending list that have so many members.
fn parts<T: Clone>(list: &[T], size: usize) -> Vec<Vec<T>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in list.iter().enumerate() {
        for mut part in parts(&list[at + 1..], size - 1) {
            part.insert(0, first.clone());
            all.push(part);
        }
    }
    all
}
