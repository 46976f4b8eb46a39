//! The bound on memory, where a few states take much of it.

use explore::{Bound, Completeness, Limits, Opaque, PropertySet, Search, Seeded, Sink, System, Trace};
use std::sync::atomic::{AtomicUsize, Ordering};

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

    fn step(&self, state: &mut u32, _: u8, _: &mut impl Sink<()>) -> PropertySet {
        *state += 1;
        PropertySet::NONE
    }

    fn observe(&self, _: &u32, _: &[u8]) -> PropertySet {
        PropertySet::NONE
    }

    fn ended(&self, _: &u32, _: &[u8]) -> bool {
        false
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &u32, out: &mut Vec<u8>) {
        out.extend(state.to_le_bytes());
        out.resize(PAGE, 0);
    }

    fn unpack(&self, bytes: &[u8]) -> u32 {
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }
}

impl Opaque for Heavy {}

#[test]
fn the_heavier_the_states_the_sooner_the_bound_is_looked_at() {
    for (bytes, threads) in [(4_000_000, 1), (40_000_000, 1), (4_000_000, 2)] {
        let mut search = Search::new(&Heavy, Limits { bytes, threads, ..Limits::default() });
        assert_eq!(search.run_to_end(), Completeness::Bounded(Bound::Bytes));
        let used = search.progress().bytes;
        assert!(used >= bytes && used < bytes + bytes / 10, "{used} of {bytes}");
    }
}

/// A counter whose states are counted, and whose steps are work.
struct Counted {
    work: u32,
}

static ALIVE: AtomicUsize = AtomicUsize::new(0);

#[derive(PartialEq, Eq)]
struct Count(u32);

impl Count {
    fn new(count: u32) -> Count {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Count(count)
    }
}

impl Clone for Count {
    fn clone(&self) -> Count {
        Count::new(self.0)
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl System for Counted {
    type State = Count;
    type Action = u8;
    type Event = ();

    fn initial(&self) -> Count {
        Count::new(0)
    }

    fn enabled(&self, _: &Count, out: &mut Vec<u8>) {
        out.push(0);
    }

    fn step(&self, state: &mut Count, _: u8, sink: &mut impl Sink<()>) -> PropertySet {
        state.0 += 1;
        sink.worked(self.work);
        PropertySet::NONE
    }

    fn observe(&self, _: &Count, _: &[u8]) -> PropertySet {
        PropertySet::NONE
    }

    fn ended(&self, _: &Count, _: &[u8]) -> bool {
        false
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &Count, out: &mut Vec<u8>) {
        Heavy.pack(&state.0, out);
    }

    fn unpack(&self, bytes: &[u8]) -> Count {
        Count::new(Heavy.unpack(bytes))
    }
}

#[test]
fn a_trace_keeps_the_fewer_states_the_more_they_weigh_and_every_moment_is_at_hand() {
    let system = Counted { work: 0 };
    let mut trace = Trace::new(&system);
    assert_eq!(trace.run(&system, &mut Seeded::new(1), 20_000), 20_000);
    let kept = ALIVE.load(Ordering::Relaxed) * PAGE;
    assert!(kept < 20 << 20, "{kept} bytes; one state in sixteen would be 62,500,000");
    for moment in [0, 1, 15, 16, 17, 1_000, 9_999, 19_999, 20_000] {
        assert_eq!(trace.state(&system, moment).0, moment as u32);
        let fork = trace.fork(&system, moment);
        assert_eq!((fork.len(), fork.last().0), (moment, moment as u32));
        assert_eq!(fork.state(&system, moment / 2).0, moment as u32 / 2);
    }
    let mut fork = trace.fork(&system, 12_345);
    fork.run(&system, &mut Seeded::new(1), 4_000);
    assert_eq!(fork.state(&system, 15_000).0, 15_000);
}

#[test]
fn a_trace_ends_when_it_has_become_too_much_work() {
    let system = Counted { work: 1_000_000 };
    let (trace, diverged) = Trace::replay(&system, &[0; 500]);
    let diverged = diverged.expect("500,000,000 operations are too many");
    assert!(trace.full() && diverged.full);
    assert_eq!(diverged.at, trace.len());
    assert!((1..200).contains(&trace.len()), "{}", trace.len());
    assert!(!trace.fork(&system, trace.len() / 2).full());
}
