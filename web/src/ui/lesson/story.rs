//! What the scenario says about itself.

use crate::ui::parts::icon::{Icon, pictogram};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its sentences.
    pub about: Vec<String>,
    /// What it and its kernel cite.
    pub cites: Vec<String>,
    /// Where the tour of this scenario begins, and how many moments it has.
    pub tour: Option<(String, usize)>,
}

/// Draws the story.
#[component]
pub fn Story(props: &Props) -> Html {
    html! {
        <section class="story" aria-label="The story">
            { for props.about.iter().map(|sentence| html! { <p class="about">{ sentence }</p> }) }
            if let Some((address, moments)) = &props.tour {
                <a class="begin" href={format!("#{address}")} data-testid="begin-tour">
                    { pictogram(Icon::Tour) }{ format!("Take the tour: why, in {moments} moments") }
                </a>
            }
            if !props.cites.is_empty() {
                <details class="cites">
                    <summary>{ "Sources" }</summary>
                    <ul>{ for props.cites.iter().map(|cite| html! { <li>{ cite }</li> }) }</ul>
                </details>
            }
        </section>
    }
}
