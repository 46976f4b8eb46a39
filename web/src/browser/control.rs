//! How control came to a step: asked where pictures are drawn, which comes when a reader asks.

use super::extras::{load, told};
use js_sys::Array;
use lab::model::permalink;
use lab::{Act, Lab};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use yew::prelude::*;

/// Asks whenever a lab wants to know it of another step.
#[hook]
pub fn use_control(act: &Callback<Act>, lab: &Lab) {
    let (act, player) = (act.clone(), lab.player().clone());
    use_effect_with(lab.asks_control(), move |asked| {
        if let Some((number, step)) = *asked {
            let lost = told(&act);
            let hear =
                Closure::once_into_js(move |said: JsValue| act.emit(Act::Came(number, said.as_string())));
            let link = permalink::encode(&player);
            load(lost, "control", &Array::of3(&link.into(), &step.into(), &hear));
        }
    });
}
