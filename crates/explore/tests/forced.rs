//! What can be forced, in a system that is small enough to see it.

use explore::{Contested, Forced, Lost, Monotone, Opaque, PropertySet, Side, Sink, System};

/// A hare on a path from 0 to 5, and a fox. The hare steps forward, or into a burrow where there is one. At places 2 and later the
/// fox, if it has woken, may jump at a hare that is not in a burrow.
struct Meadow {
    burrows: &'static [u8],
    /// The hare can go round in a circle at this place.
    circle: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    at: u8,
    hidden: bool,
    awake: bool,
    round: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Forward,
    Hide,
    Circle,
    Wake,
    Jump,
}

const CAUGHT: u8 = 0;

impl System for Meadow {
    type State = State;
    type Action = Act;
    type Event = ();

    fn initial(&self) -> State {
        State { at: 0, hidden: false, awake: false, round: false }
    }

    fn enabled(&self, state: &State, out: &mut Vec<Act>) {
        if !state.hidden && state.at < 5 {
            out.push(Act::Forward);
            out.extend(self.burrows.contains(&state.at).then_some(Act::Hide));
            out.extend((self.circle == Some(state.at)).then_some(Act::Circle));
        }
        out.extend((!state.awake).then_some(Act::Wake));
        out.extend((state.awake && !state.hidden && state.at >= 2).then_some(Act::Jump));
    }

    fn step(&self, state: &mut State, act: Act, _: &mut impl Sink<()>) -> PropertySet {
        match act {
            Act::Forward => state.at += 1,
            Act::Hide => state.hidden = true,
            Act::Circle => state.round = !state.round,
            Act::Wake => state.awake = true,
            Act::Jump => return PropertySet::one(CAUGHT),
        }
        PropertySet::NONE
    }

    fn observe(&self, _: &State, _: &[Act]) -> PropertySet {
        PropertySet::NONE
    }

    fn ended(&self, _: &State, enabled: &[Act]) -> bool {
        enabled.is_empty()
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &State, out: &mut Vec<u8>) {
        out.extend([state.at, state.hidden.into(), state.awake.into(), state.round.into()]);
    }

    fn unpack(&self, bytes: &[u8]) -> State {
        State { at: bytes[0], hidden: bytes[1] == 1, awake: bytes[2] == 1, round: bytes[3] == 1 }
    }
}

impl Opaque for Meadow {}

impl Monotone for Meadow {
    fn gaining(&self, _: u32) -> bool {
        false
    }

    fn gains(&self, _: &State, _: Act) -> bool {
        false
    }

    fn steady(&self) -> PropertySet {
        PropertySet::NONE
    }
}

impl Contested for Meadow {
    fn side(&self, _: &State, act: Act) -> Side {
        match act {
            Act::Forward => Side::Defender(0),
            Act::Hide => Side::Defender(1),
            Act::Circle => Side::Defender(2),
            Act::Wake | Act::Jump => Side::Attacker,
        }
    }
}

const RUN: [Act; 5] = [Act::Forward, Act::Forward, Act::Wake, Act::Forward, Act::Jump];

fn lost(meadow: &Meadow, run: &[Act], most: u32) -> Option<Lost> {
    Some(Forced::new(meadow, run, PropertySet::one(CAUGHT), most)?.run_to_end())
}

#[test]
fn it_is_lost_where_no_choice_leads_out() {
    let meadow = |burrows| Meadow { burrows, circle: None };
    let from = |burrows| lost(&meadow(burrows), &RUN, 1_000);
    assert_eq!(from(&[]), Some(Lost { from: 0, settled: true }));
    assert_eq!(from(&[0]), Some(Lost { from: 1, settled: true }), "past the burrow");
    assert_eq!(from(&[0, 1]), Some(Lost { from: 2, settled: true }));
    // At place 2 the fox need only wake and jump: the burrow there is of no use.
    assert_eq!(from(&[2, 3]), Some(Lost { from: 0, settled: true }));
}

#[test]
fn whoever_can_go_round_for_ever_is_not_lost() {
    let meadow = Meadow { burrows: &[], circle: Some(1) };
    assert_eq!(lost(&meadow, &RUN, 1_000), Some(Lost { from: 2, settled: true }));
}

#[test]
fn a_bound_leaves_open_what_it_has_not_seen() {
    let meadow = Meadow { burrows: &[0], circle: None };
    assert_eq!(lost(&meadow, &RUN, 0), Some(Lost { from: 5, settled: false }));
    let few = (1..40).map(|most| lost(&meadow, &RUN, most).expect("it is caught"));
    for known in few {
        assert!(known.from >= 1 && (!known.settled || known.from == 1), "{known:?}");
    }
}

#[test]
fn only_a_run_that_shows_it_is_asked_about() {
    let meadow = Meadow { burrows: &[0], circle: None };
    assert_eq!(lost(&meadow, &RUN[..3], 1_000), None);
    assert_eq!(lost(&meadow, &[Act::Jump], 1_000), None, "it can't be made");
}
