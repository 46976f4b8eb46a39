//! How a replay compares with the recorded run.

use crate::Link;
use std::fmt;

/// The result of replaying a link's schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every step could be taken, and the steps lead to the recorded state.
    Reproduced,
    /// Every step could be taken, but the steps lead to another state.
    Differs {
        /// The model that recorded it.
        recorded: u16,
        /// The model that replayed it.
        model: u16,
        /// The library's texts have changed since.
        texts_changed: bool,
    },
    /// The run takes more work or memory than is allowed: only its beginning was followed.
    Cut {
        /// How many steps were taken.
        taken: u32,
        /// How many there are.
        of: u32,
    },
    /// A step could not be taken any more; those before it could.
    Stopped {
        /// How many steps were taken.
        taken: u32,
        /// How many there are.
        of: u32,
        /// The model that recorded it.
        recorded: u16,
        /// The model that replayed it.
        model: u16,
        /// The library's texts have changed since.
        texts_changed: bool,
    },
}

/// The result of a replay: everything that [`Outcome::of`] needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Steps that could be taken.
    pub taken: usize,
    /// Whether the run is as long as a run may be.
    pub full: bool,
    /// [`hash_state`](crate::hash_state) of the state they lead to.
    pub digest: u32,
    /// The model's version.
    pub model: u16,
    /// [`hash_texts`](crate::hash_texts) of the library's texts, as they are now.
    pub texts: u32,
}

impl Outcome {
    /// Compares a replay with the link it followed.
    #[must_use]
    pub fn of(link: &Link, replayed: Replayed) -> Outcome {
        let Replayed { taken, full, digest, model, texts } = replayed;
        let (recorded, texts_changed) = (link.model, texts != link.base.hash());
        if taken < link.schedule.len() {
            let (taken, of) = (taken as u32, link.schedule.len() as u32);
            if full {
                return Outcome::Cut { taken, of };
            }
            Outcome::Stopped { taken, of, recorded, model, texts_changed }
        } else if digest == link.digest {
            Outcome::Reproduced
        } else {
            Outcome::Differs { recorded, model, texts_changed }
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (recorded, model, texts_changed) = match *self {
            Outcome::Reproduced => {
                return f.write_str("Reproduced: every step leads where it led when the link was made.");
            }
            Outcome::Cut { taken, of } => {
                return write!(
                    f,
                    "The run of this link has {of} steps. It needs more work or memory than a run may use: \
                     the first {taken} steps are shown."
                );
            }
            Outcome::Differs { recorded, model, texts_changed } => {
                f.write_str(
                    "Every step can still be taken, but the run now leads to another state than when the link was made",
                )?;
                (recorded, model, texts_changed)
            }
            Outcome::Stopped { taken, of, recorded, model, texts_changed } => {
                write!(f, "Step {} of {of} can no longer be taken: ", taken + 1)?;
                match taken {
                    0 => f.write_str("the beginning is shown")?,
                    1 => f.write_str("the first step is shown")?,
                    _ => write!(f, "the first {taken} steps are shown")?,
                }
                (recorded, model, texts_changed)
            }
        };
        match (recorded != model, texts_changed) {
            (false, false) => f.write_str("."),
            (true, false) => write!(f, ". The link is of model version {recorded}, this is {model}."),
            (false, true) => f.write_str(". The library's text has changed since."),
            (true, true) => write!(
                f,
                ". The link is of model version {recorded}, this is {model}, and the library's text has changed since."
            ),
        }
    }
}
