//! Does something when a value has not changed for a while.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// Calls back `milliseconds` after the last change of `value`, with it.
#[hook]
pub fn use_later<T: PartialEq + Clone + 'static>(value: T, milliseconds: u32, then: Callback<T>) {
    use_effect_with(value, move |value| {
        let value = value.clone();
        let timeout = Timeout::new(milliseconds, move || then.emit(value));
        move || drop(timeout)
    });
}
