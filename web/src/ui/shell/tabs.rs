//! On narrow pages, one part of the page is shown at a time: the bar that chooses it.

use lab::view::page::Part;
use yew::prelude::*;

/// Draws the bar, with the part that shows, and whom to tell of another. Wide pages show all parts, and no bar.
pub fn tabs(shown: Part, onturn: &Callback<Part>) -> Html {
    let tab = |part: Part| {
        let onclick = onturn.reform(move |_: MouseEvent| part);
        let current = (part == shown).then_some("true");
        html! {
            <button type="button" class={format!("to-{}", part.name())} data-testid={format!("part-{}", part.name())}
                aria-current={current} {onclick}>
                { part.name() }
            </button>
        }
    };
    html! { <nav class="tabs" aria-label="Parts">{ for Part::ALL.map(tab) }</nav> }
}
