//! What a search is asked, and when it may stop because no question is open any more.
//!
//! The search goes breadth first, so the first witness of a property is a shortest one. It settles "never" and
//! "sometimes"; the rest of the search would only count states. Small scenarios are still searched to their end.
//! That is cheap, and it also settles every property that was not asked for.

use crate::{Machine, named};
use explore::{Completeness, Exploration, Handle, PropertySet};
use lang::program::Program;

/// A search looks whether anything is still open after each such number of expanded states: so the moment depends
/// neither on threads nor on slices. It takes a fraction of a second.
pub(crate) const SPAN: u32 = 1 << 18;

/// After so many expanded states of the full search that of saturated states begins. A search that is over by then takes a
/// moment; from a larger one the reader hears what shows before all of it is settled ([`Check::early`](crate::Check::early)).
pub(crate) const LARGE: u32 = 1 << 16;

/// What a search is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// How many states there are: the search continues to its end, and visits every one of them.
    Count,
    /// Which properties show. Each of these sets is settled when one of its properties is seen. Where there is no set,
    /// every property is asked for.
    Whether(Vec<PropertySet>),
}

impl Asked {
    /// Everything that a scenario expects. A scenario that expects nothing asks for everything. A scenario with a
    /// condition on final states asks for every state, since all final states are wanted.
    #[must_use]
    pub fn by(program: &Program) -> Asked {
        if program.finale.is_some() {
            return Asked::Count;
        }
        let expected = program.expectations.iter();
        Asked::Whether(expected.filter_map(|expected| named(program, &expected.property)).collect())
    }

    /// Whether one of a set shows.
    #[must_use]
    pub fn whether(properties: PropertySet) -> Asked {
        Asked::Whether(vec![properties])
    }

    /// Whether what has been seen settles all of it.
    #[must_use]
    pub fn settled(&self, seen: PropertySet) -> bool {
        match self {
            Asked::Count => false,
            Asked::Whether(sets) => {
                !sets.is_empty() && sets.iter().all(|&properties| seen.intersects(properties))
            }
        }
    }

    /// Whether `seen` settles all of it, if nothing shows but `all`.
    pub(crate) fn settled_by(&self, seen: PropertySet, all: PropertySet) -> bool {
        match self {
            Asked::Count => false,
            Asked::Whether(sets) if sets.is_empty() => seen.contains(all),
            Asked::Whether(sets) => {
                sets.iter().all(|&properties| seen.intersects(properties) || !all.intersects(properties))
            }
        }
    }

    /// Whether a search that ran to its end, with `states` states and `seen` properties, would also have run to its end
    /// if this had been asked.
    #[must_use]
    pub fn goes_as_far(&self, states: u32, seen: PropertySet) -> bool {
        states <= SPAN || !self.settled(seen)
    }

    /// Expands up to `budget` states of a search, and stops it where all of this has been seen.
    pub(crate) fn run<M: Handle<System = Machine>>(
        &self,
        search: &mut impl Exploration<M>,
        budget: u32,
    ) -> Completeness {
        let mut left = budget;
        loop {
            let progress = search.progress();
            if left == 0 || progress.completeness != Completeness::Running {
                return progress.completeness;
            }
            let slice = left.min(SPAN - (progress.states - progress.frontier) % SPAN);
            left -= slice;
            search.run(slice);
            let progress = search.progress();
            let there = (progress.states - progress.frontier).is_multiple_of(SPAN);
            if there && progress.frontier > 0 && self.settled(progress.seen) {
                search.stop();
            }
        }
    }
}
