//! What challenges judge by: the kernels that have run, and the figures that differ from the library's.

use super::Timed;
use super::found::is_unsettled;
use cost::Over;
use guide::judge;
use lang::costs::{Costs, Figure};
use protocol::WireCell;

impl Timed {
    /// The kernels that run the workload, each with its verdict and its load; nothing while a run or a verdict is to come.
    pub(crate) fn ran(&self) -> Option<Vec<(String, judge::TimedKernel)>> {
        let rows = self.rows();
        if rows.iter().any(|(_, found, old)| *old || found.as_ref().is_none_or(is_unsettled)) {
            return None;
        }
        let mut ran = Vec::new();
        for (kernel, found, _) in rows {
            if let Some(Ok(found)) = found.as_deref() {
                let safe = matches!(found.verdict, Some(WireCell::Safe { .. }));
                ran.push((kernel, judge::TimedKernel { safe, load: found.load }));
            }
        }
        Some(ran)
    }

    /// The table of the library that the costs were made from.
    pub(crate) fn preset_costs(&self) -> Option<Costs> {
        cost::costs_of(&self.preset_text()).ok()
    }

    /// The figures that differ from the library's: what each figure was, and what it is. `Some(None)` if a change has
    /// made the workload another one; nothing if there are no costs.
    #[allow(
        clippy::option_option,
        reason = "no costs, another workload and changed figures are three answers"
    )]
    pub(crate) fn changed_figures(&self) -> Option<Option<Vec<(u64, u64)>>> {
        if self.changes().iter().any(|change| !matches!(Over::named(&change.0), Ok(Over::Figure(_)))) {
            return Some(None);
        }
        let (was, is) = (self.preset_costs()?, self.costs()?);
        let both = |figure: &Figure| (was.amount(*figure), is.amount(*figure));
        Some(Some(Figure::ALL.iter().map(both).filter(|(was, is)| was != is).collect()))
    }
}
