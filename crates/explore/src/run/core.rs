//! The steps of a schedule that are needed for what it shows: its irreducible core, found by replay.
//!
//! A shortest schedule has no detours. But most schedules are not shortest: a reader or a seed chose them, or they were
//! made for another machine. So steps are left out one by one, each together with all later steps that cannot be taken
//! without it, until no step can be left out any more. (Delta debugging calls such a schedule 1-minimal.) There may be
//! several; which one is found depends only on the schedule.

use crate::{PropertySet, System};

/// A schedule without its detours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Core<A> {
    /// The steps that are left, in their order.
    pub schedule: Vec<A>,
    /// Whether it is known that no step can be left out. Otherwise the budget ran out before.
    pub irreducible: bool,
}

/// Leaves out the steps of a schedule that are not needed for its last step to show all of `wanted`. At most `budget`
/// steps are taken for that. `None` if the schedule cannot be followed, or does not show all of it at its end.
#[must_use]
pub fn core<S: System>(
    system: &S,
    schedule: &[S::Action],
    wanted: PropertySet,
    budget: usize,
) -> Option<Core<S::Action>> {
    let mut left = budget;
    let mut kept = follow(system, system.initial(), schedule, wanted, &mut left)?;
    if kept.len() != schedule.len() {
        return None;
    }
    // From the end, because late steps are most often a detour. Leaving one out may allow earlier ones
    // to be left out.
    let mut at = kept.len();
    let mut unneeded = 0;
    while unneeded < kept.len() {
        at = if at == 0 { kept.len() - 1 } else { at - 1 };
        let mut state = system.initial();
        for &action in &kept[..at] {
            system.step(&mut state, action, &mut ());
        }
        left = left.saturating_sub(at);
        let shorter = follow(system, state, &kept[at + 1..], wanted, &mut left);
        if left == 0 {
            return Some(Core { schedule: kept, irreducible: false });
        }
        match shorter {
            Some(rest) => {
                kept.truncate(at);
                kept.extend(rest);
                unneeded = 0;
            }
            None => unneeded += 1,
        }
    }
    Some(Core { schedule: kept, irreducible: true })
}

/// Takes the actions that can be taken, one after the other, until a step shows all of `wanted`. Returns those taken.
fn follow<S: System>(
    system: &S,
    mut state: S::State,
    actions: &[S::Action],
    wanted: PropertySet,
    left: &mut usize,
) -> Option<Vec<S::Action>> {
    let mut enabled = Vec::new();
    system.enabled(&state, &mut enabled);
    let mut taken = Vec::new();
    for &action in actions {
        *left = left.checked_sub(1)?;
        if !enabled.contains(&action) {
            continue;
        }
        let mut shown = system.step(&mut state, action, &mut ());
        taken.push(action);
        enabled.clear();
        system.enabled(&state, &mut enabled);
        shown |= system.observe(&state, &enabled);
        if shown.0 & wanted.0 == wanted.0 {
            return Some(taken);
        }
    }
    None
}
