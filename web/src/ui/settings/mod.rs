//! Switches and cases, and the scenario's verdicts under all of them.

pub mod grid;
pub mod policies;
pub mod toggles;

use crate::browser::use_answer_in_view;
use crate::ui::parts::dispatch::use_dispatch;
use grid::Grid;
use lab::view::answers::Answers;
use lab::view::area::Area;
use lab::view::grid::GridView;
use lab::view::policies::Policies;
use lab::view::shown::Shown;
use lab::view::texts;
use lab::{Act, Same};
use policies::PolicyTable;
use std::rc::Rc;
use toggles::Toggles;
use yew::prelude::*;

/// What there is to draw of the switches. They are drawn again only when something that they are drawn from has changed.
#[derive(Clone, Properties)]
pub struct Props {
    /// What to draw.
    pub shown: Rc<Shown>,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Area::Settings.is_same(&self.shown, &other.shown)
    }
}

/// Draws the switches, and what the last one has changed.
#[component]
pub fn SettingsArea(props: &Props) -> Html {
    let Shown { lab, .. } = &*props.shown;
    let program = lab.player().machine().program();
    let idle: Vec<_> = program.options.iter().map(|option| lang::idle(option, &program.machine)).collect();
    let cases =
        use_memo(lab.offers_cases_of().cloned(), |of| of.as_ref().map(texts::cases).unwrap_or_default());
    let here = props.shown.cases();
    let said = use_mut_ref(Answers::default);
    let answers = said.take().at(lab);
    said.replace(answers.clone());
    let act = use_dispatch();
    let told = answers.told().cloned();
    let unseen = Callback::from(move |()| told.iter().cloned().for_each(|told| act.emit(Act::Tell(told))));
    use_answer_in_view(lab.before().cloned().map(Same).filter(|_| answers.answered()), unseen);
    html! {
        <Toggles options={lab.options()} {idle} cases={(*cases).clone()} case={here.here}
            changed={here.changed.clone()} {answers} />
    }
}

/// What there is to draw of the tables. They are drawn again only when something that they are drawn from has changed.
#[derive(Clone, Properties)]
pub struct TablesProps {
    /// All of it.
    pub shown: Rc<Shown>,
}

impl PartialEq for TablesProps {
    fn eq(&self, other: &TablesProps) -> bool {
        Area::Tables.is_same(&self.shown, &other.shown)
    }
}

/// Draws the scenario's verdicts on every kernel, and under all settings.
#[component]
pub fn TablesArea(props: &TablesProps) -> Html {
    let shown = &props.shown;
    let (setup, grid) = (shown.lab.setup(), shown.lab.grid());
    let policies = Rc::new(Policies::of(setup, grid.cells(), grid.refused_before()));
    let grid = Rc::new(GridView::of(setup, grid.cells(), shown.cases().here));
    html! {
        <>
            <PolicyTable view={policies} counterpart={shown.lab.counterpart().cloned()} />
            <Grid view={grid} />
        </>
    }
}
