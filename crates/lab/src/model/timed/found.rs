//! What runs have counted.

use protocol::{Refusal, WireRun, WireTimed};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a run has counted, or why there is none.
pub type Found = Rc<Result<WireTimed, Refusal>>;

/// The runs that are known, each with what it has counted.
pub(super) type Runs = Rc<BTreeMap<WireRun, Found>>;

/// Whether a row of the table has its numbers and not its verdict.
pub(super) fn is_unsettled(found: &Found) -> bool {
    matches!(&**found, Ok(found) if found.verdict.is_none())
}
