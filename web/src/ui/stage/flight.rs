//! The token on its way. The browser moves it, beside everything else that the page does: a transform that is given
//! once, instead of a picture drawn anew for each frame.

use super::overlay::Curve;
use crate::ui::parts::tone;
use js_sys::{Array, Function, Object, Reflect};
use scene::view::TokenView;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Animation, Element};
use yew::prelude::*;

/// How long the token is under way, in milliseconds.
const TIME: u32 = 300;

/// Points of the curve that the browser joins by straight lines.
const POINTS: u32 = 12;

/// Properties of [`Flight`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The way.
    pub(super) curve: Curve,
    /// What is on it.
    pub(super) token: TokenView,
}

/// Shows the token while it flies. Where it has arrived, the arrow below it stays.
#[component]
pub(super) fn Flight(props: &Props) -> Html {
    let Props { curve, token } = props;
    let label = use_node_ref();
    {
        let label = label.clone();
        use_effect_with(*curve, move |&curve| {
            let animation = label.cast::<Element>().and_then(|element| fly(&element, curve).ok());
            move || animation.iter().for_each(Animation::cancel)
        });
    }
    html! { <span ref={label} class={classes!("flight", tone::class(token.tone))}>{ &token.label }</span> }
}

/// Starts the flight; fails where a browser knows no such animations. At rest, the label is transparent.
fn fly(element: &Element, curve: Curve) -> Result<Animation, JsValue> {
    let frames = Array::new();
    for point in 0..=POINTS {
        let (x, y) = curve.at(point * 1000 / POINTS);
        let frame = Object::new();
        let place = format!("translate({x}px, {y}px) translate(-50%, -50%)");
        Reflect::set(&frame, &"transform".into(), &place.into())?;
        Reflect::set(&frame, &"opacity".into(), &1.into())?;
        frames.push(&frame);
    }
    // web-sys has it among what may still change.
    let animate: Function = Reflect::get(element, &"animate".into())?.dyn_into()?;
    animate.call2(element, &frames, &TIME.into()).map(JsCast::unchecked_into)
}
