//! The machine at one moment. The files mirror the hardware.

pub mod cache;
pub mod cpu;
pub mod flight;
pub mod kernel;
pub mod memory;
pub mod overlay;
pub mod picture;
pub mod term;
pub mod tile;
pub mod wire;

use crate::browser::use_in_view;
use crate::ui::parts::dispatch::use_dispatch;
use lab::view::area::Area;
use lab::view::run::origin;
use lab::view::shown::Shown;
use lab::{Act, Same};
use picture::Stage;
use std::rc::Rc;
use yew::prelude::*;

/// What there is to draw of the machine. It is drawn again only when something that it is drawn from has changed.
#[derive(Clone, Properties)]
pub struct Props {
    /// What to draw.
    pub shown: Rc<Shown>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Area::Stage.is_same(&self.shown, &other.shown)
    }
}

/// Draws the machine at the moment shown, and keeps in view what a step has changed.
#[component]
pub fn StageArea(props: &Props) -> Html {
    let Shown { lab, run, moment: picture, .. } = &*props.shown;
    let (act, player) = (use_dispatch(), lab.player());
    let changed = player.cursor().checked_sub(1).and_then(|step| run.touches.get(step));
    let changed = changed.map(|touch| touch.cells.clone()).unwrap_or_default();
    let machine = lab.touched().then(|| Same(player.setup().clone()));
    // A lesson says itself where to look.
    let arrives = !lab.touched() && lab.lesson().course().is_none();
    use_in_view(machine, arrives, (Same(player.trace().clone()), player.cursor()), changed);
    let moment = (Same(run.touches.clone()), player.cursor(), act);
    let onorigin = use_callback(moment, |cell: String, (touches, cursor, act)| {
        let step = origin(&touches.0, *cursor, &cell);
        act.emit(Act::Origin(step.and_then(|step| u32::try_from(step).ok())));
    });
    html! {
        <Stage scene={picture.scene.clone()} slots={run.slots.clone()} lines={picture.lines.clone()}
            moving={player.forward().then_some(player.cursor())} choices={picture.choices.clone()} {onorigin} />
    }
}
