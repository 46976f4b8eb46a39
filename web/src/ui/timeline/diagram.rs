//! The run as a space-time diagram: a lane per CPU and one for memory, steps from left to right.
//!
//! Of a long run only a window is in the document: what can be seen, and as much on either side.

use super::lanes::{LANE, LanePlaces, TRACK};
use super::seek::Seek;
use super::window::Window;
pub use super::zoom::{Lens, use_lens};
use crate::browser::{scroll, use_keys};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::tone;
use lab::Act;
use lab::model::comparison::Split;
use lab::model::folding::Fold;
use lab::model::player::PlayerAct;
use lab::view::columns::Columns;
use lab::view::keyboard::Pressed;
use lab::view::lens::Zoom;
use lab::view::search::Hits;
use lab::view::why::Grounds;
use scene::view::{BandView, MarkKind, MarkView, MessageKind, MessageView, Timeline};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The run.
    pub timeline: Rc<Timeline>,
    /// The step that is explained, and what it rests on: the rest fades.
    pub grounds: Option<Rc<Grounds>>,
    /// How far each moment is from the violation, as far as that is known.
    #[prop_or_default]
    pub along: Rc<Vec<Option<u32>>>,
    /// Where it parts from another run.
    #[prop_or_default]
    pub split: Rc<Split>,
    /// How wide a step is.
    pub lens: Lens,
    /// For tests.
    #[prop_or(AttrValue::Static("timeline"))]
    pub id: AttrValue,
    /// Its name.
    #[prop_or(AttrValue::Static("Timeline"))]
    pub label: AttrValue,
    /// The moment shown.
    pub cursor: usize,
    /// The columns of the run.
    pub columns: Rc<Columns>,
    /// Whether steps are folded, in the diagram that has a button for that.
    #[prop_or_default]
    pub folds: Option<bool>,
    /// The steps that the reader looks for, in the diagram that has a field for that.
    #[prop_or_default]
    pub hits: Option<Rc<Hits>>,
}

/// Draws the diagram.
#[component]
pub fn TimelineDiagram(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { timeline, grounds, along, split, lens, id, label, cursor, columns, folds, hits } = props;
    let scroller = use_node_ref();
    let column = |step: i32| LanePlaces::new(timeline, step, columns).column(*cursor as u32);
    let (step, onzoom) = super::zoom::use_zoom(&scroller, lens, column, timeline.steps);
    let lanes = LanePlaces::new(timeline, step, columns);
    let x = column(step);
    let left = use_state_eq(|| 0_u32);
    let onscroll = {
        let (scroller, left) = (scroller.clone(), left.setter());
        Callback::from(move |_: Event| {
            if let Some(pixels) = scroll::left(&scroller) {
                let column = u32::try_from(pixels / step).unwrap_or_default();
                left.set(column / Window::STRIDE * Window::STRIDE);
            }
        })
    };
    let window = Window::at(*left, timeline.steps, step, columns);
    let drawn = (timeline.clone(), grounds.clone(), act.clone(), window, step, columns.clone());
    let picture = use_memo(drawn, |(timeline, grounds, act, window, step, columns)| {
        let lanes = LanePlaces::new(timeline, *step, columns);
        picture(timeline, grounds.as_deref(), act, *window, &lanes)
    });
    // One of the diagrams that change their width together hears the keys, wherever the focus is.
    let (hears, zoom) = (folds.is_some(), onzoom.clone());
    use_keys(Callback::from(move |pressed: Pressed| {
        let asked = Zoom::of_key(&pressed.key).filter(|_| hears);
        asked.into_iter().for_each(|asked| zoom.emit(asked));
        asked.is_some()
    }));
    let button = |asked: Zoom, sign: &'static str, name: &'static str, pressed: Option<bool>| {
        let onclick = onzoom.reform(move |_: MouseEvent| asked);
        let pressed = pressed.map(|pressed| pressed.to_string());
        html! { <button type="button" {onclick} title={name} aria-label={(sign != "Fit").then_some(name)} aria-pressed={pressed}>{ sign }</button> }
    };
    let labels = timeline.lanes.iter().enumerate().map(|(lane, title)| {
        html! { <li key={lane} data-tracks={lanes.lanes[lane].1.to_string()}>{ title }</li> }
    });
    let width = lanes.width(timeline.steps);
    let height = lanes.height + if along.is_empty() { 0 } else { super::away::HEIGHT };
    html! {
        <section class={classes!("timeline", grounds.is_some().then_some("explained"))} data-testid={id} aria-label={label}>
            <div class="scroller" ref={scroller} {onscroll} tabindex="0" role="group" aria-label="Space-time diagram of the run; the list below has the same steps in words">
                <ol class="lane-titles" aria-hidden="true">
                    { for labels }
                    if !along.is_empty() { <li class="away-title" title="The shortest distance to the violation, in steps">{ "to go" }</li> }
                </ol>
                <svg viewBox={format!("0 0 {width} {height}")} width={width.to_string()} height={height.to_string()} aria-hidden="true">
                    if *cursor > 0 {
                        <rect class="now" x={(x - step / 2).to_string()} y="0" width={step.to_string()} height={height.to_string()} />
                    }
                    { (*picture).clone() }
                    { super::away::track(along, &lanes, *cursor, window) }
                    { parting(split, &lanes) }
                    if let Some(hits) = hits { { found(hits, &lanes, window) } }
                </svg>
            </div>
            if let Some(hits) = hits { <Seek hits={hits.clone()} cursor={*cursor} /> }
            <ul class="key">
                { key(timeline, grounds.is_some()) }
                <li class="zoom">
                    if let Some(folds) = folds {
                        <button type="button" data-testid="fold" aria-pressed={folds.to_string()} onclick={act.reform(|_: MouseEvent| Act::Fold)}
                            title="Fold the steps that only one CPU can see (F)">{ "Fold" }</button>
                    }
                    { button(Zoom::Out, "\u{2212}", "Zoom out (-)", None) }
                    { button(Zoom::Fit, "Fit", "Fit to the width (0)", Some(lens.chosen.is_none())) }
                    { button(Zoom::In, "+", "Zoom in (+)", None) }
                </li>
            </ul>
        </section>
    }
}

