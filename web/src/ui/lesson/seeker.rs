//! Looks for the fewest changes that make a kernel safe: a second explorer tries one setting after the other, those
//! with the fewest changes first. Draws nothing.

use crate::browser::use_explorer;
use lab::Act;
use lab::model::lesson::{Ask, Way};
use lab::model::session::Session;
use lab::model::verdict::Check;
use machine::VIOLATION;
use protocol::FromExplorer;
use yew::prelude::*;

/// Properties of [`Seeker`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Where it starts.
    pub start: Session,
    /// The ways to change it, those with the fewest changes first.
    pub ways: Vec<Way>,
    /// Whom to tell.
    pub act: Callback<Act>,
}

/// Looks.
#[component]
pub fn Seeker(props: &Props) -> Html {
    let number = use_state_eq(|| 0_usize);
    // The callback is the first rendering's: what it needs of later ones is here.
    let next = use_mut_ref(|| 0_usize);
    let heard = {
        let (number, next, props) = (number.setter(), next.clone(), props.clone());
        Callback::from(move |said: Vec<FromExplorer>| {
            let asked = *next.borrow();
            let check = Check::asked(asked as u32 + 1);
            let Some(check) = said.iter().find_map(|said| check.hear(said)) else { return };
            let Some(report) = check.report() else { return };
            if report.complete() && !report.seen().meets(VIOLATION) {
                if let Some(way) = props.ways.get(asked) {
                    props.act.emit(Act::Learn(Ask::Way(way.clone())));
                }
            } else if asked + 1 < props.ways.len() {
                *next.borrow_mut() = asked + 1;
                number.set(asked + 1);
            }
        })
    };
    let (start, way) = (props.start.clone(), props.ways.get(*number).cloned().unwrap_or_default());
    let job = *number as u32 + 1;
    use_explorer(
        job,
        move || {
            let mut session = start;
            session.options.extend(way);
            Check::asked(job).request(&session)
        },
        heard,
    );
    html! {}
}
