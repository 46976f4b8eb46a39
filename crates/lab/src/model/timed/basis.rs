//! What runs are about.

use experiment::Experiment;
use std::sync::Arc;

/// What belongs to a workload with its kernels, and a table of costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Basis {
    pub(super) texts: Experiment,
    pub(super) costs: Arc<str>,
}

impl Default for Basis {
    fn default() -> Basis {
        Basis { texts: Experiment::new(""), costs: "".into() }
    }
}
