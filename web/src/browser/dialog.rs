//! Dialogs: the browser's own.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

/// Opens a dialog, over the page, once it is in the document. A field to search by that it has by then gets the focus
/// ([`use_first_focus`]).
#[hook]
pub fn use_open(dialog: NodeRef) {
    use_effect_with((), move |()| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>().filter(|dialog| !dialog.open()) {
            leave_menu();
            // It is in the document and not open: there is no way to fail.
            let _ = dialog.show_modal();
            let field = dialog.query_selector("[type=search]").ok().flatten();
            focus_on(field.and_then(|field| field.dyn_into::<HtmlElement>().ok()));
        }
    });
}

/// When a dialog closes, the browser gives the focus back to what had it before. On a narrow page that is in a menu which has
/// closed: its button takes the place.
fn leave_menu() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let from = document.active_element();
    if from.is_some_and(|from| from.closest(".menu").is_ok_and(|menu| menu.is_some())) {
        let button = document.query_selector(".top .more").ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            // On a wide page it is not drawn, and does not take the focus.
            let _ = button.focus();
        }
    }
}

/// Gives the focus to an element of an open dialog as soon as it is drawn.
#[hook]
pub fn use_first_focus(element: NodeRef, drawn: bool) {
    use_effect_with(drawn, move |_| {
        focus_on(element.cast::<HtmlElement>());
    });
}

/// Gives an element the focus where there is likely a keyboard. Elsewhere one on the screen would cover half of the dialog.
fn focus_on(element: Option<HtmlElement>) {
    if let Some(element) = element.filter(|_| has_keyboard()) {
        // What is not drawn yet can't have it; it is asked again.
        let _ = element.focus();
    }
}

/// Whether there is likely a keyboard: where one does not point with a finger.
fn has_keyboard() -> bool {
    let found = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    !found.is_some_and(|found| found.matches())
}
