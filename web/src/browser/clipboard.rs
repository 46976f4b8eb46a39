//! The clipboard.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};
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
