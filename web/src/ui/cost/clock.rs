//! The clock beside the stage, for a round that came from the table of costs.

use super::lanes::{drawing, key, stretches};
use crate::ui::parts::isolated::isolated;
use crate::ui::parts::menu::menu;
use lab::view::area::Area;
use lab::view::shown::Shown;
use lab::view::timed::clock::ClockView;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct Props {
    /// The clock to draw.
    pub shown: Rc<Shown>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Area::Clock.is_same(&self.shown, &other.shown)
    }
}

/// Draws the clock.
#[component]
pub fn ClockArea(props: &Props) -> Html {
    let stretch = use_state_eq(|| 2_usize);
    let lab = &props.shown.lab;
    let Some(view) = ClockView::of(lab, *stretch) else { return html! {} };
    let onstretch = {
        let setter = stretch.setter();
        Callback::from(move |place: String| setter.set(place.parse().unwrap_or_default()))
    };
    html! {
        <section class="clock lanes panel" data-testid="clock" aria-label="By the clock">
            <h2>{ "By the clock" }</h2>
            <div class="choices">
                { menu("Length of time shown", "clock-stretch", stretches(*stretch), onstretch) }
            </div>
            <p class="hint"><b>{ &view.lanes.kernel }</b>{ ", " }<span data-testid="clock-now">{ &view.words }</span>{ " " }{ isolated(&view.lanes.sentence) }</p>
            <figure tabindex="0" aria-label="The round by the clock">{ drawing(&view.lanes, Some(view.at)) }</figure>
            { key() }
        </section>
    }
}
