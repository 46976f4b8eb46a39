//! A thing that moves. The page gives the browser one transform, and the browser moves the thing. The page
//! redraws nothing for each frame.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Animation, Element};
use yew::prelude::*;

/// Lets an element fly from point to point, in straight lines, for as many milliseconds; anew when the points change.
#[hook]
pub fn use_flight(element: NodeRef, points: Vec<(i32, i32)>, milliseconds: u32) {
    use_effect_with(points, move |points| {
        let flown = element.cast::<Element>();
        let animation = flown.and_then(|element| fly(&element, points, milliseconds).ok());
        move || animation.iter().for_each(Animation::cancel)
    });
}

/// Starts the flight; fails where a browser knows no such animations. At rest, the element is transparent.
fn fly(element: &Element, points: &[(i32, i32)], milliseconds: u32) -> Result<Animation, JsValue> {
    let frames = Array::new();
    for (x, y) in points {
        let frame = Object::new();
        let place = format!("translate({x}px, {y}px) translate(-50%, -50%)");
        Reflect::set(&frame, &"transform".into(), &place.into())?;
        Reflect::set(&frame, &"opacity".into(), &1.into())?;
        frames.push(&frame);
    }
    // web-sys lists it among its unstable interfaces.
    let animate: Function = Reflect::get(element, &"animate".into())?.dyn_into()?;
    animate.call2(element, &frames, &milliseconds.into()).map(JsCast::unchecked_into)
}
