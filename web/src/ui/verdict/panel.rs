//! What the explorer says: whether anything can go wrong, in how few steps, and within which bounds.

use crate::ui::parts::cell::cell;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use crate::ui::verdict::quote::Quote;
use lab::Act;
use lab::model::verdict::Mood;
use lab::view::next::{Hint, Way};
use lab::view::verdict::{PropertyLine, Search, VerdictView};
use machine::Property;
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
    /// The lines of the kernel that no run reaches; empty if there are none.
    pub unreached: AttrValue,
    /// What to try next.
    pub next: Rc<Vec<Hint>>,
}

/// Draws the verdict.
#[component]
pub fn Verdict(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { check, said, shown, rate, quote, unreached, next } = props;
    let VerdictView {
        mood,
        title,
        sentence,
        headline,
        others,
        expectations,
        finals,
        figures,
        search,
        progress,
        silent,
        about,
        was,
    } = &**said;
    let show = |property: Property| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Act::Show(property)))
    };
    let class = mood.name();
    // The bounds stand in brackets at the end.
    let (claim, bounds) = sentence.rfind(" (").map_or((sentence.as_str(), ""), |at| sentence.split_at(at));
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
            if let Some(property) = *headline { { lead(*shown, show(property)) } }
            if !quote.is_empty() { <Quote text={quote.clone()} /> }
            <p class="sentence" role="status">{ isolated(claim) }<small>{ isolated(bounds) }</small></p>
            if *search == Search::Running {
                <p class="search">
                    if let Some(progress) = progress { <span>{ progress }</span> }
                    if let Some(rate) = rate { <span>{ format!("{} states per second", grouped((*rate).into())) }</span> }
                    <button type="button" data-testid="stop-search" onclick={act.reform(|_: MouseEvent| Act::Stop)}>{ "Stop the search" }</button>
                </p>
            }
            { silence(silent.as_deref(), act) }
            if *search == Search::Stopped {
                if let Some(progress) = progress { <p class="search"><span>{ progress }</span></p> }
                <button type="button" data-testid="search-again" onclick={act.reform(|_: MouseEvent| Act::Check)}>{ "Search anew, from the beginning" }</button>
            }
            { also(others, &show) }
            { hints(*mood, next, act) }
            if !figures.is_empty() {
                <dl class="figures">
                    { for figures.iter().map(|(what, number)| html! { <div><dt>{ *what }</dt><dd>{ number }</dd></div> }) }
                </dl>
            }
            if !unreached.is_empty() { <p class="unreached" data-testid="unreached">{ isolated(unreached) }</p> }
            if let Some((line, all)) = finals {
                <details class="finals" data-testid="finals">
                    <summary>{ line }</summary>
                    <pre>{ all }</pre>
                </details>
            }
            if !expectations.is_empty() {
                <details class="expectations">
                    <summary>{ expected(expectations) }</summary>
                    <ul>{ for expectations.iter().map(|line| expectation(line, &show)) }</ul>
                </details>
            }
        </section>
    }
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
            <button type="button" data-testid="restart" onclick={act.reform(|_: MouseEvent| Act::Restart)}>{ "Start it anew" }</button>
        </p>
    }
}

/// Other violations that show, each with what loads the shortest way there.
fn also(others: &[PropertyLine], show: &dyn Fn(Property) -> Callback<MouseEvent>) -> Html {
    if others.is_empty() {
        return html! {};
    }
    html! {
        <p class="others">
            { "Also reachable: " }
            { for others.iter().filter_map(|line| line.property.map(|property| html! {
                <button type="button" onclick={show(property)} title={property.sentence()}>
                    { &line.text }
                    if let Some(steps) = line.steps { <small>{ steps }</small> }
                </button>
            })) }
        </p>
    }
}

/// What to try next: a sentence each, which ends with what leads there. They come after the verdict: their place is there from
/// the beginning, so that the switches below stay where they are.
fn hints(mood: Mood, next: &[Hint], act: &Callback<Act>) -> Html {
    if next.is_empty() && !matches!(mood, Mood::Reachable | Mood::Safe) {
        return html! {};
    }
    html! {
        <ul class="hints" data-testid="next" aria-label="What to try next">
            { for next.iter().map(|hint| html! {
                <li>
                    { &hint.text }{ " " }
                    { match &hint.way {
                        Way::Setting(there) => cell(there, act),
                        Way::Lost(words) => html! {
                            <button type="button" data-testid="show-lost" onclick={act.reform(|_: MouseEvent| Act::ShowLost)}>{ words }</button>
                        },
                    } }
                </li>
            }) }
        </ul>
    }
}

/// What the scenario expects of a property, and whether it holds.
fn expectation(line: &PropertyLine, show: &dyn Fn(Property) -> Callback<MouseEvent>) -> Html {
    let (icon, class, word) = match line.holds {
        Some(true) => (Icon::Check, "met", "as expected"),
        Some(false) => (Icon::Close, "unmet", "not as expected"),
        None => (Icon::Open, "open", "open"),
    };
    let length = line.property.zip(line.steps);
    html! {
        <li class={class}>
            { pictogram(icon) }
            <span>{ line.text.replace('_', " ") }</span>
            <small>{ word }</small>
            if let Some((property, steps)) = length {
                <button type="button" onclick={show(property)} title="Load the shortest path to it">{ scene::steps(steps) }</button>
            }
        </li>
    }
}

fn expected(lines: &[PropertyLine]) -> String {
    let met = lines.iter().filter(|line| line.holds == Some(true)).count();
    match (met, lines.len()) {
        (1, 1) => "The one expectation of the scenario holds".to_owned(),
        (met, all) if met == all => format!("All {all} expectations of the scenario hold"),
        (met, all) => {
            let open = lines.iter().filter(|line| line.holds.is_none()).count();
            let open = if open == 0 { String::new() } else { format!(", {open} open") };
            format!("Expectations of the scenario as written: {met} of {all} hold here{open}")
        }
    }
}
