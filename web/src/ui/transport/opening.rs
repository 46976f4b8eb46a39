//! A link that takes long to open: how far it is, and a button to stop.

use crate::ui::parts::dispatch::use_dispatch;
use lab::Act;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its progress, if a link is being opened.
    pub sentence: Option<String>,
}

#[component]
pub fn OpeningBar(props: &Props) -> Html {
    let act = &use_dispatch();
    let stop = act.reform(|_: MouseEvent| Act::StopOpening);
    html! {
        if let Some(sentence) = &props.sentence {
            <p class="notice" data-testid="opening">
                <span role="progressbar" aria-valuetext={sentence.clone()}>{ sentence }</span>
                { " " }
                <button type="button" data-testid="stop-opening" onclick={stop}>{ "Stop" }</button>
            </p>
        }
    }
}
