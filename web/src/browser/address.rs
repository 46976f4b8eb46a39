//! The address bar and the browser's history: the address contains what is on the page, and each scenario that the
//! reader chooses is an entry to go back to.
//!
//! What is written right before the page is left is kept as well. A reload has its address by then, and what is put into the
//! address bar after that does not count. So it is also left in the tab's storage, for the page that comes next at the same
//! address.

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Timeout;
use lab::Lab;
use lab::Same;
use lab::model::address::Address;
use lab::model::permalink;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{History, Storage};
use yew::prelude::*;

/// How long after the last move in a run it is written, in milliseconds. What was typed or chosen is written at once.
const LATER: u32 = 400;

/// Keeps the address up to date.
#[hook]
pub fn use_address(page: &Address, lab: &Same<Lab>) {
    let shown = use_mut_ref(|| None::<Rc<Lab>>);
    let (page, lab) = (page.clone(), lab.0.clone());
    let moment = (lab.player().clone(), lab.session().clone(), lab.counterpart().cloned());
    let course = (lab.lesson().address(), lab.touched(), lab.chapter());
    use_effect_with((moment, course), move |_| {
        let before = shown.borrow_mut().replace(lab.clone());
        let timeout = note(&page, before.as_deref(), &lab);
        move || drop(timeout)
    });
}

/// Writes what has to be written now, and gives what is left for later.
fn note(page: &Address, before: Option<&Lab>, lab: &Rc<Lab>) -> Option<Timeout> {
    if let Some(before) = before.filter(|before| before.chapter() < lab.chapter()) {
        // That is what one comes back to, edits included.
        if before.touched() || here().link.is_none() {
            show(page, before);
        }
        add(page, &link(lab));
        return None;
    }
    if !lab.touched() {
        return None;
    }
    if before.is_some_and(|before| before.session() != lab.session()) {
        show(page, lab);
        return None;
    }
    let (page, lab) = (page.clone(), lab.clone());
    Some(Timeout::new(LATER, move || show(&page, &lab)))
}

fn show(page: &Address, lab: &Lab) {
    if permalink::too_long(lab.session(), lab.player().trace().len()).is_none() {
        replace(page, &link(lab));
    }
}

fn link(lab: &Lab) -> String {
    lab.lesson().address().unwrap_or_else(|| lab.link())
}

/// The key in the tab's storage of what was on the page when it was left: an address, a blank, and the link that should be there.
const LEFT: &str = "left";

/// Writes the address when the page is left or put aside: nothing waits then. `latest` is the page as it is, drawn or not.
#[hook]
pub fn use_leaving(page: &Address, latest: &Rc<RefCell<Rc<Lab>>>) {
    let (page, latest) = (page.clone(), latest.clone());
    use_effect_with((), move |()| {
        let listeners = listen_to_leaving(EventListenerPhase::Bubble, move || {
            let lab = latest.borrow().clone();
            let fits = permalink::too_long(lab.session(), lab.player().trace().len()).is_none();
            if lab.touched() && fits && !page.embed {
                let (before, link) = (address(), link(&lab));
                replace(&page, &link);
                if let Some(storage) = storage() {
                    // Both events may come, and at the second one the address is the new one already.
                    if storage.get_item(LEFT).ok().flatten().is_some_and(|left| left.ends_with(&link)) {
                        return;
                    }
                    // A full storage only means that the last letters are forgotten.
                    let _ = storage.set_item(LEFT, &format!("{before} {link}"));
                }
            }
        });
        move || drop(listeners)
    });
}

/// Calls back when the page is left or put aside: before it writes its address.
#[hook]
pub fn use_before_leaving(then: Callback<()>) {
    use_effect_with(then, |then| {
        let then = then.clone();
        let listeners = listen_to_leaving(EventListenerPhase::Capture, move || then.emit(()));
        move || drop(listeners)
    });
}

/// Both events reach the window in two phases; whoever still has something for the page comes in the first.
fn listen_to_leaving(phase: EventListenerPhase, then: impl Fn() + 'static) -> Option<[EventListener; 2]> {
    let (window, then) = (web_sys::window()?, Rc::new(then));
    let options = EventListenerOptions { phase, passive: true };
    Some(["pagehide", "visibilitychange"].map(|kind| {
        let then = then.clone();
        EventListener::new_with_options(&window, kind, options, move |_| then())
    }))
}

/// Where the page begins: where it is, unless it was left right here with something newer, and has been loaded anew.
#[must_use]
pub fn arrived() -> Address {
    let storage = storage();
    let left = storage.as_ref().and_then(|storage| storage.get_item(LEFT).ok().flatten());
    if let (Some(left), Some(storage)) = (left, storage) {
        // It is for one page only.
        let _ = storage.remove_item(LEFT);
        let again = web_sys::window().and_then(|window| window.performance()).is_some_and(|performance| {
            // Neither a reload nor a way back or forth: somebody has opened this very address.
            performance.navigation().type_() != web_sys::PerformanceNavigation::TYPE_NAVIGATE
        });
        if let Some((_, link)) = left.split_once(' ').filter(|(before, _)| again && *before == address()) {
            replace(&here(), link);
        }
    }
    here()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn address() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// Where the page is now.
#[must_use]
pub fn here() -> Address {
    Address::of(&address())
}

/// Puts a link into the address bar without a new entry in the history. In an embed the address is left alone.
fn replace(page: &Address, link: &str) {
    if let Some(history) = history(page) {
        // A browser may refuse when asked too often: the address is then a step behind, and nothing else.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
    }
}

/// The same with a new entry, so that the browser leads back to what is here now.
fn add(page: &Address, link: &str) {
    if let Some(history) = history(page) {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
    }
}

fn history(page: &Address) -> Option<History> {
    web_sys::window().filter(|_| !page.embed)?.history().ok()
}
