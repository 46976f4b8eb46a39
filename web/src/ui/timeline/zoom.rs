//! The width of a step: as the room allows, or as the reader chooses.

use crate::browser::{use_wheel, use_width};
use std::rc::Rc;
use yew::prelude::*;

/// Widths that a reader can choose.
const WIDTHS: [i32; 8] = [8, 12, 18, 26, 40, 60, 90, 130];
/// Width in a run that does not fit anyway.
const LONG: i32 = 30;
/// The least and the most that a step gets where all fit.
const FITTED: (i32, i32) = (14, 54);
/// What the titles of the lanes and the edges take.
const ASIDE: i32 = 76 + 18;

/// How a reader can change the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Wider steps.
    In,
    /// Narrower ones.
    Out,
    /// As wide as the space allows.
    Fit,
}

impl Zoom {
    /// What a key asks for.
    pub(super) fn of_key(key: &str) -> Option<Zoom> {
        match key {
            "+" | "=" => Some(Zoom::In),
            "-" => Some(Zoom::Out),
            "0" => Some(Zoom::Fit),
            _ => None,
        }
    }

    /// The width after it; nothing for whatever fits.
    fn after(self, width: i32) -> Option<i32> {
        match self {
            Zoom::Fit => None,
            Zoom::In => WIDTHS.into_iter().find(|&wider| wider > width).or(WIDTHS.last().copied()),
            Zoom::Out => WIDTHS.into_iter().rfind(|&narrower| narrower < width).or(Some(WIDTHS[0])),
        }
    }
}

/// The width of a step where `room` is what the diagram has; as long as that is not known, what is usual.
fn fitted(steps: u32, room: i32) -> i32 {
    let room = if room == 0 { 900 + ASIDE } else { room };
    let each = (room - ASIDE) / steps.clamp(1, 10_000) as i32;
    if each < FITTED.0 && steps > 60 { LONG } else { each.clamp(FITTED.0, FITTED.1) }
}

/// What diagrams one above the other have in common, so that their columns are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Lens {
    /// Steps of the longest run.
    pub steps: u32,
    /// The width that the reader chose.
    pub chosen: Option<i32>,
    /// Called with what is asked, and the width that all would fit in.
    pub onask: Callback<(Zoom, i32)>,
}

/// The width that a reader has chosen. What is asked counts from the choice before, drawn or not: keys may come faster
/// than pictures.
#[derive(PartialEq)]
struct Chosen(Option<i32>);

impl Reducible for Chosen {
    type Action = (Zoom, i32);

    fn reduce(self: Rc<Self>, (asked, fitted): (Zoom, i32)) -> Rc<Self> {
        Rc::new(Chosen(asked.after(self.0.unwrap_or(fitted))))
    }
}

/// A lens for a run.
#[hook]
pub fn use_lens(steps: usize) -> Lens {
    let chosen = use_reducer_eq(|| Chosen(None));
    let dispatcher = chosen.dispatcher();
    let onask = use_callback((), move |asked, ()| dispatcher.dispatch(asked));
    Lens { steps: steps as u32, chosen: chosen.0, onask }
}

/// The width of a step, and how to ask for another. With a key held down the wheel asks, and so do two fingers on a pad.
#[hook]
pub(super) fn use_zoom(scroller: &NodeRef, lens: &Lens) -> (i32, Callback<Zoom>) {
    let room = use_width(scroller.clone());
    let fitted = fitted(lens.steps, room);
    let width = lens.chosen.unwrap_or(fitted);
    let onzoom = lens.onask.reform(move |asked: Zoom| (asked, fitted));
    let onwheel = use_callback((lens.onask.clone(), fitted), |away: bool, (ask, fitted)| {
        ask.emit((if away { Zoom::Out } else { Zoom::In }, *fitted));
    });
    use_wheel(scroller.clone(), onwheel);
    (width, onzoom)
}

#[cfg(test)]
mod tests {
    use super::{WIDTHS, Zoom, fitted};

    #[test]
    fn zooming_ends_at_both_ends() {
        let all_the_way =
            |zoom: Zoom| (0..20).fold(fitted(25, 900), |width, _| zoom.after(width).unwrap_or(0));
        assert_eq!((all_the_way(Zoom::Out), all_the_way(Zoom::In)), (WIDTHS[0], WIDTHS[7]));
        assert_eq!(Zoom::Fit.after(40), None);
        assert_eq!(Zoom::In.after(36), Some(40));
        assert_eq!(Zoom::Out.after(36), Some(26));
    }

    #[test]
    fn short_runs_fit() {
        for (steps, room) in [(1, 300), (25, 700), (25, 1400), (40, 900)] {
            let width = fitted(steps, room);
            assert!(width >= 14 && (width * steps as i32 <= room || width == 14), "{width} for {steps}");
        }
        assert_eq!(fitted(5000, 900), 30);
    }
}
