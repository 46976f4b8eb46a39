//! Partial orders on a system that everybody knows: bakers.
//!
//! Each baker kneads for a while, which no other baker can observe. Then the baker puts a loaf on the shelf, which all can
//! see. One of them may whistle for ever.

use explore::{
    Asymmetric, Commuting, Completeness, Factored, Limits, Monotone, PropertySet, Prospect, Rounds, Search,
    Sink, System, Touched, Trace,
};

const BAKERS: usize = 3;
const KNEADING: u8 = 4;

/// The last baker's loaf was the first on the shelf.
const LAST_FIRST: u8 = 0;
/// All loaves are on the shelf.
const FULL: u8 = 1;

struct Bakery {
    /// The first baker whistles, for ever, and never bakes.
    whistles: bool,
    /// The baker who whistles claims that the whistling ends.
    lies: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    kneaded: [u8; BAKERS],
    /// Who has put a loaf there, in order.
    shelf: Vec<u8>,
}

impl Bakery {
    fn done(&self, state: &State, baker: usize) -> bool {
        state.shelf.contains(&(baker as u8))
    }
}

impl System for Bakery {
    type State = State;
    type Action = u8;
    type Event = ();

    fn initial(&self) -> State {
        State { kneaded: [0; BAKERS], shelf: Vec::new() }
    }

    fn enabled(&self, state: &State, out: &mut Vec<u8>) {
        (0..self.groups()).for_each(|baker| self.enabled_in(state, baker, out));
    }

    fn step(&self, state: &mut State, baker: u8, _: &mut impl Sink<()>) -> PropertySet {
        let kneaded = &mut state.kneaded[usize::from(baker)];
        if self.whistles && baker == 0 {
            *kneaded = (*kneaded + 1) % KNEADING;
        } else if *kneaded < KNEADING {
            *kneaded += 1;
        } else {
            state.shelf.push(baker);
            if state.shelf == [BAKERS as u8 - 1] {
                return PropertySet::one(LAST_FIRST);
            }
        }
        PropertySet::NONE
    }

    fn observe(&self, state: &State, enabled: &[u8]) -> PropertySet {
        if enabled.is_empty() && state.shelf.len() == BAKERS {
            PropertySet::one(FULL)
        } else {
            PropertySet::NONE
        }
    }

    fn ended(&self, _: &State, enabled: &[u8]) -> bool {
        enabled.is_empty()
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &State, out: &mut Vec<u8>) {
        out.extend(state.kneaded);
        out.extend(&state.shelf);
    }

    fn unpack(&self, bytes: &[u8]) -> State {
        let (kneaded, shelf) = bytes.split_at(BAKERS);
        State { kneaded: [kneaded[0], kneaded[1], kneaded[2]], shelf: shelf.to_vec() }
    }
}

const SHELF: u32 = BAKERS as u32;

impl Factored for Bakery {
    fn parts(&self) -> u32 {
        SHELF + 1
    }

    fn pack_part(&self, state: &State, part: u32, out: &mut Vec<u8>) {
        match part {
            SHELF => out.extend(&state.shelf),
            baker => out.push(state.kneaded[baker as usize]),
        }
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut State) {
        match part {
            SHELF => state.shelf = bytes.to_vec(),
            baker => state.kneaded[baker as usize] = bytes[0],
        }
    }

    fn groups(&self) -> u32 {
        SHELF
    }

    fn control(&self, baker: u32) -> u32 {
        baker
    }

    fn footprint(&self, _: &State, baker: u32, _: &mut Vec<u8>) -> Option<u64> {
        Some(1 << baker | 1 << SHELF)
    }

    fn enabled_in(&self, state: &State, baker: u32, out: &mut Vec<u8>) {
        out.extend((!self.done(state, baker as usize)).then_some(baker as u8));
    }

    fn halting_part(&self) -> Option<u32> {
        None
    }

    fn halts(&self, _: &State) -> bool {
        false
    }

    fn optional(&self, _: u8) -> bool {
        false
    }

