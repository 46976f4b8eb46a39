//! The TLBscope language: text to program.
//!
//! Two texts go in: a *kernel* (options, variables, functions) and a *scenario* (a machine, address spaces, what
//! each CPU does, what to expect). Out comes a [`program::Program`], flat data a machine can run, or diagnostics
//! with a place and, where we can, advice. Any text at all, however broken, gives an answer in bounded time.
//!
//! The way through: `lex` cuts the text into tokens, the `parse` modules make the tree of [`syntax`], the
//! `check` modules look up names and types, the `lower` modules inline calls into flat operations. `progress`
//! rejects loops that could keep a step from ending, `simplify` tidies, `live` says which registers matter.
//!
//! This crate knows nothing of how a program runs: no states, no steps, no hardware.
#![forbid(unsafe_code)]

pub mod diagnostic;
pub mod program;
pub mod source;
pub mod syntax;

mod after_fault;
mod builtin;
mod check;
mod check_call;
mod check_expr;
mod check_place;
mod check_stmt;
mod compile;
mod declare;
mod dump;
mod env;
mod fold;
mod foreign;
mod format;
mod format_line;
mod graph;
mod hir;
mod intrusions;
mod legible;
mod lex;
mod live;
mod lower;
mod lower_expr;
mod lower_stmt;
mod machine;
mod names;
mod op;
mod options;
mod parse;
mod parse_expr;
mod parse_kernel;
mod parse_scenario;
mod parse_stmt;
mod progress;
mod simplify;
mod token;

pub use builtin::builtin_names;
pub use compile::{
    CaseName, Compiled, Selection, Texts, cases, check_kernel, compile, kernel_name, scenario_name,
};
pub use diagnostic::{Diagnostic, Severity};
pub use dump::{dump, dump_op};
pub use fold::fold;
pub use format::format;
pub use legible::legible;
pub use lex::{MAX_TEXT, tokens};
pub use names::nearest;
pub use parse::{MAX_NESTING, tree};
pub use token::TokenKind;
