//! Which of several violations a verdict speaks of first.

use crate::support::*;

/// The headline where a scenario expects `expected` and a search has seen `seen`.
fn of(expected: &str, seen: &[Property]) -> Option<Property> {
    let machine = machine("", &format!("machine {{ cpus 1; }} mm A {{ }} cpu 0 {{ smp_mb(); }} {expected}"));
    let seen = seen.iter().fold(PropertySet::NONE, |all, property| all | property.as_set());
    headline(seen, machine.program())
}

const SEEN: [Property; 3] = [Property::WalkOfFreed, Property::ForeignAccess, Property::KernelBug];

#[test]
fn the_gravest_that_a_scenario_names_comes_first() {
    assert_eq!(of("", &SEEN), Some(Property::ForeignAccess));
    assert_eq!(of("expect sometimes violation;", &SEEN), Some(Property::ForeignAccess));
    assert_eq!(of("expect sometimes walk_of_freed;", &SEEN), Some(Property::WalkOfFreed));
    assert_eq!(of("expect sometimes machine_check;", &SEEN), Some(Property::ForeignAccess));
    assert_eq!(of("expect never violation;", &[]), None);
}

/// A BUG_ON says that something has gone wrong. What the hardware did says what.
#[test]
fn a_check_of_the_texts_gives_way_to_what_hardware_shows() {
    for own in ["kernel_bug", "kernel_warning", "invariant"] {
        let expected = format!("expect sometimes {own};");
        assert_eq!(of(&expected, &SEEN), Some(Property::ForeignAccess), "{own}");
    }
    let both = "expect sometimes kernel_bug; expect sometimes walk_of_freed;";
    assert_eq!(of(both, &SEEN), Some(Property::WalkOfFreed));
    // Where nothing graver shows, the check is all that there is to say.
    assert_eq!(of("expect never kernel_bug;", &SEEN[2..]), Some(Property::KernelBug));
    let checks = [Property::KernelWarning, Property::Invariant];
    assert_eq!(of("expect never kernel_warning;", &checks), Some(Property::Invariant));
}
