//! The TLBscope language: text to program.
//!
//! Two texts go in: a *kernel* (options, variables, functions) and a *scenario* (a machine, address spaces, what
//! each CPU does, what to expect). Out comes a [`program::Program`], flat data a machine can run, or diagnostics
//! with a place and, where we can, advice. Any text at all, however broken, gives an answer in bounded time.
//!
//! The way through, and the folders: `syntax` has tokens and tree, `parse` makes the one into the other, `check` looks up
//! names and types, `lower` inlines calls into the flat operations of `ir`, tidies them, and rejects loops that could keep
//! a step from ending. `compile` takes a text all the way; `format` lays one out.
//!
//! This crate knows nothing of how a program runs: no states, no steps, no hardware.
#![forbid(unsafe_code)]
#![warn(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

pub mod costs;
pub mod diagnostic;
pub mod property;
pub mod source;
pub mod syntax;
pub mod vocabulary;
pub mod workload;

mod check;
mod compile;
mod extend;
mod format;
mod ir;
mod lower;
mod mend;
mod ordered;
mod parse;
mod parts;
mod texts;
mod tokens;

pub use check::builtin::{builtin_functions, builtin_names};
pub use check::machine::settings;
pub use check::options::{depth_meant, idle};
pub use compile::{
    CaseName, Checked, Compiled, LocalType, Outline, Selection, cases, check_kernel, checked, compile,
    compile_timed, kernel_name, outline, scenario_name,
};
pub use diagnostic::legible::legible;
pub use diagnostic::nearest::nearest;
pub use diagnostic::{Diagnostic, Severity};
pub use extend::{Whole, extended_kernel};
pub use format::format;
pub use ir::bin::fold;
pub use ir::display::{dump, dump_op};
pub use ir::{effects, finale, program};
pub use mend::{Mend, mend};
pub use parse::{MAX_NESTING, tree};
pub use parts::{TextPart, parts};
pub use syntax::lex::{MAX_TEXT, line_to_begin_at};
pub use syntax::token::{TokenKind, keywords};
pub use texts::Texts;
pub use tokens::tokens;
