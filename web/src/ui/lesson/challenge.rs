//! A challenge: the task, and how the attempt stands.

use crate::ui::lesson::prose::{WayToCosts, prose};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use guide::Challenge;
use guide::judge::Judgement;
use lab::Act;
use lab::model::lesson::LessonAct;
use lab::view::lesson::{kind, rules, standing};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The challenge.
    pub challenge: Challenge,
    /// How the attempt stands; nothing while that is not known.
    pub judgement: Option<Judgement>,
    /// Steps that a run chosen by hand may have, or changes that are enough.
    pub allowed: Option<u32>,
    /// Steps taken.
    pub taken: usize,
    /// The challenge after it: its slug and its title.
    pub next: Option<(String, String)>,
    /// The link to a solution, once asked for.
    pub solution: Option<String>,
    /// The reader has begun.
    pub wandered: bool,
}

/// Draws the challenge.
#[component]
pub fn ChallengePanel(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { challenge, judgement, allowed, taken, next, solution, wandered } = props;
    let ask = |ask: LessonAct| act.reform(move |_: MouseEvent| Act::Lesson(ask.clone()));
    let (class, icon) = match judgement {
        Some(Judgement::Solved) => ("solved", Icon::Check),
        Some(Judgement::Dear { .. } | Judgement::Elsewhere) => ("nearly", Icon::Open),
        _ => ("unsolved", Icon::Open),
    };
    html! {
        <section class={classes!("lesson", "panel", "challenge", class)} data-testid="challenge-panel" aria-label="Challenge">
            <header>
                <h2 tabindex="-1"><small>{ kind(&challenge.task) }</small>{ &challenge.title }</h2>
                <button type="button" data-testid="leave" onclick={ask(LessonAct::Leave)}>{ "Leave" }</button>
            </header>
            <div class="prose">
                { prose(&challenge.text) }
                <p class="rules">{ rules(&challenge.task, *allowed) }</p>
            </div>
            <p class="judgement" role="status" data-testid="judgement" data-solved={(*judgement == Some(Judgement::Solved)).to_string()}>
                { pictogram(icon) }<span>{ standing(&challenge.task, *judgement, *taken, *allowed) }</span>
            </p>
            <footer>
                if challenge.bench().is_some() { <WayToCosts /> }
                if *wandered {
                    <button type="button" data-testid="again" onclick={ask(LessonAct::Again)}>{ "Start again" }</button>
                }
                if let Some(link) = solution {
                    <a class="solution" data-testid="solution" href={format!("#{link}")}>{ "Open a solution" }</a>
                } else if *judgement != Some(Judgement::Solved) {
                    <button type="button" data-testid="solve" onclick={ask(LessonAct::Solve)}
                        disabled={judgement.is_none() && allowed.is_none()}>{ "I give up" }</button>
                }
                if let Some((slug, title)) = next.as_ref().filter(|_| *judgement == Some(Judgement::Solved)) {
                    <a class="primary" data-testid="next-challenge" href={format!("#challenge/{slug}")}>
                        { "Next challenge" }<span class="visually-hidden">{ format!(": {title}") }</span>
                    </a>
                }
            </footer>
        </section>
    }
}
