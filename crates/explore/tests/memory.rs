//! The bound on memory, where a few states take much of it.

use explore::{Bound, Completeness, Limits, Marks, Search, Sink, System};

/// A counter without an end, and beside it a page of the number.
struct Heavy;

const PAGE: usize = 50_000;

impl System for Heavy {
    type State = u32;
    type Action = u8;
    type Event = ();

    fn initial(&self) -> u32 {
        0
    }

    fn enabled(&self, _: &u32, out: &mut Vec<u8>) {
        out.push(0);
    }

    fn step(&self, state: &mut u32, _: u8, _: &mut impl Sink<()>) -> Marks {
        *state += 1;
        Marks::NONE
    }

    fn observe(&self, _: &u32, _: &[u8]) -> Marks {
        Marks::NONE
    }

    fn ended(&self, _: &u32, _: &[u8]) -> bool {
        false
    }

    fn pack(&self, state: &u32, out: &mut Vec<u8>) {
        out.extend(state.to_le_bytes());
        out.resize(PAGE, 0);
    }

    fn unpack(&self, bytes: &[u8]) -> u32 {
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }
}

#[test]
fn the_heavier_the_states_the_sooner_the_bound_is_looked_at() {
    for (bytes, threads) in [(4_000_000, 1), (40_000_000, 1), (4_000_000, 2)] {
        let mut search = Search::new(&Heavy, Limits { bytes, threads, ..Limits::default() });
        assert_eq!(search.run_to_end(), Completeness::Bounded(Bound::Bytes));
        let used = search.progress().bytes;
        assert!(used >= bytes && used < bytes + bytes / 10, "{used} of {bytes}");
    }
}
