//! The library: every scenario by chapter, and a search among them.

use crate::browser::{fields, library, use_first_focus};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::menu::menu;
use lab::Act;
use lab::model::library::Library;
use lab::view::catalogue::{Catalogue, Entry, KINDS, Query};
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
    let field = use_node_ref();
    use_first_focus(field.clone(), props.whole);
    let choose = {
        let (act, onchoose) = (act.clone(), props.onchoose.clone());
        Callback::from(move |slug: &'static str| {
            act.emit(Act::Open(slug.to_owned()));
            onchoose.emit(());
        })
    };
    let found = catalogue.found(&query);
    let (count, first) = (found.len(), found.first().map(|entry| entry.slug));
    let asked = *query != Query::default();
    // The list opens at the chapter of the scenario that is on the page.
    let here = found.iter().find(|entry| !asked && *props.open == *entry.slug).map(|entry| entry.chapter);
    let mut chapters: Vec<&str> = here.into_iter().collect();
    for entry in &found {
        if !chapters.contains(&entry.chapter) {
            chapters.push(entry.chapter);
        }
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
                <form class="finder" role="search" {onsubmit}>{ fields_of(&query, &catalogue, field) }</form>
                <p class="count"><span role="status" data-testid="gallery-count">{ counted(count, catalogue.entries.len(), asked) }</span>
                    <a href="./kernels.html" target="_blank">{ "Kernels side by side" }</a></p>
            }
            // In an element of its own: as chapters come and go, the field stays the same one and keeps the focus.
            <div>
                { for chapters.into_iter().map(|chapter| html! {
                    <section key={chapter}>
                        <h3>{ chapter }</h3>
                        <ul>{ for found.iter().filter(|entry| entry.chapter == chapter).map(|entry| card(entry, &props.open, &choose)) }</ul>
                    </section>
                }) }
            </div>
        </>
    }
}

fn counted(count: usize, all: usize, asked: bool) -> String {
    match (count, asked) {
        (0, _) => "No scenario matches. Remove a word, or choose Any.".to_owned(),
        (1, true) => format!("1 of {all} scenarios. Enter opens it."),
        (_, true) => format!("{count} of {all} scenarios. Enter opens the first."),
        _ => format!("{all} scenarios"),
    }
}

/// The field for words, and a list for each kind of choice.
fn fields_of(query: &UseStateHandle<Query>, catalogue: &Catalogue, field: NodeRef) -> Html {
    let set = |place: Option<usize>| {
        let query = query.clone();
        Callback::from(move |value: String| {
            let mut asked = (*query).clone();
            *place.map_or(&mut asked.words, |kind| &mut asked.chosen[kind]) = value;
            query.set(asked);
        })
    };
    let words = set(None);
    let oninput = move |event: InputEvent| words.emit(fields::line(&event).unwrap_or_default());
    let list = |(kind, title): (usize, &&'static str)| {
        let chosen = &query.chosen[kind];
        let mut entries = vec![(String::new(), "Any".to_owned(), chosen.is_empty())];
        for (value, title, count) in catalogue.choices(query, kind) {
            entries.push((value.to_owned(), format!("{title} ({count})"), value == chosen));
        }
        // What is chosen stays in its list, also if no scenario is like that any more.
        if !entries.iter().any(|(_, _, chosen)| *chosen) {
            entries.push((chosen.clone(), format!("{chosen} (0)"), true));
        }
        menu(title, LISTS[kind], entries, set(Some(kind)))
    };
    html! {
        <>
            <label class="seek">
                <span>{ "Words" }</span>
                <input type="search" ref={field} data-testid="gallery-words" {oninput} value={query.words.clone()}
                    placeholder="name, commit, CVE, rule (H13)" autocomplete="off" spellcheck="false" />
            </label>
            { for KINDS.iter().enumerate().map(list) }
        </>
    }
}

/// What tests call the lists.
const LISTS: [&str; KINDS.len()] = ["gallery-shows", "gallery-system", "gallery-kernel", "gallery-year"];

/// A scenario: its name and sentence, a square for each variant, and what is expected.
fn card(entry: &Entry, open: &AttrValue, choose: &Callback<&'static str>) -> Html {
    let slug = entry.slug;
    let onclick = choose.reform(move |_: MouseEvent| slug);
    let comma = if entry.year.is_empty() { "" } else { ", " };
    html! {
        <li key={slug}>
            <button type="button" {onclick} aria-current={(**open == *slug).then_some("true")}>
                <b>{ slug }</b>
                <span>{ &entry.about }</span>
                <svg viewBox="0 0 360 64" role="img" aria-label={entry.picture()}><use href={library::picture(slug)} /></svg>
                <small>{ entry.variants[0].kernel }{ comma }{ entry.year }</small>
                <small class="expected">
                    <span class="squares" aria-hidden="true">{ for entry.variants.iter().map(|variant| html! {
                        <i data-safe={(variant.safe || !variant.shows.is_empty()).then(|| variant.safe.to_string())} title={variant.sentence()} />
                    }) }</span>
                    { entry.expected() }
                </small>
            </button>
        </li>
    }
}
