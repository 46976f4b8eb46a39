//! How a search holds its system: as its own, or together with others.

use super::System;
use std::sync::Arc;

/// Holds a system: `&S` borrows one, `Arc<S>` shares one. So a search can live as long as its system, or own it together
/// with others.
pub trait Handle: Send + Sync {
    /// What it holds.
    type System: System;

    /// The system.
    fn system(&self) -> &Self::System;
}

impl<S: System> Handle for &S {
    type System = S;

    #[inline(always)]
    fn system(&self) -> &S {
        self
    }
}

impl<S: System> Handle for Arc<S> {
    type System = S;

    #[inline(always)]
    fn system(&self) -> &S {
        self
    }
}

/// A state of the system that a handle holds.
pub(crate) type State<H> = <<H as Handle>::System as System>::State;

/// An action of the system that a handle holds.
pub(crate) type Action<H> = <<H as Handle>::System as System>::Action;
