//! The verdict in one line, shown where the verdict itself is out of view.

use lab::view::verdict::VerdictView;
use yew::prelude::*;

/// The verdict in one line, in view where it itself is not: behind it, at the edge of the screen once it has gone. What
/// it says is said in the verdict.
pub fn strip(said: &VerdictView, stale: bool) -> Html {
    let VerdictView { mood, title, sentence, was, about, .. } = said;
    html! {
        <p class={classes!("strip", mood.name())} data-testid="strip" aria-hidden="true">
            <b>{ title }</b>
            if let Some(about) = about.as_ref().filter(|_| stale) { <small>{ about }</small> }
            if let Some(was) = was { <small>{ format!("before: {}", was.title) }</small> }
            <span>{ sentence }</span>
        </p>
    }
}
