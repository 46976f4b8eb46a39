//! Which of several violations a verdict is about.

use crate::{Property, VIOLATION, by_name};
use explore::Marks;
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
pub fn headline(seen: Marks, program: &Program) -> Option<Property> {
    let spoken = |property: Property| {
        let mut named = program.expectations.iter().filter_map(|expectation| by_name(&expectation.property));
        named.any(|marks| marks != VIOLATION && marks.meets(property.mark()))
    };
    let shown = || GRAVITY.into_iter().filter(|property| property.mark().meets(seen));
    shown().find(|&property| spoken(property)).or_else(|| shown().next())
}

#[cfg(test)]
mod tests {
    use super::GRAVITY;
    use crate::{Property, VIOLATION};
    use explore::Marks;

    #[test]
    fn every_violation_has_its_rank() {
        let ranked = GRAVITY.into_iter().fold(Marks::NONE, |marks, property| marks | property.mark());
        let named = Property::ALL.into_iter().filter(|property| property.mark().meets(VIOLATION));
        assert_eq!(ranked, named.fold(Marks::NONE, |marks, property| marks | property.mark()));
    }
}
