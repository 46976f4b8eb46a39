//! The library: every scenario by chapter, and what one looks for in it.

use crate::browser::{fields, has_keyboard};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::menu::menu;
use lab::Act;
use lab::model::library::Library;
use lab::view::catalogue::{Catalogue, Choices, Entry, Query};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The scenario that is open, by slug.
    pub open: AttrValue,
    /// The whole library is here.
    pub whole: bool,
    /// Why the library is not there, if it did not come.
    pub lost: Option<AttrValue>,
    /// One has been chosen.
    pub onchoose: Callback<()>,
}

/// The library.
#[component]
pub fn Gallery(props: &Props) -> Html {
    let act = use_dispatch();
    let again = act.reform(|_: MouseEvent| Act::Library(Library::Coming));
    let catalogue = use_memo(props.whole, |_| Catalogue::of_the_library());
    let query = use_state(Query::default);
    let choose = {
        let (act, onchoose) = (act.clone(), props.onchoose.clone());
        Callback::from(move |slug: &'static str| {
            act.emit(Act::Open(slug.to_owned()));
            onchoose.emit(());
        })
    };
    let mut found = catalogue.found(&query);
    let count = found.iter().map(|(_, entries)| entries.len()).sum::<usize>();
    let first = found.first().and_then(|(_, entries)| entries.first()).map(|entry| entry.slug);
    let asked = *query != Query::default();
    if !asked {
        // The list opens at the scenario that is on the page.
        found.sort_by_key(|(_, entries)| !entries.iter().any(|entry| *props.open == *entry.slug));
    }
    let onsubmit = {
        let choose = choose.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(slug) = first.filter(|_| asked) {
                choose.emit(slug);
            }
        }
    };
    html! {
        <>
            if let Some(why) = &props.lost {
                <p role="alert" class="gallery-lost" data-testid="gallery-lost">
                    { format!("The rest of the library could not be loaded: {why}. ") }
                    <button type="button" data-testid="gallery-again" onclick={again}>{ "Try again" }</button>
                </p>
            } else if !props.whole {
                <p role="status">{ "The rest of the library is being loaded." }</p>
            } else {
                <form class="finder" role="search" {onsubmit}>{ fields_of(&query, &catalogue) }</form>
                <p class="count" role="status" data-testid="gallery-count">{ counted(count, catalogue.entries.len(), asked) }</p>
            }
            { for found.iter().map(|(chapter, entries)| html! {
                <section key={*chapter}>
                    <h3>{ *chapter }</h3>
                    <ul>{ for entries.iter().map(|entry| card(entry, &props.open, &choose)) }</ul>
                </section>
            }) }
        </>
    }
}

fn counted(count: usize, all: usize, asked: bool) -> String {
    match (count, asked) {
        (0, _) => "No scenario is like that. Take a word away, or choose Any.".to_owned(),
        (1, true) => format!("1 of {all} scenarios. Enter opens it."),
        (_, true) => format!("{count} of {all} scenarios. Enter opens the first."),
        _ => format!("{all} scenarios"),
    }
}

/// The field for words, and a list for each kind of choice.
fn fields_of(query: &UseStateHandle<Query>, catalogue: &Catalogue) -> Html {
    let change = |set: fn(&mut Query, String)| {
        let query = query.clone();
        Callback::from(move |value: String| {
            let mut asked = (*query).clone();
            set(&mut asked, value);
            query.set(asked);
        })
    };
    let words = change(|query, words| query.words = words);
    let oninput = move |event: InputEvent| words.emit(fields::line(&event).unwrap_or_default());
    let [systems, years, kernels, shows] = catalogue.choices(query);
    html! {
        <>
            <label class="words">
                <span>{ "Words" }</span>
                <input type="search" data-testid="gallery-words" autofocus={has_keyboard()} {oninput} value={query.words.clone()}
                    placeholder="a name, a commit, a CVE, a rule such as H13" autocomplete="off" spellcheck="false" />
            </label>
            { menu("Shows", "gallery-shows", entries(shows, &query.shows), change(|query, value| query.shows = value)) }
            { menu("System", "gallery-system", entries(systems, &query.system), change(|query, value| query.system = value)) }
            { menu("Kernel", "gallery-kernel", entries(kernels, &query.kernel), change(|query, value| query.kernel = value)) }
            { menu("Year", "gallery-year", entries(years, &query.year), change(|query, value| query.year = value)) }
        </>
    }
}

fn entries(choices: Choices, chosen: &str) -> Vec<(String, String, bool)> {
    let any = (String::new(), "Any".to_owned(), chosen.is_empty());
    let rest = choices
        .into_iter()
        .map(|(value, title, count)| (value.to_owned(), format!("{title} ({count})"), value == chosen));
    std::iter::once(any).chain(rest).collect()
}

/// A scenario: its name and sentence, a square for each variant, and what is expected.
fn card(entry: &Entry, open: &AttrValue, choose: &Callback<&'static str>) -> Html {
    let slug = entry.slug;
    let onclick = choose.reform(move |_: MouseEvent| slug);
    let from = [entry.variants[0].kernel, entry.year];
    let from: Vec<&str> = from.into_iter().filter(|word| !word.is_empty()).collect();
    html! {
        <li key={slug}>
            <button type="button" {onclick} aria-current={(**open == *slug).then_some("true")}>
                <b>{ slug }</b>
                <span>{ &entry.about }</span>
                <small>{ from.join(", ") }</small>
                <small class="expected">
                    <span class="squares" aria-hidden="true">{ for entry.variants.iter().map(|variant| html! {
                        <i data-safe={variant.shows.is_empty().to_string()} title={variant.sentence()} />
                    }) }</span>
                    { entry.expected() }
                </small>
            </button>
        </li>
    }
}
