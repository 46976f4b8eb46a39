//! The run as an ordered list of sentences: to read, to search, and for screen readers. A long one comes in pages,
//! and the page with the moment shown is open, unless the reader turns to another.

use crate::browser::fields;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::isolated::isolated;
use crate::ui::parts::tone;
use lab::Act;
use lab::model::folding::Fold;
use lab::model::player::PlayerAct;
use lab::view::columns::Columns;
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
    /// Which steps are folded.
    pub columns: Rc<Columns>,
    /// The steps that the reader looks for.
    pub hits: Rc<Hits>,
}

/// In the place of steps that are folded: it opens them.
fn folded(fold: Fold, hits: &Hits, act: &Callback<Act>) -> Html {
    let onclick = act.reform(move |_: MouseEvent| Act::Unfold(fold.first));
    let hit = hits.steps.iter().any(|hit| (fold.first..=fold.last).contains(hit));
    html! {
        <li key={fold.first} value={fold.first.to_string()} class={classes!("fold", hit.then_some("hit"))}>
            <button type="button" {onclick} title="Unfold">{ fold.told() }</button>
        </li>
    }
}

/// Sentences on a page.
const PAGE: usize = 200;

/// Draws the list.
#[component]
pub fn TraceList(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { captions, fences, steps, cursor, columns, hits } = props;
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
    let rows = captions.iter().enumerate().skip(page * PAGE).take(PAGE).filter_map(|(index, caption)| {
        let moment = index + 1;
        if let Some(fold) = columns.hides(moment as u32) {
            // Its first step may be on the page before.
            let begins = fold.first as usize == moment || index % PAGE == 0;
            return begins.then(|| folded(fold, hits, act));
        }
        let act = act.clone();
        let onclick = move |_| act.emit(Act::Play(PlayerAct::To(moment)));
        let fence = fences.binary_search(&(moment as u32)).is_ok();
        let hit = hits.steps.binary_search(&(moment as u32)).is_ok();
        let current = (moment == *cursor).then_some("step");
        Some(html! {
            <li key={moment} value={moment.to_string()} data-step={moment.to_string()} class={classes!(tone::class(caption.tone), fence.then_some("fence"), hit.then_some("hit"))}>
                <button type="button" {onclick} aria-current={current}>
                    if fence { <b>{ "Memory barrier: " }</b> }
                    { isolated(&caption.sentence) }
                </button>
            </li>
        })
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
