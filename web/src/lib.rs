//! The page and its worker: one library, two binaries.
//!
//! `bin/app.rs` runs in the tab, `bin/explorer.rs` in a Web Worker. They are separate wasm modules with separate
//! memories, so nothing but bytes passes between them. The page knows how to start a worker ([`worker`]), the
//! worker how to answer ([`pump`]); what the bytes mean is [`protocol`]'s business.
//!
//! Read [`lab`] first: all that the page knows is one value, and all that can happen to it is one enum. It needs no
//! browser, and nor do [`session`], [`player`], [`verdict`] and [`permalink`], of which it is made. [`app`] draws it
//! with [`components`], and [`hooks`] are the only place that touches the browser.
//!
//! Traps that this crate has stepped around, so that nobody needs to find them again:
//! - the worker's wasm loads asynchronously and its `onmessage` is set only then: whatever the page sends before the
//!   worker has said that it is ready is lost, without an error;
//! - in a sandboxed frame the document's origin is opaque, and a worker may not be started from a URL of any host:
//!   it has to come from a Blob;
//! - a strict content-security policy forbids inline scripts and `style="..."` attributes: classes only.

#[cfg(feature = "page")]
pub mod app;
#[cfg(feature = "page")]
pub mod beside;
#[cfg(feature = "page")]
pub mod bill;
#[cfg(feature = "page")]
pub mod colours;
#[cfg(feature = "page")]
pub mod components;
#[cfg(feature = "page")]
pub mod distance;
#[cfg(feature = "page")]
pub mod film;
#[cfg(feature = "page")]
pub mod glossary;
#[cfg(feature = "page")]
pub mod grid;
#[cfg(feature = "page")]
pub mod hooks;
#[cfg(feature = "page")]
pub mod keyboard;
#[cfg(feature = "page")]
pub mod lab;
#[cfg(feature = "page")]
pub mod learn;
#[cfg(feature = "page")]
pub mod lesson;
#[cfg(feature = "page")]
pub mod permalink;
#[cfg(feature = "page")]
pub mod place;
#[cfg(feature = "page")]
pub mod player;
#[cfg(feature = "page")]
pub mod policies;
pub mod pump;
#[cfg(feature = "page")]
pub mod quote;
#[cfg(feature = "page")]
pub mod run;
#[cfg(feature = "page")]
pub mod session;
#[cfg(feature = "page")]
pub mod showing;
#[cfg(feature = "page")]
pub mod verdict;
#[cfg(feature = "page")]
pub mod why;
#[cfg(feature = "page")]
pub mod worker;

/// The scenario that the page opens with.
pub const DEFAULT: &str = "lazy+unmap+andy";
