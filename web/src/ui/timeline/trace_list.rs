//! The run as an ordered list of sentences: to read, to search, and for screen readers. A long one comes in pages,
//! and the page with the moment shown is open, unless the reader turns to another.

use crate::browser::fields;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::isolated::isolated;
use crate::ui::parts::tone;
use lab::Act;
use lab::model::player::PlayerAct;
use lab::view::search::Hits;
use scene::view::Caption;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What each step did.
    pub captions: Rc<Vec<Caption>>,
    /// Steps that are memory barriers.
    pub fences: Rc<Vec<u32>>,
    /// How many steps the run has.
    pub steps: usize,
    /// The moment shown.
    pub cursor: usize,
    /// The steps that the reader looks for.
    pub hits: Rc<Hits>,
}

/// Sentences on a page.
const PAGE: usize = 200;

/// Draws the list.
#[component]
pub fn TraceList(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { captions, fences, steps, cursor, hits } = props;
    // A closed list is not drawn: it would be drawn at each step for no reader.
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.setter();
        Callback::from(move |event: Event| open.set(fields::unfolded(&event)))
    };
    let pages = captions.len().div_ceil(PAGE).max(1);
    // The reader's own page, for as long as the moment stays.
    let turned = use_state_eq(|| None::<(usize, usize)>);
    let shown = turned.filter(|&(at, _)| at == *cursor).map(|(_, page)| page);
    let page = shown.unwrap_or(cursor.saturating_sub(1) / PAGE).min(pages - 1);
    let turn = |to: usize| {
        let (turned, cursor) = (turned.setter(), *cursor);
        Callback::from(move |_: MouseEvent| turned.set(Some((cursor, to))))
    };
    let rows = captions.iter().enumerate().skip(page * PAGE).take(PAGE).map(|(index, caption)| {
        let moment = index + 1;
        let act = act.clone();
        let onclick = move |_| act.emit(Act::Play(PlayerAct::To(moment)));
        let fence = fences.binary_search(&(moment as u32)).is_ok();
        let hit = hits.steps.binary_search(&(moment as u32)).is_ok();
        let current = (moment == *cursor).then_some("step");
        html! {
            <li key={moment} value={moment.to_string()} data-step={moment.to_string()} class={classes!(tone::class(caption.tone), fence.then_some("fence"), hit.then_some("hit"))}>
                <button type="button" {onclick} aria-current={current}>
                    if fence { <b>{ "Memory barrier: " }</b> }
                    { isolated(&caption.sentence) }
                </button>
            </li>
        }
    });
    html! {
        <details class="trace panel" data-testid="trace-list" {ontoggle}>
            <summary>{ format!("The run in {steps} sentences") }</summary>
            if *open { <ol>{ for rows }</ol> }
            if pages > 1 {
                <p class="pages">
                    <button type="button" onclick={turn(page.saturating_sub(1))} disabled={page == 0}>{ "Earlier" }</button>
                    <span>{ format!("{} to {}", page * PAGE + 1, ((page + 1) * PAGE).min(captions.len())) }</span>
                    <button type="button" onclick={turn(page + 1)} disabled={page + 1 == pages}>{ "Later" }</button>
                </p>
            }
            if captions.len() < *steps { <p>{ format!("The first {} steps are listed.", captions.len()) }</p> }
        </details>
    }
}
