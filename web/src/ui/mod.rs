//! What is drawn, area by area. A component takes a view and gives markup. It owns no simulation state and no
//! timer, so it can be rendered natively too.

pub mod cost;
pub mod dialogs;
pub mod lesson;
pub mod parts;
pub mod settings;
pub mod shell;
pub mod stage;
pub mod texts;
pub mod timeline;
pub mod transport;
pub mod verdict;
