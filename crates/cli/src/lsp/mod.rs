//! The language server: `tlbscope lsp`.
//!
//! Editors start it and speak the Language Server Protocol over its standard streams. It answers from the functions that
//! the page's editor asks too (the crate `assist`). One message is handled after the other: an answer is about the texts
//! as they stood when it was asked for. Remarks are told when no message waits.
//!
//! `frame` reads and writes messages, `server` keeps the documents and takes messages, `due` knows whose remarks have to be
//! told, `bench` finds the texts that
//! belong together, `answer` asks `assist`, `convert` speaks the protocol's types, `address` names files.

mod address;
mod answer;
mod bench;
mod convert;
mod due;
mod frame;
mod server;

pub use server::serve;
