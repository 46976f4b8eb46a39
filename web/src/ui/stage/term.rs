//! A heading that explains itself, to a pointer that rests on it and to a reader who opens it with finger or key.

use lab::view::glossary;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The word.
    pub word: &'static str,
    /// What it stands over, in a few words.
    pub hint: &'static str,
    /// What else stands in the heading.
    #[prop_or_default]
    pub children: Html,
}

/// Draws a heading. What it means lies over the page, so that nothing moves.
#[component]
pub fn Term(props: &Props) -> Html {
    let Props { word, hint, children } = props;
    let heading = html! { <h4 title={*hint}><span class="what">{ *word }</span>{ children.clone() }</h4> };
    match glossary::meaning(word) {
        None => heading,
        Some(meaning) => html! {
            <details class="term" name="term"><summary>{ heading }</summary><p>{ meaning }</p></details>
        },
    }
}
