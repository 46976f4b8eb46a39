//! The page's only clock: animation frames, while somebody needs them.

use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// The longest time a frame may claim: one that was off screen for a minute must not skip a minute.
const LONGEST: f64 = 100.0;

/// Calls back on each frame, with the milliseconds since the one before, as long as `active`.
#[hook]
pub fn use_frames(active: bool, on_frame: Callback<u32>) {
    use_effect_with(active, move |&active| {
        let pending: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
        if active {
            next(pending.clone(), None, on_frame);
        }
        move || drop(pending.borrow_mut().take())
    });
}

fn next(pending: Rc<RefCell<Option<AnimationFrame>>>, before: Option<f64>, on_frame: Callback<u32>) {
    let again = Rc::downgrade(&pending);
    let frame = request_animation_frame(move |now| {
        if let Some(before) = before {
            on_frame.emit((now - before).clamp(0.0, LONGEST) as u32);
        }
        if let Some(pending) = again.upgrade()
            && pending.borrow().is_some()
        {
            next(pending, Some(now), on_frame);
        }
    });
    *pending.borrow_mut() = Some(frame);
}
