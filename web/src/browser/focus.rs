//! Where the keyboard focus is.

use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};
use yew::NodeRef;

/// Takes the keyboard to an element, and the element into view; whether there is one.
pub fn focus(id: &str) -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.get_element_by_id(id));
    let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
    // An element that can't have the focus is in view all the same.
    element.is_some_and(|element| element.focus().is_ok())
}

/// Takes the keyboard to what a selector finds if nothing has it: what had it is gone.
pub fn focus_where_lost(selector: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let lost = document.active_element().is_none_or(|active| active.tag_name().eq_ignore_ascii_case("body"));
    let found = document.query_selector(selector).ok().flatten().filter(|_| lost);
    if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Takes the keyboard back to an element; one that has gone needs none.
pub fn refocus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}
