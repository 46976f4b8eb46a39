//! What a check needs of a search, wherever the states lie: in one process ([`Search`]) or in several
//! ([`Apart`](super::Apart)).

use super::{Completeness, Limits, Progress, Search, Witness};
use crate::model::{Action, State};
use crate::{Commuting, Handle, Monotone, Passed, Symmetric};
use std::collections::BTreeSet;

/// A search as those see it who ask what shows. What each method says is with [`Search`].
pub trait Exploration<H: Handle>: Sized {
    /// Whatever else it takes to begin one.
    type Means: Clone;

    /// A search that has seen only the initial state: a full one, or a [reduced](Search::reduced) one.
    fn begin(means: &Self::Means, system: H, limits: Limits, reduced: bool) -> Self;

    /// [`Search::run`].
    fn run(&mut self, budget: u32) -> Completeness;

    /// [`Search::stop`].
    fn stop(&mut self);

    /// [`Search::progress`].
    fn progress(&self) -> Progress;

    /// [`Search::estimate`].
    fn estimate(&self) -> Option<u64>;

    /// [`Search::ended`].
    fn ended(&self) -> bool;

    /// [`Search::witness`].
    fn witness(&self, property: u8) -> Option<Witness<Action<H>>>;

    /// [`Search::ending`].
    fn ending(&self) -> Option<Witness<Action<H>>>;

    /// [`Search::passed`].
    fn passed(&self) -> Passed;

    /// [`Search::any_value`].
    fn any_value(&self, part: u32, is: impl FnMut(&[u8]) -> bool) -> bool;

    /// What `of` makes of the states found so far ([`Search::states`]), each thing once. If the states lie in several processes,
    /// all of them have to ask.
    fn gather(&self, of: impl Fn(&State<H>) -> Option<Vec<u64>>) -> BTreeSet<Vec<u64>>;
}

impl<H: Handle<System: Symmetric + Monotone + Commuting>> Exploration<H> for Search<H> {
    type Means = ();

    fn begin((): &(), system: H, limits: Limits, reduced: bool) -> Search<H> {
        if reduced { Search::reduced(system, limits) } else { Search::new(system, limits) }
    }

    fn run(&mut self, budget: u32) -> Completeness {
        Search::run(self, budget)
    }

    fn stop(&mut self) {
        Search::stop(self);
    }

    fn progress(&self) -> Progress {
        Search::progress(self)
    }

    fn estimate(&self) -> Option<u64> {
        Search::estimate(self)
    }

    fn ended(&self) -> bool {
        Search::ended(self)
    }

    fn witness(&self, property: u8) -> Option<Witness<Action<H>>> {
        Search::witness(self, property)
    }

    fn ending(&self) -> Option<Witness<Action<H>>> {
        Search::ending(self)
    }

    fn passed(&self) -> Passed {
        Search::passed(self)
    }

    fn any_value(&self, part: u32, is: impl FnMut(&[u8]) -> bool) -> bool {
        Search::any_value(self, part, is)
    }

    fn gather(&self, of: impl Fn(&State<H>) -> Option<Vec<u64>>) -> BTreeSet<Vec<u64>> {
        let mut all = BTreeSet::new();
        all.extend(self.states().filter_map(|state| of(&state)));
        all
    }
}
