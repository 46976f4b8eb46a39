//! What the reader has chosen or written in a field, taken from the event that reports it.

use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

fn target<T: JsCast>(event: &Event) -> Option<T> {
    event.target().and_then(|target: EventTarget| target.dyn_into::<T>().ok())
}

/// What is in a text field.
#[must_use]
pub fn text(event: &Event) -> Option<String> {
    target::<HtmlTextAreaElement>(event).map(|field| field.value())
}

/// What is in a field of one line.
#[must_use]
pub fn line(event: &InputEvent) -> Option<String> {
    target::<HtmlInputElement>(event).map(|field| field.value())
}

/// The number that a slider stands at.
#[must_use]
pub fn number(event: &Event) -> Option<usize> {
    target::<HtmlInputElement>(event)?.value().parse().ok()
}

/// The number that is the value of what has been chosen from a list; nothing if that has none.
#[must_use]
pub fn choice(event: &Event) -> Option<usize> {
    target::<HtmlSelectElement>(event)?.value().parse().ok()
}

/// Whether something that can be unfolded is open now.
#[must_use]
pub fn unfolded(event: &Event) -> bool {
    target::<Element>(event).is_some_and(|details| details.has_attribute("open"))
}

/// The id of the thing on the stage that an event is about; nothing on a button, which has its own use for it.
#[must_use]
pub fn thing(event: &Event) -> Option<String> {
    let target = target::<Element>(event)?;
    let button = target.closest("button, summary").ok().flatten();
    let cell = target.closest(".row, .register, .tile").ok().flatten().filter(|_| button.is_none())?;
    cell.get_attribute("data-id")
}
