//! The token on its way: the browser moves it.

use super::wire::Curve;
use crate::browser::use_flight;
use crate::ui::parts::tone;
use scene::view::TokenView;
use yew::prelude::*;

/// How long the token is under way, in milliseconds.
const TIME: u32 = 300;

/// Points of the curve that the browser joins by straight lines.
const POINTS: u32 = 12;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The way.
    pub(super) curve: Curve,
    /// The contents of the token.
    pub(super) token: TokenView,
}

/// Shows the token while it flies. Where it has arrived, the arrow below it stays.
#[component]
pub(super) fn Flight(props: &Props) -> Html {
    let Props { curve, token } = props;
    let label = use_node_ref();
    let points = (0..=POINTS).map(|point| curve.at(point * 1000 / POINTS)).collect();
    use_flight(label.clone(), points, TIME);
    html! { <span ref={label} class={classes!("flight", tone::class(token.tone))}>{ &token.label }</span> }
}
