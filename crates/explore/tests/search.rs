//! The search on a system small enough to be counted by hand: a token on a grid.
//!
//! From (0, 0) the token moves right or down; a grid of `side` x `side` has `side * side` states, the far corner
//! lies `2 * (side - 1)` steps away, and each inner state is reached in two ways.

use explore::{
    Bound, Completeness, Distances, Limits, Opaque, PropertySet, Search, Seeded, Sink, System, Trace,
};

struct Grid {
    side: u8,
}

const CORNER: u8 = 0;
const DIAGONAL: u8 = 1;

impl System for Grid {
    type State = (u8, u8);
    type Action = bool;
    type Event = (u8, u8);

    fn initial(&self) -> (u8, u8) {
        (0, 0)
    }

    fn enabled(&self, &(x, y): &(u8, u8), out: &mut Vec<bool>) {
        out.extend((y + 1 < self.side).then_some(false));
        out.extend((x + 1 < self.side).then_some(true));
    }

    fn step(&self, state: &mut (u8, u8), right: bool, sink: &mut impl Sink<(u8, u8)>) -> PropertySet {
        if right {
            state.0 += 1
        } else {
            state.1 += 1
        }
        let now = *state;
        sink.event(|| now);
        if now.0 == now.1 { PropertySet::one(DIAGONAL) } else { PropertySet::NONE }
    }

    fn observe(&self, _: &(u8, u8), enabled: &[bool]) -> PropertySet {
        if enabled.is_empty() { PropertySet::one(CORNER) } else { PropertySet::NONE }
    }

    fn ended(&self, _: &(u8, u8), enabled: &[bool]) -> bool {
        enabled.is_empty()
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &(u8, u8), out: &mut Vec<u8>) {
        out.extend([state.0, state.1]);
    }

    fn unpack(&self, bytes: &[u8]) -> (u8, u8) {
        (bytes[0], bytes[1])
    }
}

impl Opaque for Grid {}

#[test]
fn it_finds_every_state_once_and_the_first_witness_in_order() {
    let grid = Grid { side: 10 };
    let mut search = Search::new(&grid, Limits::default());
    assert_eq!(search.run_to_end(), Completeness::Complete);
    let progress = search.progress();
    assert_eq!((progress.states, progress.transitions, progress.depth), (100, 180, 18));
    assert_eq!(progress.frontier, 0);
    assert_eq!(progress.seen, PropertySet::one(CORNER) | PropertySet::one(DIAGONAL));
    assert_eq!(search.ending().map(|way| way.schedule.len()), Some(18), "the corner, where nothing goes on");
    // Down comes before right: the first shortest way to the diagonal is down, then right.
    assert_eq!(search.witness(DIAGONAL).map(|w| w.schedule), Some(vec![false, true]));
    let corner = search.witness(CORNER).map(|w| w.schedule).unwrap_or_default();
    assert_eq!(corner, [[false; 9], [true; 9]].concat());
    assert_eq!(search.witness(7), None);
    assert_eq!(search.witness(200), None);
}

#[test]
fn slices_of_any_size_come_to_the_same() {
    let grid = Grid { side: 9 };
    let mut whole = Search::new(&grid, Limits::default());
    whole.run_to_end();
    for budget in [1, 2, 7, 1000] {
        let mut sliced = Search::new(&grid, Limits::default());
        let mut slices = 0;
        while sliced.run(budget) == Completeness::Running {
            slices += 1;
            assert!(slices < 1_000, "it comes to an end");
        }
        assert_eq!(sliced.progress(), whole.progress(), "budget {budget}");
        assert_eq!(sliced.witness(CORNER), whole.witness(CORNER));
    }
}

#[test]
fn distances_are_those_that_a_search_from_each_state_would_find() {
    let grid = Grid { side: 12 };
    let to_corner = Distances::new(&grid, PropertySet::one(CORNER), Limits::default()).unwrap();
    let to_diagonal = Distances::new(&grid, PropertySet::one(DIAGONAL), Limits::default()).unwrap();
    for x in 0..12u8 {
        for y in 0..12u8 {
            assert_eq!(to_corner.of(&(x, y)), Some(u32::from(22 - x - y)));
            // The step that ends on the diagonal shows it, the state does not: on it, two more are needed.
            let away = if x == y { 2 } else { u32::from(x.abs_diff(y)) };
            let expected = ((x, y) != (11, 11)).then_some(away);
            assert_eq!(to_diagonal.of(&(x, y)), expected, "({x}, {y})");
        }
    }
    assert_eq!(to_corner.of(&(40, 40)), None, "no state of this grid");
    let none = Distances::new(&grid, PropertySet::one(7), Limits::default()).unwrap();
    assert_eq!(none.of(&(0, 0)), None, "nothing shows that");
    assert!(
        Distances::new(&grid, PropertySet::one(CORNER), Limits { states: 50, ..Limits::default() }).is_none()
    );
}

/// A token in a cube: wide enough for levels that several threads share.
struct Cube;

const SIDE: u8 = 78;

impl System for Cube {
    type State = [u8; 3];
    type Action = u8;
    type Event = ();

