//! What the explorer says: whether anything can go wrong at all, in how few steps, and within which bounds.

use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::verdict::quote::Quote;
use lab::Act;
use lab::model::verdict::Mood;
use lab::model::verdict::Settled;
use lab::view::moment::{Line, Search};
use machine::Property;
use scene::grouped;
use yew::prelude::*;

/// Properties of [`Verdict`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The number of the check.
    pub check: u32,
    /// The tone of the whole.
    pub mood: Mood,
    /// Two or three words.
    pub title: String,
    /// The sentence, to be copied.
    pub sentence: String,
    /// What the headline is about.
    pub headline: Option<Property>,
    /// The way there is on the stage, and it plays.
    pub shown: Option<bool>,
    /// Other violations that show.
    pub others: Vec<Line>,
    /// What the scenario expects, as it is told.
    pub expectations: Vec<Line>,
    /// Figures of the search: what and how many.
    pub figures: Vec<(&'static str, String)>,
    /// What it is about, if that is not simply the library's text.
    pub about: Option<String>,
    /// The verdict of before, if this is another one.
    pub was: Option<Settled>,
    /// What the reader can do about the search.
    pub search: Search,
    /// States found in a second, while it runs.
    pub rate: Option<u32>,
    /// The verdict to be quoted, with all that it takes to check it again; empty as long as there is none.
    pub quote: AttrValue,
    /// Whom to ask.
    pub act: Callback<Act>,
}

/// Draws the verdict.
#[component]
pub fn Verdict(props: &Props) -> Html {
    let Props {
        check,
        mood,
        title,
        sentence,
        headline,
        shown,
        others,
        expectations,
        figures,
        about,
        was,
        search,
        rate,
        quote,
        act,
    } = props;
    let show = |property: Property| {
        let act = act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Act::Show(property)))
    };
    let class = mood.name();
    let line = |line: &Line| {
        let (icon, class, word) = match line.holds {
            Some(true) => (Icon::Check, "met", "so it is"),
            Some(false) => (Icon::Close, "unmet", "not so here"),
            None => (Icon::Open, "open", "open"),
        };
        let length = line.property.zip(line.steps);
        html! {
            <li class={class}>
                { pictogram(icon) }
                <span>{ line.text.replace('_', " ") }</span>
                <small>{ word }</small>
                if let Some((property, steps)) = length {
                    <button type="button" onclick={show(property)} title="Load the shortest way there">{ format!("{steps} steps") }</button>
                }
            </li>
        }
    };
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
            <p class="sentence" role="status">{ claim }<small>{ bounds }</small></p>
            if let Some(property) = *headline {
                <button type="button" class="primary" data-testid="show-me" onclick={show(property)}>
                    { pictogram(if *shown == Some(true) { Icon::Pause } else { Icon::Play }) }
                    { match shown {
                        None => "Show me",
                        Some(false) => "Play it",
                        Some(true) => "Pause",
                    } }
                </button>
            }
            if *search == Search::Running {
                <p class="search">
                    if let Some(rate) = rate { <span>{ format!("{} states a second", grouped((*rate).into())) }</span> }
                    <button type="button" data-testid="stop-search" onclick={act.reform(|_: MouseEvent| Act::Stop)}>{ "Stop the search" }</button>
                </p>
            }
            if *search == Search::Stopped {
                <button type="button" data-testid="search-again" onclick={act.reform(|_: MouseEvent| Act::Check)}>{ "Search again" }</button>
            }
            if !quote.is_empty() { <Quote text={quote.clone()} /> }
            if !others.is_empty() {
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
            if !figures.is_empty() {
                <dl class="figures">
                    { for figures.iter().map(|(what, number)| html! { <div><dt>{ *what }</dt><dd>{ number }</dd></div> }) }
                </dl>
            }
            if !expectations.is_empty() {
                <details class="expectations">
                    <summary>{ expected(expectations) }</summary>
                    <ul>{ for expectations.iter().map(line) }</ul>
                </details>
            }
        </section>
    }
}

/// Properties of [`Strip`].
#[derive(Clone, PartialEq, Properties)]
pub struct StripProps {
    /// The tone of the verdict.
    pub mood: Mood,
    /// Its two or three words.
    pub title: String,
    /// What it is about.
    pub about: Option<String>,
    /// The verdict of before.
    pub was: Option<Settled>,
}

/// The verdict in one line, in view where it itself is not: behind it, at the edge of the screen once it has gone. What
/// it says is said in the verdict.
#[component]
pub fn Strip(props: &StripProps) -> Html {
    let StripProps { mood, title, about, was } = props;
    html! {
        <p class={classes!("strip", mood.name())} data-testid="strip" aria-hidden="true">
            <b>{ title }</b>
            if let Some(about) = about { <span>{ about }</span> }
            if let Some(was) = was { <small>{ format!("before: {}", was.title) }</small> }
        </p>
    }
}

fn expected(lines: &[Line]) -> String {
    let met = lines.iter().filter(|line| line.holds == Some(true)).count();
    match (met, lines.len()) {
        (met, all) if met == all => format!("As the scenario expects ({all} of {all})"),
        (met, all) => format!("What the scenario as told expects: {met} of {all} hold here"),
    }
}
