//! The page and its worker: one wasm file, two instances of it.
//!
//! In a tab it is the page, in a Web Worker the explorer. They have separate memories, so nothing but bytes passes
//! between them. The page knows how to start a worker ([`worker`]), the worker how to answer ([`pump`]); what the
//! bytes mean is [`protocol`]'s business.
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

pub mod about;
pub mod answer;
pub mod app;
pub mod beside;
pub mod bill;
pub mod cases;
pub mod changes;
pub mod colours;
pub mod components;
pub mod distance;
pub mod draft;
pub mod film;
pub mod glossary;
pub mod grid;
pub mod holds;
pub mod hooks;
pub mod jobs;
pub mod keyboard;
pub mod lab;
pub mod learn;
pub mod lesson;
pub mod opening;
pub mod permalink;
pub mod place;
pub mod player;
pub mod policies;
pub mod pump;
pub mod quote;
pub mod run;
pub mod session;
pub mod showing;
pub mod verdict;
pub mod why;
pub mod worker;

use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// The scenario that the page opens with.
pub const DEFAULT: &str = "lazy+unmap+andy";

/// Starts what there is to do where this runs.
pub fn start() {
    match js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        // The page hears of it and does the work itself.
        Ok(scope) => pump::start(scope).unwrap_or_else(|why| wasm_bindgen::throw_val(why)),
        Err(_) => app::start(),
    }
}
