//! The clock beside the stage, for a round that came from the table of costs.

use super::lanes::{drawing, key, stretches};
use crate::browser::{refocus, scroll};
use crate::ui::parts::isolated::isolated;
use crate::ui::parts::menu::menu;
use lab::view::area::Area;
use lab::view::page::Part;
use lab::view::shown::Shown;
use lab::view::timed::clock::ClockView;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct Props {
    /// The clock to draw.
    pub shown: Rc<Shown>,
    /// The part that a narrow page shows.
    pub part: Part,
    /// Is told to which part of the page the reader goes.
    pub onturn: Callback<Part>,
    /// Leads to the costs.
    pub tocosts: Callback<()>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Area::Clock.is_same(&self.shown, &other.shown)
            && (self.part, &self.onturn) == (other.part, &other.onturn)
            && self.tocosts == other.tocosts
    }
}

/// Draws the clock. A reader who puts a round on the stage is led from the table to here, and back.
#[component]
pub fn ClockArea(props: &Props) -> Html {
    let stretch = use_state_eq(|| 2_usize);
    let back = use_node_ref();
    let lab = &props.shown.lab;
    let led = use_mut_ref(|| 0_u32);
    {
        let (back, onturn) = (back.clone(), props.onturn.clone());
        use_effect_with((lab.rounds(), props.part), move |&(rounds, part)| {
            if *led.borrow() == rounds {
                return;
            }
            // A narrow page has to turn to the stage first.
            if part != Part::Machine {
                return onturn.emit(Part::Machine);
            }
            led.replace(rounds);
            refocus(&back);
            scroll::turn_to(".stage");
        });
    }
    let Some(view) = ClockView::of(lab, *stretch) else { return html! {} };
    let onstretch = {
        let setter = stretch.setter();
        Callback::from(move |place: String| setter.set(place.parse().unwrap_or_default()))
    };
    let leave = props.tocosts.reform(|_: MouseEvent| ());
    html! {
        <section class="clock lanes panel" data-testid="clock" aria-label="By the clock">
            <h2>{ "By the clock" }</h2>
            <div class="choices">
                { menu("Length of time shown", "clock-stretch", stretches(*stretch), onstretch) }
                <button type="button" class="plain" data-testid="clock-back" ref={back} onclick={leave}>{ "Back to the costs" }</button>
            </div>
            <p class="hint"><b>{ &view.lanes.kernel }</b>{ ", " }<span data-testid="clock-now">{ &view.words }</span>{ " " }{ isolated(&view.lanes.sentence) }</p>
            <figure>{ drawing(&view.lanes, Some(view.at)) }</figure>
            { key() }
        </section>
    }
}
