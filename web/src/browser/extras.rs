//! What a reader seldom needs, and the page does not wait for: files that are opened and saved, the reference of the
//! language, a picture for projectors. `web/later/extras.js` does that in the document, and passes on here what a
//! reader gives to the page.

use super::library::{kept, of};
use js_sys::{Array, Function, Uint8Array};
use lab::Act;
use lab::model::files::{File, MOST, Unread};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// Asks for it once, and hears from it as long as the page is there: pairs of a name and bytes, `null` if there are too many,
/// `undefined` if they can't be read; or nothing, when the texts are to be saved. The callback asks for something by its name.
#[hook]
pub fn use_extras(act: Callback<Act>) -> Callback<&'static str> {
    let asked = use_callback(act.clone(), |what: &'static str, act| load(told(act), what, &Array::new()));
    use_effect_with(act, |act| {
        let act = act.clone();
        let hear = Closure::<dyn FnMut(JsValue)>::new(move |said: JsValue| {
            act.emit(match said.dyn_into::<Array>() {
                Ok(files) => Act::Files(files.iter().map(|pair| file(&Array::from(&pair))).collect()),
                Err(_) => Act::Save,
            });
        });
        // The page works without it, so nothing is said if it does not come.
        load(|_| {}, "begin", &Array::of2(hear.as_ref(), &(MOST as u32).into()));
        move || {
            ask("begin", &Array::new());
            drop(hear);
        }
    });
    asked
}

/// What tells the page that it did not come.
pub(super) fn told(act: &Callback<Act>) -> impl FnOnce(String) + 'static {
    let act = act.clone();
    move |why| act.emit(Act::Lost(why))
}

/// Asks it for something as soon as it is there. If it does not come, `lost` takes a sentence that says why.
pub(super) fn load(lost: impl FnOnce(String) + 'static, what: &str, arguments: &Array) {
    let failed = Closure::once_into_js(move |why: JsValue| {
        let why = why.as_string().unwrap_or_default();
        lost(format!("A part of the page could not be loaded: {why}. Try again."));
    });
    if let Ok(extras) = of(&kept(), "extras").dyn_into::<Function>() {
        // What goes wrong there is told by the function that it is given.
        let _ = extras.apply(&kept(), &Array::of2(&failed, &what.into()).concat(arguments));
    }
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

/// Asks it for something, if it is there.
pub(super) fn ask(what: &str, arguments: &Array) {
    if let Ok(does) = of(&of(&kept(), "at"), what).dyn_into::<Function>() {
        // What it does, it does in the document.
        let _ = does.apply(&JsValue::NULL, arguments);
    }
}

/// Saves a text under a name, where the browser saves things, whenever there is another one to save.
#[hook]
pub fn use_saved<T: PartialEq + Clone + 'static>(
    act: Callback<Act>,
    saved: Option<T>,
    text: impl FnOnce(&T) -> (String, String) + 'static,
) {
    let before: Rc<RefCell<Option<T>>> = use_mut_ref(|| saved.clone());
    use_effect_with(saved, move |saved| {
        if let Some(there) = saved.as_ref().filter(|_| before.replace(saved.clone()) != *saved) {
            let (name, text) = text(there);
            load(told(&act), "save", &Array::of2(&name.into(), &text.into()));
        }
    });
}

/// Fits the page to the screen while it is on a projector, whenever what is on it has another size.
#[hook]
pub fn use_presented<K: PartialEq + 'static>(on: bool, key: K) {
    use_effect_with((on, key), |(on, _)| ask("present", &Array::of1(&(*on).into())));
}

/// Fits the sentence of a step into its place on a projector, whenever it is another one.
#[hook]
pub fn use_said<K: PartialEq + 'static>(on: bool, sentence: K) {
    use_effect_with((on, sentence), |(on, _)| {
        if *on {
            ask("say", &Array::new());
        }
    });
}
