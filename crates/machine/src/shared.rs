//! The search as the explorer's server runs it: on a machine that several parts of the program hold.
//!
//! Generic code is compiled with the settings of the crate that names its types. The site is compiled to be small, but
//! for the crates that search (`Cargo.toml` at the root): so it is here that the search is given its machine, and
//! the server calls these. (The command line is compiled to be fast as a whole.)

use crate::{Asked, Check, Machine};
use explore::{Completeness, Search, Survey, Surveyed};
use std::sync::Arc;

/// [`Search::run`], compiled in this crate, up to where nothing of `asked` is open.
#[inline(never)]
pub fn run_search(search: &mut Search<Arc<Machine>>, asked: &Asked, budget: u32) -> Completeness {
    asked.run(search, budget)
}

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
