//! What the blocks of a text may hold.

use lang::vocabulary::Position;

/// What a block may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// The whole text.
    Top,
    Kernel,
    Scenario,
    Case,
    Costs,
    Machine,
    Mm,
    With,
    Setup,
    Group,
    Workload,
    Load,
    /// Statements.
    Body,
    /// A set of CPUs: an expression in braces.
    Set,
}

impl Room {
    /// The words that begin an item here, if the room has items that begin with words.
    pub(crate) fn place(self) -> Option<Position> {
        Some(match self {
            Room::Kernel => Position::Kernel,
            Room::Scenario => Position::Scenario,
            Room::Case => Position::Case,
            Room::Machine => Position::Machine,
            Room::Workload => Position::Workload,
            Room::Load => Position::Load,
            Room::Body => Position::Statement,
            Room::Top | Room::Costs | Room::Mm | Room::With | Room::Setup | Room::Group | Room::Set => {
                return None;
            }
        })
    }

    /// Whether it holds the items of a kernel, a scenario or a case.
    pub(super) fn has_items(self) -> bool {
        matches!(self, Room::Kernel | Room::Scenario | Room::Case)
    }
}
