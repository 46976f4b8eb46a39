//! The corpus, and some inputs made of it, with a fixed seed: the same ones on every machine.

use fuzz::{TARGETS, run};

/// One after the other: the bound on memory is the program's.
#[test]
fn every_door_stays_sound() {
    for target in &TARGETS {
        run(target, target.short, 1);
    }
}
