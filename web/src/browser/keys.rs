//! Keys pressed anywhere on the page, except in text fields and lists: there a letter looks for a choice.

use gloo::events::{EventListener, EventListenerOptions};
use lab::view::keyboard::Pressed;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

/// Calls back for each key; what returns true is not given to the browser as well. The callback is the one of the
/// latest rendering.
#[hook]
pub fn use_keys(on_key: Callback<Pressed, bool>) {
    let latest = use_mut_ref(|| on_key.clone());
    *latest.borrow_mut() = on_key;
    use_effect_with((), move |()| {
        let listener = web_sys::window().and_then(|window| window.document()).map(move |document| {
            EventListener::new_with_options(
                &document,
                "keydown",
                EventListenerOptions::enable_prevent_default(),
                move |event| {
                    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
                        return;
                    }
                    let Some(pressed) = pressed(event) else { return };
                    let taken = latest.borrow().emit(pressed);
                    if taken {
                        event.prevent_default();
                    }
                },
            )
        });
        move || drop(listener)
    });
}

/// Nothing in text fields and lists, or while a dialog is open.
fn pressed(event: &KeyboardEvent) -> Option<Pressed> {
    let focus = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let tag = focus.as_ref().map(Element::tag_name).unwrap_or_default();
    let kind =
        focus.as_ref().and_then(|focus| focus.dyn_ref::<HtmlInputElement>()).map(HtmlInputElement::type_);
    let inside =
        |selector: &str| focus.as_ref().is_some_and(|focus| focus.closest(selector).ok().flatten().is_some());
    let types = matches!(tag.as_str(), "TEXTAREA" | "SELECT")
        || matches!(kind.as_deref(), Some("text" | "search"))
        || inside(".cm-content");
    if inside("dialog[open], .handbook, .pick") || types && event.key() != "Escape" {
        return None;
    }
    Some(Pressed {
        key: event.key(),
        on_control: matches!(tag.as_str(), "BUTTON" | "A" | "SUMMARY") || kind.is_some(),
        on_range: kind.is_some() || inside("[role=tablist], figure"),
    })
}
