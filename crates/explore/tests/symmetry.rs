//! A system whose members may change names: counted once for all names, with the same lengths, on any number of
//! threads.
//!
//! Four counters, each raised to the top; of those of equal height it makes no difference which is which. There are
//! SIDE^4 states, and C(SIDE + 3, 4) if names don't count.

use explore::{
    Completeness, Factored, Limits, Progress, PropertySet, Rounds, Search, Sink, Symmetric, System, Witness,
};

const SIDE: u8 = 40;
const COUNTERS: usize = 4;
const ORDERS: [[usize; COUNTERS]; 5] = [[1, 0, 2, 3], [0, 2, 1, 3], [2, 0, 1, 3], [1, 2, 0, 3], [2, 1, 0, 3]];

/// Only the first three change names.
struct Counters;

impl System for Counters {
    type State = [u8; COUNTERS];
    type Action = u8;
    type Event = ();

    fn initial(&self) -> [u8; COUNTERS] {
        [0; COUNTERS]
    }

    fn enabled(&self, state: &[u8; COUNTERS], out: &mut Vec<u8>) {
        (0..COUNTERS as u32).for_each(|group| self.enabled_in(state, group, out));
    }

    fn step(&self, state: &mut [u8; COUNTERS], counter: u8, _: &mut impl Sink<()>) -> PropertySet {
        state[counter as usize] += 1;
        if counter < 3 && state[counter as usize] == 20 { PropertySet::one(0) } else { PropertySet::NONE }
    }

    fn observe(&self, state: &[u8; COUNTERS], enabled: &[u8]) -> PropertySet {
        if enabled.is_empty() && state[3] == SIDE - 1 { PropertySet::one(1) } else { PropertySet::NONE }
    }

    fn ended(&self, _: &[u8; COUNTERS], enabled: &[u8]) -> bool {
        enabled.is_empty()
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &[u8; COUNTERS], out: &mut Vec<u8>) {
        out.extend(state);
    }

    fn unpack(&self, bytes: &[u8]) -> [u8; COUNTERS] {
        [bytes[0], bytes[1], bytes[2], bytes[3]]
    }
}

impl Factored for Counters {
    fn parts(&self) -> u32 {
        COUNTERS as u32
    }

    fn pack_part(&self, state: &[u8; COUNTERS], part: u32, out: &mut Vec<u8>) {
        out.push(state[part as usize]);
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut [u8; COUNTERS]) {
        state[part as usize] = bytes[0];
    }

    fn copy_part(&self, from: &[u8; COUNTERS], part: u32, to: &mut [u8; COUNTERS]) {
        to[part as usize] = from[part as usize];
    }

    fn groups(&self) -> u32 {
        COUNTERS as u32
    }

    fn control(&self, group: u32) -> u32 {
        group
    }

    fn footprint(&self, _: &[u8; COUNTERS], group: u32, _: &mut Vec<u8>) -> Option<u64> {
        Some(1 << group)
    }

    fn enabled_in(&self, state: &[u8; COUNTERS], group: u32, out: &mut Vec<u8>) {
        out.extend((state[group as usize] + 1 < SIDE).then_some(group as u8));
    }

    fn halting_part(&self) -> Option<u32> {
        None
    }

    fn halts(&self, _: &[u8; COUNTERS]) -> bool {
        false
    }

    fn optional(&self, _: u8) -> bool {
        true
    }

