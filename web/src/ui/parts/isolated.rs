//! Sentences with names in them, which anybody may choose.

use lab::view::direction::pieces;
use yew::prelude::*;

/// Draws a sentence: what is written from right to left is isolated, so that nothing beside it changes its place.
pub fn isolated(sentence: &str) -> Html {
    match pieces(sentence).as_slice() {
        [(text, false)] => Html::from((*text).to_owned()),
        pieces => pieces
            .iter()
            .map(|(text, turned)| {
                if *turned {
                    html! { <bdi>{ *text }</bdi> }
                } else {
                    Html::from((*text).to_owned())
                }
            })
            .collect(),
    }
}
