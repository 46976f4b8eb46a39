//! Where the page is narrow, one of its parts at a time: the bar to choose by.

use yew::prelude::*;

/// A part of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The stage, and what the scenario says about itself.
    #[default]
    Machine,
    /// The run: diagram, comparison, sentences.
    Run,
    /// What could happen now.
    Next,
    /// Cases and options.
    Change,
    /// The texts.
    Code,
    /// The verdict at length, for all kernels and all settings.
    Verdict,
}

impl Part {
    const ALL: [Part; 6] = [Part::Machine, Part::Run, Part::Next, Part::Change, Part::Code, Part::Verdict];

    /// As the style sheet knows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Part::Machine => "machine",
            Part::Run => "run",
            Part::Next => "next",
            Part::Change => "change",
            Part::Code => "code",
            Part::Verdict => "verdict",
        }
    }
}

/// Properties of [`Tabs`].
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
