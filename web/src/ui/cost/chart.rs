//! What kernels cost as one value grows. Each point is a link to the table with that value.

use crate::ui::parts::isolated::isolated;
use crate::ui::parts::menu::menu;
use lab::Act;
use lab::model::timed::TimedAct;
use lab::view::timed::chart::{Chart, FIELD, HEIGHT, Spot, WIDTH};
use yew::prelude::*;

/// Draws the picture, the answer, and what is compared over what.
pub fn chart(view: &Chart, act: &Callback<Act>) -> Html {
    let [left, top, right, bottom] = FIELD;
    let upright = |x: i32, class: &'static str, word: &str| {
        let anchor = if x > (left + right) / 2 { "end" } else { "start" };
        let at = if anchor == "end" { x - 4 } else { x + 4 };
        html! {
            <g {class}>
                <line x1={x.to_string()} x2={x.to_string()} y1={top.to_string()} y2={bottom.to_string()} />
                <text x={at.to_string()} y={(top + 9).to_string()} text-anchor={anchor}>{ word }</text>
            </g>
        }
    };
    let label = format!(
        "{}. {}",
        view.scale,
        view.sentences.iter().map(|said| said.0.as_str()).collect::<Vec<_>>().join(" ")
    );
    html! {
        <div class="even" data-testid="cost-chart">
            <h3>{ "Where kernels cost the same" }</h3>
            <div class="choices">
                { menu("As this grows", "cost-over", view.offered.clone(), act.reform(|over| Act::Timed(TimedAct::Over(over)))) }
            </div>
            <div role="status" data-testid="cost-answer">{ for view.sentences.iter().map(|(sentence, guesses)| html! {
                <><p class="answer-line">{ isolated(sentence) }</p><p class="hint" data-testid="cost-guesses">{ guesses }</p></>
            }) }</div>
            <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="group" aria-label={label}>
                { for view.up.iter().map(|(y, word)| html! {
                    <g class="tick">
                        <line x1={left.to_string()} x2={right.to_string()} y1={y.to_string()} y2={y.to_string()} />
                        <text x={(left - 5).to_string()} y={(y + 4).to_string()} text-anchor="end">{ word }</text>
                    </g>
                }) }
                { for view.across.iter().map(|(x, word)| html! {
                    <g class="tick">
                        <line x1={x.to_string()} x2={x.to_string()} y1={top.to_string()} y2={bottom.to_string()} />
                        <text x={x.to_string()} y={(bottom + 15).to_string()} text-anchor="middle">{ word }</text>
                    </g>
                }) }
                <text class="title" x={right.to_string()} y={(HEIGHT - 8).to_string()} text-anchor="end">{ &view.scale }</text>
                <text class="title" x="4" y={(HEIGHT - 8).to_string()}>{ "share of all CPUs\u{2019} time" }</text>
                { upright(view.now.0, "at-now", &view.now.1) }
                { for view.same.iter().map(|x| upright(*x, "at-same", "the same")) }
                { for view.lines.iter().enumerate().map(|(place, spots)| line(place, spots, act)) }
            </svg>
            <ul class="key" aria-hidden="true">
                { for view.kernels.iter().enumerate().map(|(place, kernel)| html! { <li class={format!("line{place}")}><svg viewBox="0 0 34 12"><path d="M1 6H33" />{ dot(place, 17, 6) }</svg>{ kernel }</li> }) }
            </ul>
            <details class="lacking" data-testid="cost-points">
                <summary>{ "All points, as a list" }</summary>
                <ul>{ for view.lines.iter().flatten().map(|spot| html! {
                    <li>{ link(spot, act, html! { &spot.sentence }) }</li>
                }) }</ul>
            </details>
        </div>
    }
}

/// The link to the table with the value of a point.
fn link(spot: &Spot, act: &Callback<Act>, inner: Html) -> Html {
    let change = spot.change.clone();
    let onclick = act.reform(move |event: MouseEvent| {
        event.prevent_default();
        Act::Timed(TimedAct::Change(Some(change.clone())))
    });
    html! { <a href={format!("#{}", spot.link)} aria-label={spot.sentence.clone()} {onclick}>{ inner }</a> }
}

/// A mark: each kernel has its shape.
fn dot(place: usize, x: i32, y: i32) -> Html {
    let d = match place {
        0 => format!("M{} {}h8v8h-8z", x - 4, y - 4),
        1 => format!("M{} {}l5 5 -5 5 -5 -5z", x, y - 5),
        2 => format!("M{} {}l5 9h-10z", x, y - 5),
        3 => format!("M{} {}l5 -9h-10z", x, y + 5),
        _ => format!("M{} {}h2v3h3v2h-3v3h-2v-3h-3v-2h3z", x - 1, y - 4),
    };
    html! { <path class="dot" {d} /> }
}

fn line(place: usize, spots: &[Spot], act: &Callback<Act>) -> Html {
    let mut d = String::new();
    for spot in spots {
        d += &format!("{}{} {}", if d.is_empty() { 'M' } else { 'L' }, spot.x, spot.y);
    }
    html! {
        <g class={format!("line{place}")}>
            <path {d} />
            { for spots.iter().map(|spot| link(spot, act, html! {
                <>
                    <title>{ &spot.sentence }</title>
                    <circle class="near" cx={spot.x.to_string()} cy={spot.y.to_string()} r="14" />
                    if spot.own { <circle class="own" cx={spot.x.to_string()} cy={spot.y.to_string()} r="9" /> }
                    { dot(place, spot.x, spot.y) }
                </>
            })) }
        </g>
    }
}
