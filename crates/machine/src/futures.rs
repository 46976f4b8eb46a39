//! What may still happen from each place of a program on: the search asks for it where actions commute.

use explore::Touched;

/// What may be touched, for each CPU and each place of the program.
#[derive(Clone, Debug, Default)]
pub(crate) struct Futures {
    /// From there to the end of the thread or the handler.
    pub(crate) ever: Vec<Vec<Touched>>,
    /// By the silent operations that may follow one another from there on.
    pub(crate) silent: Vec<Vec<Touched>>,
    /// By the handlers of IPIs.
    pub(crate) called: Vec<Touched>,
    /// Whether an IPI may be sent from there on; whether a grace period may be begun.
    pub(crate) sends: Vec<bool>,
    pub(crate) defers: Vec<bool>,
    /// Whether the place is in a loop.
    pub(crate) loops: Vec<bool>,
}
