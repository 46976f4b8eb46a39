//! What several areas use: pictograms, the class of a tone, and the dispatch.

pub mod dispatch;
pub mod icon;
pub mod isolated;
pub mod tone;
