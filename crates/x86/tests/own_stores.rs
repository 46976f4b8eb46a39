//! What a walk sees of its own processor's store buffer, when it is asked to: H57.

use crate::support::*;
use x86::*;

fn seeing(own: u64) -> Circumstances {
    Circumstances { own: Some(own), wanted: false }
}

#[test]
fn h57_a_walk_that_sees_a_buffered_store_reads_it_and_not_memory() {
    let mut differs = 0;
    for level in WALK {
        let empty = {
            let mut world = World::new();
            world.write(level, Pte(0));
            world
        };
        for entry in entries(PAGE) {
            let from = reference(level, table(level));
            let mut stored = World::new();
            stored.write(level, entry);
            let (through, direct) = (empty.look_as(from, va(VA), seeing(entry.0)), stored.look(from));
            assert_eq!(through, direct, "{level:?} {entry:x?}");
            // Without it, memory decides.
            assert_eq!(empty.look(from).outcome, WalkOutcome::NotPresent);
            differs += usize::from(through.outcome != WalkOutcome::NotPresent);
        }
    }
    assert!(differs > 1000, "{differs}");
}

#[test]
fn h57_a_buffered_zero_hides_what_memory_still_says() {
    for level in WALK {
        let world = World::new();
        let from = reference(level, table(level));
        assert_ne!(world.look(from).outcome, WalkOutcome::NotPresent, "{level:?}");
        assert_eq!(world.look_as(from, va(VA), seeing(0)).outcome, WalkOutcome::NotPresent, "{level:?}");
    }
}
