//! The link to this very moment, and the markup that puts it into another page.

use crate::browser::copy;
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
    /// What can be copied.
    pub text: AttrValue,
}

/// A text to copy.
#[component]
pub fn Share(props: &Props) -> Html {
    let area = use_node_ref();
    let copied = use_state(|| false);
    let onclick = {
        let (area, copied) = (area.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| copied.set(copy(&area)))
    };
    let label = if *copied { "Copied" } else { "Copy" };
    html! {
        <>
            <p>{ &props.hint }</p>
            if !props.holds.is_empty() {
                <ul class="holds" data-testid="holds">{ for props.holds.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            }
            <textarea ref={area} readonly=true rows="5" spellcheck="false" aria-label={props.title.clone()}
                value={props.text.clone()} />
            <p class="actions">
                <button type="button" class="primary" data-testid="copy" {onclick}>
                    { pictogram(if *copied { Icon::Check } else { Icon::Copy }) }{ label }
                </button>
                <span role="status">{ if *copied { "Copied to the clipboard." } else { "" } }</span>
            </p>
        </>
    }
}
