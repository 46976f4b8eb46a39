//! What is told: the scenario's story, the tour, the challenges.

pub mod challenge;
pub mod prose;
pub mod seeker;
pub mod story;
pub mod told;
pub mod tour;
