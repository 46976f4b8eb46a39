//! Searches whose states lie in several processes find what one process finds.
//!
//! Here the members of a team are threads, each with its own numbers for everything, that send letters through channels. What
//! they keep of levels is in memory. (`crates/cli/tests/processes.rs` does the same with real processes.)

use explore::{Apart, Completeness, Exploration, Limits, Progress, Search, Shared, Team};
use machine::{Asked, Check, Finding, Machine};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use tests::{library, machine};

/// What has been kept: of which search, of which level, by which member of how many.
type Kept = Arc<Mutex<BTreeMap<(u32, u32, usize, usize), Vec<u8>>>>;

/// A member that is a thread.
struct Thread {
    index: usize,
    to: Vec<Sender<Vec<u8>>>,
    from: Vec<Receiver<Vec<u8>>>,
    searches: u32,
    kept: Option<Kept>,
    /// Only so many levels are found when a search begins.
    most: u32,
}

impl Team for Thread {
    fn index(&self) -> usize {
        self.index
    }

    fn size(&self) -> usize {
        self.to.len()
    }

    fn exchange(&mut self, letters: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        for (at, letter) in letters.into_iter().enumerate().filter(|letter| letter.0 != self.index) {
            self.to[at].send(letter).expect("the other thread runs");
        }
        let from = self.from.iter().enumerate();
        let read = |(at, from): (usize, &Receiver<Vec<u8>>)| match at == self.index {
            true => Vec::new(),
            false => from.recv().expect("the other thread runs"),
        };
        from.map(read).collect()
    }

    fn subject(&self) -> u64 {
        0
    }

    fn begin(&mut self, _: u64) -> (u32, u32) {
        self.searches += 1;
        let levels = self.kept.as_ref().map_or(0, |kept| {
            let kept = kept.lock().unwrap();
            let levels = kept.keys().filter(|key| key.0 == self.searches).map(|key| key.1 + 1);
            levels.max().unwrap_or(0)
        });
        (self.searches, levels.min(self.most))
    }

    fn keeps(&self) -> bool {
        self.kept.is_some()
    }

    fn keep(&mut self, search: u32, level: u32, bytes: &[u8]) {
        let key = (search, level, self.index, self.to.len());
        self.kept.as_ref().unwrap().lock().unwrap().insert(key, bytes.to_vec());
    }

    fn kept(&mut self, search: u32, level: u32) -> Vec<Vec<u8>> {
        let kept = self.kept.as_ref().unwrap().lock().unwrap();
        if let Some(own) = kept.get(&(search, level, self.index, self.to.len())) {
            return vec![own.clone()];
        }
        kept.iter().filter(|one| (one.0.0, one.0.1) == (search, level)).map(|one| one.1.clone()).collect()
    }

    fn fail(&mut self, why: &str) -> ! {
        panic!("{why}")
    }
}

