//! The distances below the lanes: the shortest distance from each moment to the violation. A cliff is where the
//! violation becomes impossible.

use super::lanes::LanePlaces;
use super::window::Window;
use yew::prelude::*;

/// Height of the track.
pub(super) const HEIGHT: i32 = 38;
/// Height of the highest bar.
const BAR: i32 = 16;

/// A bar for each moment after a step, and its number where there is room.
pub(super) fn track(along: &[Option<u32>], lanes: &LanePlaces, cursor: usize, window: Window) -> Html {
    let most = along.iter().flatten().max().copied().unwrap_or(0).max(1) as i32;
    let (base, width) = (lanes.height + HEIGHT - 4, lanes.step - 6);
    let shown = along.iter().enumerate().filter(|(moment, _)| {
        let moment = *moment as u32;
        moment > 0 && window.shows(moment, moment) && lanes.columns.hides(moment).is_none()
    });
    let bar = |(moment, steps): (usize, &Option<u32>)| {
        let x = lanes.column(moment as u32);
        let height = steps.map_or(1, |steps| (steps as i32 * BAR / most).max(1));
        let class = match steps {
            Some(0) => "there",
            Some(_) => "near",
            None => "never",
        };
        let word = steps.map_or("\u{2013}".to_owned(), |steps| steps.to_string());
        html! {
            <g key={moment} class={classes!("away-bar", class, (moment == cursor).then_some("at"))}>
                <rect x={(x - width / 2).to_string()} y={(base - height).to_string()} width={width.to_string()} height={height.to_string()} />
                <text x={x.to_string()} y={(base - height - 4).to_string()} text-anchor="middle">{ word }</text>
            </g>
        }
    };
    html! { <g class="away-track">{ for shown.map(bar) }</g> }
}
