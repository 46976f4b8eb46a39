//! Links that the reader puts into the address bar while the page is open, or comes back to.

use gloo::events::EventListener;
use lab::Act;
use lab::model::address::Address;
use wasm_bindgen::JsCast;
use web_sys::HashChangeEvent;
use yew::prelude::*;

/// Follows them. What the page itself writes there does not count: that raises no event.
#[hook]
pub fn use_link(act: Callback<Act>) {
    use_effect_with(act, |act| {
        let act = act.clone();
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "hashchange", move |event| {
                // The address that the event is about: the page may have written another one by now.
                let Some(event) = event.dyn_ref::<HashChangeEvent>() else { return };
                act.emit(match Address::of(&event.new_url()).link {
                    Some(link) => Act::Follow(link),
                    None => Act::Home,
                });
            })
        });
        move || drop(listener)
    });
}
