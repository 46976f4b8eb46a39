//! The page and its worker: one wasm file, two instances of it.
//!
//! In a tab it is the page, in a Web Worker the explorer. They have separate memories, so nothing but bytes passes
//! between them. The page knows how to start a worker (`browser/worker.rs`), the worker how to answer (`browser/pump.rs`);
//! what the bytes mean is [`protocol`]'s business.
//!
//! What the page knows, and what there is to draw, is [`lab`]'s: a crate without a browser. `app` keeps one lab and feeds
//! it what happens; [`ui`] draws it, area by area; and `browser` is the only place that touches the browser.
//!
//! Pitfalls that this crate avoids, so that nobody needs to find them again:
//! - the worker's wasm loads asynchronously and its `onmessage` is set only then: whatever the page sends before the
//!   worker has said that it is ready is lost, without an error;
//! - in a sandboxed frame the document's origin is opaque, and a worker may not be started from a URL of any host:
//!   it has to come from a Blob;
//! - a strict content-security policy forbids inline scripts and `style="..."` attributes: classes only.

// The names of a component's properties explain them; a comment adds what a name does not say.
#![allow(missing_docs)]

mod app;
mod browser;
mod page;
pub mod ui;

/// Starts what there is to do where this runs.
pub fn start() {
    if !browser::serve() {
        browser::library::take();
        app::start();
    }
}
