//! The headline: which of several violations a verdict speaks of first.

use crate::{Property, VIOLATION, by_name};
use explore::PropertySet;
use lang::program::Program;
use lang::property::PropertyKind;

/// Violations from the gravest down.
pub const GRAVITY: [Property; VIOLATION.0.count_ones() as usize] = by_gravity();

/// Each time the gravest that is less grave than the one before.
const fn by_gravity<const N: usize>() -> [Property; N] {
    let mut ranked = [Property::ALL[0]; N];
    let (mut place, mut above) = (0, u8::MAX);
    while place < N {
        let (mut at, mut gravest) = (0, 0);
        while at < Property::ALL.len() {
            if let PropertyKind::Violation { gravity, .. } = Property::ALL[at].row().kind
                && gravity < above
                && gravity > gravest
            {
                (gravest, ranked[place]) = (gravity, Property::ALL[at]);
            }
            at += 1;
        }
        assert!(gravest > 0, "two violations are of one gravity, or one has none");
        (place, above) = (place + 1, gravest);
    }
    ranked
}

/// The violation that a headline is about: the gravest of those that the scenario speaks of by name, else the
/// gravest of all that were seen.
///
/// A scenario that names a check of its own, as `kernel_bug`, does not choose by that: where hardware shows something graver,
/// that says what went wrong.
#[must_use]
pub fn headline(seen: PropertySet, program: &Program) -> Option<Property> {
    let spoken = |property: Property| {
        // An expectation about a label counts for its property.
        let names =
            program.expectations.iter().filter_map(|expectation| expectation.property.split(' ').next());
        let mut named = names.filter_map(by_name);
        named.any(|properties| properties != VIOLATION && properties.intersects(property.as_set()))
    };
    let own_check =
        |property: Property| matches!(property.row().kind, PropertyKind::Violation { own_check: true, .. });
    let shown = || GRAVITY.into_iter().filter(|property| property.as_set().intersects(seen));
    shown().find(|&property| spoken(property) && !own_check(property)).or_else(|| shown().next())
}
