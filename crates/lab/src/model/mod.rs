//! What the page knows, and what can happen to it.

pub mod about;
pub mod act;
pub mod address;
pub mod before;
pub mod cases;
pub mod changes;
pub mod comparison;
pub mod distances;
pub mod draft;
pub mod eager;
pub mod fewest;
pub mod grid;
pub mod jobs;
pub mod lab;
pub mod lesson;
pub mod library;
pub mod lost;
pub mod opening;
pub mod pending;
pub mod permalink;
pub mod player;
pub mod session;
pub mod settings;
pub mod timed;
pub mod verdict;
pub mod watch;
