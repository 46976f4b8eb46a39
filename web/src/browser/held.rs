//! Draws once rather than twice when the awaited result is nearly there.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// How long the page waits for a result without showing that it waits, in milliseconds: three frames, too short to
/// notice.
const AT_MOST: u32 = 50;

/// Gives `value`, or, while it is `awaited` under some number and `may_wait` allows it, what was given before: for
/// [`AT_MOST`] from when the number was new.
#[hook]
pub fn use_held<T: Clone + 'static>(
    value: T,
    awaited: Option<u32>,
    may_wait: impl FnOnce(&T, &T) -> bool,
) -> T {
    use_held_for(AT_MOST, value, awaited, may_wait)
}

/// The same for as many milliseconds.
#[hook]
pub fn use_held_for<T: Clone + 'static>(
    at_most: u32,
    value: T,
    awaited: Option<u32>,
    may_wait: impl FnOnce(&T, &T) -> bool,
) -> T {
    let given = use_mut_ref(|| value.clone());
    let late = use_state_eq(|| None::<u32>);
    let awaited = awaited.filter(|_| *late != awaited && may_wait(&given.borrow(), &value));
    use_effect_with(awaited, move |&awaited| {
        let timeout = awaited.map(|_| Timeout::new(at_most, move || late.set(awaited)));
        move || drop(timeout)
    });
    if awaited.is_none() {
        *given.borrow_mut() = value;
    }
    given.borrow().clone()
}
