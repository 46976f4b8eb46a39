//! Sentences with names in them, which anybody may choose.

use lab::view::direction::pieces;
use yew::prelude::*;

/// Draws a sentence: what is written from right to left is isolated, so that nothing beside it changes its place. A line does
/// not end within an arrow.
pub fn isolated(sentence: &str) -> Html {
    match pieces(sentence).as_slice() {
        [(text, false)] if !text.contains(ARROW) => Html::from((*text).to_owned()),
        pieces => pieces
            .iter()
            .map(|(text, turned)| {
                if *turned {
                    html! { <bdi>{ *text }</bdi> }
                } else {
                    unbroken(text)
                }
            })
            .collect(),
    }
}

/// As captions write one. Browsers would break a line after the hyphen.
const ARROW: &str = "->";

fn unbroken(text: &str) -> Html {
    let mut parts = text.split(ARROW);
    let first = Html::from(parts.next().unwrap_or_default().to_owned());
    let others = parts.map(|part| html! { <><span class="arrow">{ ARROW }</span>{ part }</> });
    std::iter::once(first).chain(others).collect()
}
