//! What a text becomes: flat code for a machine, and the facts about that code.
//!
//! `op` has the operations, `effects` everything there is to know of each, `program` the whole, `fold` the
//! arithmetic, and `display` the words.

pub(crate) mod display;
pub mod effects;
pub mod finale;
pub(crate) mod fold;
pub(crate) mod op;
pub mod program;
