//! The page itself. So far: one sentence, and the proof that the worker answers.

use crate::pump::READY;
use crate::worker::{Explorer, FromWorker};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// Renders the page into the document's `#app`, in place of the words that stand there until then.
pub fn start() {
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("app"));
    if let Some(root) = root {
        root.set_text_content(None);
        yew::Renderer::<Page>::with_root(root).render();
    }
}

/// What is known of the worker.
#[derive(Clone, PartialEq)]
enum Link {
    Starting,
    Answered(String),
    Broken(String),
}

#[component]
fn Page() -> Html {
    let link = use_state(|| Link::Starting);
    let explorer = use_mut_ref(|| None::<Explorer>);
    {
        let (link, explorer) = (link.clone(), explorer.clone());
        use_effect_with((), move |()| {
            let held = Rc::downgrade(&explorer);
            let setter = link.setter();
            let spawned = Explorer::spawn(move |said| match said {
                FromWorker::Bytes(bytes) if bytes == READY => {
                    if let Some(held) = held.upgrade()
                        && let Some(explorer) = held.borrow().as_ref()
                    {
                        explorer.send(b"epocsblt");
                    }
                }
                FromWorker::Bytes(bytes) => {
                    setter.set(Link::Answered(String::from_utf8_lossy(&bytes).into_owned()))
                }
                FromWorker::Died(why) => setter.set(Link::Broken(why)),
            });
            match spawned {
                Ok(started) => *explorer.borrow_mut() = Some(started),
                Err(error) => link.set(Link::Broken(in_words(&error))),
            }
            move || drop(explorer.borrow_mut().take())
        });
    }
    let words = match &*link {
        Link::Starting => "The explorer is starting.".to_owned(),
        Link::Answered(text) => format!("The explorer answers: {text}."),
        Link::Broken(why) => format!("The explorer does not run: {why}"),
    };
    html! {
        <>
            <h1>{ "TLBscope" }</h1>
            <p id="explorer">{ words }</p>
        </>
    }
}

fn in_words(error: &JsValue) -> String {
    error.as_string().unwrap_or_else(|| format!("{error:?}"))
}
