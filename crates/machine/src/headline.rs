//! The headline: which of several violations a verdict speaks of first.

use crate::{Property, VIOLATION, by_name};
use explore::PropertySet;
use lang::program::Program;

/// Violations from the gravest down.
pub const GRAVITY: [Property; 10] = [
    Property::ABitCorruption,
    Property::StaleAccess,
    Property::MachineCheck,
    Property::DeviceRead,
    Property::GarbageTlb,
    Property::GarbagePsc,
    Property::WalkOfFreed,
    Property::KernelBug,
    Property::Deadlock,
    Property::KernelWarning,
];

/// The violation that a headline is about: the gravest of those that the scenario speaks of by name, else the
/// gravest of all that were seen.
#[must_use]
pub fn headline(seen: PropertySet, program: &Program) -> Option<Property> {
    let spoken = |property: Property| {
        let mut named = program.expectations.iter().filter_map(|expectation| by_name(&expectation.property));
        named.any(|properties| properties != VIOLATION && properties.intersects(property.as_set()))
    };
    let shown = || GRAVITY.into_iter().filter(|property| property.as_set().intersects(seen));
    shown().find(|&property| spoken(property)).or_else(|| shown().next())
}

#[cfg(test)]
mod tests {
    use super::GRAVITY;
    use crate::{Property, VIOLATION};
    use explore::PropertySet;

    #[test]
    fn every_violation_has_its_rank() {
        let ranked = GRAVITY
            .into_iter()
            .fold(PropertySet::NONE, |properties, property| properties | property.as_set());
        let named = Property::ALL.into_iter().filter(|property| property.as_set().intersects(VIOLATION));
        assert_eq!(
            ranked,
            named.fold(PropertySet::NONE, |properties, property| properties | property.as_set())
        );
    }
}
