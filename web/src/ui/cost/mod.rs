//! What kernels cost on a workload: the table, where kernels cost the same, what their CPUs do, and the clock beside the
//! stage.

pub mod back;
pub mod chart;
pub mod clock;
pub mod lanes;
pub mod looks;
pub mod table;

use crate::browser::use_roving;
use crate::ui::parts::dispatch::use_dispatch;
use chart::chart;
use cost::Per;
use lab::Act;
use lab::model::timed::TimedAct;
use lab::view::area::Area;
use lab::view::shown::Shown;
use lab::view::timed::chart::Chart;
use lab::view::timed::table::CostTable;
use lanes::picture_of;
use looks::Looks;
use std::rc::Rc;
use table::{NUMBERS, table};
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct Props {
    /// What there is to draw.
    pub shown: Rc<Shown>,
}

impl PartialEq for Props {
    /// A step of the run changes nothing here.
    fn eq(&self, other: &Props) -> bool {
        Area::Cost.is_same(&self.shown, &other.shown)
    }
}

/// Draws the table, or the button that opens it.
#[component]
pub fn CostArea(props: &Props) -> Html {
    let act = &use_dispatch();
    let looks =
        use_state_eq(|| Looks { column: table::FIRST, descending: false, per: Per::Second, stretch: 1 });
    let place = use_node_ref();
    let onkeydown = use_roving(place.clone(), NUMBERS);
    let lab = &props.shown.lab;
    let timed = lab.timed();
    let look = {
        let setter = looks.setter();
        Callback::from(move |to: Looks| setter.set(to))
    };
    html! {
        <section class="cost panel" data-testid="cost" aria-label="What it costs">
            <h2>{ "What it costs" }</h2>
            if timed.is_open() {
                { table(&CostTable::of(timed, looks.per), *looks, &look, (place, onkeydown), act) }
                if !timed.all() {
                    { picture_of(timed, *looks, &look, act) }
                    if let Some(view) = Chart::of(lab) { { chart(&view, act) } }
                }
            } else {
                <p class="hint">{ "Makes timed runs of every kernel on this workload, and counts IPIs, the CPUs that they wake up, CR3 writes, TLB misses and time. The explorer\u{2019}s verdicts stand beside the counts." }</p>
                <button type="button" class="primary" data-testid="cost-open" onclick={act.reform(|_: MouseEvent| Act::Timed(TimedAct::Open))}>
                    { "Time the kernels" }
                </button>
            }
        </section>
    }
}
