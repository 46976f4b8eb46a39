//! On narrow pages, one part of the page is shown at a time: the bar that chooses it.

use crate::ui::parts::navigation::{Navigation, use_navigation};
use lab::view::page::Tab;
use yew::prelude::*;

/// Draws the bar, with the part that shows. Wide pages show all parts, and no bar.
#[component]
pub fn Tabs() -> Html {
    let Navigation { tab: shown, to_tab, .. } = use_navigation();
    let button = |tab: Tab| {
        let onclick = to_tab.reform(move |_: MouseEvent| tab);
        let current = (tab == shown).then_some("true");
        html! {
            <button type="button" class={format!("to-{}", tab.name())} data-testid={format!("part-{}", tab.name())}
                aria-current={current} {onclick}>
                { tab.name() }
            </button>
        }
    };
    html! { <nav class="tabs" aria-label="Parts">{ for Tab::ALL.map(button) }</nav> }
}
