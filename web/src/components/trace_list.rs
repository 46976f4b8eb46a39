//! The run as an ordered list of sentences: to read, to search, and for screen readers.

use super::tone;
use crate::lab::Act;
use crate::player::Do;
use scene::view::Caption;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`TraceList`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What each step did.
    pub captions: Rc<Vec<Caption>>,
    /// How many steps the run has.
    pub steps: usize,
    /// The moment shown.
    pub cursor: usize,
    /// Whom to ask.
    pub act: Callback<Act>,
}

/// Draws the list.
#[component]
pub fn TraceList(props: &Props) -> Html {
    let Props { captions, steps, cursor, act } = props;
    let rows = captions.iter().enumerate().map(|(index, caption)| {
        let moment = index + 1;
        let act = act.clone();
        let onclick = move |_| act.emit(Act::Play(Do::To(moment)));
        let current = (moment == *cursor).then_some("step");
        html! {
            <li key={moment} class={tone::class(caption.tone)}>
                <button type="button" {onclick} aria-current={current}>{ &caption.sentence }</button>
            </li>
        }
    });
    html! {
        <details class="trace panel" data-testid="trace-list">
            <summary>{ format!("The run in {steps} sentences") }</summary>
            <ol>{ for rows }</ol>
            if captions.len() < *steps { <p>{ format!("The first {} steps are listed.", captions.len()) }</p> }
        </details>
    }
}
