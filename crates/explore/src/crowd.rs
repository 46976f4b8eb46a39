//! Search of parameterised systems ([`Crowd`](crate::Crowd)): what may happen with any number of members, and what happens
//! with a few.

mod few;
mod views;

pub use few::{Few, Path};
pub use views::{Closure, Views};

use crate::model::{Crowd, PropertySet};

/// What is shared, and the states of some members, in ascending order: members have no names.
pub type Group<C> = (<C as Crowd>::Shared, Vec<<C as Crowd>::Member>);

/// What a step of a member leads to.
struct Step<C: Crowd> {
    action: C::Action,
    shared: C::Shared,
    /// All members, where they were before.
    members: Vec<C::Member>,
    /// Who takes it, and at whom it is aimed.
    who: usize,
    whom: Option<usize>,
    shown: PropertySet,
}

/// Calls `found` with each step that a group can take by itself.
fn steps<C: Crowd>(crowd: &C, shared: &C::Shared, members: &[C::Member], mut found: impl FnMut(Step<C>)) {
    let mut actions = Vec::new();
    for (who, me) in members.iter().enumerate() {
        actions.clear();
        crowd.actions(shared, me, &mut actions);
        let others = || members.iter().enumerate().filter(move |&(at, _)| at != who);
        for &action in &actions {
            if !others().all(|(_, other)| crowd.permits(action, me, other)) {
                continue;
            }
            let mut take = |whom: Option<usize>| {
                let (mut shared, mut members) = (shared.clone(), members.to_vec());
                let (mut mine, mut hit) = (members[who].clone(), whom.map(|whom| members[whom].clone()));
                let shown = crowd.step(action, &mut shared, &mut mine, hit.as_mut());
                members[who] = mine;
                if let (Some(whom), Some(hit)) = (whom, hit) {
                    members[whom] = hit;
                }
                found(Step { action, shared, members, who, whom, shown });
            };
            if crowd.aimed(action) {
                others()
                    .filter(|(_, other)| crowd.hits(action, me, other))
                    .for_each(|(at, _)| take(Some(at)));
            } else {
                take(None);
            }
        }
    }
}

/// All ascending lists of `size` members of `kinds`, as many of each as one likes.
fn choices<T: Clone>(kinds: &[T], size: usize) -> Vec<Vec<T>> {
    let mut all = vec![(Vec::new(), 0)];
    for _ in 0..size {
        all = all
            .into_iter()
            .flat_map(|(list, least): (Vec<T>, usize)| {
                (least..kinds.len()).map(move |at| {
                    let mut longer = list.clone();
                    longer.push(kinds[at].clone());
                    (longer, at)
                })
            })
            .collect();
    }
    all.into_iter().map(|(list, _)| list).collect()
}
