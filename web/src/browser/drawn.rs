//! Counts how often components are drawn, in a build for developers (`cargo xtask build --dev`): Yew leaves no mark of it in
//! the document, but tells `tracing` of each drawing. A browser test holds the numbers (`tests/e2e/tests/redraws.rs`).
//!
//! In a release nobody listens to `tracing`, so the compiler leaves out the telling, too.

use js_sys::Reflect;
use std::sync::atomic::{AtomicU32, Ordering};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Event, Metadata, Subscriber, dispatcher};

/// How many there have been: kept where the document's scripts can read it, as `drawn`.
#[derive(Default)]
struct Drawn(AtomicU32);

/// Begins to count.
pub fn count() {
    // Whoever has begun before counts on.
    let _ = dispatcher::set_global_default(Dispatch::new(Drawn::default()));
}

impl Subscriber for Drawn {
    fn enabled(&self, told: &Metadata<'_>) -> bool {
        told.is_span() && told.name() == "render" && told.target().starts_with("yew")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn enter(&self, _: &Id) {
        let drawn = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let _ = Reflect::set(&js_sys::global(), &"drawn".into(), &drawn.into());
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn exit(&self, _: &Id) {}
}
