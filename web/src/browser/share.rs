//! The choices in the dialogs that give something away: `web/share/src/main.js` draws them, when a dialog opens.

use super::extras::load;
use js_sys::Array;
use lab::Act;
use wasm_bindgen::JsValue;
use web_sys::Element;
use yew::prelude::*;

/// Fills `place` with the choices of a kind of dialog, which write into `field`. `facts` are texts by name, in JSON. Without them the dialog offers what it offered at
/// first; the page says that they did not come.
#[hook]
pub fn use_choices(place: NodeRef, field: NodeRef, kind: &'static str, facts: AttrValue, act: Callback<Act>) {
    use_effect_with((), move |()| {
        let (Some(place), Some(field)) = (place.cast::<Element>(), field.cast::<Element>()) else { return };
        let given: [JsValue; 4] = [place.into(), field.into(), kind.into(), facts.as_str().into()];
        load(&act, "share", &given.into_iter().collect::<Array>());
    });
}
