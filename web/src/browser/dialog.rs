//! Dialogs: the browser's own.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Opens a dialog, over the page, once it is in the document.
#[hook]
pub fn use_open(dialog: NodeRef) {
    use_effect_with((), move |()| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>().filter(|dialog| !dialog.open()) {
            // It is in the document and not open: there is no way to fail.
            let _ = dialog.show_modal();
        }
    });
}

/// Whether there is likely a keyboard. Where there is none, a field that takes the focus covers half of the screen with
/// one.
#[must_use]
pub fn has_keyboard() -> bool {
    let found = web_sys::window().and_then(|window| window.match_media("(pointer: fine)").ok().flatten());
    found.is_some_and(|found| found.matches())
}
