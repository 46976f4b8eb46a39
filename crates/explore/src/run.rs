//! One execution at a time: schedules, traces, and what of a schedule is needed.

mod core;
mod schedule;
mod trace;

pub use core::{Core, core};
pub use schedule::{Chooser, Replay, Seeded};
pub use trace::{Diverged, Step, Trace};
