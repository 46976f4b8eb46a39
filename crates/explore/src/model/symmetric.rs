//! Symmetry: which states differ only in names.

use super::Factored;
use std::convert::Infallible;

/// A system whose members (threads, CPUs, philosophers) can exchange their names so that nothing else changes.
///
/// A renaming is an automorphism of the system. What can be done in a state can be done in the renamed state under the
/// new names, shows the same properties, and leads to the renamed states. The initial state is its own image under
/// every renaming. Then a state and its images have the same future, and a search needs to visit one of them only: the
/// canonical one. A wrong renaming makes the search unsound, and the usual mistake is a forgotten field. So
/// [`Symmetric::rename`] should take every struct apart without `..`: then a new field does not compile until its
/// renaming has been written.
///
/// A factored system without symmetry says so: it is [`Asymmetric`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which states differ in names only",
    note = "write `impl explore::Asymmetric for {Self} {{}}` if none do, or implement `explore::Symmetric`",
    note = "a system without parts is `explore::Opaque` instead, which says both"
)]
pub trait Symmetric: Factored {
    /// A way to exchange names.
    type Renaming;

    /// All renamings except the identity; with any two of them also their composition. (If there are too many,
    /// some may be left out. Then fewer states count as the same, and everything else stays true.)
    fn renamings(&self) -> &[Self::Renaming];

    /// A state under new names. Each part of it depends on one part of `state`.
    fn rename(&self, renaming: &Self::Renaming, state: &Self::State) -> Self::State;

    /// The part of the renamed state that depends on `part`.
    fn renamed_part(&self, renaming: &Self::Renaming, part: u32) -> u32;
}

/// A system in which no two states differ only in names, or whose symmetry is not worth using.
pub trait Asymmetric: Factored {}

impl<S: Asymmetric> Symmetric for S {
    type Renaming = Infallible;

    fn renamings(&self) -> &[Infallible] {
        &[]
    }

    fn rename(&self, renaming: &Infallible, _: &S::State) -> S::State {
        match *renaming {}
    }

    fn renamed_part(&self, renaming: &Infallible, _: u32) -> u32 {
        match *renaming {}
    }
}
