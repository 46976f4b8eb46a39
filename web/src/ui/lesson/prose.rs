//! Paragraphs of the tour and the challenges.

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