/// What colours and shapes mean, as far as they occur.
fn key(timeline: &Timeline, explained: bool) -> Html {
    let fences = timeline.marks.iter().any(|mark| mark.kind == MarkKind::Fence);
    html! {
        <>
            <li><span class="swatch by-software" />{ "software" }</li>
            <li><span class="swatch by-hardware" />{ "hardware, by itself" }</li>
            <li><span class="swatch stale" />{ "stale: freed, and still reachable" }</li>
            <li><span class="swatch corrupt" />{ "corrupt" }</li>
            <li><span class="swatch unsent" />{ "IPI not sent" }</li>
            if fences { <li><span class="swatch fence" />{ "memory barrier" }</li> }
            if explained { <li><span class="swatch rests" />{ "ringed: what the step rests on" }</li> }
        </>
    }
}

/// A mark above each step that the reader looks for.
fn found(hits: &Hits, lanes: &LanePlaces, window: Window) -> Html {
    let drawn = hits.steps.iter().filter(|&&step| window.shows(step, step));
    let mark = |&step: &u32| {
        let x = lanes.column(step);
        html! { <path class="hit" key={step} d={format!("M{} 0h10l-5 6z", x - 5)} /> }
    };
    html! { <>{ for drawn.map(mark) }</> }
}

/// Where the run parts from another one: a line before the first step that differs, a cross for each that is missing.
fn parting(split: &Split, lanes: &LanePlaces) -> Html {
    let line = split.first.map(|step| {
        let x = lanes.column(step) - lanes.step / 2;
        html! { <path class="parting" d={format!("M{x} 0V{}", lanes.height)} /> }
    });
    let cross = |&(step, lane): &(u32, u8)| {
        let (x, y) = (lanes.column(step), lanes.line(lane));
        html! { <path class="missing" key={step} d={format!("M{} {}l10 10m0 -10l-10 10", x - 5, y - 5)} /> }
    };
    html! { <>{ line }{ for split.left_out.iter().map(cross) }</> }
}

