//! Says that the library has not come yet, or can't be had, where a reader has to know.

use crate::ui::parts::dispatch::use_dispatch;
use lab::Act;
use lab::model::library::Library;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What is to be said, if there is something.
    pub sentence: Option<String>,
}

/// Draws the sentence, with a button to ask for the library again.
#[component]
pub fn LibraryBar(props: &Props) -> Html {
    let again = use_dispatch().reform(|_: MouseEvent| Act::Library(Library::Coming));
    html! {
        if let Some(sentence) = &props.sentence {
            <p class="notice warning" role="status" data-testid="library">
                <span>{ sentence }</span>
                { " " }
                <button type="button" data-testid="library-again" onclick={again}>{ "Try again" }</button>
            </p>
        }
    }
}
