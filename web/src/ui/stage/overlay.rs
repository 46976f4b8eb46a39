//! Lines over the stage: pointers between page tables, dangling references, and the token that moves in a step.

use super::flight::Flight;
use super::wire::Wire;
use crate::browser::{Rect, Rects, rect_of};
use crate::ui::parts::tone;
use scene::view::{TokenView, Tone};
use yew::prelude::*;

/// A line from one drawn thing to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connector {
    /// Id of where it starts.
    pub from: String,
    /// Id of where it ends.
    pub to: String,
    /// What it means.
    pub tone: Tone,
    /// From a register or cache, rather than from memory to memory.
    pub reference: bool,
}

/// Draws the lines, and what moves. `moving` changes with each step that may be animated, and is nothing if none is. Screen
/// readers have pins and rows for the same facts.
pub fn overlay(lines: &[Connector], token: Option<&TokenView>, moving: Option<usize>, rects: &Rects) -> Html {
    let Some(all) = rect_of(rects, "") else { return html! {} };
    // The token moves along a reference that is drawn anyway: then that line is highlighted.
    let followed = token.and_then(|token| {
        let of = |id: &str| id.split('/').next().map(str::to_owned);
        let ends = (of(&token.from)?, tile_id(&token.to));
        lines
            .iter()
            .position(|line| line.reference && of(&line.from) == Some(ends.0.clone()) && line.to == ends.1)
    });
    let mut gutters = 0;
    let drawn: Vec<Html> = lines
        .iter()
        .enumerate()
        .filter_map(|(place, line)| {
            let (from, to) = (rect_of(rects, &line.from)?, rect_of(rects, &line.to)?);
            let class = classes!(
                "line",
                tone::class(line.tone),
                line.reference.then_some("reference"),
                (followed == Some(place)).then_some("followed")
            );
            let wire = match card(&line.from, rects).filter(|_| line.reference) {
                Some(card) => {
                    gutters += 1;
                    Wire::reference(from, card, to, gutters)
                }
                None => Wire::pointer(from, to),
            };
            Some(html! { <g {class}><path d={wire.path()} /><path class="head" d={wire.head()} /></g> })
        })
        .collect();
    let flight = token.and_then(|token| {
        let (from, to) = (tile(&token.from, rects)?, tile(&token.to, rects)?);
        let wire = match card(&token.to, rects) {
            Some(card) if from.y > card.y + card.height => Wire::inward(from, card, to),
            _ => Wire::flight(from, to),
        };
        Some((wire, token.clone()))
    });
    let view = format!("0 0 {} {}", all.width, all.height);
    let (width, height) = (all.width.to_string(), all.height.to_string());
    html! {
        <>
            <svg class="overlay under" viewBox={view} {width} {height} aria-hidden="true">
                { for drawn }
                if let Some((wire, token)) = flight.as_ref().filter(|_| followed.is_none()) {
                    <g class={classes!("token", tone::class(token.tone))}>
                        <path d={wire.path()} /><path class="head" d={wire.head()} />
                    </g>
                }
            </svg>
            <div class="overlay over" aria-hidden="true">
                if let (Some((wire, token)), Some(step)) = (flight, moving) {
                    <Flight key={step} curve={wire.curve} {token} />
                }
            </div>
        </>
    }
}

/// The card that a register or cache row is on: its id begins with the card's.
fn card(id: &str, rects: &Rects) -> Option<Rect> {
    rect_of(rects, id.split_once('/')?.0)
}

/// Where a token starts or ends: a word of a frame stands for its tile, whose edge is easier to see.
fn tile(id: &str, rects: &Rects) -> Option<Rect> {
    rect_of(rects, tile_id(id)).or_else(|| rect_of(rects, id))
}

/// The tile that a word of a frame is on; anything else is itself.
fn tile_id(id: &str) -> &str {
    match id.rsplit_once('/') {
        Some((tile, _)) if tile.starts_with("frame/") => tile,
        _ => id,
    }
}
