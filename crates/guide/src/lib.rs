//! The tour, moment by moment, and the challenges.
//!
//! Both are texts of `library/`: a head of `key: value` lines, an empty line, and prose. The head says which
//! scenario is open and which options are chosen. The head contains no step number and no verdict. A moment names
//! the *kind* of step that it is about ([`PlaceInRun`]); the guide looks for that step in a run that the explorer has
//! found. The explorer also settles what a moment claims ([`Claim`]). So a text cannot say what the model does not
//! do.
//!
//! A [`Challenge`] is judged in the same way ([`judge`]): by what a run or a search shows, and never by comparison
//! with an answer that somebody wrote down.
#![forbid(unsafe_code)]

mod challenge;
mod cost;
mod head;
pub mod judge;
mod moment;
mod place;
mod prose;
mod setting;

pub use challenge::{Bench, Challenge, Goal, challenge, challenges};
pub use cost::Cost;
pub use head::Malformed;
pub use moment::{Bet, Claim, ShownRun, TourMoment, moment, tour};
pub use place::PlaceInRun;
pub use prose::{Paragraph, Piece};
pub use setting::LessonSetting;
