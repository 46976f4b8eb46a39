//! The page's state before a switch or a case. The answer to the switch is derived from it.

use crate::model::player::Player;
use protocol::Report;
use std::rc::Rc;

/// What was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch {
    /// An option, by name.
    Option(String),
    /// A case.
    Case,
}

/// What was on the page before.
#[derive(Clone, Debug)]
pub struct Before {
    /// What was changed.
    pub asked: Switch,
    /// The machine and the run on it.
    pub player: Player,
    /// The explorer's answer about it.
    pub report: Option<Rc<Report>>,
}
