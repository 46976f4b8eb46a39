//! The site on this machine, as strictly as the hosts that it will lie on: real 404s, the right types, CORS for
//! sandboxed frames, a content-security policy, nothing cached.
//!
//! `cargo xtask serve` and the browser tests serve with this and nothing else, so that what is tested is what
//! developers see. [`server`] reads requests and sends replies, [`folder`] finds the file that an address means.

#![forbid(unsafe_code)]

pub mod folder;
mod mime;
mod policy;
pub mod server;

pub use folder::Folder;
pub use server::{Reply, Request, run, serve};
