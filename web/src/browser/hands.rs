//! Whether somebody is writing just now.

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use js_sys::Date;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// How long after a key a writer is taken to write on, in milliseconds: a little longer than until the page has the text, since
/// then it asks about that, and needs no answers about an earlier one.
const AT_REST: f64 = 350.0;

/// When somebody last pressed a key in a text. Dropping it ends the watch.
pub(super) struct Hands {
    last: Rc<Cell<f64>>,
    _keys: Option<EventListener>,
}

impl Hands {
    /// Watches the keys of the page.
    pub(super) fn watched() -> Hands {
        let last = Rc::new(Cell::new(f64::NEG_INFINITY));
        let told = last.clone();
        let document = web_sys::window().and_then(|window| window.document());
        // On the way down: an editor keeps its keys from those above it.
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: true };
        let keys = document.map(|document| {
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let text = |target: Element| target.closest("textarea, .cm-content").ok().flatten();
                if target.and_then(text).is_some() {
                    told.set(Date::now());
                }
            })
        });
        Hands { last, _keys: keys }
    }

    /// In how many milliseconds the writer will have rested, unless another key comes; 0 if nobody writes.
    pub(super) fn at_rest_in(&self) -> u32 {
        // A clock that was put back must not hold anything up.
        let since = (Date::now() - self.last.get()).abs();
        (AT_REST - since).max(0.0).ceil() as u32
    }
}
