//! What is drawn. A component takes a view and gives markup: it owns no simulation state and no timer, and so it can
//! be rendered natively too. The files of `stage/` mirror the hardware.

pub mod caption;
pub mod challenge;
pub mod challenges;
pub mod choose;
pub mod code;
pub mod compare;
pub mod editor;
pub mod footer;
pub mod gallery;
pub mod grid;
pub mod header;
pub mod help;
pub mod icon;
pub mod law;
pub mod modal;
pub mod notice;
pub mod opening;
pub mod policies;
pub mod prose;
pub mod quote;
pub mod seeker;
pub mod share;
pub mod stage;
pub mod story;
pub mod storyboard;
pub mod tabs;
pub mod term;
pub mod timeline;
pub mod toggles;
pub mod tone;
pub mod tour;
pub mod trace_list;
pub mod transport;
pub mod verdict;
pub mod why;
