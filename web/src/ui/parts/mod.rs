//! What several areas use: pictograms, a settled setting, lists to choose from, the class of a tone, the dispatch,
//! and the navigation.

pub mod cell;
pub mod dispatch;
pub mod icon;
pub mod isolated;
pub mod menu;
pub mod navigation;
pub mod pick;
pub mod tone;
