//! The run on paper, and on the page for whoever asks: a cell for each step, with its number, a piece of the diagram that ends there, and its sentence.

use crate::ui::parts::isolated::isolated;
use crate::ui::parts::tone;
use scene::view::{Caption, MarkKind, MarkView, Timeline};
use yew::prelude::*;

/// Steps in a cell's piece of the diagram.
const SPAN: u32 = 6;
/// Width of a step.
const STEP: u32 = 18;
/// Height of a lane.
const LANE: u32 = 16;
/// Room for the names of lanes.
const NAMES: u32 = 44;
/// The most cells that are printed; a line says how many steps follow.
const MOST: usize = 400;

/// Draws what each step of a run did, under a title, the verdict and the link to all of it. It is plain markup, without
/// components: it is drawn while the browser waits for it.
pub fn storyboard(title: &str, verdict: &str, link: &str, captions: &[Caption], timeline: &Timeline) -> Html {
    let cell = |(number, caption): (u32, &Caption)| {
        html! {
            <li key={number} value={number.to_string()} class={tone::class(caption.tone)}>
                <b>{ number }</b>
                { piece(timeline, number) }
                <p>{ isolated(&caption.sentence) }
                    { for caption.violations.iter().map(|name| html! { <em>{ format!(" [{name}]") }</em> }) }
                </p>
            </li>
        }
    };
    html! {
        <section class="storyboard" data-testid="storyboard" aria-label="The run">
            <h1>{ isolated(title) }</h1>
            <p class="verdict-line">{ isolated(verdict) }</p>
            <p class="link-line"><a href={link.to_owned()}>{ link }</a></p>
            <ol>{ for (1..).zip(captions.iter()).take(MOST).map(cell) }</ol>
            if captions.len() > MOST { <p>{ format!("Further steps follow: {}.", captions.len() - MOST) }</p> }
        </section>
    }
}

/// The last steps of the diagram up to a step.
fn piece(timeline: &Timeline, end: u32) -> Html {
    let first = end.saturating_sub(SPAN - 1).max(1);
    let lanes = timeline.lanes.len() as u32;
    let (width, height) = (NAMES + SPAN * STEP, lanes * LANE);
    let middle = |lane: u32| lane * LANE + LANE / 2;
    let lane = |(lane, title): (u32, &String)| {
        let y = middle(lane);
        html! {
            <g key={lane}>
                <text x="0" y={(y + 3).to_string()}>{ title }</text>
                <line x1={NAMES.to_string()} x2={width.to_string()} y1={y.to_string()} y2={y.to_string()} />
            </g>
        }
    };
    let from = timeline.marks.partition_point(|mark| mark.step < first);
    let to = timeline.marks.partition_point(|mark| mark.step <= end);
    let mark = |mark: &MarkView| {
        let (x, y) = (NAMES + (mark.step - first) * STEP + STEP / 2, middle(u32::from(mark.lane)));
        let class = match mark.kind {
            MarkKind::Software | MarkKind::Fence => "by-software",
            MarkKind::Speculative => "by-hardware",
            MarkKind::Drain | MarkKind::Interrupt => "drain",
            MarkKind::Memory => "memory-mark",
        };
        let size = if mark.step == end { 5 } else { 3 };
        let now = (mark.step == end).then_some("now-mark");
        let (left, top, side) = (x.saturating_sub(size), y.saturating_sub(size), size * 2);
        let round = if mark.kind == MarkKind::Speculative { size } else { 0 };
        html! {
            <rect class={classes!(class, tone::class(mark.tone), now)} x={left.to_string()} y={top.to_string()}
                width={side.to_string()} height={side.to_string()} rx={round.to_string()} />
        }
    };
    html! {
        <svg viewBox={format!("0 0 {width} {height}")} width={width.to_string()} height={height.to_string()} aria-hidden="true">
            { for (0..).zip(&timeline.lanes).map(lane) }
            { for timeline.marks.get(from..to).unwrap_or_default().iter().map(mark) }
        </svg>
    }
}
