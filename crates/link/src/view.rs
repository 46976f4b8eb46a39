//! What is open on the page.

/// What is open on the page: a set of flags. Bits are only ever added; those that a reader does not know mean
/// nothing to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct View(pub u8);

impl View {
    /// The texts are shown.
    pub const CODE: View = View(1);
    /// The kernel's text is in front of the scenario's.
    pub const KERNEL: View = View(2);
    /// The list of all steps is open.
    pub const TRACE: View = View(4);

    /// Whether all of `flags` are set.
    #[must_use]
    pub const fn has(self, flags: View) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// This view with `flags` set as well.
    #[must_use]
    pub const fn with(self, flags: View) -> View {
        View(self.0 | flags.0)
    }
}
