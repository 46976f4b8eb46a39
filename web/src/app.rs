//! The page's state: one lab, what happens to it, and the explorer beside it. Also which part of the page is drawn
//! when.

use crate::browser::{
    Left, arrived, root, use_address, use_control, use_explorer, use_frame, use_held, use_leaving,
    use_library,
};
use crate::page::Page;
use lab::model::address::Address;
use lab::model::jobs::Purpose;
use lab::model::lesson::Lesson;
use lab::model::library::{self, Library};
use lab::view::shown::Shown;
use lab::{Act, Lab, Same};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Renders the page, in place of the words that stand there until then.
pub fn start() {
    if let Some(root) = root() {
        yew::Renderer::<App>::with_root(root).render();
    }
}

/// The whole page. A link into the library waits for the library; nothing else does.
#[component]
pub fn App() -> Html {
    let address = use_memo((), |()| arrived());
    let library = use_state_eq(|| match &address.link {
        Some(link) if library::needed(&Lesson::default(), link) => Library::at_first(),
        _ => Library::Here,
    });
    let told = {
        let library = library.setter();
        use_callback((), move |told: Library, ()| library.set(told))
    };
    use_library(&library, told.clone());
    match &*library {
        Library::Here => html! { <Opened address={(*address).clone()} /> },
        Library::Coming => html! { <p class="loading">{ "TLBscope is loading." }</p> },
        Library::Lost(why) => html! {
            <p class="loading" role="alert" data-testid="no-library">
                { format!("This address leads to a scenario of the library, which could not be loaded: {why}. ") }
                <button type="button" data-testid="library-again" onclick={told.reform(|_: MouseEvent| Library::Coming)}>{ "Try again" }</button>
            </p>
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AddressProps {
    address: Address,
}

/// The page at what its address leads to.
#[component]
fn Opened(props: &AddressProps) -> Html {
    let address = &props.address;
    let lab = use_memo((), |()| Lab::open(address.link.as_deref()).map(Rc::new));
    match &*lab {
        Some(lab) => html! { <Owner address={address.clone()} opened={Same(lab.clone())} /> },
        None => html! { <p role="alert">{ "The library has no scenario that compiles." }</p> },
    }
}

/// The lab as Yew keeps it, the latest one for code that can't wait until it is drawn, and what the history has to lead
/// back to.
struct Held(Rc<Lab>, Rc<RefCell<Rc<Lab>>>, Left);

impl Reducible for Held {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let next = Rc::new(self.0.after(act));
        *self.1.borrow_mut() = next.clone();
        if self.0.chapter() < next.chapter() {
            self.2.leave(&self.0);
        }
        Rc::new(Held(next, self.1.clone(), self.2.clone()))
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The page's address.
    pub address: Address,
    /// What it opens with.
    pub opened: Same<Lab>,
}

/// The state, and who changes it.
#[component]
fn Owner(props: &Props) -> Html {
    let address = &props.address;
    let latest = use_mut_ref(|| props.opened.0.clone());
    use_leaving(address, &latest);
    let held = use_reducer(|| Held(props.opened.0.clone(), latest.clone(), Left::default()));
    let act = {
        let dispatcher = held.dispatcher();
        use_callback((), move |act: Act, ()| dispatcher.dispatch(act))
    };
    let lab = &held.0;
    use_frame(address, lab, &latest, &act);
    use_library(lab.library(), act.reform(Act::Library));
    use_control(&act, lab);
    // First of all: the worker works while the page is drawn.
    use_explorer(
        |purpose| lab.job(purpose),
        // An embed shows the verdict, and nothing that needs the other answers.
        |purpose| lab.request(purpose).filter(|_| purpose == Purpose::Check || !address.embed),
        act.reform(Act::Heard),
        lab.restarts(),
        act.reform(Act::Silent),
    );
    // Most verdicts arrive within a frame or two: anything drawn before would be gone before it can be
    // read.
    let awaited = lab.check().silent().then_some(lab.check().job);
    let lab = use_held(lab.clone(), awaited, |shown, lab| lab.comes_after(shown));
    use_address(address, &Same(lab.clone()), &held.2);
    let shown = use_mut_ref(|| None::<Rc<Shown>>);
    let shown = {
        let mut last = shown.borrow_mut();
        let next = match last.take() {
            Some(last) => last.turned_to(lab),
            None => Shown::of(lab),
        };
        last.insert(Rc::new(next)).clone()
    };
    html! { <Page address={address.clone()} {shown} {act} /> }
}
