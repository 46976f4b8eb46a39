//! What drives the player while it plays: a timer per step, and the frame after it.
//!
//! Between two steps the page computes nothing: the browser moves what moves. Waiting for the frame stops steps
//! from piling up in hidden tabs and frames off screen, which have no frames.

use gloo::render::{AnimationFrame, request_animation_frame};
use gloo::timers::callback::Timeout;
use lab::Act;
use lab::model::player::PlayerAct;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// What is waited for. Dropping it ends the waiting.
enum Waiting {
    Time { _timer: Timeout },
    Frame { _frame: AnimationFrame },
}

type Shared = Rc<RefCell<Option<Waiting>>>;

/// Lets time pass for the player, `pace` milliseconds at a time.
#[hook]
pub fn use_play(playing: bool, pace: u32, act: Callback<Act>) {
    use_effect_with((playing, pace), move |&(playing, pace)| {
        let waiting = Shared::default();
        if playing {
            wait(&waiting, pace, act);
        }
        move || drop(waiting.borrow_mut().take())
    });
}

/// Waits for a step's time, and for a frame, and begins anew. What has just come to pass is dropped when something
/// else is waited for.
fn wait(waiting: &Shared, pace: u32, act: Callback<Act>) {
    let held = Rc::downgrade(waiting);
    let timer = Timeout::new(pace, move || {
        let again = held.clone();
        let frame = request_animation_frame(move |_| {
            if let Some(waiting) = again.upgrade() {
                act.emit(Act::Play(PlayerAct::Tick(pace)));
                if waiting.borrow().is_some() {
                    wait(&waiting, pace, act.clone());
                }
            }
        });
        if let Some(waiting) = held.upgrade() {
            *waiting.borrow_mut() = Some(Waiting::Frame { _frame: frame });
        }
    });
    *waiting.borrow_mut() = Some(Waiting::Time { _timer: timer });
}