/// Does something with each member of a team, each in a thread: what each came to.
fn together<T: Send>(
    members: usize,
    kept: Option<&Kept>,
    most: u32,
    work: impl Fn(Shared) -> T + Sync,
) -> Vec<T> {
    let mut to: Vec<Vec<Sender<Vec<u8>>>> = vec![Vec::new(); members];
    let mut from: Vec<Vec<Receiver<Vec<u8>>>> = Vec::new();
    for _ in 0..members {
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..members).map(|_| channel()).unzip();
        to.iter_mut().zip(senders).for_each(|(to, sender)| to.push(sender));
        from.push(receivers);
    }
    std::thread::scope(|scope| {
        let ends = to.into_iter().zip(from).enumerate();
        let threads: Vec<_> = ends
            .map(|(index, (to, from))| {
                let (kept, work) = (kept.cloned(), &work);
                scope.spawn(move || {
                    let team = Thread { index, to, from, searches: 0, kept, most };
                    work(Rc::new(RefCell::new(team)))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread fails")).collect()
    })
}

/// What a search has found, but for the memory that it took.
type Found = (Progress, Vec<Option<Vec<machine::Action>>>, Option<Vec<machine::Action>>);

fn found<'a>(search: &impl Exploration<&'a Machine>) -> Found {
    let paths = (0..32).map(|property| search.witness(property).map(|witness| witness.schedule));
    let progress = Progress { bytes: 0, ..search.progress() };
    (progress, paths.collect(), search.ending().map(|witness| witness.schedule))
}

/// A search that has ended.
fn ended<'a, S: Exploration<&'a Machine>>(
    means: &S::Means,
    machine: &'a Machine,
    limits: Limits,
    reduced: bool,
) -> S {
    let mut search = S::begin(means, machine, limits, reduced);
    while search.run(1_000) == Completeness::Running {}
    search
}

fn run<'a, S: Exploration<&'a Machine>>(
    means: &S::Means,
    machine: &'a Machine,
    limits: Limits,
    reduced: bool,
) -> Found {
    found(&ended::<S>(means, machine, limits, reduced))
}

#[test]
fn two_and_three_members_find_what_one_process_finds() {
    for (at, (name, experiment)) in library().into_iter().enumerate() {
        let machine = machine(&experiment);
        for reduced in [false, true] {
            let limits = Limits { symmetry: at % 3 != 0, states: 6_000, ..Limits::default() };
            let alone = run::<Search<_>>(&(), &machine, limits, reduced);
            let members = 2 + at % 2;
            for found in together(members, None, 0, |team| run::<Apart<_>>(&team, &machine, limits, reduced))
            {
                // The end is asked for where something is avoided.
                assert_eq!((found.0, &found.1), (alone.0, &alone.1), "{name}: {members} members, {reduced}");
            }
        }
    }
}

/// All that a check says.
type Said = (Progress, bool, Vec<Finding>, Option<machine::Finals>, [Vec<u16>; 2], Vec<(u16, bool)>, bool);

fn said<'a, S: Exploration<&'a Machine>>(mut check: Check<&'a Machine, S>) -> Said {
    check.run_to_end();
    let progress = Progress { bytes: 0, ..check.progress() };
    let places = [check.only_fault(), check.unreached()];
    let (finals, idle) = (check.finals(), check.idle_claims());
    (progress, check.saturated(), check.findings(), finals, places, idle, check.stores_waited())
}

#[test]
fn a_check_says_the_same() {
    // Scenarios that always show something, that ask for final states, and with claims, among others.
    for (at, (name, experiment)) in library().into_iter().enumerate().filter(|one| one.0 % 4 == 1) {
        let machine = machine(&experiment);
        let asked = Asked::by(machine.program());
        let limits = Limits { states: 12_000, ..Limits::default() };
        let alone = said(Check::of(&machine, limits, asked.clone()));
        for found in together(2 + at % 2, None, 0, |team| {
            said(Check::<_, Apart<_>>::by(team, &machine, limits, asked.clone()))
        }) {
            assert_eq!(found, alone, "{name}");
        }
    }
}

#[test]
fn a_search_continues_after_a_level_that_was_kept() {
    let (name, experiment) = library().swap_remove(7);
    let machine = machine(&experiment);
    for reduced in [false, true] {
        let limits = Limits::default();
        let search = ended::<Search<_>>(&(), &machine, limits, reduced);
        let (progress, paths, _) = found(&search);
        let alone = (progress, paths, search.passed());
        let kept = Kept::default();
        let all = together(2, Some(&kept), 0, |team| run::<Apart<_>>(&team, &machine, limits, reduced));
        assert_eq!(all[0], all[1]);
        let levels = alone.0.depth + 1;
        for (members, most) in [(2, 1), (2, levels / 2), (3, levels / 2), (2, levels), (1, levels - 1)] {
            // What was written by two is read by any number.
            let here: Kept = Arc::new(Mutex::new(kept.lock().unwrap().clone()));
            let found = together(members, Some(&here), most, |team| {
                here.lock().unwrap().retain(|key, _| key.1 < most);
                let search = ended::<Apart<_>>(&team, &machine, limits, reduced);
                (found(&search), search.passed())
            });
            for (found, passed) in found {
                // All members know what each has passed, before and since.
                let found = (found.0, found.1, passed);
                assert_eq!(found, alone, "{name}: {members}, {most} of {levels}");
            }
        }
    }
}

#[test]
fn a_level_that_was_damaged_is_not_read() {
    let machine = machine(&library().swap_remove(7).1);
    let kept = Kept::default();
    let once = |team: Shared| run::<Apart<_>>(&team, &machine, Limits::default(), false);
    together(2, Some(&kept), 0, once);
    kept.lock().unwrap().get_mut(&(1, 3, 0, 2)).unwrap()[20] ^= 1;
    let damaged = AssertUnwindSafe(|| together(2, Some(&kept), 9, once));
    assert!(catch_unwind(damaged).is_err());
}
