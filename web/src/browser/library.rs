//! The file with the whole library. Where the address is a link, `web/boot.js` asks for it beside the wasm. If it is not here when
//! the page is drawn, the page asks, and is told when it comes.

use js_sys::{Function, Promise, Reflect};
use lab::model::library::Library;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// What `web/boot.js` keeps of the library: its `text`, once it has come; `come`, which waits for it, and asks for it again if it
/// did not come; and what is waited for, `coming`.
pub(super) fn kept() -> JsValue {
    of(&js_sys::global(), "library")
}

pub(super) fn of(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// Where the small picture of a scenario is.
pub fn picture(slug: &str) -> String {
    format!("{}#{slug}", of(&kept(), "pictures").as_string().unwrap_or_default())
}

/// Takes the library, if it has come.
pub fn take() {
    if let Some(file) = of(&kept(), "text").as_string() {
        gallery::install(file);
    }
}

/// Waits for the library as long as it is coming, and says how that ended.
#[hook]
pub fn use_library(library: &Library, told: Callback<Library>) {
    use_effect_with(*library == Library::Coming, move |&coming| {
        let listening = coming.then(|| listen(told)).flatten();
        move || drop(listening)
    });
}

type Told = Closure<dyn FnMut(JsValue)>;

fn listen(told: Callback<Library>) -> Option<[Told; 2]> {
    let come: Function = of(&kept(), "come").dyn_into().ok()?;
    let promise: Promise = come.call0(&kept()).ok()?.dyn_into().ok()?;
    let came = {
        let told = told.clone();
        Told::new(move |file: JsValue| {
            told.emit(if gallery::install(file.as_string().unwrap_or_default()) {
                Library::Here
            } else {
                // Whoever asks again asks the host again.
                let _ = Reflect::set(&kept(), &"coming".into(), &JsValue::UNDEFINED);
                Library::Lost("the host has the library of another version".to_owned())
            });
        })
    };
    let lost = Told::new(move |why: JsValue| {
        told.emit(Library::Lost(why.as_string().unwrap_or_else(|| "its file was cut off".to_owned())));
    });
    let _ = promise.then2(&came, &lost);
    Some([came, lost])
}
