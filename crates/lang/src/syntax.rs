//! A text before its meaning matters: its tokens, and the tree that the grammar makes of them.
//!
//! `lex` cuts a text into the tokens of `token`, `tree` and `scenario` have the tree, and `foreign` recognises input that is not a
//! text of this language. The grammar is in `parse`.

mod file;
pub(crate) mod foreign;
pub(crate) mod lex;
mod scenario;
pub(crate) mod token;
mod tree;
mod workload;

pub use file::*;
pub use scenario::*;
pub use tree::*;
pub use workload::*;
