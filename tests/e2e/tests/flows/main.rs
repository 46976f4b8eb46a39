//! What visitors do with the page, one kind of thing in each file.

mod bad_links;
mod barriers;
mod challenges;
mod compare;
mod digest;
mod editing;
mod embed;
mod fork;
mod gallery;
mod grid;
mod keyboard;
mod link;
mod necessary;
mod paper;
mod phone;
mod policies;
mod show_me;
mod story;
mod sub_path;
mod switches;
mod theme;
mod tour;
mod transport;
mod verdict;
mod why;
mod worker;
