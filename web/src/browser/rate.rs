//! How fast something is counted.

use std::rc::Rc;
use yew::prelude::*;

/// How many are counted in a second, by the clock of the page, since the first count under a number; nothing until there
/// is something to tell.
#[hook]
pub fn use_rate(number: u32, count: Option<u32>) -> Option<u32> {
    let first = use_memo(number, |_| std::cell::Cell::new(None::<(f64, u32)>));
    let (first, count) = (Rc::clone(&first), count?);
    let now = js_sys::Date::now();
    let (began, had) = first.get().unwrap_or((now, count));
    first.set(Some((began, had)));
    let seconds = (now - began) / 1000.0;
    (seconds > 0.0).then(|| (f64::from(count.saturating_sub(had)) / seconds) as u32).filter(|&rate| rate > 0)
}
