//! Dining philosophers: a system that says what its steps depend on, and what its symmetry is.
//!
//! Six philosophers sit around a table, with a fork between each two. Each takes the fork on one side, then the fork on
//! the other, eats, and puts both back. If all take the left fork first, they may starve. If one of them takes the
//! right fork first, they never do.
//!
//! ```text
//! cargo run -p explore --example philosophers
//! ```

use explore::{Completeness, Factored, Limits, PropertySet, Rounds, Search, Sink, Symmetric, System, Trace};

const SEATS: usize = 6;

/// No philosopher can act any more.
const DEADLOCK: u8 = 0;
/// Somebody begins to eat.
const MEAL: u8 = 1;

/// Which fork a philosopher takes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    Left,
    Right,
}

/// What a philosopher is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Thinking,
    /// Holds the first fork, and wants the second.
    Waiting,
    Eating,
}

/// All that changes. A fork is where its neighbours say that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Table {
    phases: [Phase; SEATS],
}

/// What never changes.
struct Dinner {
    hands: [Hand; SEATS],
    /// By how many seats all may move on so that each sits where somebody with the same hand sat before.
    rotations: Vec<usize>,
}

impl Dinner {
    fn new(hands: [Hand; SEATS]) -> Dinner {
        let same = |&by: &usize| (0..SEATS).all(|seat| hands[seat] == hands[(seat + by) % SEATS]);
        Dinner { hands, rotations: (1..SEATS).filter(same).collect() }
    }

    /// The fork that a philosopher takes first, and the one after it. Fork `n` lies to the left of philosopher `n`.
    fn forks(&self, seat: usize) -> [usize; 2] {
        let (left, right) = (seat, (seat + 1) % SEATS);
        match self.hands[seat] {
            Hand::Left => [left, right],
            Hand::Right => [right, left],
        }
    }

    fn holds(&self, table: &Table, seat: usize, fork: usize) -> bool {
        let forks = self.forks(seat);
        match table.phases[seat] {
            Phase::Thinking => false,
            Phase::Waiting => forks[0] == fork,
            Phase::Eating => forks.contains(&fork),
        }
    }

    /// The fork that a philosopher needs next; none if the next thing is to put both back.
    fn wants(&self, phase: Phase, seat: usize) -> Option<usize> {
        let [first, second] = self.forks(seat);
        match phase {
            Phase::Thinking => Some(first),
            Phase::Waiting => Some(second),
            Phase::Eating => None,
        }
    }

    /// The other one who reaches for a fork.
    fn rival(seat: usize, fork: usize) -> usize {
        if fork == seat { (seat + SEATS - 1) % SEATS } else { (seat + 1) % SEATS }
    }

    fn can_act(&self, table: &Table, seat: usize) -> bool {
        let free = |fork| !self.holds(table, Dinner::rival(seat, fork), fork);
        self.wants(table.phases[seat], seat).is_none_or(free)
    }
}

impl System for Dinner {
    type State = Table;
    /// The philosopher who takes the next step.
    type Action = u8;
    type Event = String;

    fn initial(&self) -> Table {
        Table { phases: [Phase::Thinking; SEATS] }
    }

    fn enabled(&self, table: &Table, out: &mut Vec<u8>) {
        (0..self.groups()).for_each(|group| self.enabled_in(table, group, out));
    }

    fn step(&self, table: &mut Table, seat: u8, sink: &mut impl Sink<String>) -> PropertySet {
        let phase = &mut table.phases[usize::from(seat)];
        let before = *phase;
        *phase = match before {
            Phase::Thinking => Phase::Waiting,
            Phase::Waiting => Phase::Eating,
            Phase::Eating => Phase::Thinking,
        };
        sink.event(|| match self.wants(before, seat.into()) {
            Some(fork) => format!("philosopher {seat} takes fork {fork}"),
            None => format!("philosopher {seat} puts both forks back"),
        });
        if *phase == Phase::Eating { PropertySet::one(MEAL) } else { PropertySet::NONE }
    }

    fn observe(&self, _: &Table, enabled: &[u8]) -> PropertySet {
        if enabled.is_empty() { PropertySet::one(DEADLOCK) } else { PropertySet::NONE }
    }

    /// Dinner goes on for ever.
    fn ended(&self, _: &Table, _: &[u8]) -> bool {
        false
    }

    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn pack(&self, table: &Table, out: &mut Vec<u8>) {
        (0..self.parts()).for_each(|part| self.pack_part(table, part, out));
    }

    fn unpack(&self, bytes: &[u8]) -> Table {
        let mut table = self.initial();
        (0..).zip(bytes.chunks(1)).for_each(|(part, bytes)| self.unpack_part(bytes, part, &mut table));
        table
    }
}

/// Each philosopher is a part, and what a philosopher does next is a group.
impl Factored for Dinner {
    fn parts(&self) -> u32 {
        SEATS as u32
    }

    fn pack_part(&self, table: &Table, part: u32, out: &mut Vec<u8>) {
        out.push(table.phases[part as usize] as u8);
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, table: &mut Table) {
        table.phases[part as usize] = match bytes {
            [0] => Phase::Thinking,
            [1] => Phase::Waiting,
            _ => Phase::Eating,
        };
    }

