//! Links that the reader puts into the address bar while the page is open, or comes back to.

use super::address::{course, here};
use gloo::events::EventListener;
use lab::model::address::Address;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HashChangeEvent;
use yew::prelude::*;

/// What the page shows, as far as an entry of the history knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shows {
    /// On a projector.
    pub presented: bool,
    /// A run to which the reader has wandered in this course.
    pub course: Option<String>,
}

/// Calls back with each of them. What the page itself writes there does not count: that raises no event. The callback is the one of
/// the latest rendering.
#[hook]
pub fn use_link(shows: Shows, then: Callback<Address>) {
    let latest = use_mut_ref(|| (shows.clone(), then.clone()));
    *latest.borrow_mut() = (shows, then);
    use_effect_with((), move |()| {
        let listeners = web_sys::window().map(|window| {
            // What was called back with by the first of two events about one entry.
            let told = Rc::new(RefCell::new(None::<Address>));
            let (changed, went) = (latest.clone(), latest);
            let before = told.clone();
            let changed = EventListener::new(&window, "hashchange", move |event| {
                // The address that the event is about: the page may have written another one by now.
                let Some(event) = event.dyn_ref::<HashChangeEvent>() else { return };
                let then = changed.borrow().1.clone();
                let (to, here) = (Address::of(&event.new_url()), here());
                if before.take().is_some_and(|told| is_at(&told, &to)) {
                    return;
                }
                then.emit(if is_at(&here, &to) { here } else { to });
            });
            // The event before is not raised where the part after `#` is the same: two entries may show one run in two moments of the
            // tour, or once on a projector.
            let went = EventListener::new(&window, "popstate", move |_| {
                let to = here();
                let entry = Shows { presented: to.present, course: course() };
                let goes = went.borrow().0 != entry;
                // The next entry may come before the page has been drawn.
                went.borrow_mut().0 = entry;
                let then = went.borrow().1.clone();
                told.replace(goes.then(|| to.clone()));
                if goes {
                    then.emit(to);
                }
            });
            [changed, went]
        });
        move || drop(listeners)
    });
}

/// Whether an entry is at an address; it may know of a course, too, which stands before its link.
fn is_at(entry: &Address, address: &Address) -> bool {
    match (&entry.link, &address.link) {
        (Some(entry), Some(link)) => entry.ends_with(link.as_str()),
        (entry, link) => entry == link,
    }
}
