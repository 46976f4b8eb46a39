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
                { straight([x, x, top, bottom]) }
                { text(None, at, top + 9, anchor, word) }
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
                        { straight([left, right, *y, *y]) }
                        { text(None, left - 5, y + 4, "end", word) }
                    </g>
                }) }
                { for view.across.iter().map(|(x, word)| html! {
                    <g class="tick">
                        { straight([*x, *x, top, bottom]) }
                        { text(None, *x, bottom + 15, "middle", word) }
                    </g>
                }) }
                { text(Some("title"), right, HEIGHT - 8, "end", &view.scale) }
                { text(Some("title"), 4, HEIGHT - 8, "start", "share of all CPUs\u{2019} time") }
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

// What is drawn often is drawn by functions: each element in markup brings code of its own.

/// A line between two points: both places from the left, and both from the top.
fn straight([x1, x2, y1, y2]: [i32; 4]) -> Html {
    html! { <line x1={x1.to_string()} x2={x2.to_string()} y1={y1.to_string()} y2={y2.to_string()} /> }
}

/// Words in the picture.
fn text(class: Option<&'static str>, x: i32, y: i32, anchor: &'static str, words: &str) -> Html {
    html! { <text {class} x={x.to_string()} y={y.to_string()} text-anchor={anchor}>{ words.to_owned() }</text> }
}

/// A circle around a point.
fn round(class: &'static str, spot: &Spot, r: &'static str) -> Html {
    html! { <circle {class} cx={spot.x.to_string()} cy={spot.y.to_string()} {r} /> }
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
                    { round("near", spot, "14") }
                    if spot.own { { round("own", spot, "9") } }
                    { dot(place, spot.x, spot.y) }
                </>
            })) }
        </g>
    }
}
