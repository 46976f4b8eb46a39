//! Any number of members: what a few come to is among the views, and views of two see what views of one do not.

use explore::{Closure, Crowd, Few, PropertySet, Views};

/// What a member may do: a row of a table.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// What is shared, and what the member is; before and after.
    shared: [u8; 2],
    me: [u8; 2],
    /// If it is aimed at another member: what that one is, before and after.
    other: Option<[u8; 2]>,
    /// What all others may be, as bits.
    others: u8,
    /// What it shows.
    shows: PropertySet,
}

#[derive(Debug)]
struct Table(Vec<Row>);

impl Crowd for Table {
    type Shared = u8;
    type Member = u8;
    type Action = usize;

    fn shared(&self) -> u8 {
        0
    }

    fn members(&self) -> Vec<u8> {
        vec![0]
    }

    fn actions(&self, &shared: &u8, &me: &u8, out: &mut Vec<usize>) {
        out.extend((0..self.0.len()).filter(|&at| self.0[at].shared[0] == shared && self.0[at].me[0] == me));
    }

    fn aimed(&self, action: usize) -> bool {
        self.0[action].other.is_some()
    }

    fn hits(&self, action: usize, _: &u8, &other: &u8) -> bool {
        self.0[action].other.is_some_and(|[before, _]| before == other)
    }

    fn permits(&self, action: usize, _: &u8, other: &u8) -> bool {
        self.0[action].others >> other & 1 == 1
    }

    fn step(&self, action: usize, shared: &mut u8, me: &mut u8, other: Option<&mut u8>) -> PropertySet {
        let row = self.0[action];
        (*shared, *me) = (row.shared[1], row.me[1]);
        if let (Some(other), Some([_, after])) = (other, row.other) {
            *other = after;
        }
        row.shows
    }
}

const ANY: u8 = 0xff;

fn own(shared: [u8; 2], me: [u8; 2]) -> Row {
    Row { shared, me, other: None, others: ANY, shows: PropertySet::NONE }
}

/// Two are in the critical section.
const BOTH: PropertySet = PropertySet(1);

/// A lock that is shared: 0 is outside, 1 inside. A member that is inside may meet another one there.
fn lock(works: bool) -> Table {
    let meets = Row { other: Some([1, 1]), shows: BOTH, ..own([1, 1], [1, 1]) };
    Table(vec![own([0, u8::from(works)], [0, 1]), own([0, 1], [1, 1]), own([1, 0], [1, 0]), meets])
}

#[test]
fn a_lock_is_for_one_member_and_views_of_one_do_not_know() {
    let [one, two] = [1, 2].map(|size| Views::new(&lock(true), size, 1_000));
    assert!(one.shown().intersects(BOTH), "it takes the lock for any member's");
    assert_eq!((two.closure(), two.shown()), (Closure::Closed, PropertySet::NONE));
    assert!(!two.cover(&1, &[1, 1]) && two.cover(&1, &[0, 1, 0]));
    let broken = lock(false);
    assert!(Views::new(&broken, 2, 1_000).shown().intersects(BOTH));
    assert_eq!(Few::new(&broken, 1, 1_000).path(0), None);
    let path = Few::new(&broken, 2, 1_000).path(0).expect("two may be inside");
    assert_eq!(path.last(), Some(&3));
}

#[test]
fn a_condition_on_all_others_holds_for_each_one() {
    // 0 becomes 1 by itself; 0 becomes 2 once all others are 1, and shows it. Whoever is 2 is alone with it.
    let alone = Row { others: 1 << 1, ..own([0, 0], [0, 2]) };
    let two = Row { other: Some([2, 2]), shows: BOTH, ..own([0, 0], [2, 2]) };
    let table = Table(vec![own([0, 0], [0, 1]), alone, two]);
    let views = Views::new(&table, 2, 1_000);
    assert_eq!((views.closure(), views.shown()), (Closure::Closed, PropertySet::NONE));
    assert!(views.cover(&0, &[1, 1, 2]) && !views.cover(&0, &[0, 2]));
}

#[test]
fn too_many_views_are_no_proof() {
    assert_eq!(Views::new(&lock(true), 2, 1).closure(), Closure::Open);
    assert!(!Few::new(&lock(true), 3, 1).complete());
}

/// A table of random rows: 3 shared states, 4 of members.
fn random(seed: u64) -> Table {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = move |most: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as u8 % most as u8
    };
    let rows = (0..12).map(|row| Row {
        shared: [below(3), below(3)],
        me: [below(4), below(4)],
        other: (below(2) == 0).then(|| [below(4), below(4)]),
        others: if below(3) == 0 { below(16) | 1 << below(4) } else { ANY },
        shows: PropertySet::one(row),
    });
    Table(rows.collect())
}

#[test]
fn what_a_few_members_come_to_is_among_the_views() {
    let (mut settled, mut shown) = (0, 0);
    for seed in 0..300 {
        let table = random(seed);
        for size in 1..=3 {
            let views = Views::new(&table, size, 100_000);
            assert_eq!(views.closure(), Closure::Closed);
            settled += views.shown().0.count_zeros() - 20;
            for members in size..=5 {
                let few = Few::new(&table, members, 100_000);
                shown += few.shown().0.count_ones();
                assert!(
                    views.shown().contains(few.shown()),
                    "{seed}: {members} members, views of {size}: {table:?}"
                );
                for (shared, members) in few.states() {
                    assert!(views.cover(shared, members), "{seed}: {shared} {members:?}, views of {size}");
                }
            }
        }
    }
    assert!(settled > 1_000 && shown > 1_000, "both happens: {settled}, {shown}");
}

#[test]
fn larger_views_never_show_more() {
    for seed in 0..200 {
        let table = random(seed);
        let [one, two, three] = [1, 2, 3].map(|size| Views::new(&table, size, 100_000).shown());
        assert!(one.contains(two) && two.contains(three), "{seed}: {table:?}");
    }
}
