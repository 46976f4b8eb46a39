//! What a text becomes: flat code for a machine, and what there is to say of it.
//!
//! `op` has the operations, `effects` all that is to be known of each, `program` the whole, `fold` the arithmetic,
//! `display` the words for it.

pub(crate) mod display;
pub mod effects;
pub(crate) mod fold;
pub(crate) mod op;
pub mod program;
