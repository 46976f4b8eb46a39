//! One link of an explanation: a step rests on an earlier one.

/// One reason: step `step` (the first is 1) rests on the earlier step `on`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The later step.
    pub step: u32,
    /// The earlier one.
    pub on: u32,
    /// What the earlier one left for the later: `the PML4E cache of CPU 1`, `A.cpumask`.
    pub what: String,
}