fn picture(
    timeline: &Timeline,
    grounds: Option<&Grounds>,
    act: &Callback<Act>,
    window: Window,
    lanes: &LanePlaces,
) -> Html {
    let kept = grounds.map(Grounds::steps);
    let bright = |step: u32| kept.as_ref().is_some_and(|kept| kept.contains(&step));
    let width = lanes.width(timeline.steps);
    let marks = window.marks(timeline);
    let own = |step: &u32| lanes.columns.hides(*step).is_none();
    let columns = (window.first..=window.last).filter(own).map(|step| {
        let act = act.clone();
        let onclick = move |_: MouseEvent| act.emit(Act::Play(PlayerAct::To(step as usize)));
        let x = lanes.column(step);
        let label = marks.iter().find(|mark| mark.step == step).map(|mark| mark.label.clone());
        html! {
            <g class="column" key={step} data-step={step.to_string()} {onclick}>
                <title>{ format!("{step}. {}", label.unwrap_or_default()) }</title>
                <rect x={(x - lanes.step / 2).to_string()} y="0" width={lanes.step.to_string()} height={lanes.height.to_string()} />
                if bright(step) || (kept.is_none() && (step % 5 == 0 || step == 1 || step == timeline.steps)) {
                    <text class={classes!(bright(step).then_some("kept"))} x={x.to_string()} y="15" text-anchor="middle">{ step }</text>
                }
            </g>
        }
    });
    let wires = (0..timeline.lanes.len() as u8).map(|lane| {
        let y = lanes.line(lane).to_string();
        html! { <line class="wire" key={lane} x1="0" y1={y.clone()} x2={width.to_string()} y2={y} /> }
    });
    html! {
        <>
            // Each in a list of its own: their lengths change, and the marks beside them shall not be created again.
            <>{ for timeline.bands.iter().filter(|band| window.shows(band.from_step, band.to_step))
                .map(|view| band(view, lanes, timeline)) }</>
            <>{ for wires }</>
            <>{ for timeline.arrows.iter().filter(|arrow| window.shows(arrow.from_step, arrow.to_step))
                .map(|view| arrow(view, lanes)) }</>
            if let Some(grounds) = grounds { { reasons(timeline, grounds, lanes) } }
            { super::mark::marks(marks, lanes, window.last, kept.as_deref()) }
            <>{ for columns }</>
            <>{ for lanes.columns.folds().filter(|fold| window.shows(fold.first, fold.last)).map(|fold| folded(fold, lanes, act)) }</>
        </>
    }
}

/// A narrow mark in the place of steps that only one CPU can see. It opens them.
fn folded(fold: Fold, lanes: &LanePlaces, act: &Callback<Act>) -> Html {
    let (x, y) = (lanes.column(fold.first), lanes.line(fold.cpu));
    let onclick = act.reform(move |_: MouseEvent| Act::Unfold(fold.first));
    html! {
        <g class="column fold" key={fold.first} data-fold={fold.first.to_string()} {onclick}>
            <title>{ format!("{}: click to unfold", fold.told()) }</title>
            <rect x={(x - lanes.step / 2).to_string()} y="0" width={lanes.step.to_string()} height={lanes.height.to_string()} />
            <path d={format!("M{x} {}v24", y - 12)} />
            <text x={x.to_string()} y={(y + 4).to_string()} text-anchor="middle">{ fold.steps() }</text>
        </g>
    }
}

