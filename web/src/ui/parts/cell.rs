//! A settled setting: what can go wrong in it, as a link to its machine.

use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::view::direction::isolated_text;
use lab::view::grid::{CellKind, CellView};
use yew::prelude::*;

/// A verdict that leads to what it is about.
pub fn cell(view: &CellView, act: &Callback<Act>) -> Html {
    let CellView { setting, label, link, kind, word, sentence, here, near: _ } = view;
    let (class, icon) = match kind {
        CellKind::Waiting => ("waiting", None),
        CellKind::Reachable => ("reachable", Some(Icon::Violation)),
        CellKind::Safe => ("safe", Some(Icon::Check)),
        CellKind::Bounded => ("bounded", Some(Icon::Open)),
        CellKind::Refused => ("refused", Some(Icon::Close)),
    };
    let inside = html! {
        <>
            if let Some(icon) = icon { { pictogram(icon) } }
            <span class="label">{ isolated(label) }{ ": " }</span>
            <span class="word" aria-hidden="true">{ word }</span>
            <span class="visually-hidden">{ isolated(sentence) }</span>
        </>
    };
    if matches!(kind, CellKind::Waiting | CellKind::Refused) {
        return html! { <span class={classes!("cell", class)} title={isolated_text(sentence)}>{ inside }</span> };
    }
    let class = classes!("cell", "leads", class);
    let current = here.then_some("true");
    let onclick = {
        let (act, setting) = (act.clone(), setting.clone());
        Callback::from(move |event: MouseEvent| {
            // With a key held down the browser opens the link in another tab.
            if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
                event.prevent_default();
                act.emit(Act::Setting(setting.clone()));
            }
        })
    };
    match link {
        Some(link) => html! {
            <a {class} href={format!("#{link}")} title={isolated_text(sentence)} aria-current={current} {onclick}>{ inside }</a>
        },
        None => html! {
            <button type="button" {class} title={isolated_text(sentence)} aria-current={current} {onclick}>{ inside }</button>
        },
    }
}
