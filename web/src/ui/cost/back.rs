//! The way back from the stage to the table of costs, where what is on the stage came from. It stands beside the controls, which are always in view.
//! Who takes it has on the stage again what was there before.

use crate::browser::{refocus, scroll};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::navigation::{Navigation, use_navigation};
use lab::Act;
use lab::model::timed::TimedAct;
use lab::view::area::Area;
use lab::view::page::Tab;
use lab::view::shown::Shown;
use lab::view::timed::back::BackView;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct Props {
    /// Whether what is on the stage is from there.
    pub shown: Rc<Shown>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Area::Clock.is_same(&self.shown, &other.shown)
    }
}

/// Draws the way back. A reader who puts a round on the stage is led from the table to here.
#[component]
pub fn WayBack(props: &Props) -> Html {
    let Navigation { tab, to_tab, to_costs } = use_navigation();
    let act = use_dispatch();
    let back = use_node_ref();
    let lab = &props.shown.lab;
    let led = use_mut_ref(|| 0_u32);
    {
        let back = back.clone();
        use_effect_with((lab.rounds(), tab), move |&(rounds, tab)| {
            if *led.borrow() == rounds {
                return;
            }
            // A narrow page has to turn to the stage first.
            if tab != Tab::Machine {
                return to_tab.emit(Tab::Machine);
            }
            led.replace(rounds);
            // The focus brings the way back into view, if the stage does not leave it there.
            scroll::turn_to(".stage");
            refocus(&back);
        });
    }
    let Some(view) = BackView::of(lab) else { return html! {} };
    let leave = Callback::from(move |_: MouseEvent| {
        act.emit(Act::Timed(TimedAct::Back));
        to_costs.emit(true);
    });
    html! {
        <p class="round" data-testid="round">
            <button type="button" data-testid="clock-back" ref={back} onclick={leave}>{ pictogram(Icon::Undo) }{ "Back to the costs" }</button>
            <span role="status">{ view.before }<b>{ &view.kernel }</b>{ view.after }</span>
        </p>
    }
}
