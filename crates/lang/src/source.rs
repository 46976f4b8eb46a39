//! Texts and places in them.

use std::ops::Range;

/// Which text: 0 is the scenario, 1 the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u8);

impl SourceId {
    /// The scenario's text.
    pub const SCENARIO: SourceId = SourceId(0);
    /// The kernel's text.
    pub const KERNEL: SourceId = SourceId(1);
}

/// A range of bytes in a text, `start..end`, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
}

impl Span {
    /// The bytes of a text from one place to another.
    pub(crate) fn new(bytes: Range<usize>) -> Span {
        Span { start: count(bytes.start), end: count(bytes.end) }
    }

    /// From the beginning of this one to the end of `last`.
    #[must_use]
    pub fn to(self, last: Span) -> Span {
        Span { start: self.start, end: self.end.max(last.end) }
    }

    /// The bytes of `text` it covers; empty if it does not fit the text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }

    /// Line and column, both from 1; columns count characters.
    #[must_use]
    pub fn line_column(self, text: &str) -> (u32, u32) {
        let before = text.get(..self.start as usize).unwrap_or(text);
        let line = 1 + before.bytes().filter(|&b| b == b'\n').count();
        let column = 1 + before.rsplit('\n').next().unwrap_or("").chars().count();
        (count(line), count(column))
    }
}

/// A number of bytes, lines or columns. No text with so many that they don't fit is ever parsed
/// ([`MAX_TEXT`](crate::MAX_TEXT)); in one, the place is after all of its text.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Where an operation stands: its own place, and the call that brought it in, if it was inlined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Which text.
    pub source: SourceId,
    /// Which bytes: the statement's.
    pub span: Span,
    /// Name of the function, handler or `cpu n` block it stands in.
    pub function: String,
    /// The calls that lead here, innermost first: (text, place of the call statement, function it stands in).
    pub callers: Vec<(SourceId, Span, String)>,
}
