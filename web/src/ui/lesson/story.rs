//! What the scenario says about itself.

use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use yew::prelude::*;

/// Draws the story: its sentences, its claim, what it and its kernel cite, and where the tour of this scenario begins, with the number
/// of its moments.
pub fn story(
    about: &[String],
    claim: Option<&str>,
    cites: &[String],
    tour: Option<&(String, usize)>,
) -> Html {
    html! {
        <section class="story" aria-label="The story">
            if tour.is_some() { <p class="what">{ "TLBscope tries every run of a kernel\u{2019}s paging code on a model of x86, and shows the shortest path to a bug." }</p> }
            { for about.iter().map(|sentence| html! { <p class="about">{ isolated(sentence) }</p> }) }
            if let Some(claim) = claim {
                <p class="claim">
                    <b>{ "What is the claim, and who can still hold a reference? " }</b>{ isolated(claim) }
                </p>
            }
            if let Some((address, moments)) = tour {
                <a class="begin" href={format!("#{address}")} data-testid="begin-tour">
                    { pictogram(Icon::Tour) }{ format!("Take the tour: why, in {moments} moments") }
                </a>
            }
            if !cites.is_empty() {
                <details class="cites">
                    <summary>{ "Sources" }</summary>
                    <ul>{ for cites.iter().map(|cite| html! { <li>{ isolated(cite) }</li> }) }</ul>
                </details>
            }
        </section>
    }
}
