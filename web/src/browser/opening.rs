//! Follows a long link in slices, so that the page still answers.

use gloo::timers::callback::Timeout;
use js_sys::Date;
use lab::Act;
use lab::model::opening::Opening;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// How long a slice may take, and how often the page says how far it is, in milliseconds.
const SLICE: f64 = 12.0;
const NEWS: f64 = 250.0;

type Next = Rc<RefCell<Option<Timeout>>>;

/// Works on an opening as long as there is one.
#[hook]
pub fn use_opening(opening: Option<Opening>, act: Callback<Act>) {
    use_effect_with(opening, move |opening| {
        let next = Next::default();
        if let Some(opening) = opening.clone() {
            go_on(&next, opening, Date::now(), act);
        }
        move || drop(next.borrow_mut().take())
    });
}

fn go_on(next: &Next, opening: Opening, told: f64, act: Callback<Act>) {
    let held = Rc::downgrade(next);
    let timeout = Timeout::new(4, move || {
        let Some(next) = held.upgrade() else { return };
        let end = Date::now() + SLICE;
        if !opening.run(|| Date::now() >= end) {
            return act.emit(Act::Opened);
        }
        let now = Date::now();
        let news = now - told >= NEWS;
        if news {
            act.emit(Act::OpeningOn);
        }
        go_on(&next, opening, if news { now } else { told }, act);
    });
    *next.borrow_mut() = Some(timeout);
}
