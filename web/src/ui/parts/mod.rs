//! What several areas draw: pictograms, the class of a tone, and whom to ask.

pub mod dispatch;
pub mod icon;
pub mod tone;
