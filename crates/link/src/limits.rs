//! How large the parts of a link may be. They are checked before memory is reserved.

/// The most characters that are looked at to find a link in.
pub const MAX_PASTED: usize = 2 << 20;
/// The most bytes a text may have, decompressed.
pub const MAX_TEXT: usize = 256 << 10;
/// The most steps a schedule may have.
pub const MAX_STEPS: usize = 100_000;
/// The most options that may differ from their defaults.
pub const MAX_OPTIONS: usize = 64;
/// The most values that a table of costs may change.
pub const MAX_CHANGES: usize = 16;
/// The most bytes in a slug, a case's or kernel's name, an option's name or its value.
pub const MAX_NAME: usize = 255;
