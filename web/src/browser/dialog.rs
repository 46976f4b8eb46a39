//! Dialogs: the browser's own.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

/// Opens a dialog, over the page, once it is in the document. If it has a field to search by, the field gets the focus
/// where there is likely a keyboard; elsewhere one on the screen would cover half of the dialog.
#[hook]
pub fn use_open(dialog: NodeRef) {
    use_effect_with((), move |()| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>().filter(|dialog| !dialog.open()) {
            // It is in the document and not open: there is no way to fail.
            let _ = dialog.show_modal();
            let field = dialog.query_selector("[type=search]").ok().flatten();
            if let Some(field) =
                field.filter(|_| has_keyboard()).and_then(|field| field.dyn_into::<HtmlElement>().ok())
            {
                // What is in an open dialog can have the focus.
                let _ = field.focus();
            }
        }
    });
}

/// Whether there is likely a keyboard: where one does not point with a finger.
fn has_keyboard() -> bool {
    let found = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    !found.is_some_and(|found| found.matches())
}
