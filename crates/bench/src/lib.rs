//! What is searched, and what is counted: shared by the benchmark and by its module that runs in wasm.
//!
//! Compiled for wasm, this is a module without imports: `begin(subject)`, `go(budget)` until it says 0, then the
//! counts. `wasm.mjs` drives it in Node.js, in slices, as the page's worker drives its own search.

pub mod clocked;
pub mod counts;
#[cfg(target_family = "wasm")]
mod exports;
pub mod grown;
pub mod subject;
pub mod toy;
