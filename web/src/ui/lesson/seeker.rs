//! Looks for the fewest changes that make a kernel safe. A second explorer tries one setting after the other, and
//! settings with the fewest changes come first. It draws nothing.

use crate::browser::use_explorer;
use crate::ui::parts::dispatch::use_dispatch;
use lab::Act;
use lab::model::fewest::Fewest;
use lab::model::jobs::Purpose;
use lab::model::lesson::{LessonAct, Switches};
use lab::model::session::Session;
use protocol::FromExplorer;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Where it starts.
    pub start: Session,
    /// The candidates to change it, those with the fewest changes first.
    pub candidates: Vec<Switches>,
}

/// Looks.
#[component]
pub fn Seeker(props: &Props) -> Html {
    let act = use_dispatch();
    let search = use_mut_ref(|| Fewest::new(props.start.clone(), props.candidates.clone()));
    let update = use_force_update();
    let heard = {
        let search = search.clone();
        Callback::from(move |said: Vec<FromExplorer>| {
            let asked = search.borrow().job();
            let found = said.iter().find_map(|said| search.borrow_mut().hear(said));
            if let Some(fewest) = found {
                act.emit(Act::Lesson(LessonAct::Fewest(fewest)));
            } else if search.borrow().job() != asked {
                update.force_update();
            }
        })
    };
    let asked = search.borrow().job();
    use_explorer(
        |purpose| if purpose == Purpose::Check { asked } else { 0 },
        |purpose| (purpose == Purpose::Check).then(|| search.borrow().request()),
        heard,
        0,
        Callback::noop(),
    );
    html! {}
}
