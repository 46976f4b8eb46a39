//! Executions that show what a search has found.
//!
//! For each state a search keeps only the position of the action that led to it. So a witness is made by taking these
//! actions again. Where the states are saturated, gains follow each of them, in the order in which a worker takes them.

use super::Search;
use crate::cache::Saturation;
use crate::model::{Action, State};
use crate::{Factored, Handle, PropertySet, Symmetric, System};

/// An execution that shows a property, or that ends without some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness<A> {
    /// The actions, from the initial state; the property shows in the last one or in the state it leads to.
    pub schedule: Vec<A>,
}

impl<H: Handle<System: Symmetric>> Search<H> {
    /// A schedule that shows a property, if one has been found: a shortest one, unless the states are saturated.
    #[must_use]
    pub fn witness(&self, property: u8) -> Option<Witness<Action<H>>> {
        let seen = (*self.seen.get(property as usize)?)?;
        let mut places = self.log.path(seen.state);
        places.extend(seen.action);
        let wanted = |shown: PropertySet| shown.intersects(PropertySet::one(property));
        schedule(self.space.system(), self.saturation, &places, wanted)
    }

    /// A complete execution that shows nothing of `limits.avoid`, if one has been found: a shortest one, unless the states
    /// are saturated.
    #[must_use]
    pub fn ending(&self) -> Option<Witness<Action<H>>> {
        schedule(self.space.system(), self.saturation, &self.log.path(self.ended?), |_| false)
    }
}

/// The actions that stand at these places of `enabled`, from the initial state, with the gains in between if the states are
/// saturated. After the last place, no more gains are taken than are wanted.
pub(super) fn schedule<H: Handle<System: Symmetric>>(
    system: &H::System,
    saturation: Option<Saturation<H>>,
    places: &[u16],
    wanted: impl Fn(PropertySet) -> bool,
) -> Option<Witness<Action<H>>> {
    let mut state = system.initial();
    let mut enabled = Vec::new();
    let mut schedule = Vec::with_capacity(places.len());
    let wanted_at_once = |shown| places.is_empty() && wanted(shown);
    let mut over = gain::<H>(system, saturation, &mut state, &mut schedule, wanted_at_once);
    for (left, &place) in (0..places.len()).rev().zip(places) {
        if over {
            break;
        }
        enabled.clear();
        system.enabled(&state, &mut enabled);
        let action = *enabled.get(usize::from(place))?;
        let shown = system.step(&mut state, action, &mut ());
        schedule.push(action);
        let wanted = |shown| left == 0 && wanted(shown);
        over = wanted(shown) || gain::<H>(system, saturation, &mut state, &mut schedule, wanted);
    }
    Some(Witness { schedule })
}

/// Takes the gains of a state, if the states are saturated, up to the first that shows what is wanted; whether there was
/// one.
fn gain<H: Handle<System: Symmetric>>(
    system: &H::System,
    saturation: Option<Saturation<H>>,
    state: &mut State<H>,
    schedule: &mut Vec<Action<H>>,
    wanted: impl Fn(PropertySet) -> bool,
) -> bool {
    let Some(saturation) = saturation else { return false };
    let mut enabled = Vec::new();
    // In the order in which a worker takes them: group by group, as long as there are any.
    let mut taken = true;
    while taken && !system.halts(state) {
        taken = false;
        for group in (0..system.groups()).filter(|&group| saturation.gaining(system, group)) {
            loop {
                enabled.clear();
                system.enabled_in(state, group, &mut enabled);
                let Some((action, shown)) = saturation.take_one(system, state, &enabled) else { break };
                schedule.push(action);
                taken = true;
                if wanted(shown) {
                    return true;
                }
            }
        }
    }
    false
}
