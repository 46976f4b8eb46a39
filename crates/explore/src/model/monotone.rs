//! Monotone systems: which steps only add possibilities, so that a state with more can do whatever one with fewer can.

use super::{Factored, PropertySet};

/// A system with steps that never make another step impossible. Think of things that may be collected at any time:
/// entries in a cache, rumours that have been heard. A state with more of them can do whatever the same state with
/// fewer can. So nothing is lost if all of them are collected at once, and a search may look at *saturated* states
/// alone: those in which nothing is left to collect. Write `s <= t` if the states differ only in what has been
/// collected, and `t` has at least what `s` has. The promises are, for all `s <= t`:
/// 1. A gain leads upwards: if an action is a gain in `s` ([`gains`](Monotone::gains)) and leads to `s'`, then `s <=
///    s'`, and `s'` is not `s`.
/// 2. Whatever can be done in `s` can be done in `t`, perhaps under another name: it shows at least the same properties
///    there, and leads to a state that is above the one that it leads to from `s`. Only a gain may be missing in `t`, if
///    `t` has collected the same before.
/// 3. [`System::observe`](super::System::observe) and [`System::ended`](super::System::ended) say at least as much of `t` as of
///    `s`.
/// 4. There is no endless ascent: from each state only finitely many gains can follow one another.
/// 5. Of the properties in [`steady`](Monotone::steady), a step shows the same in `s` and in `t`.
///
/// Then the properties that show in some state are exactly those that show on the way from saturated state to saturated
/// state. (If `s` can do `a`, then so can the saturated state above `s`; what `a` leads to is below what it leads to
/// there; and by induction everything that is reachable lies below a saturated state that is.)
///
/// A test should compare what both searches find.
pub trait Monotone: Factored {
    /// Whether any action of a group can ever be a gain.
    fn gaining(&self, group: u32) -> bool;

    /// Whether an enabled action of such a group is a gain in this state. It may depend on nothing outside the group's
    /// footprint.
    fn gains(&self, state: &Self::State, action: Self::Action) -> bool;

    /// The properties that a step shows independently of what has been collected. A search that avoids others
    /// ([`Limits::avoid`](crate::Limits::avoid)) is not saturated: a state that has collected more may be able to do
    /// less without showing them.
    fn steady(&self) -> PropertySet;
}