    fn quiescent_reads(&self) -> u64 {
        u64::MAX >> (63 - SHELF)
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

impl Asymmetric for Bakery {}

/// Nothing is collected here.
impl Monotone for Bakery {
    fn gaining(&self, _: u32) -> bool {
        false
    }

    fn gains(&self, _: &State, _: u8) -> bool {
        false
    }

    fn steady(&self) -> PropertySet {
        PropertySet(u32::MAX)
    }
}

impl Commuting for Bakery {
    fn commutes(&self) -> bool {
        true
    }

    fn prospect(&self, state: &State, baker: u32) -> Option<Prospect> {
        let whistles = self.whistles && baker == 0;
        let shelf = Touched { reads: 1, writes: 1 };
        let kneads = whistles || state.kneaded[baker as usize] < KNEADING;
        Some(Prospect {
            next: if kneads { Touched::NOTHING } else { shelf },
            alone: kneads.then_some(Touched::NOTHING),
            deaf: true,
            ever: if whistles { Touched::NOTHING } else { shelf },
            called: Touched::NOTHING,
            calls: false,
            wakes: 0,
            straight: !whistles || self.lies,
        })
    }

    fn bystander(&self, _: u32) -> bool {
        false
    }

    fn asleep(&self, _: &State) -> u64 {
        0
    }
}

fn run(mut search: Search<&Bakery>) -> Search<&Bakery> {
    assert_eq!(search.run_to_end(), Completeness::Complete);
    search
}

#[test]
fn the_same_shows_in_fewer_states() {
    let bakery = Bakery { whistles: false, lies: false };
    for avoid in [PropertySet::NONE, PropertySet::one(LAST_FIRST)] {
        let limits = Limits { avoid, ..Limits::default() };
        let (full, reduced) = (run(Search::new(&bakery, limits)), run(Search::reduced(&bakery, limits)));
        assert_eq!(full.progress().seen, reduced.progress().seen);
        assert!(full.ended() && reduced.ended());
        let (all, some) = (full.progress().states, reduced.progress().states);
        assert!(some * 5 < all, "{some} of {all}");
        let ends = |search: &Search<&Bakery>| {
            let mut ends: Vec<Vec<u8>> =
                search.states().map(|state| state.shelf).filter(|s| s.len() == BAKERS).collect();
            ends.sort();
            ends.dedup();
            ends
        };
        assert_eq!(ends(&full), ends(&reduced), "the same orders on the shelf");
    }
}

#[test]
fn a_witness_is_an_execution() {
    let bakery = Bakery { whistles: false, lies: false };
    let reduced = run(Search::reduced(&bakery, Limits::default()));
    for property in [LAST_FIRST, FULL] {
        let schedule = reduced.witness(property).expect("it shows").schedule;
        let (trace, diverged) = Trace::replay(&bakery, &schedule);
        assert!(diverged.is_none());
        let shelf = trace.state(&bakery, schedule.len()).shelf.clone();
        match property {
            LAST_FIRST => assert_eq!(shelf, [BAKERS as u8 - 1]),
            _ => assert_eq!(shelf.len(), BAKERS),
        }
    }
}

#[test]
fn it_can_be_switched_off() {
    let bakery = Bakery { whistles: false, lies: false };
    let limits = Limits { partial_orders: false, ..Limits::default() };
    let (full, plain) = (run(Search::new(&bakery, limits)), run(Search::reduced(&bakery, limits)));
    assert_eq!(full.progress(), plain.progress());
}

#[test]
fn who_goes_round_for_ever_does_not_put_the_others_off_for_ever() {
    for lies in [false, true] {
        let bakery = Bakery { whistles: true, lies };
        let (full, reduced) =
            (run(Search::new(&bakery, Limits::default())), run(Search::reduced(&bakery, Limits::default())));
        assert!(full.progress().seen.intersects(PropertySet::one(LAST_FIRST)));
        // A system that claims that the whistling ends breaks a promise, and its verdict is wrong.
        assert_eq!(reduced.progress().seen.intersects(PropertySet::one(LAST_FIRST)), !lies);
    }
}

#[test]
fn several_threads_find_the_same() {
    let bakery = Bakery { whistles: true, lies: false };
    let one = run(Search::reduced(&bakery, Limits::default()));
    let two = run(Search::reduced(&bakery, Limits { threads: 2, ..Limits::default() }));
    let figures = |search: &Search<&Bakery>| {
        let progress = search.progress();
        (progress.states, progress.transitions, progress.depth, progress.seen)
    };
    assert_eq!(figures(&one), figures(&two));
}
