//! Time in the reader's hands: where the run is, what happened, why, and what could happen next.

pub mod caption;
pub mod choose;
pub mod controls;
pub mod law;
pub mod notice;
pub mod opening;
pub mod why;
