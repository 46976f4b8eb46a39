//! The tree of a scenario's workload.

use super::tree::{Amount, Text};
use crate::source::Span;
use crate::workload::{MaybeAnswer, Work};

/// `workload { ... }` as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkloadDecl {
    /// Where it begins.
    pub span: Span,
    /// `cpus 16 like 1;`
    pub cpus: Option<(Amount, Amount)>,
    /// `at 0x400000 { ... }`
    pub works: Vec<Work>,
    /// `cpu 1 { ... }`
    pub loads: Vec<LoadDecl>,
}

/// `cpu 1 { ... }` of a workload as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadDecl {
    /// Which CPU.
    pub cpu: Amount,
    /// `every 50 us;`
    pub every: Option<Amount>,
    /// `sleep 200 us;`
    pub sleep: Option<Amount>,
    /// `does "unmaps";`
    pub does: Option<Text>,
    /// `maybe 1: 30 percent;`
    pub answers: Vec<(Amount, MaybeAnswer)>,
}
