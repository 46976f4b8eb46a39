//! The search as the explorer's server runs it: on a machine that several parts of the program share.
//!
//! The compiler compiles generic code with the settings of the crate that names its types. The site is compiled to
//! be small, except for the crates that search (`Cargo.toml` at the root). So this crate names the types of the
//! search, and the server calls these functions. (The command line is compiled to be fast as a whole.)

use crate::{Check, Machine};
use explore::{Forced, Lost, Survey, Surveyed};
use std::sync::Arc;

/// [`Check::run`], compiled in this crate.
#[inline(never)]
pub fn run_check(check: &mut Check<Arc<Machine>>, budget: u32) -> bool {
    check.run(budget)
}

/// [`Survey::run`], compiled in this crate.
#[inline(never)]
#[must_use]
pub fn run_survey(survey: Survey<Arc<Machine>>, budget: u32) -> Surveyed<Arc<Machine>> {
    survey.run(budget)
}

/// [`Forced::run`], compiled in this crate.
#[inline(never)]
#[must_use]
pub fn run_forced(forced: &mut Forced<Arc<Machine>>, budget: u32) -> Option<Lost> {
    forced.run(budget)
}
