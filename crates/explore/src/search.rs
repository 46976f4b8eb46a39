//! All executions at once: breadth-first search, and distances in the graph that it finds.

mod breadth_first;
mod distances;
mod log;
mod round;
mod visited;

pub use breadth_first::{Bound, Completeness, Limits, Progress, Search, Witness};
pub use distances::{Distances, Survey, Surveyed};
pub use visited::Visited;
