//! The library: every scenario with its sentence, by the kernel it runs on.

use crate::ui::parts::dispatch::use_dispatch;
use lab::Act;
use lab::model::library::Library;
use lab::view::policies::about;
use lang::CaseName;
use std::collections::BTreeMap;
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

/// A scenario of the library.
struct Entry {
    slug: &'static str,
    about: String,
    cases: Vec<CaseName>,
}

/// The library.
#[component]
pub fn Gallery(props: &Props) -> Html {
    let act = use_dispatch();
    let again = act.reform(|_: MouseEvent| Act::Library(Library::Coming));
    let groups = use_memo(props.whole, |_| {
        let mut groups: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for text in gallery::scenarios() {
            let cases = lang::cases(text.text);
            let kernel = cases.first().map(|case| case.kernel.clone()).unwrap_or_default();
            groups.entry(kernel).or_default().push(Entry { slug: text.slug, about: about(text.text), cases });
        }
        groups
    });
    let entry = |entry: &Entry| {
        let (slug, act, onchoose) = (entry.slug, act.clone(), props.onchoose.clone());
        let onclick = move |_| {
            act.emit(Act::Open(slug.to_owned()));
            onchoose.emit(());
        };
        let cases: Vec<&str> = entry.cases.iter().filter_map(|case| case.name.as_deref()).collect();
        html! {
            <li key={slug}>
                <button type="button" {onclick} aria-current={(*props.open == *slug).then_some("true")}>
                    <b>{ slug }</b>
                    <span>{ &entry.about }</span>
                    if !cases.is_empty() { <small>{ format!("Also: {}", cases.join(", ")) }</small> }
                </button>
            </li>
        }
    };
    // The list opens at the scenario that is on the page.
    let near = |entries: &[Entry]| entries.iter().any(|entry| *props.open == *entry.slug);
    let (first, others): (Vec<_>, Vec<_>) = groups.iter().partition(|(_, entries)| near(entries));
    html! {
        <>
            if let Some(why) = &props.lost {
                <p role="alert" class="gallery-lost" data-testid="gallery-lost">
                    { format!("The rest of the library could not be loaded: {why}. ") }
                    <button type="button" data-testid="gallery-again" onclick={again}>{ "Try again" }</button>
                </p>
            } else if !props.whole {
                <p role="status">{ "The rest of the library is being loaded." }</p>
            }
            { for first.into_iter().chain(others).map(|(kernel, entries)| html! {
                <section key={kernel.clone()}>
                    <h3>{ kernel }</h3>
                    <ul>{ for entries.iter().map(entry) }</ul>
                </section>
            }) }
        </>
    }
}
