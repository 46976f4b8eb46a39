//! How the text around a link is written.

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// Quoted-printable.
    Quoted,
    /// Base64: what stands there can be read, and not replaced.
    Base64,
}
