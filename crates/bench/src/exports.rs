//! The functions that JavaScript calls.
#![expect(
    unsafe_code,
    reason = "a function that JavaScript calls by name needs `no_mangle`, which counts as unsafe"
)]

use crate::grown::{self, Axis, States};
use crate::subject::{self, Kind};
use explore::{Completeness, Handle, Limits, Progress, Search, Symmetric};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// A search of whatever system.
trait Running {
    fn go(&mut self, budget: u32) -> Completeness;
    fn progress(&self) -> Progress;
}

impl<H: Handle<System: Symmetric>> Running for Search<H> {
    fn go(&mut self, budget: u32) -> Completeness {
        self.run(budget)
    }

    fn progress(&self) -> Progress {
        Search::progress(self)
    }
}

thread_local! {
    static SEARCH: RefCell<Option<Box<dyn Running>>> = const { RefCell::new(None) };
    static COUNTED: Cell<[u64; 5]> = const { Cell::new([0; 5]) };
}

fn figure(of: impl Fn(&Progress) -> u64) -> u64 {
    SEARCH.with_borrow(|search| search.as_ref().map_or(0, |search| of(&search.progress())))
}

/// Begins to search the subject of a number; 0 if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn begin(number: u32) -> u32 {
    let limits = Limits { symmetry: false, ..Limits::default() };
    let search: Option<Box<dyn Running>> =
        match subject::all().get(number as usize).map(|subject| subject.kind) {
            Some(Kind::Toy(toy)) => Some(Box::new(Search::new(Arc::new(toy), limits))),
            Some(Kind::Scenario(text)) => subject::machine(text)
                .ok()
                .map(|machine| Box::new(Search::new(Arc::new(machine), limits)) as _),
            None => None,
        };
    let begun = search.is_some();
    SEARCH.set(search);
    begun.into()
}

/// Begins to search what grows: which states, by number; what grows, by number; and how far. 0 if there is no such thing.
#[unsafe(no_mangle)]
pub extern "C" fn grow(states: u32, axis: u32, value: u32) -> u32 {
    let chosen = States::ALL.get(states as usize).zip(Axis::ALL.get(axis as usize));
    let search = chosen.and_then(|(&states, &axis)| grown::search(states, axis, value, 1).ok());
    let begun = search.is_some();
    SEARCH.set(search.map(|search| Box::new(search) as _));
    begun.into()
}

/// Expands so many states; 0 when there are none left.
#[unsafe(no_mangle)]
pub extern "C" fn go(budget: u32) -> u32 {
    let running = |search: &mut Box<dyn Running>| search.go(budget) == Completeness::Running;
    SEARCH.with_borrow_mut(|search| search.as_mut().is_some_and(running)).into()
}

/// Whether the search that has been begun came to its end, and did not stop at a bound.
#[unsafe(no_mangle)]
pub extern "C" fn complete() -> u32 {
    figure(|progress| u64::from(progress.completeness == Completeness::Complete)) as u32
}

/// Takes this many steps by the clock on this many CPUs, and returns one of the four numbers that a timed run gives, or, as the fifth, the bytes that the run takes.
#[unsafe(no_mangle)]
pub extern "C" fn timed(cpus: u32, steps: u32, which: u32) -> u64 {
    if which == 0 {
        let counted = u8::try_from(cpus).ok().and_then(|cpus| crate::clocked::run(cpus, steps.into()).ok());
        let ([time, load, ipis, reads], bytes) = counted.unwrap_or_default();
        COUNTED.set([time, load, ipis, reads, bytes]);
    }
    COUNTED.get().get(which as usize).copied().unwrap_or_default()
}

/// Distinct states found.
#[unsafe(no_mangle)]
pub extern "C" fn states() -> u64 {
    figure(|progress| progress.states.into())
}

/// Transitions computed.
#[unsafe(no_mangle)]
pub extern "C" fn transitions() -> u64 {
    figure(|progress| progress.transitions)
}

/// Steps to the farthest state.
#[unsafe(no_mangle)]
pub extern "C" fn depth() -> u64 {
    figure(|progress| progress.depth.into())
}
