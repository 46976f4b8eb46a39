//! The way back from the stage to the table of costs, where what is on the stage came from. It stands beside the controls, which are always in view.

use crate::browser::{refocus, scroll};
use crate::ui::parts::icon::{Icon, pictogram};
use lab::view::area::Area;
use lab::view::page::Part;
use lab::view::shown::Shown;
use lab::view::timed::back::BackView;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct Props {
    /// Whether what is on the stage is from there.
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

/// Draws the way back. A reader who puts a round on the stage is led from the table to here.
#[component]
pub fn WayBack(props: &Props) -> Html {
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
            // The focus brings the way back into view, if the stage does not leave it there.
            scroll::turn_to(".stage");
            refocus(&back);
        });
    }
    let Some(view) = BackView::of(lab) else { return html! {} };
    let leave = props.tocosts.reform(|_: MouseEvent| ());
    html! {
        <p class="round" data-testid="round">
            <button type="button" data-testid="clock-back" ref={back} onclick={leave}>{ pictogram(Icon::Undo) }{ "Back to the costs" }</button>
            <span role="status">{ view.before }<b>{ &view.kernel }</b>{ view.after }</span>
        </p>
    }
}
