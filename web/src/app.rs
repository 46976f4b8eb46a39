//! The page: one value, one reducer, the explorer beside it, and what of it is drawn when.

use crate::browser::{here, use_explorer_for_all, use_held};
use desk::Desk;
use lab::model::place::Place;
use lab::{Act, Lab, Same};
use std::rc::Rc;
use yew::prelude::*;

mod below;
mod desk;

/// Renders the page into the document's `#app`, in place of the words that stand there until then.
pub fn start() {
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("app"));
    if let Some(root) = root {
        root.set_text_content(None);
        yew::Renderer::<App>::with_root(root).render();
    }
}

/// The whole page.
#[component]
pub fn App() -> Html {
    let place = use_memo((), |()| here());
    let lab = use_memo((), |()| Lab::open(place.link.as_deref()));
    match &*lab {
        Some(lab) => html! { <Page place={(*place).clone()} opened={Same(Rc::new(lab.clone()))} /> },
        None => html! { <p role="alert">{ "The library has no scenario that compiles." }</p> },
    }
}

/// The lab as Yew keeps it.
struct Held(Lab);

impl Reducible for Held {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        Rc::new(Held(self.0.after(act)))
    }
}

/// What the page is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its address.
    pub place: Place,
    /// What it opens with.
    pub opened: Same<Lab>,
}

/// The state, and who changes it.
#[component]
fn Page(props: &Props) -> Html {
    let place = &props.place;
    let lab = use_reducer(|| Held((*props.opened.0).clone()));
    let act = {
        let dispatcher = lab.dispatcher();
        use_callback((), move |act: Act, ()| dispatcher.dispatch(act))
    };
    let lab = &lab.0;
    // First of all: the worker works while the page is drawn.
    use_explorer_for_all(
        (lab.check().job, || lab.check().request(&lab.setup().session)),
        (lab.distances().job(), || lab.distances().request().filter(|_| !place.embed)),
        (lab.grid().job(), || lab.grid().request().filter(|_| !place.embed)),
        act.reform(Act::Heard),
    );
    // Most verdicts come within a frame or two: what would be drawn before is gone before it can be read.
    let awaited = lab.check().awaited().then_some(lab.check().job);
    let lab = use_held(Same(Rc::new(lab.clone())), awaited, |shown, lab| lab.0.comes_after(&shown.0));
    html! { <Desk place={place.clone()} {lab} {act} /> }
}
