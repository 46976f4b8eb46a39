//! The model: what a system is, and the properties that its steps and states may show.

mod marks;
mod system;

pub use marks::Marks;
pub use system::{Sink, System};
