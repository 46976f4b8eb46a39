//! The list of challenges.

use guide::Challenge;
use lab::view::lesson::kind;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// All of them.
    pub challenges: Rc<Vec<Challenge>>,
    /// One has been chosen.
    pub onchoose: Callback<()>,
}

/// Draws the list, kind by kind.
#[component]
pub fn Challenges(props: &Props) -> Html {
    let mut kinds: Vec<&'static str> = Vec::new();
    for challenge in props.challenges.iter() {
        if !kinds.contains(&kind(&challenge.kind)) {
            kinds.push(kind(&challenge.kind));
        }
    }
    let onclick = props.onchoose.reform(|_: MouseEvent| ());
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
                    <ul>{ for props.challenges.iter().filter(|challenge| kind(&challenge.kind) == *of).map(entry) }</ul>
                </section>
            }) }
        </>
    }
}
