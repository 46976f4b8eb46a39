//! What was asked of the explorer last, for the table or for the picture.

use super::basis::Basis;
use protocol::WireRun;
use std::rc::Rc;

/// What was asked for last.
#[derive(Clone, Debug, Default)]
pub(super) struct LastAsked {
    pub(super) job: Option<u32>,
    pub(super) stopped: Option<u32>,
    /// What the runs belong to.
    pub(super) of: Rc<Basis>,
    /// States of the searches for verdicts; 0 if nobody wants verdicts.
    pub(super) states: u32,
    pub(super) runs: Rc<Vec<WireRun>>,
}
