//! The address bar and the browser's history: the address contains what is on the page, and each scenario, kernel, case or
//! switch that the reader chooses is an entry to go back to.
//!
//! Text that is written right before a reader leaves the page is kept as well. A reload uses the address that was
//! current when it began. A later change of the address bar does not count, neither in the event that reports the
//! reload nor before it, while the browser waits for the new page. So the link is also put into the tab's storage. It
//! belongs to the same entry of the history: an entry has a number that stays with it, even if its address changes.

use super::extras::ask;
use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Timeout;
use js_sys::Array;
use lab::Lab;
use lab::Same;
use lab::model::address::Address;
use lab::model::files::own_name;
use lab::model::permalink;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{History, Storage};
use yew::prelude::*;

/// The address is written this many milliseconds after the last move in a run. If the reader types or chooses something,
/// it is written at once, unless the text is long.
const LATER: u32 = 400;

/// What the reader has left by choosing something else, and what the history has no entry for yet. Entries are written
/// when the page has been drawn, and until then more may be chosen.
#[derive(Clone, Default)]
pub struct Left(Rc<RefCell<Vec<Rc<Lab>>>>);

impl Left {
    /// Remembers a lab as it is left.
    pub fn leave(&self, lab: &Rc<Lab>) {
        self.0.borrow_mut().push(lab.clone());
    }

    /// Gives, and forgets, what was left before what is drawn now.
    fn before(&self, drawn: &Lab) -> Vec<Rc<Lab>> {
        self.0.borrow_mut().extract_if(.., |left| left.chapter() < drawn.chapter()).collect()
    }
}

/// Keeps the address up to date.
#[hook]
pub fn use_address(page: &Address, lab: &Same<Lab>, left: &Left) {
    let shown = use_mut_ref(|| None::<Rc<Lab>>);
    let (page, lab, left) = (page.clone(), lab.0.clone(), left.clone());
    let moment = (lab.player().clone(), lab.session().clone(), lab.counterpart().cloned());
    let course = (place_in_course(&lab), lab.touched(), lab.chapter(), lab.timed().linked());
    use_effect_with((moment, course), move |_| {
        let before = shown.borrow_mut().replace(lab.clone());
        let timeout = note(&page, before.as_deref(), &left.before(&lab), &lab);
        move || drop(timeout)
    });
}

/// The moment or the challenge that is open, and whether the reader has wandered from it.
fn place_in_course(lab: &Lab) -> (Option<String>, bool) {
    (lab.lesson().address(), lab.lesson().wandered())
}

/// Writes what has to be written now, and returns what may be written later.
fn note(page: &Address, before: Option<&Lab>, left: &[Rc<Lab>], lab: &Rc<Lab>) -> Option<Timeout> {
    for (index, before) in left.iter().enumerate() {
        keep_own(before);
        // A reader comes back to this entry, edits included.
        if before.touched() || Address::of(&address()).link.is_none() {
            show(page, before);
        }
        // Two entries of one address would be one to go back to in vain: in a challenge, its own address stays.
        let place = place(left.get(index + 1).unwrap_or(lab));
        if Address::of(&address()).link.as_ref() != Some(&place.link) {
            add(page, &place);
        }
    }
    if !left.is_empty() {
        return None;
    }
    if !lab.touched() {
        return None;
    }
    let changed =
        |before: &Lab| before.session() != lab.session() || before.timed().linked() != lab.timed().linked();
    // A long text is packed when its writer rests; until then it is kept when the page is left.
    if before.is_some_and(changed) && !lab.session().experiment.is_long() {
        show(page, lab);
        return None;
    }
    let (page, lab) = (page.clone(), lab.clone());
    Some(Timeout::new(LATER, move || show(&page, &lab)))
}

fn show(page: &Address, lab: &Lab) {
    if permalink::too_long(lab.session(), lab.player().trace().len()).is_none() {
        replace(page, &place(lab));
    }
}

/// Where the page is: a moment of the tour or a challenge; within it, where the reader has wandered; or a run.
fn place(lab: &Lab) -> Place {
    let course = lab.lesson().address();
    match course {
        Some(course) if !lab.lesson().wandered() => Place { link: course, course: None },
        course => Place { link: lab.link(), course },
    }
}

/// What an entry of the browser's history says. The address has the link alone, so that whoever copies it copies that very run;
/// the course in which the reader has wandered is known to the entry, so that the browser's Back and a reload lead back into it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    link: String,
    course: Option<String>,
}

impl Place {
    /// The state of an entry with a number: the number, and behind a blank the course.
    fn state(&self, number: u32) -> JsValue {
        match &self.course {
            Some(course) => format!("{number} {course}").into(),
            None => number.to_string().into(),
        }
    }
}

/// The key in the tab's storage of what was on the page when it was left: the number of its entry in the browser's history, a
/// blank, and the link that should be there.
const LEFT: &str = "left";

