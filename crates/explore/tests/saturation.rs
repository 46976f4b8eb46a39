//! Saturated search on a system that everybody knows: gossip.
//!
//! A board shows rumours, one more each day. The first neighbour reads the board, and each hears from the one before. What
//! has been heard is a set, and hearing is never wrong: it is a gain. At night everybody may forget all, and what was shown on the
//! first day is taken down. Somebody who knows a rumour may tell it.

use explore::{
    Asymmetric, Completeness, Factored, Limits, Monotone, PropertySet, Rounds, Search, Sink, System, Trace,
};

const NEIGHBOURS: usize = 3;
const DAYS: u8 = 4;

/// The last neighbour told the rumour of the first day after it had been taken down.
const STALE: u8 = 0;
/// Somebody heard the last rumour. It shows in a gain.
const HEARD: u8 = 1;
/// The last neighbour told the last rumour.
const TOLD: u8 = 2;
/// Somebody told a rumour that no day has.
const INVENTED: u8 = 3;
/// Everybody knew everything: it shows in a state.
const ALL: u8 = 4;

struct Gossip;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    day: u8,
    /// Sets of rumours.
    known: [u8; NEIGHBOURS],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    /// A neighbour hears a rumour.
    Hear(u8, u8),
    /// A neighbour tells a rumour.
    Tell(u8, u8),
    /// A neighbour forgets all.
    Forget(u8),
    /// The next day comes.
    Night,
}

impl Gossip {
    /// What a neighbour could hear now.
    fn heard_by(state: &State, neighbour: u8) -> u8 {
        match neighbour {
            0 => {
                let shown = (1 << (state.day + 1)) - 1;
                if state.day == 0 { shown } else { shown & !1 }
            }
            neighbour => state.known[usize::from(neighbour) - 1],
        }
    }
}

impl System for Gossip {
    type State = State;
    type Action = Action;
    type Event = ();

    fn initial(&self) -> State {
        State { day: 0, known: [0; NEIGHBOURS] }
    }

    fn enabled(&self, state: &State, out: &mut Vec<Action>) {
        (0..self.groups()).for_each(|group| self.enabled_in(state, group, out));
    }

    fn step(&self, state: &mut State, action: Action, _: &mut impl Sink<()>) -> PropertySet {
        match action {
            Action::Hear(who, rumour) => {
                state.known[usize::from(who)] |= 1 << rumour;
                if rumour == DAYS - 1 { PropertySet::one(HEARD) } else { PropertySet::NONE }
            }
            Action::Tell(_, rumour) if rumour >= DAYS => PropertySet::one(INVENTED),
            Action::Tell(who, rumour) if usize::from(who) == NEIGHBOURS - 1 => match rumour {
                0 if state.day > 1 => PropertySet::one(STALE),
                rumour if rumour == DAYS - 1 => PropertySet::one(TOLD),
                _ => PropertySet::NONE,
            },
            Action::Tell(..) => PropertySet::NONE,
            Action::Forget(who) => {
                state.known[usize::from(who)] = 0;
                PropertySet::NONE
            }
            Action::Night => {
                state.day += 1;
                PropertySet::NONE
            }
        }
    }

    fn observe(&self, state: &State, _: &[Action]) -> PropertySet {
        let all = state.known.iter().all(|&known| known == (1 << DAYS) - 1);
        if all { PropertySet::one(ALL) } else { PropertySet::NONE }
    }

    fn ended(&self, state: &State, _: &[Action]) -> bool {
        state.day + 1 == DAYS
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &State, out: &mut Vec<u8>) {
        out.push(state.day);
        out.extend(state.known);
    }

    fn unpack(&self, bytes: &[u8]) -> State {
        State { day: bytes[0], known: [bytes[1], bytes[2], bytes[3]] }
    }
}

const PEOPLE: u32 = NEIGHBOURS as u32;

impl Factored for Gossip {
    fn parts(&self) -> u32 {
        1 + PEOPLE
    }

    fn pack_part(&self, state: &State, part: u32, out: &mut Vec<u8>) {
        out.push(if part == 0 { state.day } else { state.known[part as usize - 1] });
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut State) {
        match part {
            0 => state.day = bytes[0],
            part => state.known[part as usize - 1] = bytes[0],
        }
    }

    /// One for what each neighbour does, one for what each hears, and one for the nights.
    fn groups(&self) -> u32 {
        2 * PEOPLE + 1
    }

    fn control(&self, _: u32) -> u32 {
        0
    }

