//! The texts: to read along with the machine, and to change.

pub mod code;
pub mod editor;
