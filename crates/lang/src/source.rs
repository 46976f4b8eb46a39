//! Texts and places in them.

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
        let line = before.bytes().filter(|&b| b == b'\n').count();
        let column = before.rsplit('\n').next().unwrap_or("").chars().count();
        (line as u32 + 1, column as u32 + 1)
    }
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
