//! The document's title, by which tabs, bookmarks and screen readers know the page.

use yew::prelude::*;

/// Keeps it.
#[hook]
pub fn use_title(title: String) {
    use_effect_with(title, |title| {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(title);
        }
    });
}
