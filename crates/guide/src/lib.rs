//! What is told and what is asked: the tour of the thread, moment by moment, and the challenges.
//!
//! Both are texts of `library/`: a head of `key: value` lines, an empty line, and prose. The head says which scenario
//! is open and what is chosen in it. No number of a step stands in it, and no verdict: a moment names the *kind* of
//! step it is about ([`Place`]), which is looked for in a run that the explorer has found, and what it claims is
//! settled by the explorer ([`Claim`]). So a text can't say what the model does not do.
//!
//! A [`Challenge`] is judged the same way ([`judge`]): by what a run or a search shows, never by comparing with an
//! answer that somebody wrote down.
#![forbid(unsafe_code)]

mod challenge;
mod cost;
mod head;
pub mod judge;
mod moment;
mod place;
mod prose;
mod setting;

pub use challenge::{Challenge, Kind, challenge, challenges};
pub use cost::Cost;
pub use head::Fault;
pub use moment::{Bet, Claim, Moment, Run, moment, tour};
pub use place::Place;
pub use prose::{Paragraph, Piece};
pub use setting::Setting;
