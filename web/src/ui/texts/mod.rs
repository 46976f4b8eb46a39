//! The texts, to read along with the machine and to change.

pub mod code;
pub mod editor;
pub mod files;
pub mod marker;
pub mod plain;
pub mod reading;

use crate::browser::selected;
use code::Code;
use files::Files;
use lab::Same;
use lab::model::files::templates;
use lab::view::area::Area;
use lab::view::shown::Shown;
use lab::view::texts;
use lang::source::SourceId;
use scene::view::Acted;
use std::rc::Rc;
use yew::prelude::*;

/// What there is to draw of the texts. They are drawn again only when something that they are drawn from has changed.
#[derive(Clone, Properties)]
pub struct Props {
    /// What to draw.
    pub shown: Rc<Shown>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Area::Texts.is_same(&self.shown, &other.shown)
    }
}

/// Draws the texts, with the places that the CPUs are at.
#[component]
pub fn TextsArea(props: &Props) -> Html {
    let Shown { lab, moment, .. } = &*props.shown;
    let timed = lab.timed();
    let sources = {
        let (timed, sheet) = (timed.clone(), timed.sheet());
        let sheet = sheet.map(|(preset, text)| (preset.to_owned(), text.clone()));
        use_memo((lab.session().clone(), sheet), move |(session, _)| {
            Rc::new(texts::all_sources(session, &timed))
        })
    };
    let diagnostics = match timed.is_open() && !timed.diagnostics().is_empty() {
        true => Rc::new(lab.diagnostics().iter().chain(timed.diagnostics().iter()).cloned().collect()),
        false => lab.diagnostics().clone(),
    };
    let cpus = &moment.scene.cpus;
    let saved = lab.saved().cloned().map(Same);
    let templates = use_memo(lab.library().clone(), |_| templates());
    let files = html! { <Files {saved} {templates} /> };
    html! {
        <Code {files} texts={[0, 1, 2].map(|source| lab.texts(SourceId(source)))} sources={(*sources).clone()} {diagnostics}
            selected={selected(&lab.session().experiment.selection)}
            positions={cpus.iter().map(|cpu| cpu.position.clone()).collect::<Vec<_>>()} current={!lab.stale()}
            acted={cpus.iter().find(|cpu| cpu.acted != Acted::No).map(|cpu| cpu.cpu)} />
    }
}
