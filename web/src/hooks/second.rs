//! Drawing in two goes: what readers wait for first, and the rest when that is on the screen.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// How long after the first go the second comes, in milliseconds: a frame.
const LATER: u32 = 17;

/// Gives `value`, but in the first go after `key` has changed, what was given before.
#[hook]
pub fn use_second<T: Clone + 'static, K: PartialEq + Clone + 'static>(value: T, key: K) -> T {
    let given = use_mut_ref(|| value.clone());
    let drawn = use_state_eq(|| key.clone());
    let first = *drawn != key;
    use_effect_with((key, first), move |(key, first)| {
        let key = key.clone();
        let timeout = first.then(|| Timeout::new(LATER, move || drawn.set(key)));
        move || drop(timeout)
    });
    if !first {
        *given.borrow_mut() = value;
    }
    given.borrow().clone()
}
