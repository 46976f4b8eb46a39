//! Paragraphs of the tour and the challenges.

use crate::ui::parts::navigation::use_navigation;
use guide::{Paragraph, Piece};
use yew::prelude::*;

/// Draws them.
pub fn prose(paragraphs: &[Paragraph]) -> Html {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => html! { { words } },
        Piece::Code(code) => html! { <code>{ code }</code> },
    };
    html! { { for paragraphs.iter().map(|paragraph| html! { <p>{ for paragraph.0.iter().map(piece) }</p> }) } }
}

/// A button that leads to the costs.
#[component]
pub fn WayToCosts() -> Html {
    let to_costs = use_navigation().to_costs;
    html! { <button type="button" class="primary" data-testid="to-costs" onclick={to_costs.reform(|_: MouseEvent| false)}>{ "To the costs" }</button> }
}