    fn initial(&self) -> [u8; 3] {
        [0; 3]
    }

    fn enabled(&self, state: &[u8; 3], out: &mut Vec<u8>) {
        out.extend((0..3).filter(|&axis| state[axis as usize] + 1 < SIDE));
    }

    fn step(&self, state: &mut [u8; 3], axis: u8, _: &mut impl Sink<()>) -> PropertySet {
        state[axis as usize] += 1;
        // Many states show it at the same depth, in a level that is wide enough for a round: which one is first?
        let sum: u32 = state.iter().map(|&n| u32::from(n)).sum();
        if sum == 115 && state[1] > 13 && state[1] % 7 == axis {
            PropertySet::one(axis)
        } else {
            PropertySet::NONE
        }
    }

    fn observe(&self, state: &[u8; 3], _: &[u8]) -> PropertySet {
        if *state == [35, 40, 41] { PropertySet::one(9) } else { PropertySet::NONE }
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

impl Opaque for Cube {}

#[test]
fn any_number_of_threads_finds_the_same() {
    let found = |threads: u8, budget: u32| {
        let mut search = Search::new(&Cube, Limits { threads, ..Limits::default() });
        while search.run(budget) == Completeness::Running {}
        let progress = search.progress();
        let figures = (progress.states, progress.transitions, progress.depth, progress.seen, search.ending());
        (figures, (0..10).map(|property| search.witness(property)).collect::<Vec<_>>())
    };
    let one = found(1, u32::MAX);
    assert_eq!(one.0.0, u32::from(SIDE).pow(3));
    assert_eq!(one.1.iter().flatten().count(), 4, "three axes and a place");
    for (threads, budget) in [(2, u32::MAX), (3, u32::MAX), (2, 1_500)] {
        assert_eq!(found(threads, budget), one, "{threads} threads, {budget} states at a time");
    }
}

#[test]
fn a_bound_is_named_and_what_was_found_is_kept() {
    let grid = Grid { side: 100 };
    let mut search = Search::new(&grid, Limits { states: 50, ..Limits::default() });
    assert_eq!(search.run_to_end(), Completeness::Bounded(Bound::States));
    assert!(search.progress().states >= 50 && search.progress().states < 60);
    assert!(search.progress().frontier > 0, "something was left");
    assert_eq!(search.witness(DIAGONAL).map(|w| w.schedule.len()), Some(2));
    assert_eq!(search.witness(CORNER), None);
    let mut search = Search::new(&grid, Limits { bytes: 10_000, ..Limits::default() });
    assert_eq!(search.run_to_end(), Completeness::Bounded(Bound::Bytes));
    assert!(search.progress().states < 10_000);
}

#[test]
fn it_stops_at_what_it_was_asked_for() {
    let grid = Grid { side: 50 };
    let mut search = Search::new(&grid, Limits { stop_at: PropertySet::one(DIAGONAL), ..Limits::default() });
    assert_eq!(search.run_to_end(), Completeness::Bounded(Bound::Found));
    assert_eq!(search.witness(DIAGONAL).map(|w| w.schedule.len()), Some(2));
    assert!(search.progress().states < 10);
}

#[test]
fn what_is_avoided_is_not_followed() {
    // Without the diagonal the token can't leave its side of the diagonal, and the corner lies on the diagonal.
    let grid = Grid { side: 10 };
    let mut search = Search::new(&grid, Limits { avoid: PropertySet::one(DIAGONAL), ..Limits::default() });
    assert_eq!(search.run_to_end(), Completeness::Complete);
    assert_eq!(search.progress().states, 100 - 9, "all but the diagonal behind the start");
    assert_eq!(search.ending(), None);
    assert_eq!(search.witness(DIAGONAL).map(|w| w.schedule), Some(vec![false, true]), "it is still seen");
}

#[test]
fn traces_seek_fork_and_replay() {
    let grid = Grid { side: 60 };
    let mut trace = Trace::new(&grid);
    assert_eq!(trace.run(&grid, &mut Seeded::new(1), 70), 70);
    for moment in 0..=70 {
        let state = trace.state(&grid, moment);
        assert_eq!(usize::from(state.0 + state.1), moment);
        if moment > 0 {
            assert_eq!(trace.steps()[moment - 1].events, [state]);
        }
    }
    let mut fork = trace.fork(&grid, 33);
    assert_eq!(fork.schedule(), trace.schedule()[..33]);
    fork.push(&grid, false);
    assert_eq!((fork.len(), trace.len()), (34, 70), "the old one stays");
    let (again, diverged) = Trace::replay(&grid, &trace.schedule());
    assert_eq!((again.steps(), diverged), (trace.steps(), None));
    // Sixty steps down are one more than fit.
    let (short, diverged) = Trace::replay(&grid, &[false; 60]);
    assert_eq!((short.len(), diverged.map(|d| d.at)), (59, Some(59)));
}

#[test]
fn a_seed_gives_the_same_numbers_everywhere() {
    let mut seeded = Seeded::new(0);
    // The reference values of SplitMix64 for seed 0.
    let numbers = [seeded.number(), seeded.number(), seeded.number()];
    assert_eq!(numbers, [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]);
}
