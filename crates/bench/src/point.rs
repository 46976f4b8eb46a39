//! A point of a growth curve.

use crate::child::Used;
use crate::who::Who;
use bench::counts::Counts;

/// What came of one search.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthPoint {
    /// Who.
    pub who: Who,
    /// How many CPUs, or how many switches.
    pub value: u32,
    /// What it counted and used; nothing if it gave up.
    pub done: Option<(Counts, Used)>,
}
