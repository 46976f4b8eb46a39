//! The IPIs of a step.

/// Who sends them, and who gets one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ipis {
    /// Who sends them.
    pub(crate) from: u8,
    /// Who gets one.
    pub(crate) sent: Vec<u8>,
    /// Who gets none although its CR3 holds the address space.
    pub(crate) omitted: Vec<u8>,
}
