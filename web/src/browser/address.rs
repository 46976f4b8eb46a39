//! The address bar and the browser's history: the address contains what is on the page, and each scenario that the
//! reader chooses is an entry to go back to.

use gloo::timers::callback::Timeout;
use lab::Lab;
use lab::Same;
use lab::model::address::Address;
use lab::model::permalink;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::History;
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

/// Where the page is now.
#[must_use]
pub fn here() -> Address {
    let address = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    Address::of(&address)
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
