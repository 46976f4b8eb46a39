//! What the CPUs of two kernels do in a stretch of time, to scale; and which kernels are compared.

use super::looks::Looks;
use crate::ui::parts::isolated::isolated;
use crate::ui::parts::menu::menu;
use cost::Doing;
use lab::Act;
use lab::model::timed::{MOST_COMPARED, Timed, TimedAct};
use lab::view::timed::lanes::{LANE, Lanes, STRETCHES, WIDTH, lanes};
use lab::view::timed::time;
use yew::prelude::*;

/// Draws the choices and the lanes.
pub fn picture_of(timed: &Timed, looks: Looks, look: &Callback<Looks>, act: &Callback<Act>) -> Html {
    let onstretch =
        look.reform(move |place: String| Looks { stretch: place.parse().unwrap_or_default(), ..looks });
    let drawn = lanes(timed, looks.stretch);
    html! {
        <div class="lanes" data-testid="cost-lanes">
            <h3>{ "What the CPUs do, to scale" }</h3>
            <div class="choices">
                { for (0..timed.contest().len().max(2) + 1).take(MOST_COMPARED).map(|place| contest(timed, place, act)) }
                { menu("Length of time shown", "cost-stretch", stretches(looks.stretch), onstretch) }
            </div>
            { for drawn.iter().map(picture) }
            if !drawn.is_empty() { { key() } }
        </div>
    }
}

/// The stretches to choose from.
pub fn stretches(chosen: usize) -> Vec<(String, String, bool)> {
    let stretches = STRETCHES.iter().enumerate();
    stretches.map(|(place, length)| (place.to_string(), time(*length), place == chosen)).collect()
}

/// What the colours mean.
pub fn key() -> Html {
    html! {
        <ul class="key" aria-hidden="true">
            { for Doing::ALL.iter().enumerate().map(|(place, doing)| html! { <li><svg viewBox="0 0 20 12"><rect class={format!("do{place}")} width="20" height="12" /></svg>{ doing.name() }</li> }) }
        </ul>
    }
}

/// The names of the lists, for tests.
const LISTS: [&str; MOST_COMPARED] =
    ["cost-kernel-0", "cost-kernel-1", "cost-kernel-2", "cost-kernel-3", "cost-kernel-4"];

/// The list from which one of the compared kernels is chosen: the kernels that have run.
fn contest(timed: &Timed, place: usize, act: &Callback<Act>) -> Html {
    let chosen = timed.contest().get(place);
    let ran = timed.rows().into_iter().filter(|row| row.1.as_ref().is_some_and(|found| found.is_ok()));
    let entries = ran.map(|(kernel, ..)| (kernel.clone(), kernel.clone(), Some(&kernel) == chosen));
    let none = (place > 1).then(|| (String::new(), "none".to_owned(), chosen.is_none()));
    let label = ["Kernel", "against", "and"][place.min(2)];
    let choose = act.reform(move |kernel| Act::Timed(TimedAct::Contest(place, kernel)));
    menu(label, LISTS[place.min(4)], none.into_iter().chain(entries).collect(), choose)
}

fn tenths(number: u64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

/// Draws lanes, with the sentences about them.
fn picture(view: &Lanes) -> Html {
    html! {
        <figure key={view.kernel.clone()} tabindex="0">
            <figcaption><b>{ &view.kernel }</b>{ format!(" {}. ", view.words) }{ isolated(&view.sentence) }
                if view.more > 0 { { format!(" {} more CPUs are not drawn.", view.more) } }
            </figcaption>
            { drawing(view, None) }
        </figure>
    }
}

/// Draws the lanes alone; `at` marks a moment in them, in tenths of a unit.
pub fn drawing(view: &Lanes, at: Option<u64>) -> Html {
    let height = view.lanes.len() * LANE;
    html! {
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
                if let Some(at) = at { <path class="moment" d={format!("M{} 0V{height}", 40 + at / 10)} /> }
            </svg>
    }
}
