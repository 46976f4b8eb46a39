//! All executions at once: breadth-first search, and distances in the graph that it finds.

mod breadth_first;
mod distances;
mod estimate;
mod log;
mod round;
mod visited;
mod witness;

pub use breadth_first::{Bound, Completeness, Limits, Progress, Search};
pub use distances::{Distances, Survey, Surveyed};
pub use visited::Visited;
pub use witness::Witness;
