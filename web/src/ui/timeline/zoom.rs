//! The width of a step, by keys, buttons, the wheel, and fingers on a pad or on the screen.

use crate::browser::{scroll, use_wheel, use_width};
use lab::view::lens::{Chosen, PinnedPlace, Zoom, fitted};
use std::rc::Rc;
use yew::prelude::*;

/// What diagrams one above the other have in common, so that their columns are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Lens {
    /// Columns of the longest run.
    pub columns: u32,
    /// The width that the reader chose.
    pub chosen: Option<i32>,
    /// Called with what is asked, and the width that all would fit in.
    pub onask: Callback<(Zoom, i32)>,
}

#[derive(PartialEq)]
struct Width(Chosen);

impl Reducible for Width {
    type Action = (Zoom, i32);

    fn reduce(self: Rc<Self>, (asked, fitted): (Zoom, i32)) -> Rc<Self> {
        Rc::new(Width(self.0.after(asked, fitted)))
    }
}

/// A lens for a run.
#[hook]
pub fn use_lens(columns: u32) -> Lens {
    let width = use_reducer_eq(|| Width(Chosen::default()));
    let dispatcher = width.dispatcher();
    let onask = use_callback((), move |asked, ()| dispatcher.dispatch(asked));
    Lens { columns, chosen: width.0.width(), onask }
}

/// The width of a step, and how to ask for another. With a key held down the wheel asks, and so do two fingers: what is under them
/// stays there. After anything else, the column in the middle at `x` of that width comes into view.
#[hook]
pub(super) fn use_zoom(
    scroller: &NodeRef,
    lens: &Lens,
    x: impl Fn(i32) -> i32,
    run: u32,
) -> (i32, Callback<Zoom>) {
    let room = use_width(scroller.clone());
    let fitted = fitted(lens.columns, room);
    let width = lens.chosen.unwrap_or(fitted);
    // What is held, and the width that the diagram was scrolled for.
    let held = use_mut_ref(|| None::<(PinnedPlace, i32)>);
    {
        let (scroller, held) = (scroller.clone(), held.clone());
        use_effect_with((x(width), width, run, room), move |&(x, width, ..)| {
            let mut held = held.borrow_mut();
            match *held {
                Some((place, before)) if before != width => {
                    scroll::to(&scroller, place.scrolled(width));
                    *held = Some((place, width));
                }
                _ => {
                    *held = None;
                    scroll::keep_in_view(&scroller, x, width);
                }
            }
        });
    }
    let onwheel = {
        let (scroller, held) = (scroller.clone(), held.clone());
        use_callback(
            (lens.onask.clone(), fitted, width),
            move |(by, at): (i32, i32), (ask, fitted, width)| {
                let scrolled = scroll::left(&scroller).unwrap_or_default();
                let before = held.borrow().filter(|(place, width)| place.scrolled(*width) == scrolled);
                let place = before
                    .map_or_else(|| PinnedPlace::new(at, scrolled, *width), |(place, _)| place.moved(at));
                // Two fingers may move along without another width.
                scroll::to(&scroller, place.scrolled(*width));
                *held.borrow_mut() = Some((place, *width));
                ask.emit((Zoom::Turn(by), *fitted));
            },
        )
    };
    use_wheel(scroller.clone(), onwheel);
    let onzoom = lens.onask.reform(move |asked: Zoom| {
        *held.borrow_mut() = None;
        (asked, fitted)
    });
    (width, onzoom)
}
