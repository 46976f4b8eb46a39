//! What there is to draw: plain structs for components, in the words that readers see.

pub mod answer;
pub mod colours;
pub mod cost;
pub mod glossary;
pub mod grid;
pub mod holds;
pub mod keyboard;
pub mod moment;
pub mod policies;
pub mod quote;
pub mod run;
pub mod why;
