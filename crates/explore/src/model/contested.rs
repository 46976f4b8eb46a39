//! Two sides of a game: which side chooses which action.

use super::System;

/// Who chooses whether an action is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The one that wants something to happen. It may act at any time, and may leave it.
    Attacker,
    /// The one that wants to avoid it, and that has to go on as long as it can. It makes a choice by its number. If several
    /// actions of a state have the same number, the attacker says which one of them is taken.
    Defender(u32),
    /// The attacker, or the defender by a choice of this number: something that the attacker can do at any time, and that it can't
    /// withhold if the defender waits for it.
    Both(u32),
}

/// A system in which two sides choose what happens next: then [`Forced`](crate::Forced) says from which states on something can
/// no longer be avoided.
pub trait Contested: System {
    /// Who chooses an enabled action of a state.
    fn side(&self, state: &Self::State, action: Self::Action) -> Side;
}
