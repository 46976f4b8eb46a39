//! A rule of the hardware: a chip with its number, and on request its sentence, source and confidence.

use crate::components::icon::{Icon, pictogram};
use x86::Law;
use yew::prelude::*;

/// Properties of [`Laws`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The rules, by number.
    pub laws: Vec<u8>,
}

/// Draws the chips, and the rule that is open, if one is.
#[component]
pub fn Laws(props: &Props) -> Html {
    let open = use_state(|| None::<u8>);
    let shown = open.filter(|number| props.laws.contains(number)).and_then(Law::from_number);
    let chips = props.laws.iter().filter_map(|&number| {
        let law = Law::from_number(number)?;
        let pressed = *open == Some(number);
        let onclick = {
            let open = open.clone();
            move |_| open.set((!pressed).then_some(number))
        };
        Some(html! {
            <button key={number} type="button" class="law" aria-expanded={pressed.to_string()} {onclick}
                title={law.title()}>{ law.to_string() }<span class="law-title">{ law.title() }</span></button>
        })
    });
    let close = {
        let open = open.clone();
        move |_: MouseEvent| open.set(None)
    };
    // One or two have room for their titles.
    let few = props.laws.len() < 3;
    html! {
        <div class={classes!("laws", few.then_some("few"))}>
            if !props.laws.is_empty() { <span class="laws-label">{ if props.laws.len() == 1 { "Rule" } else { "Rules" } }</span> }
            { for chips }
            if let Some(law) = shown {
                <aside class="law-text" aria-label={format!("Rule {law}")}>
                    <button type="button" class="close" aria-label="Close" onclick={close}>{ pictogram(Icon::Close) }</button>
                    <h4>{ format!("{law}  {}", law.title()) }</h4>
                    <p>{ law.sentence() }</p>
                    <p class="source">
                        <span class="confidence" title={law.confidence().sentence()}>{ law.confidence().word() }</span>
                        { law.source() }
                    </p>
                    if let Some(note) = law.note() { <p class="note">{ note }</p> }
                </aside>
            }
        </div>
    }
}