/// A band goes from mark to mark: what changes hands at a step does so in the middle of its column.
fn band(band: &BandView, lanes: &LanePlaces, timeline: &Timeline) -> Html {
    let steps = timeline.steps;
    let ends = |band: &BandView| {
        let x = if band.from_step == 0 { 3 } else { lanes.column(band.from_step) };
        let end = if band.to_step >= steps {
            lanes.column(steps) + lanes.step / 2
        } else {
            lanes.column(band.to_step)
        };
        (x, x + (end - x - 2).max(6))
    };
    let (x, end) = ends(band);
    let y = lanes.top(band.lane) + LANE - 6 + i32::from(band.track.min(7)) * TRACK;
    // Its name may go on where its track is free, or begin there.
    let others = timeline.bands.iter().filter(|other| (other.lane, other.track) == (band.lane, band.track));
    let others = || others.clone().map(ends);
    let right = others().map(|other| other.0).filter(|&other| other > x).min();
    let right = right.unwrap_or(lanes.width(steps) - 4);
    let left = others().map(|other| other.1).filter(|&other| other <= x).max().unwrap_or(0);
    // Seven pixels a character at the size of these labels, at most.
    let begin = (right - 12 - 7 * band.label.chars().count() as i32).max(left).min(x);
    let room = if end - x < 3 * 7 { 0 } else { ((right - begin - 5) / 7).max(0) as usize };
    let label: String = if band.label.chars().count() <= room {
        band.label.clone()
    } else {
        band.label.chars().take(room.saturating_sub(1)).chain(['\u{2026}']).collect()
    };
    html! {
        <g class={classes!("band", tone::class(band.tone))}>
            <rect x={x.to_string()} y={y.to_string()} width={(end - x).to_string()} height={(TRACK - 2).to_string()} rx="3" />
            if room > 2 { <text x={(begin + 5).to_string()} y={(y + 11).to_string()}>{ label }</text> }
        </g>
    }
}

fn arrow(view: &MessageView, lanes: &LanePlaces) -> Html {
    let (x, y) = (lanes.column(view.from_step), lanes.line(view.from_lane));
    let (to_x, to_y) = (lanes.column(view.to_step), lanes.line(view.to_lane));
    let down = if to_y > y { 1 } else { -1 };
    let (y, to_y) = (y + down * 9, to_y - down * 11);
    let class = match view.kind {
        MessageKind::Ipi => "ipi",
        MessageKind::Done => "done",
        MessageKind::NotSent => "not-sent",
    };
    let middle = ((x + to_x) / 2, (y + to_y) / 2);
    html! {
        <g class={classes!("message", class)}>
            <path d={format!("M{x} {y}L{to_x} {to_y}")} />
            <path class="head" d={format!("M{to_x} {}l-5 {}h10z", to_y + down * 3, -8 * down)} />
            if view.kind == MessageKind::NotSent {
                <text x={(middle.0 + 7).to_string()} y={(middle.1 + 4).to_string()}>{ "no IPI" }</text>
            }
        </g>
    }
}

/// An arc from each ground to what rests on it.
fn reasons(timeline: &Timeline, grounds: &Grounds, lanes: &LanePlaces) -> Html {
    // The mark of a step is that of the CPU which took it: those in memory follow from it.
    let lane = |step: u32| {
        let of_step = |view: &&MarkView| view.step == step && view.kind != MarkKind::Memory;
        timeline.marks.iter().find(of_step).map(|view| view.lane)
    };
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for pair in grounds.reasons.iter().map(|reason| (reason.on, reason.step)) {
        if let Err(at) = pairs.binary_search(&pair) {
            pairs.insert(at, pair);
        }
    }
    let arc = |&(on, step): &(u32, u32)| {
        let (x, y) = (lanes.column(on), lanes.line(lane(on)?));
        let (to_x, to_y) = (lanes.column(step), lanes.line(lane(step)?));
        // Within a lane an arc above it, higher for a longer distance; between lanes, a curve that
        // leaves sideways.
        let path = if y == to_y {
            let lift = (14 + (to_x - x) / 10).min(y - 4);
            format!("M{x} {}C{} {} {} {} {to_x} {}", y - 10, x + 6, y - lift, to_x - 6, y - lift, y - 12)
        } else {
            let (middle, down) = ((x + to_x) / 2, if to_y > y { 1 } else { -1 });
            format!("M{x} {}C{middle} {y} {middle} {to_y} {to_x} {}", y + 9 * down, to_y - 12 * down)
        };
        let title = format!("{step} rests on {on}");
        Some(html! { <path key={title} d={path} marker-end="url(#reason-head)" /> })
    };
    html! {
        <g class="reasons">
            <marker id="reason-head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8"
                markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0l8 4l-8 4z" /></marker>
            { for pairs.iter().filter_map(arc) }
        </g>
    }
}
