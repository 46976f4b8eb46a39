//! The height that an embed would like to have.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;
use yew::prelude::*;

/// Tells the page around an embed, after each drawing that changes it, the height in which nothing has to be scrolled:
/// `{ tlbscope: "height", height: 812 }`, and nothing else. Any page may listen.
#[hook]
pub fn use_told_height(embed: bool) {
    let told = use_mut_ref(|| 0);
    use_effect(move || {
        if let Some(height) = embed.then(height).flatten().filter(|height| *height != *told.borrow()) {
            *told.borrow_mut() = height;
            tell(height);
        }
    });
}

/// About how high the stage would make an embed in a column of text: it has taller cards there than on a wide page.
#[must_use]
pub fn height_in_a_column() -> i32 {
    let stage = web_sys::window().and_then(|window| window.document()?.query_selector(".stage").ok()?);
    let stage = stage.map(|stage| stage.scroll_height()).filter(|height| *height > 0);
    stage.map_or(900, |height| (height * 6 / 5 + 330).clamp(480, 1600))
}

fn height() -> Option<i32> {
    let document = web_sys::window()?.document()?;
    let find = |selector: &str| document.query_selector(selector).ok()??.dyn_into::<HtmlElement>().ok();
    let (whole, scene) = (find(".embed")?, find(".embed .scene")?);
    Some(whole.offset_height() - scene.client_height() + scene.scroll_height())
}

fn tell(height: i32) {
    let Some(around) = web_sys::window().and_then(|window| window.parent().ok().flatten()) else { return };
    let message = js_sys::Object::new();
    let set = |name: &str, value: JsValue| js_sys::Reflect::set(&message, &name.into(), &value);
    // No page has to listen, and a new object takes any property.
    let _ = set("tlbscope", "height".into()).and(set("height", height.into()));
    let _ = around.post_message(&message, "*");
}
