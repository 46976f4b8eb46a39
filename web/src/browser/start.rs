//! Where this instance of the wasm runs, and what it starts with there.

use super::pump;
use wasm_bindgen::JsCast;
use web_sys::{DedicatedWorkerGlobalScope, Element};

/// In a worker: begins to serve it. Says whether this is one.
#[must_use]
pub fn serve() -> bool {
    let scope = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>();
    let serves = scope.is_ok();
    if let Ok(scope) = scope {
        // The page gets this answer, and does the work itself.
        pump::start(scope).unwrap_or_else(|why| wasm_bindgen::throw_val(why));
    }
    serves
}

/// The element that the page is drawn into, without the words that stand there until then.
#[must_use]
pub fn root() -> Option<Element> {
    let document = web_sys::window().and_then(|window| window.document());
    let root = document.and_then(|document| document.get_element_by_id("app"))?;
    root.set_text_content(None);
    Some(root)
}
