//! What the CPUs of two kernels are at in a stretch of time, to scale; and which two kernels these are.

use super::looks::Looks;
use super::menu::menu;
use crate::ui::parts::isolated::isolated;
use cost::Doing;
use lab::Act;
use lab::model::timed::{Timed, TimedAct};
use lab::view::timed::lanes::{LANE, Lanes, STRETCHES, WIDTH, lanes};
use lab::view::timed::time;
use yew::prelude::*;

/// Draws the choices and the lanes.
pub fn picture_of(timed: &Timed, looks: Looks, look: &Callback<Looks>, act: &Callback<Act>) -> Html {
    let stretches = STRETCHES.iter().enumerate();
    let stretches =
        stretches.map(|(place, length)| (place.to_string(), time(*length), place == looks.stretch)).collect();
    let onstretch =
        look.reform(move |place: String| Looks { stretch: place.parse().unwrap_or_default(), ..looks });
    let drawn = lanes(timed, looks.stretch);
    html! {
        <div class="lanes" data-testid="cost-lanes">
            <h3>{ "What the CPUs are at, to scale" }</h3>
            <div class="choices">
                { contest(timed, 0, act) }
                { contest(timed, 1, act) }
                { menu("A stretch of", "cost-stretch", stretches, onstretch) }
            </div>
            { for drawn.iter().map(picture) }
            if !drawn.is_empty() {
                <ul class="key" aria-hidden="true">
                    { for Doing::ALL.iter().enumerate().map(|(place, doing)| html! { <li><svg viewBox="0 0 20 12"><rect class={format!("do{place}")} width="20" height="12" /></svg>{ doing.name() }</li> }) }
                </ul>
            }
        </div>
    }
}

/// The list to choose one of the two kernels from: those that have run.
fn contest(timed: &Timed, place: usize, act: &Callback<Act>) -> Html {
    let chosen = timed.contest()[place];
    let ran = timed.rows().into_iter().filter(|row| row.1.as_ref().is_some_and(|found| found.is_ok()));
    let entries = ran.map(|(kernel, _)| (kernel.clone(), kernel.clone(), kernel == chosen)).collect();
    let (label, testid) = if place == 0 { ("Kernel", "cost-kernel-0") } else { ("against", "cost-kernel-1") };
    menu(label, testid, entries, act.reform(move |kernel| Act::Timed(TimedAct::Contest(place, kernel))))
}

fn tenths(number: u64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

fn picture(view: &Lanes) -> Html {
    let height = view.lanes.len() * LANE;
    html! {
        <figure key={view.kernel.clone()}>
            <figcaption><b>{ &view.kernel }</b>{ format!(" {}. ", view.words) }{ isolated(&view.sentence) }
                if view.more > 0 { { format!(" {} more CPUs are not drawn.", view.more) } }
            </figcaption>
            <svg viewBox={format!("0 0 600 {height}")} role="img" aria-label={format!("Lanes of {}", view.kernel)}>
                { for view.lanes.iter().enumerate().map(|(cpu, bars)| html! {
                    <g transform={format!("translate(40 {})", cpu * LANE)}>
                        <text x="-4" y="13" text-anchor="end">{ format!("CPU {cpu}") }</text>
                        <line x2={tenths(WIDTH)} y1="16.5" y2="16.5" />
                        { for bars.iter().map(|bar| html! {
                            <rect class={format!("do{}", bar.doing)} x={tenths(bar.x)} width={tenths(bar.width)} y="2" height="14"><title>{ &bar.title }</title></rect>
                        }) }
                    </g>
                }) }
            </svg>
        </figure>
    }
}