/// Writes the address when the page is left or put aside: nothing waits then. `latest` is the page as it is, drawn or not.
#[hook]
pub fn use_leaving(page: &Address, latest: &Rc<RefCell<Rc<Lab>>>) {
    let (page, latest) = (page.clone(), latest.clone());
    use_effect_with((), move |()| {
        let listeners = listen_to_leaving(EventListenerPhase::Bubble, move || {
            if let (Some(history), Some(storage)) = (history(&page), storage()) {
                leave(&page, &history, &storage, &latest.borrow().clone());
            }
        });
        move || drop(listeners)
    });
}

fn leave(page: &Address, history: &History, storage: &Storage, lab: &Lab) {
    if !lab.touched() || permalink::too_long(lab.session(), lab.player().trace().len()).is_some() {
        // Nothing to come back to but the address.
        let _ = storage.remove_item(LEFT);
        return;
    }
    let place = place(lab);
    replace(page, &place);
    keep_own(lab);
    if let Some(number) = number(history) {
        // A full storage only means that the last letters are forgotten.
        let _ = storage.set_item(LEFT, &format!("{number} {}", place.link));
    }
}

/// Lets this browser keep the reader's own texts, for the next visit.
fn keep_own(lab: &Lab) {
    let fits = || permalink::too_long(lab.session(), lab.player().trace().len()).is_none();
    if let Some(name) = own_name(lab.session()).filter(|_| lab.touched() && fits()) {
        ask("own", &Array::of2(&name.into(), &lab.link().into()));
    }
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

/// Both events reach the window in two phases; listeners that still have something for the page use the
/// first.
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
    let page = here();
    if let (Some(history), Some(storage)) = (history(&page), storage()) {
        let left = storage.get_item(LEFT).ok().flatten();
        // It is for one page only.
        let _ = storage.remove_item(LEFT);
        let left = left.as_deref().and_then(|left| left.split_once(' '));
        match left.filter(|(there, _)| is_here(&history, there)) {
            Some((_, link)) => replace(&page, &Place { link: link.to_owned(), course: course_in(&history) }),
            None if number(&history).is_none() => {
                let _ = history.replace_state(&new_number().to_string().into(), "");
            }
            None => {}
        }
    }
    here()
}

/// Whether this is the entry with a number, loaded anew or come back to. A newly opened address has an entry without a
/// number. But Chromium removes the number if the address was written while it waited for the new page; then the kind
/// of the navigation says that it loads the same entry again.
fn is_here(history: &History, there: &str) -> bool {
    match number(history) {
        Some(number) => number.to_string() == there,
        None => web_sys::window().and_then(|window| window.performance()).is_some_and(|performance| {
            performance.navigation().type_() == web_sys::PerformanceNavigation::TYPE_RELOAD
        }),
    }
}

/// The number of the entry that the page is at, if it has one.
fn number(history: &History) -> Option<u32> {
    history.state().ok()?.as_string()?.split(' ').next()?.parse().ok()
}

/// The course in which the reader has wandered to what the present entry shows.
pub(super) fn course() -> Option<String> {
    course_in(&history(&Address::of(&address()))?)
}

/// The same of a history at hand.
fn course_in(history: &History) -> Option<String> {
    Some(history.state().ok()?.as_string()?.split_once(' ')?.1.to_owned())
}

/// A number that no other entry of this tab has.
fn new_number() -> u32 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u32
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn address() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// Where the page is now: within a course, if this entry of the history says so.
#[must_use]
pub fn here() -> Address {
    let here = Address::of(&address());
    let course = course();
    match (course, here.link) {
        (Some(course), Some(link)) => Address { link: Some(format!("{course}/{link}")), ..here },
        (_, link) => Address { link, ..here },
    }
}

/// Goes to another address of the page, as by a link.
pub fn go_to(link: &str) {
    if let Some(window) = web_sys::window() {
        // The part behind the sign may be anything.
        let _ = window.location().set_hash(link);
    }
}

/// Says in the address bar whether the page is for a projector.
pub fn tell_presented(page: &Address, on: bool) {
    if let Some(history) = history(page) {
        let state = history.state().unwrap_or_default();
        let _ = history.replace_state_with_url(&state, "", Some(&Address::presenting(&address(), on)));
    }
}

/// Puts a place into the address bar without a new entry in the history. In an embed the address is left alone.
fn replace(page: &Address, place: &Place) {
    if let Some(history) = history(page) {
        let state = place.state(number(&history).unwrap_or_else(new_number));
        // A browser may refuse when asked too often: the address is then a step behind, and nothing else.
        let _ = history.replace_state_with_url(&state, "", Some(&format!("#{}", place.link)));
    }
}

/// The same with a new entry, so that the browser leads back to what is here now.
fn add(page: &Address, place: &Place) {
    if let Some(history) = history(page) {
        let state = place.state(new_number());
        let _ = history.push_state_with_url(&state, "", Some(&format!("#{}", place.link)));
    }
}

fn history(page: &Address) -> Option<History> {
    web_sys::window().filter(|_| !page.embed)?.history().ok()
}
