//! A system whose members may change names: counted once for all names, with the same lengths, on any number of
//! threads.
//!
//! Four counters, each raised to the top; of those of equal height it makes no difference which is which. There are
//! SIDE^4 states, and C(SIDE + 3, 4) if names don't count.

use explore::{Completeness, Limits, Marks, Progress, Search, Sink, System, Witness};

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
        (0..COUNTERS as u32).for_each(|group| self.group(state, group, out));
    }

    fn step(&self, state: &mut [u8; COUNTERS], counter: u8, _: &mut impl Sink<()>) -> Marks {
        state[counter as usize] += 1;
        if counter < 3 && state[counter as usize] == 20 { Marks::one(0) } else { Marks::NONE }
    }

    fn observe(&self, state: &[u8; COUNTERS], enabled: &[u8]) -> Marks {
        if enabled.is_empty() && state[3] == SIDE - 1 { Marks::one(1) } else { Marks::NONE }
    }

    fn ended(&self, _: &[u8; COUNTERS], enabled: &[u8]) -> bool {
        enabled.is_empty()
    }

    fn pack(&self, state: &[u8; COUNTERS], out: &mut Vec<u8>) {
        out.extend(state);
    }

    fn unpack(&self, bytes: &[u8]) -> [u8; COUNTERS] {
        [bytes[0], bytes[1], bytes[2], bytes[3]]
    }

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

    fn lead(&self, group: u32) -> u32 {
        group
    }

    fn reads(&self, _: &[u8; COUNTERS], group: u32, _: &mut Vec<u8>) -> Option<u64> {
        Some(1 << group)
    }

    fn group(&self, state: &[u8; COUNTERS], group: u32, out: &mut Vec<u8>) {
        out.extend((state[group as usize] + 1 < SIDE).then_some(group as u8));
    }

    fn rest_reads(&self) -> u64 {
        0b1111
    }

    fn mirrors(&self) -> u32 {
        ORDERS.len() as u32
    }

    fn mirror(&self, mirror: u32, state: &[u8; COUNTERS]) -> [u8; COUNTERS] {
        let mut other = *state;
        ORDERS[mirror as usize].iter().zip(state).for_each(|(&to, &height)| other[to] = height);
        other
    }

    fn mirrored_part(&self, mirror: u32, part: u32) -> u32 {
        ORDERS[mirror as usize][part as usize] as u32
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
    let (side, named) = (u32::from(SIDE), search(Limits { mirrors: false, ..Limits::default() }));
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
