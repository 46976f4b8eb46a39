//! What a text becomes: flat code for a machine, and the facts about that code.
//!
//! `value` has the numbers and types that all share, `bin` the arithmetic, `op` the operations, `effects` everything there is to
//! know of each, `program` the whole, and `display` the words.

pub(crate) mod bin;
pub(crate) mod display;
pub mod effects;
pub mod finale;
pub(crate) mod op;
pub mod program;
pub(crate) mod value;
