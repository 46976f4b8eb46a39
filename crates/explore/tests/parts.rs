//! A system that says what its steps depend on, against the same one that does not.
//!
//! A flight of stairs: 40 steps, none higher than the one before it, each at most three high; any of them may be
//! raised. There are C(43, 3) = 12,341 flights. Two bits for each step are more than a key has, so numbers must be
//! joined.

use explore::{
    Asymmetric, Completeness, Factored, Limits, Progress, PropertySet, Rounds, Search, Sink, Space,
    Successors, System, Witness, Worker,
};
use std::collections::BTreeSet;

const STEPS: usize = 40;
const HEIGHT: u8 = 3;

/// What shows: a step has been raised to the top behind one that is as high, all are, two thirds are up.
const LEVEL: u8 = 0;
const ALL: u8 = 1;
const MOST: u8 = 2;

/// With parts or without.
struct Stairs<const PARTS: bool>;

impl<const PARTS: bool> System for Stairs<PARTS> {
    type State = [u8; STEPS];
    type Action = u8;
    type Event = ();

    fn initial(&self) -> [u8; STEPS] {
        [0; STEPS]
    }

    fn enabled(&self, state: &[u8; STEPS], out: &mut Vec<u8>) {
        if !self.halts(state) {
            (0..STEPS as u8).for_each(|step| self.raise(state, step, out));
        }
    }

    fn step(&self, state: &mut [u8; STEPS], step: u8, _: &mut impl Sink<()>) -> PropertySet {
        let at = usize::from(step);
        state[at] += 1;
        let level = at % 7 == 3 && state[at] == HEIGHT && state[at - 1] == HEIGHT;
        if level { PropertySet::one(LEVEL) } else { PropertySet::NONE }
    }

    fn observe(&self, state: &[u8; STEPS], enabled: &[u8]) -> PropertySet {
        let most = if enabled.is_empty() && state[STEPS - 1] == HEIGHT - 1 { 1 << MOST } else { 0 };
        let all = if state.iter().all(|&height| height == HEIGHT) { 1 << ALL } else { 0 };
        PropertySet(most | all)
    }

    fn ended(&self, _: &[u8; STEPS], enabled: &[u8]) -> bool {
        enabled.is_empty()
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &[u8; STEPS], out: &mut Vec<u8>) {
        out.extend(state);
    }

    fn unpack(&self, bytes: &[u8]) -> [u8; STEPS] {
        let mut state = [0; STEPS];
        state.copy_from_slice(bytes);
        state
    }
}

impl<const PARTS: bool> Factored for Stairs<PARTS> {
    fn parts(&self) -> u32 {
        if PARTS { STEPS as u32 } else { 1 }
    }

    fn pack_part(&self, state: &[u8; STEPS], part: u32, out: &mut Vec<u8>) {
        if PARTS { out.push(state[part as usize]) } else { self.pack(state, out) }
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut [u8; STEPS]) {
        if PARTS { state[part as usize] = bytes[0] } else { *state = self.unpack(bytes) }
    }

    fn copy_part(&self, from: &[u8; STEPS], part: u32, to: &mut [u8; STEPS]) {
        if PARTS { to[part as usize] = from[part as usize] } else { *to = *from }
    }

    fn groups(&self) -> u32 {
        if PARTS { STEPS as u32 } else { 1 }
    }

    fn control(&self, group: u32) -> u32 {
        if PARTS { group } else { 0 }
    }

    fn footprint(&self, state: &[u8; STEPS], group: u32, _: &mut Vec<u8>) -> Option<u64> {
        if !PARTS {
            return Some(1);
        }
        (state[group as usize] < HEIGHT).then(|| 3u64.checked_shl(group).unwrap_or(0) >> 1 | 1 << group)
    }

    fn enabled_in(&self, state: &[u8; STEPS], group: u32, out: &mut Vec<u8>) {
        if PARTS { self.raise(state, group as u8, out) } else { self.enabled(state, out) }
    }

    /// The last step stops everything once it is two high.
    fn halting_part(&self) -> Option<u32> {
        PARTS.then_some(STEPS as u32 - 1)
    }

    fn halts(&self, state: &[u8; STEPS]) -> bool {
        state[STEPS - 1] == HEIGHT - 1
    }

    fn optional(&self, _: u8) -> bool {
        true
    }

    fn quiescent_reads(&self) -> u64 {
        if PARTS { (1 << STEPS) - 1 } else { 1 }
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

impl<const PARTS: bool> Asymmetric for Stairs<PARTS> {}

impl<const PARTS: bool> Stairs<PARTS> {
    fn raise(&self, state: &[u8; STEPS], step: u8, out: &mut Vec<u8>) {
        let at = usize::from(step);
        let limit = if at == 0 { HEIGHT } else { state[at - 1] };
        out.extend((state[at] < limit).then_some(step));
    }
}

fn search<const PARTS: bool>(threads: u8) -> (Progress, bool, Vec<Option<Witness<u8>>>) {
    let mut search = Search::new(&Stairs::<PARTS>, Limits { threads, ..Limits::default() });
    assert_eq!(search.run_to_end(), Completeness::Complete);
    let witnesses = (0..3).map(|property| search.witness(property)).collect();
    (Progress { bytes: 0, ..search.progress() }, search.ended(), witnesses)
}

#[test]
fn what_is_remembered_and_joined_makes_no_difference() {
    let plain = search::<false>(1);
    // A last step of height 2 ends it. States whose last step is lower are raised, and the others are reached.
    assert!(plain.0.states > 10_000, "{} states", plain.0.states);
    assert!(plain.1);
    assert_eq!(plain.2.iter().flatten().count(), 2, "the top is never reached by all");
    for threads in [1, 2, 3] {
        assert_eq!(search::<true>(threads), plain, "{threads} threads");
    }
}

#[test]
fn states_and_keys_can_be_had_from_each_other_wherever_they_move() {
    let mut space = Space::new(&Stairs::<true>);
    let mut worker = Worker::new(&space);
    let (mut known, mut todo) = (BTreeSet::from([space.initial()]), vec![space.initial()]);
    let mut moves = 0;
    while let Some(key) = todo.pop() {
        let mut successors = Successors::default();
        if worker.expand(&space, key, &mut successors).is_err() {
            todo.push(key);
            let before: Vec<_> = known.iter().map(|&key| (key, space.state(key))).collect();
            let moved = space.grow(known.iter().copied());
            worker.follow(&space, &moved);
            known = known.into_iter().map(|key| space.moved(&moved, key)).collect();
            todo.iter_mut().for_each(|key| *key = space.moved(&moved, *key));
            for (key, state) in before {
                let key = space.moved(&moved, key);
                assert!(known.contains(&key) && space.state(key) == state);
                assert_eq!(space.key(&state), Some(key));
            }
            moves += 1;
            continue;
        }
        let new = successors.iter().map(|successor| successor.key).filter(|&key| known.insert(key));
        todo.extend(new);
    }
    assert!(moves > 2, "keys moved {moves} times");
    assert_eq!(known.len(), 12_341 - 1, "all but the one after the end");
    assert_eq!(space.key(&[9; STEPS]), None, "no such height");
}
