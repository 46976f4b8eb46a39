//! The clipboard.

use gloo::events::{EventListener, EventListenerOptions};
use lab::view::direction::isolated_text;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlDocument, HtmlTextAreaElement};
use yew::prelude::*;

/// Selects what is in a text field and copies it; whether that could be asked for. In frames that may not touch the
/// clipboard the text is left selected, for the reader to copy.
#[must_use]
pub fn copy(area: &NodeRef) -> bool {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else { return false };
    area.select();
    let document = area.owner_document().and_then(|document| document.dyn_into::<HtmlDocument>().ok());
    document.is_some_and(|document| document.exec_command("copy").unwrap_or(false))
}

/// Names from right to left are isolated by elements on the page, and by characters where a reader copies from it. What is copied
/// from a field is a text or a link, and goes as it is.
#[hook]
pub fn use_isolated_copies() {
    use_effect_with((), |()| {
        let document = web_sys::window().and_then(|window| window.document());
        let listener = document.map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document, "copy", options, |event| {
                let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
                // The editor has put its own text there.
                let of_field = event.default_prevented()
                    || event.target().is_some_and(|target| target.has_type::<HtmlTextAreaElement>());
                let selected = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
                let text = selected.map(|selected| String::from(selected.to_string())).unwrap_or_default();
                let isolated = isolated_text(&text);
                if !of_field
                    && isolated != text
                    && let Some(data) = event.clipboard_data()
                    && data.set_data("text/plain", &isolated).is_ok()
                {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}
