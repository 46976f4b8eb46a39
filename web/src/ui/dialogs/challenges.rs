//! The list of challenges.

use guide::Challenge;
use lab::view::lesson::kind;
use yew::prelude::*;

/// Draws the list, kind by kind. `onchoose` is called when one has been chosen.
pub fn challenges(challenges: &[Challenge], onchoose: &Callback<()>) -> Html {
    let mut kinds: Vec<&'static str> = Vec::new();
    for challenge in challenges.iter() {
        if !kinds.contains(&kind(&challenge.task)) {
            kinds.push(kind(&challenge.task));
        }
    }
    let onclick = onchoose.reform(|_: MouseEvent| ());
    let entry = |challenge: &Challenge| {
        html! {
            <li key={challenge.slug}>
                <a href={format!("#challenge/{}", challenge.slug)} onclick={onclick.clone()}>
                    <b>{ &challenge.title }</b><small>{ &challenge.setting.scenario }</small>
                </a>
            </li>
        }
    };
    html! {
        <>
            <p>{ "The explorer judges: every answer that works counts." }</p>
            { for kinds.iter().map(|of| html! {
                <section key={*of}>
                    <h3>{ *of }</h3>
                    <ul>{ for challenges.iter().filter(|challenge| kind(&challenge.task) == *of).map(entry) }</ul>
                </section>
            }) }
        </>
    }
}
