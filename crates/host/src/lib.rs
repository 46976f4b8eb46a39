//! The site on this machine, served as strictly as a real host may serve it: real 404s, the right types, CORS for
//! sandboxed frames, a content-security policy, nothing cached.
//!
//! `cargo xtask serve`, `tlbscope serve` and the browser tests serve with this crate and nothing else. So developers see exactly
//! what is tested. [`server`] reads requests and sends replies, and [`folder`] finds the file that an address
//! means.

#![forbid(unsafe_code)]

pub mod carried;
pub mod folder;
mod mime;
mod policy;
pub mod server;

pub use carried::Carried;
pub use folder::Folder;
pub use server::{Reply, Request, run, serve};
