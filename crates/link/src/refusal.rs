//! Why a link can't be opened.

mod sentence;

/// A judgement on a pasted text. Each is one sentence that tells its reader what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRefusal {
    /// The text contains no link.
    NotALink,
    /// A later release made the link.
    TooNew {
        /// The version of its format.
        version: u32,
    },
    /// The end of the link is missing.
    Truncated {
        /// The least number of characters that are missing.
        missing: u32,
    },
    /// Some characters have changed on the way.
    Corrupt,
    /// Something on the way has made small letters of capital ones.
    Lowercased,
    /// A part of it exceeds a limit.
    TooBig {
        /// The part that exceeds the limit.
        what: &'static str,
    },
}

impl std::error::Error for LinkRefusal {}
