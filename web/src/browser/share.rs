//! The choices in the dialogs that give something away: `web/share/src/main.js` draws them, when a dialog opens.

use super::extras::load;
use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::Element;
use yew::prelude::*;

/// Fills `place` with the choices of a kind of dialog, which write into `field`. `facts` are texts by name, in JSON. If the
/// choices do not come, the dialog offers what it offered at first, and says why in their place.
#[hook]
pub fn use_choices(place: NodeRef, field: NodeRef, kind: &'static str, facts: AttrValue) {
    use_effect_with((), move |()| {
        let (Some(place), Some(field)) = (place.cast::<Element>(), field.cast::<Element>()) else { return };
        let there = place.clone();
        let lost = move |why: String| {
            // It is in the document: there is no way to fail.
            let _ = there.set_attribute("role", "alert");
            there.set_text_content(Some(&why));
        };
        let given: [JsValue; 4] = [place.into(), field.into(), kind.into(), facts.as_str().into()];
        load(lost, "share", &given.into_iter().collect::<Array>());
    });
}
