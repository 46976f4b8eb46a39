//! The irreducible core of a schedule, on locks and a switch.

use explore::{PropertySet, Sink, System, core};

/// Three threads count up to three each; thread 1's second step needs one step of thread 0, and it shows something.
struct Threads;

const SHOWN: PropertySet = PropertySet(2);

impl System for Threads {
    type State = [u8; 3];
    type Action = u8;
    type Event = ();

    fn initial(&self) -> [u8; 3] {
        [0; 3]
    }

    fn enabled(&self, state: &[u8; 3], out: &mut Vec<u8>) {
        let ready = |&thread: &u8| match thread {
            1 if state[1] == 1 => state[0] > 0,
            _ => state[thread as usize] < 3,
        };
        out.extend((0..3).filter(ready));
    }

    fn step(&self, state: &mut [u8; 3], thread: u8, _: &mut impl Sink<()>) -> PropertySet {
        state[thread as usize] += 1;
        if thread == 1 && state[1] == 2 { SHOWN } else { PropertySet::NONE }
    }

    fn observe(&self, state: &[u8; 3], _: &[u8]) -> PropertySet {
        if state[2] == 3 { PropertySet::one(0) } else { PropertySet::NONE }
    }

    fn ended(&self, _: &[u8; 3], enabled: &[u8]) -> bool {
        enabled.is_empty()
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &[u8; 3], out: &mut Vec<u8>) {
        out.extend(state);
    }

    fn unpack(&self, bytes: &[u8]) -> [u8; 3] {
        [bytes[0], bytes[1], bytes[2]]
    }
}

const PLENTY: usize = 10_000;

#[test]
fn detours_are_left_out_and_causes_are_kept() {
    let found = core(&Threads, &[2, 0, 2, 1, 0, 0, 1], SHOWN, PLENTY).expect("it shows it");
    assert_eq!((found.schedule.as_slice(), found.irreducible), (&[0, 1, 1][..], true));
    let again = core(&Threads, &found.schedule, SHOWN, PLENTY).expect("it still shows it");
    assert_eq!(again, found, "there is nothing more to leave out");
}

#[test]
fn without_any_of_its_steps_it_shows_no_longer() {
    for wanted in [SHOWN, PropertySet::one(0), PropertySet(SHOWN.0 | 1)] {
        let schedule = [0, 2, 0, 2, 1, 2, 1];
        let Some(found) = core(&Threads, &schedule, wanted, PLENTY) else {
            assert_eq!(
                wanted,
                PropertySet::one(0),
                "a schedule that shows it earlier than at its end is not one for it"
            );
            continue;
        };
        for leave in 0..found.schedule.len() {
            let mut shorter = found.schedule.clone();
            shorter.remove(leave);
            assert_eq!(core(&Threads, &shorter, wanted, PLENTY), None, "{wanted:?} without step {leave}");
        }
    }
}

#[test]
fn what_shows_nothing_or_can_not_be_followed_has_no_core() {
    assert_eq!(core(&Threads, &[0, 1], SHOWN, PLENTY), None);
    assert_eq!(core(&Threads, &[1, 1, 0], SHOWN, PLENTY), None, "thread 1 has to wait");
    assert_eq!(core(&Threads, &[], SHOWN, PLENTY), None);
}

#[test]
fn who_runs_out_of_steps_says_so() {
    let schedule = [2, 0, 2, 1, 0, 0, 1];
    let found = core(&Threads, &schedule, SHOWN, 12).expect("it shows it");
    assert!(!found.irreducible && found.schedule.len() <= schedule.len());
    assert_eq!(core(&Threads, &found.schedule, SHOWN, PLENTY).map(|core| core.irreducible), Some(true));
}
