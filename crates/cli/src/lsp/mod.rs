//! The language server: `tlbscope lsp`.
//!
//! Editors start it and speak the Language Server Protocol over its standard streams. It answers from the functions that
//! the page's editor asks too (the crate `assist`). One message is handled after the other: an answer is about the texts
//! as they stood when it was asked for.
//!
//! `frame` reads and writes messages, `server` keeps the documents and takes messages, `bench` finds the texts that
//! belong together, `answer` asks `assist`, `convert` speaks the protocol's types, `address` names files.

mod address;
mod answer;
mod bench;
mod convert;
mod frame;
mod server;

pub use server::serve;
