//! On narrow pages, one part of the page at a time: the bar to choose by.

use lab::view::page::Part;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The part that shows.
    pub part: Part,
    /// Whom to tell of another.
    pub onturn: Callback<Part>,
}

/// Draws the bar. Wide pages show all parts, and no bar.
#[component]
pub fn Tabs(props: &Props) -> Html {
    let tab = |part: Part| {
        let onclick = props.onturn.reform(move |_: MouseEvent| part);
        let current = (part == props.part).then_some("true");
        html! {
            <button type="button" class={format!("to-{}", part.name())} data-testid={format!("part-{}", part.name())}
                aria-current={current} {onclick}>
                { part.name() }
            </button>
        }
    };
    html! { <nav class="tabs" aria-label="Parts">{ for Part::ALL.map(tab) }</nav> }
}
