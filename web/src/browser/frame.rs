//! An embed and the page around it. `web/later/extras.js` speaks with that page, and tells it the height; what it asks for is read
//! here, by `lab::view::port`, and what is on the page is told as `lab::view::port` says it.

use super::extras::{ask, load};
use super::theme;
use js_sys::{Array, JsString};
use lab::model::address::Address;
use lab::view::port::{self, Ask, FieldValue, MOST_FIELDS, MOST_TEXT};
use lab::{Act, Lab};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// Who reads what the page around asks for: pairs of a name and a value. The answer is why it is refused, or nothing. Without pairs
/// it is what is on the page.
type Hear = Closure<dyn FnMut(Array) -> Option<String>>;

/// Lets the page around an embed ask, once the link has been opened, and tells it what has changed. `latest` is the lab as it is,
/// drawn or not.
#[hook]
pub fn use_frame(page: &Address, lab: &Rc<Lab>, latest: &Rc<RefCell<Rc<Lab>>>, act: &Callback<Act>) {
    let heard = use_mut_ref(|| None::<Hear>);
    let (embed, lab, latest, act) = (page.embed, lab.clone(), latest.clone(), act.clone());
    use_effect(move || {
        if !embed || lab.opening().is_some() {
            return;
        }
        let mut heard = heard.borrow_mut();
        if heard.is_some() {
            return ask("told", &Array::of1(&port::told(&lab).into()));
        }
        let hear = Hear::new({
            let act = act.clone();
            move |message: Array| {
                // What it does changes the latest one: that must not be held then.
                let lab = latest.borrow().clone();
                answer(&message, &lab, &act)
            }
        });
        // That all is as it was is no news to the reader of a post.
        if lab.notice().is_some_and(|notice| !notice.warning) {
            act.emit(Act::Dismiss);
        }
        // Where it does not come, the page around hears nothing, and the embed works without that.
        load(|_| {}, "embed", &Array::of1(hear.as_ref()));
        *heard = Some(hear);
    });
}

/// Does what is asked for; or why not.
fn answer(message: &Array, lab: &Lab, act: &Callback<Act>) -> Option<String> {
    if message.length() == 0 {
        return Some(port::told(lab));
    }
    // One more than there may be is read, and then refused.
    let fields: Vec<(String, FieldValue)> = message.slice(0, MOST_FIELDS + 1).iter().map(field).collect();
    let asked = port::read(&fields).and_then(|ask| {
        if let Ask::Theme(to) = ask {
            theme::show(to);
        }
        ask.act(lab)
    });
    match asked {
        Ok(what) => {
            what.into_iter().for_each(|what| act.emit(what));
            None
        }
        Err(reason) => Some(reason),
    }
}

fn field(pair: JsValue) -> (String, FieldValue) {
    let pair = Array::from(&pair);
    let (name, value) = (pair.get(0).as_string().unwrap_or_default(), pair.get(1));
    let text = value.dyn_ref::<JsString>().filter(|text| text.length() <= MOST_TEXT);
    let whole = |number: &f64| *number >= 0.0 && *number <= f64::from(u32::MAX) && number.fract() == 0.0;
    let number = value.as_f64().filter(whole).map(|number| FieldValue::Number(number as u32));
    (name, text.map(|text| FieldValue::Text(text.into())).or(number).unwrap_or(FieldValue::Other))
}
