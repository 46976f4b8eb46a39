//! What several areas use: pictograms, a list to choose from, the class of a tone, and the dispatch.

pub mod dispatch;
pub mod icon;
pub mod isolated;
pub mod menu;
pub mod tone;