    fn footprint(&self, state: &State, group: u32, _: &mut Vec<u8>) -> Option<u64> {
        match group {
            // The day and the neighbour.
            does if does < PEOPLE => Some(1 | 2 << does),
            hears if hears == PEOPLE => Some(1 | 2),
            hears if hears < 2 * PEOPLE => Some(1 | (2 | 1) << (hears - PEOPLE)),
            _ => (state.day + 1 < DAYS).then_some(1),
        }
    }

    fn enabled_in(&self, state: &State, group: u32, out: &mut Vec<Action>) {
        let who = (group % PEOPLE) as u8;
        match group {
            does if does < PEOPLE => {
                let known = state.known[usize::from(who)];
                out.extend((0..DAYS).filter(|rumour| known >> rumour & 1 == 1).map(|r| Action::Tell(who, r)));
                out.extend((known != 0).then_some(Action::Forget(who)));
            }
            hears if hears < 2 * PEOPLE => {
                let new = Gossip::heard_by(state, who) & !state.known[usize::from(who)];
                out.extend((0..DAYS).filter(|rumour| new >> rumour & 1 == 1).map(|r| Action::Hear(who, r)));
            }
            _ => out.extend((state.day + 1 < DAYS).then_some(Action::Night)),
        }
    }

    fn halting_part(&self) -> Option<u32> {
        None
    }

    fn halts(&self, _: &State) -> bool {
        false
    }

    fn optional(&self, _: Action) -> bool {
        true
    }

    fn quiescent_reads(&self) -> u64 {
        (1 << (1 + PEOPLE)) - 1
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

impl Asymmetric for Gossip {}

impl Monotone for Gossip {
    fn gaining(&self, group: u32) -> bool {
        (PEOPLE..2 * PEOPLE).contains(&group)
    }

    fn gains(&self, _: &State, action: Action) -> bool {
        matches!(action, Action::Hear(..))
    }

    /// Whether everybody knows everything depends on what has been heard.
    fn steady(&self) -> PropertySet {
        [STALE, HEARD, TOLD, INVENTED].into_iter().fold(PropertySet::NONE, |all, n| all | PropertySet::one(n))
    }
}

fn both(limits: Limits) -> [Search<&'static Gossip>; 2] {
    let searches = [Search::new(&Gossip, limits), Search::saturated(&Gossip, limits)];
    searches.map(|mut search| {
        assert_eq!(search.run_to_end(), Completeness::Complete);
        search
    })
}

#[test]
fn the_same_shows_in_fewer_states() {
    let [full, saturated] = both(Limits::default());
    let seen =
        [STALE, HEARD, TOLD, ALL].into_iter().fold(PropertySet::NONE, |all, n| all | PropertySet::one(n));
    assert_eq!((full.progress().seen, saturated.progress().seen), (seen, seen));
    // Everybody knows what is on the board; beyond that, the first rumour is known by the last ones, or by none.
    let (all, some) = (full.progress().states, saturated.progress().states);
    assert!(some * 10 < all, "{some} of {all}");
}

#[test]
fn a_witness_ends_where_its_property_shows_for_the_first_time() {
    let [full, saturated] = both(Limits::default());
    for property in saturated.progress().seen.iter() {
        let schedule = saturated.witness(property).expect("it was seen").schedule;
        let shortest = full.witness(property).expect("it was seen").schedule;
        assert!(shortest.len() <= schedule.len());
        let (trace, diverged) = Trace::replay(&Gossip, &schedule);
        assert!(diverged.is_none());
        let shown = |step: &explore::Step<_, _>| step.properties.contains(PropertySet::one(property));
        assert_eq!(trace.steps().iter().position(shown), Some(schedule.len() - 1), "{property}");
    }
}

#[test]
fn a_search_that_avoids_takes_no_gain_that_shows_it() {
    for property in [STALE, HEARD, TOLD, INVENTED] {
        let avoid = PropertySet::one(property);
        let [full, saturated] = both(Limits { avoid, ..Limits::default() });
        assert!(full.ended() && saturated.ended(), "{property}");
        assert_eq!(full.progress().seen, saturated.progress().seen, "{property}");
        if property == HEARD {
            assert!(!saturated.progress().seen.contains(PropertySet::one(TOLD)));
        }
    }
}

#[test]
fn several_threads_find_the_same() {
    let [_, one] = both(Limits::default());
    let [_, two] = both(Limits { threads: 2, ..Limits::default() });
    assert_eq!(one.progress().states, two.progress().states);
    assert_eq!(one.witness(TOLD), two.witness(TOLD));
}

#[test]
fn what_depends_on_what_was_gained_is_avoided_by_a_full_search() {
    let [full, other] = both(Limits { avoid: PropertySet::one(ALL), ..Limits::default() });
    assert_eq!(full.progress().states, other.progress().states);
    assert!(full.ended() && other.ended());
}
