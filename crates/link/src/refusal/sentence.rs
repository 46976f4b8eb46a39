//! What a refusal says to the reader. It stands apart from the refusals, as it names the newest version: the wire types of each
//! version refuse, and know no version but their own.

use super::LinkRefusal;
use crate::versions::NEWEST;
use std::fmt;

impl fmt::Display for LinkRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkRefusal::NotALink => {
                write!(f, "This is not a link to a moment: such a link contains #1. or another number up to {}, a dot, then letters and digits.", NEWEST)
            }
            LinkRefusal::TooNew { version } => write!(
                f,
                "The link was made by a newer version (format {version}; this version knows formats 1 to {}): reload the page, or update.", NEWEST
            ),
            LinkRefusal::Truncated { missing } => {
                let s = if *missing == 1 { " is" } else { "s are" };
                write!(f, "The link has been cut off: at least {missing} character{s} missing at its end. Copy all of it.")
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
