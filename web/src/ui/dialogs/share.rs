//! The link to this very moment, and the markup that puts it into another page.

use crate::browser::{copy, fields, use_choices};
use crate::ui::parts::icon::{Icon, pictogram};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its name.
    pub title: AttrValue,
    /// What it is good for.
    pub hint: AttrValue,
    /// What is in it, line by line.
    #[prop_or_default]
    pub holds: Vec<String>,
    /// What can be copied at first, before a reader has chosen; perhaps nothing.
    pub text: AttrValue,
    /// Which choices a reader has: `share` or `embed`.
    pub kind: &'static str,
    /// What these are made of, in JSON.
    pub facts: AttrValue,
}

/// A text to copy, and the choices of what is in it.
#[component]
pub fn Share(props: &Props) -> Html {
    let (area, place) = (use_node_ref(), use_node_ref());
    use_choices(place.clone(), area.clone(), props.kind, props.facts.clone());
    let chosen = use_state_eq(|| None::<String>);
    let text = chosen.as_ref().map_or_else(|| props.text.clone(), |text| AttrValue::from(text.clone()));
    let copied = use_state(|| None::<AttrValue>);
    let onclick = {
        let (area, copied, text) = (area.clone(), copied.clone(), text.clone());
        Callback::from(move |_: MouseEvent| copied.set(copy(&area).then(|| text.clone())))
    };
    let oninput = {
        let chosen = chosen.setter();
        Callback::from(move |event: InputEvent| chosen.set(fields::text(&event)))
    };
    let done = copied.as_ref() == Some(&text);
    // There is nothing to copy before the choices have come, or if they do not.
    let empty = text.is_empty();
    let label = if done { "Copied" } else { "Copy" };
    html! {
        <>
            <p>{ &props.hint }</p>
            if !props.holds.is_empty() {
                <ul class="holds" data-testid="holds">{ for props.holds.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            }
            <div class="sharing" ref={place} />
            <textarea ref={area} readonly=true rows="5" spellcheck="false" aria-label={props.title.clone()}
                value={text} {oninput} />
            <p class="actions">
                <button type="button" class="primary" data-testid="copy" disabled={empty} {onclick}>
                    { pictogram(if done { Icon::Check } else { Icon::Copy }) }{ label }
                </button>
                <span role="status">{ if done { "Copied to the clipboard." } else { "" } }</span>
            </p>
            // What there is besides something to copy: the same file draws it.
            <div class="sharing besides" />
        </>
    }
}
