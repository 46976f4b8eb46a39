//! A heading that explains itself when a pointer rests on it, or when a reader opens it with finger or key.

use lab::view::glossary;
use yew::prelude::*;

/// Draws a heading: the word, a hint in a few words about what is below it, and further contents. The meaning of the
/// word opens on top of the page, so that nothing moves.
pub fn term(word: &'static str, hint: &'static str, children: Html) -> Html {
    let heading = html! { <h4 title={hint}><span class="what">{ word }</span>{ children }</h4> };
    match glossary::meaning(word) {
        None => heading,
        Some(meaning) => html! {
            <details class="term" name="term"><summary>{ heading }</summary><p>{ meaning }</p></details>
        },
    }
}
