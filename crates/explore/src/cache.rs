//! States as keys of 64 bits, and steps that are taken once and then remembered.

mod canonical;
mod interner;
mod layout;
mod lookups;
mod memo;
mod partial_order;
mod saturation;
mod space;
mod successors;
mod values;
mod worker;

pub(crate) use canonical::image_of_part;
pub(crate) use partial_order::PartialOrder;
pub(crate) use saturation::Saturation;
pub use space::{Full, Key, Moved, Space};
pub(crate) use successors::NONE;
pub use successors::{Successor, Successors};
pub use worker::{Observed, Worker};
