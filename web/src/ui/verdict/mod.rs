//! What the explorer says.

pub mod panel;
pub mod quote;
