//! Links that the reader puts into the address bar while the page is open, or comes back to.

use super::address::here;
use gloo::events::EventListener;
use lab::model::address::Address;
use wasm_bindgen::JsCast;
use web_sys::HashChangeEvent;
use yew::prelude::*;

/// Calls back with each of them. What the page itself writes there does not count: that raises no event. `presented` is how the
/// page is shown. The callback is the one of the latest rendering.
#[hook]
pub fn use_link(presented: bool, then: Callback<Address>) {
    let latest = use_mut_ref(|| (presented, then.clone()));
    *latest.borrow_mut() = (presented, then);
    use_effect_with((), move |()| {
        let listeners = web_sys::window().map(|window| {
            let (changed, went) = (latest.clone(), latest);
            let changed = EventListener::new(&window, "hashchange", move |event| {
                // The address that the event is about: the page may have written another one by now.
                let Some(event) = event.dyn_ref::<HashChangeEvent>() else { return };
                let then = changed.borrow().1.clone();
                let (to, here) = (Address::of(&event.new_url()), here());
                // What the entry of the history knows beside its address.
                let is_here = to
                    .link
                    .as_ref()
                    .is_some_and(|to| here.link.as_ref().is_some_and(|here| here.ends_with(to.as_str())));
                then.emit(if is_here { here } else { to });
            });
            // That is raised only if nothing but the part after `#` is another one.
            let went = EventListener::new(&window, "popstate", move |_| {
                let (presented, then) = went.borrow().clone();
                let to = here();
                if to.present != presented {
                    then.emit(to);
                }
            });
            [changed, went]
        });
        move || drop(listeners)
    });
}
