//! Switches and cases, and what becomes of the scenario under all of them.

pub mod grid;
pub mod policies;
pub mod toggles;
