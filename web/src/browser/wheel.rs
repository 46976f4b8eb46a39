//! The wheel with a key held down. Two fingers arrive as the same event: from a touch pad, and, by `web/later/extras.js`, from a
//! screen.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, WheelEvent};
use yew::prelude::*;

/// Calls back with how far it turns, in hundredths of a pixel, and where in the element the pointer is; the browser, which would
/// zoom the whole page, is not given it.
#[hook]
pub fn use_wheel(element: NodeRef, onwheel: Callback<(i32, i32)>) {
    use_effect_with((element, onwheel), |(element, onwheel)| {
        let onwheel = onwheel.clone();
        let listener = element.cast::<Element>().map(move |element| {
            let (options, place) = (EventListenerOptions::enable_prevent_default(), element.clone());
            EventListener::new_with_options(&element, "wheel", options, move |event| {
                if let Some(wheel) = event.dyn_ref::<WheelEvent>().filter(|wheel| wheel.ctrl_key()) {
                    wheel.prevent_default();
                    let left = place.get_bounding_client_rect().left() as i32;
                    onwheel.emit(((wheel.delta_y() * 100.0) as i32, wheel.client_x() - left));
                }
            })
        });
        move || drop(listener)
    });
}
