//! What the page draws: plain structs for components, in the words that readers see.

pub mod answer;
pub mod area;
pub mod catalogue;
pub mod colours;
pub mod cost;
pub use scene::direction;
pub mod glossary;
pub mod grid;
pub mod highlight;
pub mod holds;
pub mod keyboard;
pub mod lesson;
pub mod moment;
pub mod next;
pub mod page;
pub mod policies;
pub mod present;
pub mod quote;
pub mod run;
pub mod search;
pub mod shown;
pub mod texts;
pub mod timed;
pub mod verdict;
pub mod why;
