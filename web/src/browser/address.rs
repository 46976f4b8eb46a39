//! The address bar and the browser's history: what is on the page stands in the address, and each scenario that the
//! reader chooses is a step to go back from.

use gloo::timers::callback::Timeout;
use lab::Lab;
use lab::Same;
use lab::model::permalink;
use lab::model::place::Place;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::History;
use yew::prelude::*;

/// How long after the last move in a run it is written, in milliseconds. What was typed or chosen is written at once.
const LATER: u32 = 400;

/// Keeps the address up to date.
#[hook]
pub fn use_address(place: &Place, lab: &Same<Lab>) {
    let shown = use_mut_ref(|| None::<Rc<Lab>>);
    let (place, lab) = (place.clone(), lab.0.clone());
    let moment = (lab.player().clone(), lab.session().clone(), lab.beside().cloned());
    let course = (lab.learn().address(), lab.touched(), lab.chapter());
    use_effect_with((moment, course), move |_| {
        let before = shown.borrow_mut().replace(lab.clone());
        let timeout = note(&place, before.as_deref(), &lab);
        move || drop(timeout)
    });
}

/// Writes what has to be written now, and gives what is left for later.
fn note(place: &Place, before: Option<&Lab>, lab: &Rc<Lab>) -> Option<Timeout> {
    if let Some(before) = before.filter(|before| before.chapter() < lab.chapter()) {
        // That is what one comes back to, edits included.
        if before.touched() || here().link.is_none() {
            show(place, before);
        }
        add(place, &address(lab));
        return None;
    }
    if !lab.touched() {
        return None;
    }
    if before.is_some_and(|before| before.session() != lab.session()) {
        show(place, lab);
        return None;
    }
    let (place, lab) = (place.clone(), lab.clone());
    Some(Timeout::new(LATER, move || show(&place, &lab)))
}

fn show(place: &Place, lab: &Lab) {
    if permalink::too_long(lab.session(), lab.player().trace().len()).is_none() {
        replace(place, &address(lab));
    }
}

fn address(lab: &Lab) -> String {
    lab.learn().address().unwrap_or_else(|| lab.link())
}

/// Where the page is now.
#[must_use]
pub fn here() -> Place {
    let address = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    Place::of(&address)
}

/// Puts a link into the address bar without a new entry in the history. In an embed the address is left alone.
fn replace(place: &Place, link: &str) {
    if let Some(history) = history(place) {
        // A browser may refuse when asked too often: the address is then a step behind, and nothing else.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
    }
}

/// The same with a new entry, so that the browser leads back to what is here now.
fn add(place: &Place, link: &str) {
    if let Some(history) = history(place) {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
    }
}

fn history(place: &Place) -> Option<History> {
    web_sys::window().filter(|_| !place.embed)?.history().ok()
}
