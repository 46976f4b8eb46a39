//! What the explorer says: whether anything can go wrong, in how few steps, and within which bounds.

use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use crate::ui::verdict::quote::Quote;
use lab::Act;
use lab::view::verdict::{SearchState, VerdictView};
use scene::grouped;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The number of the check.
    pub check: u32,
    /// What the explorer has said.
    pub said: Rc<VerdictView>,
    /// The way to what the headline is about is on the stage, and whether it plays.
    pub shown: Option<bool>,
    /// States found in a second, while it runs.
    pub rate: Option<u32>,
    /// The verdict to be quoted, with all that it takes to check it again; empty as long as there is none.
    pub quote: AttrValue,
}

/// Draws the verdict.
#[component]
pub fn Verdict(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { check, said, shown, rate, quote } = props;
    let VerdictView { mood, title, sentence, headline, search, progress, silent, about, was, .. } = &**said;
    let class = mood.name();
    // The bounds stand in brackets at the end.
    let (claim, bounds) = split(sentence);
    html! {
        <section class={classes!("verdict", "panel", class)} data-testid="verdict" data-mood={class} data-check={check.to_string()} aria-label="Verdict">
            <div class="judged">
            <h2>{ title }</h2>
            if let Some(about) = about { <p class="about-text" data-testid="about">{ about }</p> }
            if let Some(was) = was {
                <p key={format!("{}{title}", was.title)} class={classes!("was", was.mood.name())} data-testid="was" role="status">{ "Before: " }<b>{ &was.title }</b></p>
            }
            </div>
            // Above the sentence, whose length changes when a shorter run comes.
            if let Some(property) = *headline { { lead(*shown, act.reform(move |_: MouseEvent| Act::Show(property))) } }
            if !quote.is_empty() { <Quote text={quote.clone()} /> }
            <p class="sentence" role="status"><span>{ isolated(claim) }</span><small>{ isolated(bounds) }</small></p>
            if *search == SearchState::Running {
                <p class="search">
                    if let Some(progress) = progress { <span>{ progress }</span> }
                    if let Some(rate) = rate { <span>{ format!("{} states per second", grouped((*rate).into())) }</span> }
                    <button type="button" data-testid="stop-search" onclick={act.reform(|_: MouseEvent| Act::Stop)}>{ "Stop the search" }</button>
                </p>
            }
            { silence(silent.as_deref(), act) }
            if *search == SearchState::Stopped {
                if let Some(progress) = progress { <p class="search"><span>{ progress }</span></p> }
                <button type="button" data-testid="search-again" onclick={act.reform(|_: MouseEvent| Act::Check)}>{ "Search again from the beginning" }</button>
            }
        </section>
    }
}

/// What a sentence claims, and the bounds, which stand in brackets at its end. There may be brackets within these.
fn split(sentence: &str) -> (&str, &str) {
    let mut open = 0;
    let begin = sentence.bytes().enumerate().rev().find(|&(_, byte)| {
        open += i32::from(byte == b')') - i32::from(byte == b'(');
        byte == b'(' && open <= 0
    });
    begin.map_or((sentence, ""), |(at, _)| sentence.split_at(at.saturating_sub(1)))
}

/// The main button: to the way there, or, if that is on the stage, play and pause.
fn lead(shown: Option<bool>, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="primary" data-testid="show-me" {onclick}>
            { pictogram(if shown == Some(true) { Icon::Pause } else { Icon::Play }) }
            { match shown {
                None => "Show me",
                Some(false) => "Play it",
                Some(true) => "Pause",
            } }
        </button>
    }
}

/// That the explorer does not answer, and a button to start it anew.
fn silence(silent: Option<&str>, act: &Callback<Act>) -> Html {
    let Some(silent) = silent else { return html! {} };
    html! {
        <p class="search" role="status" data-testid="silent">
            <span>{ silent }</span>
            <button type="button" data-testid="restart" onclick={act.reform(|_: MouseEvent| Act::Restart)}>{ "Start it again" }</button>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn bounds_stay_together() {
        let bounds = " (complete; k with a, b (the scenario with c); Intel, 2 CPUs).";
        assert_eq!(
            split(&format!("Munmap (of a page) is safe{bounds}")),
            ("Munmap (of a page) is safe", bounds)
        );
        assert_eq!(split("Checking."), ("Checking.", ""));
        assert_eq!(split("(odd"), ("", "(odd"));
    }
}
