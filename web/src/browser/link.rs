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
    use_new_address(Callback::from(move |address: Address| {
        act.emit(match address.link {
            Some(link) => Act::Follow(link),
            None => Act::Home,
        });
    }));
}

/// Calls back with each address that the page is led to. The callback is the one of the latest rendering.
#[hook]
pub fn use_new_address(then: Callback<Address>) {
    let latest = use_mut_ref(|| then.clone());
    *latest.borrow_mut() = then;
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "hashchange", move |event| {
                // The address that the event is about: the page may have written another one by now.
                let Some(event) = event.dyn_ref::<HashChangeEvent>() else { return };
                let then = latest.borrow().clone();
                then.emit(Address::of(&event.new_url()));
            })
        });
        move || drop(listener)
    });
}
