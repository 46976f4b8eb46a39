//! Looking for words in the run: Enter and the buttons go from one step that has them to the next.

use crate::browser::fields;
use crate::ui::parts::dispatch::use_dispatch;
use lab::Act;
use lab::model::player::PlayerAct;
use lab::view::search::Hits;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What is looked for, and where it is.
    pub hits: Rc<Hits>,
    /// The moment shown.
    pub cursor: usize,
}

/// Draws the field.
#[component]
pub fn Seek(props: &Props) -> Html {
    let act = use_dispatch();
    let Props { hits, cursor } = props;
    let go = {
        let (act, hits, cursor) = (act.clone(), hits.clone(), *cursor);
        move |forward: bool| {
            if let Some(moment) = hits.next(cursor, forward) {
                act.emit(Act::Play(PlayerAct::To(moment)));
            }
        }
    };
    let oninput = {
        let act = act.clone();
        move |event: InputEvent| {
            if let Some(words) = fields::line(&event) {
                act.emit(Act::Seek(words));
            }
        }
    };
    let onkeydown = {
        let (act, go) = (act.clone(), go.clone());
        move |event: KeyboardEvent| match (event.key().as_str(), event.shift_key()) {
            ("Enter", back) => {
                event.prevent_default();
                go(!back);
            }
            ("Escape", _) => act.emit(Act::Seek(String::new())),
            _ => {}
        }
    };
    let told = hits.told(*cursor);
    let none = hits.steps.is_empty();
    let back = {
        let go = go.clone();
        move |_: MouseEvent| go(false)
    };
    html! {
        <div class="run-search" role="search" aria-label="The run">
            <input type="search" data-testid="seek" aria-label="Find in the run" placeholder="Find in the run: words, an address, cpu 1"
                value={hits.words.to_string()} {oninput} {onkeydown} />
            if let Some(told) = told {
                <button type="button" data-testid="hit-before" title="Previous match (Shift+Enter)" aria-label="Previous match" disabled={none} onclick={back}>{ "\u{2191}" }</button>
                <button type="button" data-testid="hit-next" title="Next match (Enter)" aria-label="Next match" disabled={none} onclick={move |_: MouseEvent| go(true)}>{ "\u{2193}" }</button>
                <span role="status" data-testid="hits">{ told }</span>
            }
        </div>
    }
}
