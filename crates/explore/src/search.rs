//! All executions at once: breadth-first search, distances in the graph that it finds, and what can be forced there.

mod apart;
mod breadth_first;
mod distances;
mod estimate;
mod exploration;
mod forced;
mod log;
mod round;
mod visited;
mod witness;

pub use apart::{Apart, Shared, Team};
pub use breadth_first::{Bound, Completeness, Limits, Progress, Search};
pub use distances::{Distances, Survey, Surveyed};
pub use exploration::Exploration;
pub use forced::{Forced, Lost};
pub use visited::Visited;
pub use witness::Witness;
