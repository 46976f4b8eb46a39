//! Peterson's mutual exclusion on a machine with store buffers: a system without parts, searched as it is.
//!
//! Each of two threads raises its flag, gives the turn to the other, and enters as soon as the other's flag is down or
//! the turn is its own. On x86 a store waits in its CPU's store buffer before others see it, so a load may overtake
//! it. Without a fence both threads enter; with one they do not.
//!
//! ```text
//! cargo run -p explore --example peterson
//! ```

use explore::{Completeness, Distances, Limits, Opaque, PropertySet, Search, Sink, System, Trace};

/// Both threads are in the critical section.
const BOTH: u8 = 0;

struct Peterson {
    /// Whether a thread waits, before it looks at the other's flag, until its stores are in memory.
    fence: bool,
}

/// A store on its way to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Store {
    /// The thread's own flag.
    Flag(bool),
    Turn(u8),
}

/// What a thread does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    RaiseFlag,
    GiveWay,
    Fence,
    LookAtFlag,
    LookAtTurn,
    Leave,
    Nothing,
}

const ALL: [Next; 7] = [
    Next::RaiseFlag,
    Next::GiveWay,
    Next::Fence,
    Next::LookAtFlag,
    Next::LookAtTurn,
    Next::Leave,
    Next::Nothing,
];

#[derive(Clone, Debug, PartialEq, Eq)]
struct Thread {
    next: Next,
    /// Oldest first.
    stores: Vec<Store>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    flags: [bool; 2],
    turn: u8,
    threads: [Thread; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    /// A thread goes on.
    Step(u8),
    /// Its oldest store reaches memory.
    Drain(u8),
}

impl Peterson {
    /// A thread goes on; what it says of that.
    fn go_on(&self, state: &mut State, thread: u8) -> &'static str {
        let own = usize::from(thread);
        let State { flags, turn, threads } = state;
        let Thread { next, stores } = &mut threads[own];
        let (then, said) = match *next {
            Next::RaiseFlag => {
                stores.push(Store::Flag(true));
                (Next::GiveWay, "raises its flag")
            }
            Next::GiveWay => {
                stores.push(Store::Turn(1 - thread));
                (if self.fence { Next::Fence } else { Next::LookAtFlag }, "gives the turn to the other")
            }
            Next::Fence => (Next::LookAtFlag, "passes the fence"),
            Next::LookAtFlag if flags[1 - own] => (Next::LookAtTurn, "sees the other's flag up"),
            Next::LookAtFlag => (Next::Leave, "sees the other's flag down, and enters"),
            Next::LookAtTurn => {
                // A load sees the youngest store of its own CPU before memory.
                let stored = stores.iter().rev().find_map(|store| match *store {
                    Store::Turn(turn) => Some(turn),
                    Store::Flag(_) => None,
                });
                if stored.unwrap_or(*turn) == thread {
                    (Next::Leave, "sees that the turn is its own, and enters")
                } else {
                    (Next::LookAtFlag, "sees that the turn is the other's")
                }
            }
            Next::Leave | Next::Nothing => {
                stores.push(Store::Flag(false));
                (Next::Nothing, "leaves")
            }
        };
        *next = then;
        said
    }
}

impl System for Peterson {
    type State = State;
    type Action = Action;
    type Event = String;

    fn initial(&self) -> State {
        let thread = || Thread { next: Next::RaiseFlag, stores: Vec::new() };
        State { flags: [false; 2], turn: 0, threads: [thread(), thread()] }
    }

    fn enabled(&self, state: &State, out: &mut Vec<Action>) {
        for (number, Thread { next, stores }) in (0..).zip(&state.threads) {
            let waits = *next == Next::Fence && !stores.is_empty();
            out.extend((*next != Next::Nothing && !waits).then_some(Action::Step(number)));
            out.extend((!stores.is_empty()).then_some(Action::Drain(number)));
        }
    }

    fn step(&self, state: &mut State, action: Action, sink: &mut impl Sink<String>) -> PropertySet {
        match action {
            Action::Step(thread) => {
                let said = self.go_on(state, thread);
                sink.event(|| format!("thread {thread} {said}"));
            }
            Action::Drain(thread) => {
                let store = state.threads[usize::from(thread)].stores.remove(0);
                match store {
                    Store::Flag(up) => state.flags[usize::from(thread)] = up,
                    Store::Turn(turn) => state.turn = turn,
                }
                sink.event(|| format!("thread {thread}'s store reaches memory: {store:?}"));
            }
        }
        let inside = state.threads.iter().filter(|thread| thread.next == Next::Leave);
        if inside.count() == 2 { PropertySet::one(BOTH) } else { PropertySet::NONE }
    }

