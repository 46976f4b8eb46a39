//! The wheel with a key held down. Two fingers on a touch pad arrive as the same event.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

/// Calls back with whether it turns away; the browser, which would zoom the whole page, is not given it.
#[hook]
pub fn use_wheel(element: NodeRef, onwheel: Callback<bool>) {
    use_effect_with((element, onwheel), |(element, onwheel)| {
        let onwheel = onwheel.clone();
        let listener = element.cast::<Element>().map(move |element| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&element, "wheel", options, move |event| {
                if let Some(wheel) = event.dyn_ref::<WheelEvent>().filter(|wheel| wheel.ctrl_key()) {
                    wheel.prevent_default();
                    onwheel.emit(wheel.delta_y() > 0.0);
                }
            })
        });
        move || drop(listener)
    });
}
