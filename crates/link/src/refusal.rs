//! Why a link can't be opened.

use std::fmt;

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

impl fmt::Display for LinkRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkRefusal::NotALink => {
                write!(f, "This is not a link to a moment: such a link contains #1. or another number up to {}, a dot, then letters and digits.", crate::NEWEST)
            }
            LinkRefusal::TooNew { version } => write!(
                f,
                "The link was made by a newer version (format {version}; this version knows formats 1 to {}): reload the page, or update.", crate::NEWEST
            ),
            // How many are missing says nothing to a reader, and nothing at all if only the beginning looks like a link.
            LinkRefusal::Truncated { .. } => {
                f.write_str("The link has been cut off, or TLBscope did not make it: its end is missing. Copy all of it.")
            }
            LinkRefusal::Corrupt => {
                f.write_str("The link has been damaged: some of its characters have changed. Copy it again from its source.")
            }
            LinkRefusal::Lowercased => {
                f.write_str("The link has lost its capital letters: some program on its way made small letters of them. Copy it again from its source.")
            }
            LinkRefusal::TooBig { what } => write!(f, "The {what} in this link is larger than the limit."),
        }
    }
}

impl std::error::Error for LinkRefusal {}
