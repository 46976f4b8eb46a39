//! One execution at a time: schedules, traces, and which steps of a schedule are needed.

mod core;
mod schedule;
mod trace;

pub use core::{Core, core};
pub use schedule::{Chooser, Replay, Seeded};
pub use trace::{Diverged, Step, Trace};
