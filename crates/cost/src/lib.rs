//! What a kernel costs: timed runs of a machine.
//!
//! The explorer tries every choice. In a timed run a clock, a cost or a seed makes each choice, and the run counts what
//! happens. It takes the machine's own steps and no others ([`TimedRun`]). `docs/cost.md` lists all choices and how each is
//! made, and says for each figure how sure it is.
//!
//! - A [`TimedRun`] is a machine, a table of costs, a workload and a seed. The same four give the same [`Counters`], natively and
//!   in wasm: there is no float, no clock but the run's own, and no map whose order depends on anything.
//! - A [`TimedSubject`] finds the machine: a scenario with a `workload`, on a kernel, with as many CPUs as the workload asks
//!   for.
//! - A [`Row`] is a kernel on a workload: the explorer's verdict beside the counters.
//! - A [`Round`] is one execution of each block, short enough to be shown step by step.
//! - [`COLUMNS`] is the table of all counters, [`SHOWN`] are the columns that readers see. [`Strip`]s say what
//!   each CPU is doing, moment by moment.
//! - [`Sweep`] asks where two kernels cost the same.
#![forbid(unsafe_code)]
#![deny(clippy::float_arithmetic)]
#![warn(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod access;
mod bytes;
mod charge;
mod counters;
mod lane;
mod lines;
mod matrix;
mod plan;
mod prices;
mod random;
mod recording;
mod resident;
mod round;
mod run;
mod strips;
mod subject;
mod sweep;
mod told;

pub use counters::{COLUMNS, Column, Counters, Measure, NUMBERS, SHOWN, ShownColumn, TIMES, in_files, share};
pub use matrix::{Measured, Row, ScenarioVerdict, kernels, row};
pub use round::Round;
pub use run::{End, Settings, TimedRun};
pub use strips::{Doing, Strip};
pub use subject::{
    NoTimedSubject, TimedSubject, added_to, costs_of, experiment_of, is_added, library_costs, on_kernel,
    read_costs,
};
pub use sweep::{
    BreakEven, Over, Point, Sweep, answer, around, ascending, changed, guesses, logarithm, now, sentence,
    wanted,
};
pub use told::{Per, Told, brief};
