//! Draws in two passes: first what readers wait for, and the rest when the first pass is on the screen.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// How long after the first go the second comes, in milliseconds: a frame.
const LATER: u32 = 17;

/// The same where more of the first go is awaited.
const AWAITED: u32 = 300;

/// Gives `value`, but in the first go after `key` has changed, what was given before, if there was anything.
#[hook]
pub fn use_second<T: Clone + 'static, K: PartialEq + Clone + 'static>(
    value: T,
    key: K,
    awaited: bool,
) -> Option<T> {
    let given = use_mut_ref(|| None::<T>);
    let drawn = use_state_eq(|| None::<K>);
    let first = drawn.as_ref() != Some(&key);
    use_effect_with((key, first, awaited), move |(key, first, awaited)| {
        let key = key.clone();
        let later = if *awaited { AWAITED } else { LATER };
        let timeout = first.then(|| Timeout::new(later, move || drawn.set(Some(key))));
        move || drop(timeout)
    });
    if !first {
        *given.borrow_mut() = Some(value);
    }
    given.borrow().clone()
}
