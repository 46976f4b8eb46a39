//! Systems, schedules, traces and exhaustive search.
//!
//! This crate knows no x86 and no kernel. It knows that a [`System`] has states, that some actions are enabled
//! in a state, and that taking one leads to exactly one other state. From that it makes everything that TLBscope
//! does: stepping by hand, replaying a link, seeded runs, and the [`Search`] that tries all there is.
//!
//! Read `system.rs` first; the rest serves it.
#![forbid(unsafe_code)]

mod core;
mod distances;
mod interner;
mod layout;
mod log;
mod marks;
mod memo;
mod mirrors;
mod plan;
mod round;
mod schedule;
mod search;
mod space;
mod successors;
mod system;
mod trace;
mod values;
mod visited;
mod worker;

pub use core::{Core, core};
pub use distances::{Distances, Survey, Surveyed};
pub use marks::Marks;
pub use schedule::{Chooser, Replay, Seeded};
pub use search::{Bound, Completeness, Limits, Progress, Search, Witness};
pub use space::{Full, Key, Moved, Space};
pub use successors::{Successor, Successors};
pub use system::{Sink, System};
pub use trace::{Diverged, Step, Trace};
pub use visited::Visited;
pub use worker::{Shown, Worker};
