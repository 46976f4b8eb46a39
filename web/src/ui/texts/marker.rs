//! Where a CPU is in a text.

/// A CPU's place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Which CPU.
    pub cpu: u8,
    /// Line, from 1.
    pub line: u32,
    /// It stands here, rather than in something called from here.
    pub here: bool,
}