    fn quiescent_reads(&self) -> u64 {
        0b1111
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

impl Symmetric for Counters {
    /// Where each counter goes.
    type Renaming = [usize; COUNTERS];

    fn renamings(&self) -> &[[usize; COUNTERS]] {
        &ORDERS
    }

    fn rename(&self, order: &[usize; COUNTERS], state: &[u8; COUNTERS]) -> [u8; COUNTERS] {
        let mut other = *state;
        order.iter().zip(state).for_each(|(&to, &height)| other[to] = height);
        other
    }

    fn renamed_part(&self, order: &[usize; COUNTERS], part: u32) -> u32 {
        order[part as usize] as u32
    }
}

fn search(limits: Limits) -> (Progress, bool, Vec<Option<Witness<u8>>>) {
    let mut search = Search::new(&Counters, limits);
    assert_eq!(search.run_to_end(), Completeness::Complete);
    let witnesses = (0..3).map(|property| search.witness(property)).collect();
    (Progress { bytes: 0, ..search.progress() }, search.ended(), witnesses)
}

#[test]
fn names_do_not_count_and_lengths_stay() {
    let one = search(Limits::default());
    let (side, named) = (u32::from(SIDE), search(Limits { symmetry: false, ..Limits::default() }));
    assert_eq!(named.0.states, side.pow(4));
    assert_eq!(one.0.states, side * (side * (side + 1) * (side + 2) / 6));
    assert_eq!((one.0.depth, one.0.seen, one.1), (named.0.depth, named.0.seen, named.1));
    let lengths = |found: &[Option<Witness<u8>>]| {
        found.iter().map(|way| way.as_ref().map(|way| way.schedule.len())).collect::<Vec<_>>()
    };
    assert_eq!(lengths(&one.2), lengths(&named.2));
    assert_eq!(lengths(&one.2), [Some(20), Some(4 * 39), None]);
    for threads in [2, 3] {
        assert_eq!(search(Limits { threads, ..Limits::default() }), one, "{threads} threads");
    }
}

/// Two tokens of three colours on a way of so many places. Four bits for each place are more than a key has.
const PLACES: usize = 40;

struct Tokens;

impl Tokens {
    fn at(state: &[u8; PLACES], token: u8) -> Option<(usize, u8)> {
        let colour = |place: u8| place >> (4 * token) & 15;
        state.iter().position(|&place| colour(place) != 0).map(|at| (at, colour(state[at])))
    }
}

impl System for Tokens {
    type State = [u8; PLACES];
    /// Which token, and whether it moves on; else it changes colour.
    type Action = (u8, bool);
    type Event = ();

    fn initial(&self) -> [u8; PLACES] {
        let mut state = [0; PLACES];
        state[0] = 0x11;
        state
    }

    fn enabled(&self, state: &[u8; PLACES], out: &mut Vec<(u8, bool)>) {
        for token in 0..2 {
            out.push((token, false));
            let last = Tokens::at(state, token).is_some_and(|(at, _)| at + 1 == PLACES);
            out.extend((!last).then_some((token, true)));
        }
    }

    fn step(
        &self,
        state: &mut [u8; PLACES],
        (token, moves): (u8, bool),
        _: &mut impl Sink<()>,
    ) -> PropertySet {
        let Some((at, colour)) = Tokens::at(state, token) else { return PropertySet::NONE };
        state[at] &= !(15 << (4 * token));
        let (to, colour) = if moves { (at + 1, colour) } else { (at, colour % 3 + 1) };
        state[to] |= colour << (4 * token);
        if state[30] == 0x33 { PropertySet::one(0) } else { PropertySet::NONE }
    }

    fn observe(&self, _: &[u8; PLACES], _: &[(u8, bool)]) -> PropertySet {
        PropertySet::NONE
    }

    fn ended(&self, _: &[u8; PLACES], _: &[(u8, bool)]) -> bool {
        false
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &[u8; PLACES], out: &mut Vec<u8>) {
        out.extend(state);
    }

    fn unpack(&self, bytes: &[u8]) -> [u8; PLACES] {
        let mut state = [0; PLACES];
        state.copy_from_slice(bytes);
        state
    }
}

impl Factored for Tokens {
    fn parts(&self) -> u32 {
        PLACES as u32
    }

    fn pack_part(&self, state: &[u8; PLACES], part: u32, out: &mut Vec<u8>) {
        out.push(state[part as usize]);
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut [u8; PLACES]) {
        state[part as usize] = bytes[0];
    }

    fn copy_part(&self, from: &[u8; PLACES], part: u32, to: &mut [u8; PLACES]) {
        to[part as usize] = from[part as usize];
    }

    fn groups(&self) -> u32 {
        1
    }

    fn control(&self, _: u32) -> u32 {
        0
    }

    fn enabled_in(&self, state: &[u8; PLACES], _: u32, out: &mut Vec<(u8, bool)>) {
        self.enabled(state, out);
    }

    fn footprint(&self, _: &[u8; PLACES], _: u32, _: &mut Vec<u8>) -> Option<u64> {
        Some((1 << PLACES) - 1)
    }

    fn halting_part(&self) -> Option<u32> {
        None
    }

    fn halts(&self, _: &[u8; PLACES]) -> bool {
        false
    }

    fn optional(&self, _: (u8, bool)) -> bool {
        true
    }

    fn quiescent_reads(&self) -> u64 {
        (1 << PLACES) - 1
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

impl Symmetric for Tokens {
    /// The two tokens are exchanged.
    type Renaming = ();

    fn renamings(&self) -> &[()] {
        &[()]
    }

    fn rename(&self, (): &(), state: &[u8; PLACES]) -> [u8; PLACES] {
        state.map(|place| place.rotate_left(4))
    }

    fn renamed_part(&self, (): &(), part: u32) -> u32 {
        part
    }
}

#[test]
fn names_do_not_count_where_numbers_are_joined() {
    let search = |symmetry: bool| {
        let mut search = Search::new(&Tokens, Limits { symmetry, ..Limits::default() });
        assert_eq!(search.run_to_end(), Completeness::Complete);
        (search.progress().states, search.witness(0).map(|way| way.schedule.len()))
    };
    let each = 3 * PLACES as u32;
    assert_eq!(search(false), (each * each, Some(2 * 32)));
    assert_eq!(search(true), (each * (each + 1) / 2, Some(2 * 32)));
}
