//! The corpus, and some inputs made of it, with a fixed seed: the same ones on every machine.

use fuzz::{TARGETS, run};

/// One after the other: the bound on memory is the program's.
#[test]
fn every_door_stays_sound() {
    for target in &TARGETS {
        let reached = run(target, target.short, 1);
        // If nearly all inputs are refused before they reach the code under test, nothing is tested.
        assert!(reached * 40 > target.short, "{}: {reached} of {} inputs got in", target.name, target.short);
    }
}
