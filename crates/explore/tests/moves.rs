//! Keys that move between the rounds of several threads.
//!
//! An hourglass: five counters climb to the top, which is wide; then all begin anew, one floor higher, through a neck
//! of one state, where values turn up for which the keys have no room. What lies ahead must be the same for one thread
//! and for several.

use explore::{Asymmetric, Completeness, Factored, Limits, PropertySet, Rounds, Search, Sink, System};

const COUNTERS: usize = 5;
const SIDE: u8 = 8;
const FLOORS: u8 = 3;

/// With so many parts that never change, so that the layout of the keys differs each time.
struct Hourglass {
    idle: u32,
}

type State = [u8; COUNTERS];

impl System for Hourglass {
    type State = State;
    /// A counter, or none: all begin anew.
    type Action = Option<u8>;
    type Event = ();

    fn initial(&self) -> State {
        [0; COUNTERS]
    }

    fn enabled(&self, state: &State, out: &mut Vec<Option<u8>>) {
        (0..self.groups()).for_each(|group| self.enabled_in(state, group, out));
    }

    fn step(&self, state: &mut State, counter: Option<u8>, _: &mut impl Sink<()>) -> PropertySet {
        match counter {
            Some(counter) => state[usize::from(counter)] += 1,
            None => state.iter_mut().for_each(|height| *height += 1),
        }
        PropertySet::NONE
    }

    fn observe(&self, _: &State, _: &[Option<u8>]) -> PropertySet {
        PropertySet::NONE
    }

    fn ended(&self, _: &State, enabled: &[Option<u8>]) -> bool {
        enabled.is_empty()
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &State, out: &mut Vec<u8>) {
        out.extend(state);
    }

    fn unpack(&self, bytes: &[u8]) -> State {
        [bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]]
    }
}

impl Factored for Hourglass {
    fn parts(&self) -> u32 {
        COUNTERS as u32 + self.idle
    }

    fn pack_part(&self, state: &State, part: u32, out: &mut Vec<u8>) {
        out.extend(state.get(part as usize));
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut State) {
        if let ([height], Some(place)) = (bytes, state.get_mut(part as usize)) {
            *place = *height;
        }
    }

    fn copy_part(&self, from: &State, part: u32, to: &mut State) {
        if let (Some(from), Some(to)) = (from.get(part as usize), to.get_mut(part as usize)) {
            *to = *from;
        }
    }

    fn groups(&self) -> u32 {
        COUNTERS as u32 + 1
    }

    fn control(&self, group: u32) -> u32 {
        group.min(COUNTERS as u32 - 1)
    }

    fn footprint(&self, _: &State, group: u32, _: &mut Vec<u8>) -> Option<u64> {
        Some(if group < COUNTERS as u32 { 1 << group } else { (1 << COUNTERS) - 1 })
    }

    fn enabled_in(&self, state: &State, group: u32, out: &mut Vec<Option<u8>>) {
        let top = |height: u8| height % SIDE == SIDE - 1;
        match state.get(group as usize) {
            Some(&height) => out.extend((!top(height)).then_some(Some(group as u8))),
            None => {
                let all = state.iter().all(|&height| top(height)) && state[0] + 1 < SIDE * FLOORS;
                out.extend(all.then_some(None));
            }
        }
    }

    fn halting_part(&self) -> Option<u32> {
        None
    }

    fn halts(&self, _: &State) -> bool {
        false
    }

    fn optional(&self, _: Option<u8>) -> bool {
        true
    }

    fn quiescent_reads(&self) -> u64 {
        (1 << COUNTERS) - 1
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

impl Asymmetric for Hourglass {}

#[test]
fn keys_that_move_between_rounds_lose_nothing() {
    let floor = u32::from(SIDE).pow(COUNTERS as u32);
    for idle in 8..16 {
        for threads in [1, 2] {
            let hourglass = Hourglass { idle };
            let mut search = Search::new(&hourglass, Limits { threads, ..Limits::default() });
            assert_eq!(search.run_to_end(), Completeness::Complete);
            let states = search.progress().states;
            assert_eq!(states, floor * u32::from(FLOORS), "{idle} idle parts, {threads} threads");
        }
    }
}
