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
