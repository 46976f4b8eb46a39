//! The texts, to read along with the machine and to change.

pub mod code;
pub mod editor;

use code::Code;
use lab::view::shown::Shown;
use lab::view::texts;
use scene::view::Acted;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What to draw.
    pub shown: Rc<Shown>,
}

/// Draws the texts, with the places that the CPUs are at.
#[component]
pub fn TextsArea(props: &Props) -> Html {
    let Shown { lab, moment, .. } = &*props.shown;
    let sources = use_memo(lab.session().clone(), texts::sources);
    let cpus = &moment.scene.cpus;
    html! {
        <Code sources={(*sources).clone()} diagnostics={lab.diagnostics().clone()}
            positions={cpus.iter().map(|cpu| cpu.position.clone()).collect::<Vec<_>>()} current={!lab.stale()}
            acted={cpus.iter().find(|cpu| cpu.acted != Acted::No).map(|cpu| cpu.cpu)} />
    }
}
