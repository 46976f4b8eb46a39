//! Exhaustive search of transition systems: every state, the shortest schedule to whatever may go wrong, and proof that
//! nothing else can.
//!
//! This crate knows no x86 and no kernel. It can be used alone, for any system with known states, known actions in each
//! state, and a known effect of each action. This page builds one up, from a dozen lines to all reductions. The folder
//! `examples/` has three systems of a realistic size.
//!
//! # A system
//!
//! Two threads add one to a shared counter, without a lock. A state is a value that holds everything that changes. An
//! action says which thread does something next. [`System::step`] is the only place that says what happens then.
//!
//! ```
//! use explore::{Limits, PropertySet, Opaque, Search, Sink, System};
//!
//! struct Race;
//!
//! #[derive(Clone, PartialEq, Eq)]
//! struct State { counter: u8, threads: [Thread; 2] }
//!
//! #[derive(Clone, Copy, PartialEq, Eq)]
//! enum Thread { Start, Read(u8), Done }
//!
//! /// An update was lost.
//! const LOST: u8 = 0;
//!
//! impl System for Race {
//!     type State = State;
//!     type Action = usize;
//!     type Event = ();
//!
//!     fn initial(&self) -> State {
//!         State { counter: 0, threads: [Thread::Start; 2] }
//!     }
//!
//!     fn enabled(&self, state: &State, out: &mut Vec<usize>) {
//!         out.extend((0..2).filter(|&thread| state.threads[thread] != Thread::Done));
//!     }
//!
//!     fn step(&self, state: &mut State, thread: usize, _: &mut impl Sink<()>) -> PropertySet {
//!         state.threads[thread] = match state.threads[thread] {
//!             Thread::Start => Thread::Read(state.counter),
//!             Thread::Read(old) => { state.counter = old + 1; Thread::Done }
//!             Thread::Done => Thread::Done,
//!         };
//!         PropertySet::NONE
//!     }
//!
//!     fn observe(&self, state: &State, enabled: &[usize]) -> PropertySet {
//!         if enabled.is_empty() && state.counter == 1 { PropertySet::one(LOST) } else { PropertySet::NONE }
//!     }
//!
//!     fn ended(&self, _: &State, enabled: &[usize]) -> bool {
//!         enabled.is_empty()
//!     }
//!
//!     fn truncated(&self) -> PropertySet {
//!         PropertySet::NONE
//!     }
//!
//!     fn pack(&self, state: &State, out: &mut Vec<u8>) {
//!         out.push(state.counter);
//!         out.extend(state.threads.map(|thread| match thread {
//!             Thread::Start => 0,
//!             Thread::Done => 1,
//!             Thread::Read(old) => 2 + old,
//!         }));
//!     }
//!
//!     fn unpack(&self, bytes: &[u8]) -> State {
//!         let thread = |byte| match byte {
//!             0 => Thread::Start,
//!             1 => Thread::Done,
//!             old => Thread::Read(old - 2),
//!         };
//!         State { counter: bytes[0], threads: [thread(bytes[1]), thread(bytes[2])] }
//!     }
//! }
//!
//! // Search it as it is.
//! impl Opaque for Race {}
//!
//! let mut search = Search::new(&Race, Limits::default());
//! search.run_to_end();
//! assert_eq!(search.progress().states, 12);
//! let lost = search.witness(LOST).unwrap();
//! assert_eq!(lost.schedule, [0, 1, 0, 1], "both read before either writes");
//! ```
//!
//! A search holds its system by a [`Handle`], which is a reference or an `Arc`.
//!
//! `impl Opaque for Race {}` is the only line about the search itself. It says that nothing is known about the system
//! that could make the search smaller or faster. A search does not assume that silently; without that line this does
//! not compile:
//!
//! ```compile_fail,E0277
//! # use explore::*;
//! # mod race {
//! #     use explore::*;
//! #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/race.in"));
//! # }
//! # use race::*;
//! let search = Search::new(&Race, Limits::default());
//! ```
//!
//! There are three things to say, and a system says one of them:
//!
//! | the system has | it implements | then a search |
//! |---|---|---|
//! | states of which no parts are known | [`Opaque`] | computes every step |
//! | states that fall into parts | [`Factored`], [`Asymmetric`] | computes a step once for all states that agree on what it reads |
//! | members that can exchange names, too | [`Factored`], [`Symmetric`] | and visits one of all states that differ in names only |
//!
//! What a step or a state shows is a set of properties by number, [`PropertySet`]. The search asks nothing about them in
//! advance: it finds every state, notes which properties show, and keeps a shortest witness of each.
//!
//! # What a search promises
//!
//! - *Complete* is said only when every reachable state has been expanded. Otherwise [`Completeness::Bounded`] names
//!   the [`Bound`] that stopped the search.
//! - Two states are never taken for one because of a hash: keys are exact.
//! - A witness has the fewest steps, unless the search is a [saturated](Search::saturated) or [reduced](Search::reduced) one. It is the same one on every machine and for any number of threads.
//! - A search runs in slices ([`Search::run`]), so that it can report, be cancelled, and share a thread with others.
//!
//! # Executions
//!
//! A [`Trace`] is a single execution, with every moment of it at hand. It is made by a [`Chooser`]: from a schedule
//! ([`Trace::replay`]), from a seed ([`Seeded`]), or from whatever somebody clicks. It goes through the same `step` as
//! the search and records what the step reports to its [`Sink`].
//!
//! [`core()`] reduces a schedule to the steps that are needed for what it shows. [`Distances`] say for each state how
//! many steps a property is away, and from which step on it is no longer reachable:
//!
//! ```
//! # use explore::*;
//! # mod race {
//! #     use explore::*;
//! #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/race.in"));
//! # }
//! # use race::*;
//! # impl Opaque for Race {}
//! let distances = Distances::new(&Race, PropertySet::one(LOST), Limits::default()).unwrap();
//! let (trace, _) = Trace::replay(&Race, &[0, 0, 1, 1]);
//! let away = |moment| distances.of(&trace.state(&Race, moment));
//! assert_eq!(away(1), Some(3), "thread 0 has read; if thread 1 reads now, an update is lost");
//! assert_eq!(away(2), None, "thread 0 has written: no update can be lost any more");
//! ```
//!
//! # Factoring
//!
//! Most systems have parts: threads, variables, queues. A step reads few of them, so it does the same in all states that
//! agree on those. A [`Factored`] system says which: its actions fall into groups, and each group has a footprint. The
//! search then computes a step once for each combination of the values in its footprint, and looks it up from then on.
//! It finds the same states in the same order, several times faster.
//!
//! Here the counter is part 0, and the threads are parts 1 and 2:
//!
//! ```
//! # use explore::*;
//! # mod race {
//! #     use explore::*;
//! #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/race.in"));
//! # }
//! # use race::*;
//! impl Factored for Race {
//!     fn parts(&self) -> u32 { 3 }
//!
//!     fn pack_part(&self, state: &State, part: u32, out: &mut Vec<u8>) {
//!         out.push(match part {
//!             0 => state.counter,
//!             part => match state.threads[part as usize - 1] {
//!                 Thread::Start => 0,
//!                 Thread::Done => 1,
//!                 Thread::Read(old) => 2 + old,
//!             },
//!         });
//!     }
//!
//!     fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut State) {
//!         match (part, bytes[0]) {
//!             (0, counter) => state.counter = counter,
//!             (part, 0) => state.threads[part as usize - 1] = Thread::Start,
//!             (part, 1) => state.threads[part as usize - 1] = Thread::Done,
//!             (part, old) => state.threads[part as usize - 1] = Thread::Read(old - 2),
//!         }
//!     }
//!
//!     // One group of actions for each thread.
//!     fn groups(&self) -> u32 { 2 }
//!
//!     // Where a thread is says what it reads and writes next.
//!     fn control(&self, group: u32) -> u32 { 1 + group }
//!
//!     fn footprint(&self, state: &State, group: u32, _: &mut Vec<u8>) -> Option<u64> {
//!         match state.threads[group as usize] {
//!             Thread::Start | Thread::Read(_) => Some(1 << 0 | 1 << (1 + group)),
//!             Thread::Done => None,
//!         }
//!     }
//!
//!     fn enabled_in(&self, state: &State, group: u32, out: &mut Vec<usize>) {
//!         out.extend((state.threads[group as usize] != Thread::Done).then_some(group as usize));
//!     }
//!
//!     // Nothing stops all threads at once.
//!     fn halting_part(&self) -> Option<u32> { None }
//!     fn halts(&self, _: &State) -> bool { false }
//!
//!     // A thread that can go on does, so `observe` speaks only of states in which nothing is enabled. There it reads
//!     // the counter.
//!     fn optional(&self, _: usize) -> bool { false }
//!     fn quiescent_reads(&self) -> u64 { 1 << 0 }
//!
//!     // No thread goes round in a loop for ever.
//!     fn may_go_round(&self) -> PropertySet { PropertySet::NONE }
//!     fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet { PropertySet::NONE }
//! }
//!
//! impl Asymmetric for Race {}
//!
//! let mut search = Search::new(&Race, Limits::default());
//! search.run_to_end();
//! assert_eq!(search.progress().states, 12, "the same states");
//! assert_eq!(search.witness(LOST).unwrap().schedule, [0, 1, 0, 1], "and the same witness");
//! ```
//!
//! # Symmetry
//!
//! The two threads run the same code, so a state and the state in which they have changed places have the same future.
//! A [`Symmetric`] system says so, and the search visits one of the two. Instead of `impl Asymmetric for Race {}`:
//!
//! ```
//! # use explore::*;
//! # mod race {
//! #     use explore::*;
//! #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/race.in"));
//! #     include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/factored.in"));
//! # }
//! # use race::*;
//! /// Both threads change places.
//! pub struct Exchange;
//!
//! impl Symmetric for Race {
//!     type Renaming = Exchange;
//!
//!     fn renamings(&self) -> &[Exchange] { &[Exchange] }
//!
//!     fn rename(&self, _: &Exchange, state: &State) -> State {
//!         // Without `..`: a new field does not compile until this says what happens to it.
//!         let State { counter, threads: [first, second] } = *state;
//!         State { counter, threads: [second, first] }
//!     }
//!
//!     // Part 0 stays, parts 1 and 2 change places.
//!     fn renamed_part(&self, _: &Exchange, part: u32) -> u32 {
//!         [0, 2, 1][part as usize]
//!     }
//! }
//!
//! let mut search = Search::new(&Race, Limits::default());
//! search.run_to_end();
//! assert_eq!(search.progress().states, 8, "instead of 12");
//! let lost = search.witness(LOST).unwrap();
//! assert_eq!(lost.schedule.len(), 4, "renaming changes no length");
//! ```
//!
//! # Saturation
//!
//! In some systems one part of the state only ever adds possibilities: what a cache holds, what a process has been
//! told. A state with more of it can do whatever the same state with less can. A [`Monotone`] system says which steps
//! are such gains. Then [`Search::saturated`] takes the gains at once, and keeps only the states in which no gain is
//! left. It finds the properties that a full search finds, often in a hundredth of the states. Its witnesses are real
//! executions, but not shortest ones. `tests/saturation.rs` has a system of this kind: neighbours who gossip.
//!
//! # Partial orders
//!
//! If no other process can ever observe a step, it makes no difference when the step happens. A [`Commuting`] system
//! says what each process may do next and what it may ever do. Then [`Search::reduced`] follows one order of such
//! steps, and leaves out the others. It finds the properties that a saturated search finds.
//!
//! # Any number of members
//!
//! A [`Crowd`] says what its members do, but not how many members there are. [`Views`] settles what never shows with
//! any number of them: it looks at states through views of one member, two, or more. If that is too coarse, it says
//! that a property may show, and [`Few`] finds out whether it does with a certain number. `examples/shootdown.rs` has a
//! system of this kind.
//!
//! # More than one process
//!
//! [`Apart`] is a search whose states lie in several processes, each at the one that its hash points at. The processes
//! are a [`Team`], and how they reach one another is for the caller to say. The search finds what [`Search`] finds: the
//! same states, lengths and witnesses. Code that asks a search can ask either of them, as an [`Exploration`].
//!
//! # How it is built
//!
//! | folder | what is in it | read first |
//! |---|---|---|
//! | `model/` | the traits of this page | `system.rs` |
//! | `run/` | one execution: schedules, traces, cores | `trace.rs` |
//! | `search/` | all executions: levels, threads, the visited set, distances | `breadth_first.rs` |
//! | `crowd/` | any number of members: views of states, closed under steps | `views.rs` |
//! | `cache/` | states as keys of 64 bits, and steps that are computed once | `space.rs` |
//!
//! A folder uses the ones above it in this table and `cache/`; `cache/` and `crowd/` use only `model/`.
#![forbid(unsafe_code)]
#![warn(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod cache;
mod crowd;
mod model;
mod run;
mod search;
mod width;

pub use cache::{Full, Key, Moved, Observed, Space, Successor, Successors, Worker};
pub use crowd::{Closure, Few, Group, Path, Views};
pub use model::{
    Asymmetric, Commuting, Contested, Crowd, Factored, Handle, Monotone, Opaque, Passed, PropertySet,
    Prospect, Rounds, Side, Sink, Symmetric, System, Touched,
};
pub use run::{Chooser, Core, Diverged, Replay, Seeded, Step, Trace, core};
pub use search::{
    Apart, Bound, Completeness, Distances, Exploration, Forced, Limits, Lost, Progress, Search, Shared,
    Survey, Surveyed, Team, Visited, Witness,
};
