//! States as keys of 64 bits, and steps that are taken once and then remembered.

mod canonical;
mod interner;
mod layout;
mod lookups;
mod memo;
mod space;
mod successors;
mod values;
mod worker;

pub use space::{Full, Key, Moved, Space};
pub(crate) use successors::NONE;
pub use successors::{Successor, Successors};
pub use worker::{Shown, Worker};
