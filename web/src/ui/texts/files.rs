//! The buttons that begin a text of one's own, open files, save the texts, and show the reference of the language.
//! `web/later/extras.js` does the work in the document.

use crate::browser::{use_extras, use_saved};
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::pick::Pick;
use lab::model::files::{Template, saved};
use lab::model::session::Session;
use lab::{Act, Same};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The texts that were saved last.
    pub saved: Option<Same<Session>>,
    /// What texts of one's own begin with.
    pub templates: Rc<Vec<Template>>,
}

/// Draws the buttons.
#[component]
pub fn Files(props: &Props) -> Html {
    let act = use_dispatch();
    let templates = props.templates.clone();
    use_saved(act.clone(), props.saved.clone(), |texts| {
        let (name, text, _) = saved(&texts.0);
        (name, text)
    });
    let extras = use_extras(act.clone());
    let ask = |what: &'static str| extras.reform(move |_: MouseEvent| what);
    let entry =
        |template: &Template| html! { <><b>{ &template.name }</b><span>{ &template.about }</span></> };
    let new = Pick {
        id: "new-text",
        title: "New",
        hint: "Begin a text of your own",
        entries: templates.iter().map(entry).collect(),
        onpick: act.reform(move |place: usize| Act::New(templates[place].slug.to_owned())),
    };
    html! {
        <div class="files" role="group" aria-label="Files" data-testid="files">
            { new.draw() }
            <button type="button" data-testid="open-file" onclick={ask("choose")} title="Open files. You can also drop them anywhere on the page.">{ "Open" }</button>
            <button type="button" data-testid="save-file" onclick={act.reform(|_: MouseEvent| Act::Save)} title="Save the scenario and your kernels in one file (Ctrl+S)">{ "Save" }</button>
            <button type="button" data-testid="read-language" onclick={ask("turn")} aria-expanded="false" title="The reference of the language, beside the text">{ "Language" }</button>
        </div>
    }
}
