//! What drives the player while it plays: frames, added up so that the page is not drawn more often than needed.

use super::use_frames;
use crate::lab::Act;
use crate::player::Do;
use yew::prelude::*;

/// Frames are added up to this many milliseconds.
const TICK: u32 = 50;

/// Lets time pass for the player.
#[hook]
pub fn use_play(playing: bool, act: Callback<Act>) {
    let waited = use_mut_ref(|| 0_u32);
    let on_frame = use_callback(act, move |elapsed: u32, act: &Callback<Act>| {
        let due = {
            let mut waited = waited.borrow_mut();
            *waited += elapsed;
            if *waited >= TICK { std::mem::take(&mut *waited) } else { 0 }
        };
        if due > 0 {
            act.emit(Act::Play(Do::Tick(due)));
        }
    });
    use_frames(playing, on_frame);
}
