//! Systems, schedules, traces and exhaustive search.
//!
//! This crate knows no x86 and no kernel. It knows that a [`System`] has states, that some actions are enabled
//! in a state, and that taking one leads to exactly one other state. From that it makes everything that TLBscope
//! does: stepping by hand, replaying a link, seeded runs, and the [`Search`] that tries all there is.
//!
//! Read `model/system.rs` first; the rest serves it.
#![forbid(unsafe_code)]

mod cache;
mod model;
mod run;
mod search;

pub use cache::{Full, Key, Moved, Shown, Space, Successor, Successors, Worker};
pub use model::{Asymmetric, Factored, Handle, Marks, Opaque, Sink, Symmetric, System};
pub use run::{Chooser, Core, Diverged, Replay, Seeded, Step, Trace, core};
pub use search::{
    Bound, Completeness, Distances, Limits, Progress, Search, Survey, Surveyed, Visited, Witness,
};