    fn observe(&self, _: &State, _: &[Action]) -> PropertySet {
        PropertySet::NONE
    }

    fn ended(&self, _: &State, enabled: &[Action]) -> bool {
        enabled.is_empty()
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, state: &State, out: &mut Vec<u8>) {
        let State { flags, turn, threads } = state;
        out.extend([flags[0].into(), flags[1].into(), *turn]);
        for Thread { next, stores } in threads {
            out.extend([*next as u8, stores.len() as u8]);
            out.extend(stores.iter().map(|store| match *store {
                Store::Flag(up) => up.into(),
                Store::Turn(turn) => 2 + turn,
            }));
        }
    }

    fn unpack(&self, bytes: &[u8]) -> State {
        let mut bytes = bytes.iter().copied();
        let mut byte = || bytes.next().unwrap_or_default();
        let (flags, turn) = ([byte() == 1, byte() == 1], byte());
        let threads = [(); 2].map(|()| {
            let (next, count) = (ALL[usize::from(byte())], byte());
            let store = |byte| if byte < 2 { Store::Flag(byte == 1) } else { Store::Turn(byte - 2) };
            Thread { next, stores: (0..count).map(|_| store(byte())).collect() }
        });
        State { flags, turn, threads }
    }
}

/// Every step is computed, and no two states are taken for the same.
impl Opaque for Peterson {}

fn main() {
    for fence in [false, true] {
        let peterson = Peterson { fence };
        let mut search = Search::new(&peterson, Limits::default());
        assert_eq!(search.run_to_end(), Completeness::Complete);
        println!("{} a fence: {} states", if fence { "with" } else { "without" }, search.progress().states);
        let Some(witness) = search.witness(BOTH) else {
            println!("  both threads are never inside");
            continue;
        };
        let (trace, _) = Trace::replay(&peterson, &witness.schedule);
        let distances = Distances::new(&peterson, PropertySet::one(BOTH), Limits::default());
        for (moment, step) in trace.steps().iter().enumerate() {
            let state = trace.state(&peterson, moment);
            let away = distances.as_ref().and_then(|distances| distances.of(&state));
            let away = away.map_or("no longer possible".into(), |steps| format!("{steps} away"));
            println!("  {away}: {}", step.events.concat());
        }
        println!("  both threads are inside");
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, BOTH, Peterson};
    use explore::{Completeness, Core, Distances, Limits, PropertySet, Search, Seeded, System, Trace, core};

    #[test]
    fn without_a_fence_both_look_before_either_store_is_seen() {
        let peterson = Peterson { fence: false };
        let mut search = Search::new(&peterson, Limits::default());
        assert_eq!(search.run_to_end(), Completeness::Complete);
        let witness = search.witness(BOTH).expect("both enter");
        assert_eq!(witness.schedule, [0, 0, 0, 1, 1, 1].map(Action::Step), "no store has drained");
        assert!(search.ended(), "some executions end");
    }

    #[test]
    fn with_a_fence_only_one_is_ever_inside() {
        let peterson = Peterson { fence: true };
        let mut search = Search::new(&peterson, Limits::default());
        assert_eq!(search.run_to_end(), Completeness::Complete);
        assert_eq!(search.witness(BOTH), None);
        let distances =
            Distances::new(&peterson, PropertySet::one(BOTH), Limits::default()).expect("few states");
        assert_eq!(distances.of(&peterson.initial()), None, "no path leads there");
    }

    #[test]
    fn the_core_of_a_schedule_leaves_its_detours_out() {
        let peterson = Peterson { fence: false };
        let needed = [0, 0, 0, 1, 1, 1].map(Action::Step).to_vec();
        let mut schedule = needed.clone();
        schedule.insert(4, Action::Drain(1));
        let found = core(&peterson, &schedule, PropertySet::one(BOTH), 1_000);
        assert_eq!(found, Some(Core { schedule: needed, irreducible: true }));
    }

    #[test]
    fn bytes_and_states_are_one_to_one() {
        let peterson = Peterson { fence: true };
        let mut trace = Trace::new(&peterson);
        trace.run(&peterson, &mut Seeded::new(7), 200);
        for moment in 0..trace.len() {
            let (state, mut bytes) = (trace.state(&peterson, moment), Vec::new());
            peterson.pack(&state, &mut bytes);
            assert_eq!(peterson.unpack(&bytes), state);
        }
    }
}
