//! A challenge: what is asked for, and how the attempt stands.

use crate::ui::lesson::prose::prose;
use crate::ui::parts::icon::{Icon, pictogram};
use guide::judge::Judgement;
use guide::{Challenge, Kind};
use lab::Act;
use lab::model::lesson::Ask;
use yew::prelude::*;

/// Properties of [`ChallengePanel`].
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
    /// The link to a solution, once asked for.
    pub solution: Option<String>,
    /// The reader has begun.
    pub wandered: bool,
    /// Whom to ask.
    pub act: Callback<Act>,
}

/// What a kind of challenge is called.
#[must_use]
pub const fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Break { .. } => "Break it",
        Kind::Secure { .. } => "Make it safe",
        Kind::Mend { .. } => "Find the bug",
    }
}

/// Draws the challenge.
#[component]
pub fn ChallengePanel(props: &Props) -> Html {
    let Props { challenge, judgement, allowed, taken, solution, wandered, act } = props;
    let ask = |ask: Ask| act.reform(move |_: MouseEvent| Act::Learn(ask.clone()));
    let (class, icon) = match judgement {
        Some(Judgement::Solved) => ("solved", Icon::Check),
        Some(Judgement::Dear { .. } | Judgement::Elsewhere) => ("nearly", Icon::Open),
        _ => ("unsolved", Icon::Open),
    };
    html! {
        <section class={classes!("lesson", "panel", "challenge", class)} data-testid="challenge-panel" aria-label="Challenge">
            <header>
                <h2><small>{ kind(&challenge.kind) }</small>{ &challenge.title }</h2>
                <button type="button" data-testid="leave" onclick={ask(Ask::Leave)}>{ "Leave" }</button>
            </header>
            <div class="prose">
                { prose(&challenge.text) }
                <p class="rules">{ rules(&challenge.kind, *allowed) }</p>
            </div>
            <p class="judgement" role="status" data-testid="judgement" data-solved={(*judgement == Some(Judgement::Solved)).to_string()}>
                { pictogram(icon) }<span>{ words(&challenge.kind, *judgement, *taken, *allowed) }</span>
            </p>
            <footer>
                if *wandered {
                    <button type="button" data-testid="again" onclick={ask(Ask::Again)}>{ "Start again" }</button>
                }
                if let Some(link) = solution {
                    <a class="solution" data-testid="solution" href={format!("#{link}")}>{ "Open a solution" }</a>
                } else {
                    <button type="button" data-testid="solve" onclick={ask(Ask::Solve)}
                        disabled={judgement.is_none() && allowed.is_none()}>{ "I give up" }</button>
                }
            </footer>
        </section>
    }
}

/// What counts.
fn rules(kind: &Kind, allowed: Option<u32>) -> String {
    match (kind, allowed) {
        (Kind::Break { name, .. }, Some(allowed)) => format!(
            "Choose what happens, step by step, until the page says \u{201c}{}\u{201d}: in {allowed} steps at most.",
            name.replace('_', " ")
        ),
        (Kind::Break { name, .. }, None) => {
            format!("Choose what happens, step by step, until the page says \u{201c}{}\u{201d}.", name.replace('_', " "))
        }
        (Kind::Secure { keep }, _) if keep.is_empty() => {
            "The kernel's switches are yours, the machine's stay as they are.".to_owned()
        }
        (Kind::Secure { keep }, _) => format!(
            "The kernel's switches are yours but for {}, the machine's stay as they are.",
            keep.join(", ").replace('_', " ")
        ),
        (Kind::Mend { .. }, _) => {
            "Only the kernel's text may change. The explorer must find nothing, and everything that the scenario \
             expects must hold."
                .to_owned()
        }
    }
}

/// How the attempt stands.
fn words(kind: &Kind, judgement: Option<Judgement>, taken: usize, allowed: Option<u32>) -> String {
    match (judgement, kind) {
        (None, _) => "The explorer is at it.".to_owned(),
        (Some(Judgement::Solved), Kind::Break { .. }) => format!("Solved, in {taken} steps."),
        (Some(Judgement::Solved), Kind::Secure { .. }) => {
            format!("Solved: safe, with {}, and no fewer would do.", changes(allowed.unwrap_or_default()))
        }
        (Some(Judgement::Solved), Kind::Mend { .. }) => "Solved: nothing can go wrong any more.".to_owned(),
        (Some(Judgement::Open), Kind::Break { .. }) => match allowed {
            Some(allowed) => format!("{taken} of {allowed} steps taken."),
            None => format!("{taken} steps taken."),
        },
        (Some(Judgement::Open), _) => "Not yet: see the verdict.".to_owned(),
        (Some(Judgement::Dear { took, allowed }), Kind::Break { .. }) => {
            format!("Done, in {took} steps; {allowed} are allowed. Go back, and choose better.")
        }
        (Some(Judgement::Dear { took, allowed }), _) => {
            format!("Safe, with {}; {} would do.", changes(took), allowed)
        }
        (Some(Judgement::Elsewhere), _) => {
            "Something has changed that belongs to the challenge: it does not count.".to_owned()
        }
        (Some(Judgement::Unsettled), _) => "The search stopped at its bound: nobody knows.".to_owned(),
    }
}

fn changes(number: u32) -> String {
    match number {
        1 => "1 change".to_owned(),
        number => format!("{number} changes"),
    }
}
