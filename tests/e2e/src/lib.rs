//! The built site in a real browser: what its tests share.
//!
//! A test is a [`flow`]. It gets a [`Bench`]: servers for the site and for somebody else's blog, and browsers, which go
//! on from flow to flow. Each [`Visit`] has a fresh profile; what it does with the page, and what it reads there, is in
//! `page.rs`. When the flow is over, every visit must obey the same rules, whatever the flow was about:
//! an empty console, no request to another host, no missing file.
//!
//! Nothing in here waits for a time. It waits for a condition, and if it gives up, the message says what it waited
//! for and what it saw last.
#![forbid(unsafe_code)]

mod account;
mod axe;
mod bench;
mod blog;
mod browser;
mod driver;
mod field;
mod firefox;
mod folder;
mod keep;
mod outcome;
mod page;
mod passing;
mod pdf;
mod person;
mod reader;
mod record;
mod replay;
mod saved;
mod site;
pub mod sixteen;
pub mod tool;
mod touch;
mod trace;
mod until;
mod visit;
mod webkit;

pub use account::Account;
pub use bench::{Bench, flow, visit};
pub use blog::{BLOG, Blog};
pub use field::with_field;
pub use firefox::Firefox;
pub use folder::root;
pub use keep::shot;
pub use outcome::{Fault, Outcome, fault};
pub use page::Counter;
pub use passing::{Passing, release, whose};
pub use reader::Reader;
pub use replay::Moment;
pub use saved::Saved;
pub use site::{SUB_PATH, Site, dist};
pub use thirtyfour::By;
pub use visit::{Look, Visit};
pub use webkit::Webkit;
