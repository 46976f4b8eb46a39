//! What a reader seldom needs, and the page does not wait for: files that are opened and saved, the reference of the language,
//! a picture for projectors. `web/later/desk.js` does that in the document, and says here what a reader gives to the page.

use super::library::{kept, of};
use js_sys::{Array, Function, Uint8Array};
use lab::Act;
use lab::model::files::{File, MOST, Unread};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// Asks for it once, and hears from it as long as the page is there: pairs of a name and bytes, `null` if there are too many,
/// `undefined` if they can't be read; or nothing, when the texts are to be saved.
#[hook]
pub fn use_desk(act: Callback<Act>) {
    use_effect_with(act, |act| {
        let act = act.clone();
        let hear = Closure::<dyn FnMut(JsValue)>::new(move |said: JsValue| {
            act.emit(match said.dyn_into::<Array>() {
                Ok(files) => Act::Files(files.iter().map(|pair| file(&Array::from(&pair))).collect()),
                Err(_) => Act::Save,
            });
        });
        if let Ok(begin) = of(&kept(), "desk").dyn_into::<Function>() {
            // It comes or not; the page works without it.
            let _ = begin.call2(&kept(), hear.as_ref(), &(MOST as u32).into());
        }
        move || {
            ask("begin", &Array::new());
            drop(hear);
        }
    });
}

fn file(pair: &Array) -> File {
    let bytes = pair.get(1);
    let bytes = match bytes.dyn_into::<Uint8Array>() {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(none) if none.is_null() => Err(Unread::TooLarge),
        Err(_) => Err(Unread::Failed),
    };
    File { name: pair.get(0).as_string().unwrap_or_default(), bytes }
}

/// Asks it for something.
pub fn ask(what: &str, arguments: &Array) {
    if let Ok(does) = of(&of(&kept(), "at"), what).dyn_into::<Function>() {
        // What it does, it does in the document.
        let _ = does.apply(&JsValue::NULL, arguments);
    }
}

/// Saves a text under a name, where the browser saves things, whenever there is another one to save.
#[hook]
pub fn use_saved<T: PartialEq + Clone + 'static>(
    saved: Option<T>,
    text: impl FnOnce(&T) -> (String, String) + 'static,
) {
    let before: Rc<RefCell<Option<T>>> = use_mut_ref(|| saved.clone());
    use_effect_with(saved, move |saved| {
        if let Some(there) = saved.as_ref().filter(|_| before.replace(saved.clone()) != *saved) {
            let (name, text) = text(there);
            ask("save", &Array::of2(&name.into(), &text.into()));
        }
    });
}

/// Fits the page to the screen while it is on a projector, whenever what is on it has another size.
#[hook]
pub fn use_presented<K: PartialEq + 'static>(on: bool, key: K) {
    use_effect_with((on, key), |(on, _)| ask("present", &Array::of1(&(*on).into())));
}
