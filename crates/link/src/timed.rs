//! What a link says of costs.

/// A table of costs: which workload, on which costs, and what is compared over what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimedTable {
    /// The workload, by its file's name without `.tlb`.
    pub workload: String,
    /// The table of costs.
    pub costs: TimedCosts,
    /// What has another value than workload and costs say: what, and the value in picoseconds or entries.
    pub changes: Vec<(String, u64)>,
    /// The two kernels whose costs are compared, by name.
    pub contest: [String; 2],
    /// Further kernels, each of which is compared with the first.
    pub more: Vec<String>,
    /// Over what.
    pub over: String,
}

/// A table of costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimedCosts {
    /// One of the library, by its file's name without `.tlb`.
    Library(String),
    /// An edited text, and the one of the library that it was made from.
    Text(String, String),
}

impl Default for TimedCosts {
    fn default() -> TimedCosts {
        TimedCosts::Library(String::new())
    }
}
