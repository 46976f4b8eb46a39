//! What drives the player while it plays: frames, added up to a step, so that nothing is drawn in between.

use super::use_frames;
use crate::lab::Act;
use crate::player::Do;
use yew::prelude::*;

/// Lets time pass for the player, `pace` milliseconds at a time.
#[hook]
pub fn use_play(playing: bool, pace: u32, act: Callback<Act>) {
    let waited = use_mut_ref(|| 0_u32);
    {
        let waited = waited.clone();
        use_effect_with(playing, move |_| *waited.borrow_mut() = 0);
    }
    let on_frame = {
        // Frames call what the first rendering gave them: what later ones know is looked up here.
        let latest = use_mut_ref(|| pace);
        *latest.borrow_mut() = pace;
        use_callback(act, move |elapsed: u32, act: &Callback<Act>| {
            let due = {
                let mut waited = waited.borrow_mut();
                *waited += elapsed;
                if *waited >= *latest.borrow() { std::mem::take(&mut *waited) } else { 0 }
            };
            if due > 0 {
                act.emit(Act::Play(Do::Tick(due)));
            }
        })
    };
    use_frames(playing, on_frame);
}
