//! The library, as far as the page has it.
//!
//! The page begins with one scenario and its kernel. All other texts come in a separate file ([`gallery`]), mostly
//! before the reader asks for them. A request that comes earlier waits for the file.

use crate::model::lesson::{Course, Lesson};
use crate::model::permalink;

/// Whether all texts of the library are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Library {
    /// They are.
    Here,
    /// They have been asked for.
    Coming,
    /// They did not come, for this reason. The reader may ask again.
    Lost(String),
}

impl Library {
    /// The state when the page opens.
    #[must_use]
    pub fn at_first() -> Library {
        if gallery::whole() { Library::Here } else { Library::Coming }
    }

    /// What the page says about it, if anything. `waits` says that the reader has asked for one of its
    /// texts.
    #[must_use]
    pub fn sentence(&self, waits: bool) -> Option<String> {
        match self {
            Library::Here => None,
            Library::Coming => waits.then(|| "The library is being loaded.".to_owned()),
            Library::Lost(why) => Some(format!(
                "The library could not be loaded: {why}. Its scenarios and kernels are missing here; what is on the page works."
            )),
        }
    }
}

/// Whether an address leads to a text that the page does not have from the beginning. A link that holds its own texts
/// does not, unless they use such a kernel.
#[must_use]
pub fn needed(lesson: &Lesson, address: &str) -> bool {
    let scenario = |course| match course {
        Course::Tour(index) => lesson.moments.get(index).map(|moment| &moment.setting.scenario),
        Course::Challenge(index) => lesson.challenges.get(index).map(|challenge| &challenge.setting.scenario),
    };
    match lesson.find(address) {
        Some((_, Some(link))) if permalink::needs_library(link) => true,
        Some((Course::Challenge(index), _))
            if lesson.challenges.get(index).is_some_and(|one| one.bench().is_some()) =>
        {
            true
        }
        Some((course, _)) => scenario(course).is_some_and(|slug| !gallery::at_once(slug)),
        None => permalink::needs_library(address),
    }
}
