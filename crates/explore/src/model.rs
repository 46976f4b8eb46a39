//! What a system is: its transitions, its factors, its symmetry.
//!
//! Read `system.rs` first. The other traits say how a system may be searched; the documentation of the crate shows all of
//! them on one example.

mod commuting;
mod contested;
mod crowd;
mod factored;
mod handle;
mod monotone;
mod opaque;
mod passed;
mod property_set;
mod sink;
mod symmetric;
mod system;

pub use commuting::{Commuting, Prospect, Touched};
pub use contested::{Contested, Side};
pub use crowd::Crowd;
pub use factored::{Factored, Rounds};
pub use handle::Handle;
pub(crate) use handle::{Action, State};
pub use monotone::Monotone;
pub use opaque::Opaque;
pub use passed::Passed;
pub use property_set::PropertySet;
pub use sink::Sink;
pub use symmetric::{Asymmetric, Symmetric};
pub use system::System;
