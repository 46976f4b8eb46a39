//! What an editor asks of texts: the kind of each word, remarks, completion, explanation, places, an outline.
//!
//! The page's editor and `tlbscope lsp` ask the same functions. A [`Workspace`] is what lies before the reader: a scenario, a
//! kernel, or both, and where other kernels are found. A question is about a text and a byte in it; an answer has bytes
//! too ([`Lines`] turns them into lines and columns, and into the units of UTF-16 that browsers and editors count).
//!
//! - [`lang::tokens`] has the kinds of words, for colours; [`lang::format`] lays a text out. Both need no workspace.
//! - [`Workspace::remarks`]: what the compiler says, each with its place and the mend, if there is one.
//! - [`Workspace::complete`]: what may stand at a place.
//! - [`Workspace::explain`]: what stands there.
//! - [`Workspace::definitions`] and [`Workspace::uses`]: where a name is declared and where it stands, in all texts.
//! - [`outline()`] and [`folds()`]: the parts of a text; [`indent()`]: how far a new line of it is indented.
//!
//! Every function also answers on texts that do not compile. How long it takes depends on their length, and on hardly anything
//! else. Words
//! have the sentences of `docs/language.md`, rules those of `docs/rules.md`, and a kernel's own names what stands beside
//! their declaration. This crate draws nothing, and knows no file and no protocol.
#![forbid(unsafe_code)]
#![warn(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod checked;
mod complete;
mod explain;
mod find;
mod kinds;
mod layout;
mod lines;
mod names;
mod outline;
mod reading;
mod remarks;
mod rules;
mod scan;
mod words;
mod workspace;

pub use complete::{Completions, NameKind, Proposal};
pub use explain::Explanation;
pub use kinds::{kinds, names};
pub use layout::indent;
pub use lines::Lines;
pub use outline::{Fold, OutlineItem, folds, outline};
pub use reading::Reading;
pub use remarks::{Related, Remark};
pub use rules::rules;
pub use words::WORDS;
pub use workspace::{TextPlace, WhichText, Workspace};
