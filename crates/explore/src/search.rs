//! All executions at once: breadth-first search, and distances in the graph that it finds.

mod apart;
mod breadth_first;
mod distances;
mod estimate;
mod exploration;
mod log;
mod round;
mod visited;
mod witness;

pub use apart::{Apart, Shared, Team};
pub use breadth_first::{Bound, Completeness, Limits, Progress, Search};
pub use distances::{Distances, Survey, Surveyed};
pub use exploration::Exploration;
pub use visited::Visited;
pub use witness::Witness;
