//! Whether the page is being printed.

use gloo::events::EventListener;
use yew::prelude::*;

/// Asks the browser to print the page.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // A frame may be forbidden to.
        let _ = window.print();
    }
}

/// True between the browser's `beforeprint` and `afterprint`. What is drawn because of it is there in time: drawing
/// follows the event at once, and the browser lays out paper afterwards.
#[hook]
pub fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    let setter = printing.setter();
    use_effect_with((), move |()| {
        let listeners = web_sys::window().map(|window| {
            let before = setter.clone();
            (
                EventListener::new(&window, "beforeprint", move |_| before.set(true)),
                EventListener::new(&window, "afterprint", move |_| setter.set(false)),
            )
        });
        move || drop(listeners)
    });
    *printing
}