    fn groups(&self) -> u32 {
        SEATS as u32
    }

    /// A philosopher's own phase tells which fork is wanted, and so whose phase matters as well.
    fn control(&self, group: u32) -> u32 {
        group
    }

    fn footprint(&self, table: &Table, group: u32, _: &mut Vec<u8>) -> Option<u64> {
        let seat = group as usize;
        let fork = self.wants(table.phases[seat], seat);
        Some(1 << seat | fork.map_or(0, |fork| 1 << Dinner::rival(seat, fork)))
    }

    fn enabled_in(&self, table: &Table, group: u32, out: &mut Vec<u8>) {
        out.extend(self.can_act(table, group as usize).then_some(group as u8));
    }

    fn halting_part(&self) -> Option<u32> {
        None
    }

    fn halts(&self, _: &Table) -> bool {
        false
    }

    /// A philosopher who can act does so in the end. So the only quiescent state is a deadlock.
    fn optional(&self, _: u8) -> bool {
        false
    }

    /// `observe` looks only at whether anything is enabled.
    fn quiescent_reads(&self) -> u64 {
        0
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

/// All may move on by some seats. Which rotations there are depends on the hands: a single right-handed
/// philosopher among left-handed ones leaves none.
impl Symmetric for Dinner {
    type Renaming = usize;

    fn renamings(&self) -> &[usize] {
        &self.rotations
    }

    fn rename(&self, &by: &usize, table: &Table) -> Table {
        // No `..`: a new field of the table does not compile until this says how a rotation changes it.
        let Table { mut phases } = *table;
        phases.rotate_right(by);
        Table { phases }
    }

    fn renamed_part(&self, &by: &usize, part: u32) -> u32 {
        (part + by as u32) % SEATS as u32
    }
}

fn search(dinner: &Dinner, symmetry: bool) -> Search<&Dinner> {
    let mut search = Search::new(dinner, Limits { symmetry, ..Limits::default() });
    assert_eq!(search.run_to_end(), Completeness::Complete);
    search
}

fn main() {
    let mut hands = [Hand::Left; SEATS];
    let all_left = Dinner::new(hands);
    hands[SEATS - 1] = Hand::Right;
    for (name, dinner) in [("all left-handed", all_left), ("one right-handed", Dinner::new(hands))] {
        let (each, reduced) = (search(&dinner, false), search(&dinner, true));
        println!(
            "{name}: {} states, and {} if all rotations of a state count as one",
            each.progress().states,
            reduced.progress().states
        );
        match reduced.witness(DEADLOCK) {
            None => println!("  never a deadlock"),
            Some(witness) => {
                let (trace, _) = Trace::replay(&dinner, &witness.schedule);
                let events = trace.steps().iter().flat_map(|step| &step.events);
                events.for_each(|event| println!("  {event}"));
                println!("  deadlock");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DEADLOCK, Dinner, Hand, MEAL, SEATS, search};
    use explore::PropertySet;

    /// How many states there are, and how many up to rotation; the length of a shortest path to a deadlock.
    fn found(hands: [Hand; SEATS]) -> (u32, u32, Option<usize>) {
        let dinner = Dinner::new(hands);
        let (each, reduced) = (search(&dinner, false), search(&dinner, true));
        assert_eq!(each.progress().seen, reduced.progress().seen);
        assert!(each.progress().seen.intersects(PropertySet::one(MEAL)));
        let length = |witness: explore::Witness<u8>| witness.schedule.len();
        let lengths = [&each, &reduced].map(|search| search.witness(DEADLOCK).map(length));
        assert_eq!(lengths[0], lengths[1], "renaming changes no length");
        (each.progress().states, reduced.progress().states, lengths[0])
    }

    /// The states counted in another way. The right neighbour of a philosopher who eats is thinking, and nothing else
    /// is ruled out. So a state is a closed path of `SEATS` steps in a graph of three vertices (the phases) and seven
    /// arrows.
    fn closed_paths() -> u32 {
        let follows = [[1, 1, 1], [1, 1, 1], [1, 0, 0]];
        let mut power = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
        for _ in 0..SEATS {
            power = power
                .map(|row: [u32; 3]| [0, 1, 2].map(|to| (0..3).map(|by| row[by] * follows[by][to]).sum()));
        }
        (0..3).map(|at| power[at][at]).sum()
    }

    #[test]
    fn all_left_handed_philosophers_may_starve() {
        let (states, reduced, deadlock) = found([Hand::Left; SEATS]);
        assert_eq!(states, closed_paths());
        assert!(reduced * 5 < states, "{reduced} of {states}: there are six rotations");
        assert_eq!(deadlock, Some(SEATS), "each has taken one fork");
    }

    #[test]
    fn one_right_handed_philosopher_saves_all_and_breaks_the_symmetry() {
        let mut hands = [Hand::Left; SEATS];
        hands[2] = Hand::Right;
        let (states, reduced, deadlock) = found(hands);
        assert_eq!((reduced, deadlock), (states, None));
        let alternating = [Hand::Left, Hand::Right].repeat(SEATS / 2);
        let (states, reduced, deadlock) = found(std::array::from_fn(|seat| alternating[seat]));
        assert!(reduced < states, "every other rotation is left");
        assert_eq!(deadlock, None);
    }
}
