//! The page and its worker: one library, two binaries.
//!
//! `bin/app.rs` runs in the tab, `bin/explorer.rs` in a Web Worker. They are separate wasm modules with separate
//! memories, so nothing but bytes passes between them. The page knows how to start a worker ([`worker`]), the
//! worker how to answer ([`pump`]); what the bytes mean is neither's business.
//!
//! Traps that this crate has stepped around, so that nobody needs to find them again:
//! - the worker's wasm loads asynchronously and its `onmessage` is set only then: whatever the page sends before the
//!   worker has said that it is ready is lost, without an error;
//! - in a sandboxed frame the document's origin is opaque, and a worker may not be started from a URL of any host:
//!   it has to come from a Blob;
//! - a strict content-security policy forbids inline scripts and `style="..."` attributes: classes only.

#[cfg(feature = "page")]
pub mod page;
pub mod pump;
#[cfg(feature = "page")]
pub mod worker;
