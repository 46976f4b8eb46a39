//! What several areas draw: pictograms, and the class of a tone.

pub mod icon;
pub mod tone;
