//! The marks of steps, and the words beside them where there is room.

use super::lanes::LanePlaces;
use crate::ui::parts::tone;
use scene::view::{MarkKind, MarkView, Tone};
use yew::prelude::*;

/// Draws the marks of a window; while a step is explained, with a ring if the step rests on it, else faded.
pub(super) fn marks(marks: &[MarkView], lanes: &LanePlaces, last: u32, kept: Option<&[u32]>) -> Html {
    // Of each lane.
    let mut next = [None; 256];
    let following = marks.iter().rev().map(|view| next[usize::from(view.lane)].replace(view.step));
    let mut following: Vec<Option<u32>> = following.collect();
    following.reverse();
    let mut previous = [None; 256];
    let shown = marks.iter().zip(following).filter(|(view, _)| lanes.columns.hides(view.step).is_none());
    let drawn = shown.map(|(view, following)| {
        let before = previous[usize::from(view.lane)].replace(view.step);
        let from = |step: u32| lanes.column(view.step) - lanes.column(step);
        let room = match following {
            Some(next) => (-from(next), 0),
            // Marks beyond the window are not known; at the end of the run there is the edge.
            None if view.step == last => (lanes.step / 2 + 8, before.map_or(0, from)),
            None => (-from(last), 0),
        };
        mark(view, lanes, kept, label(&view.label, room))
    });
    html! { <>{ for drawn }</> }
}

/// The label beside a mark: after it, or, where there is more room, before it.
fn label(label: &str, (after, before): (i32, i32)) -> Html {
    // Six pixels a character at this size; the mark itself takes some as well, and so may another label.
    let fits = |pixels: i32| ((pixels - 26) / 6).max(0) as usize;
    let length = label.chars().count();
    let least = length.min(8);
    let (chars, x, anchor) = match (fits(after), fits(before)) {
        (after, before) if after < least && before >= length + 22 => (length, "-18", "end"),
        (after, _) => (after, "13", "start"),
    };
    if chars < least {
        return html! {};
    }
    let text: String = if length <= chars {
        label.to_owned()
    } else {
        label.chars().take(chars - 1).chain(['\u{2026}']).collect()
    };
    html! { <text {x} y="4" text-anchor={anchor}>{ text }</text> }
}

fn mark(view: &MarkView, lanes: &LanePlaces, kept: Option<&[u32]>, label: Html) -> Html {
    let faded = kept.is_some_and(|kept| !kept.contains(&view.step));
    let (x, y) = (lanes.column(view.step), lanes.line(view.lane));
    let class = match view.kind {
        MarkKind::Software => "by-software",
        MarkKind::Speculative => "by-hardware",
        MarkKind::Drain => "drain",
        MarkKind::Interrupt => "interrupt",
        MarkKind::Fence => "by-software fence",
        MarkKind::Memory => "memory-mark",
    };
    let shape = match view.kind {
        MarkKind::Software => "M-7 -7h14v14h-14z",
        MarkKind::Speculative => "M0 -9a9 9 0 1 1 0 18a9 9 0 1 1 0 -18z",
        MarkKind::Drain => "M-6 -5h12l-6 10z",
        MarkKind::Interrupt => "M-7 -7h8l6 7l-6 7h-8z",
        MarkKind::Fence => "M-7 -12h4v24h-4z M3 -12h4v24h-4z",
        MarkKind::Memory => "M0 -7l7 7l-7 7l-7 -7z",
    };
    // If steps are narrow, marks are narrow too.
    let small = (lanes.step < 18).then_some("scale(.66)");
    html! {
        <g class={classes!("mark", class, tone::class(view.tone), faded.then_some("faded"))} data-step={view.step.to_string()} transform={format!("translate({x} {y})")}>
            { label }
            if kept.is_some() && !faded { <circle class="ring" r="12" /> }
            <path d={shape} transform={small} />
            if view.tone == Tone::Corrupt {
                <path class="burst" transform={small} d="M-14 0l4 -4l-2 -6l6 2l6 -4l6 4l6 -2l-2 6l4 4l-4 4l2 6l-6 -2l-6 4l-6 -4l-6 2l2 -6z" />
            }
        </g>
    }
}
