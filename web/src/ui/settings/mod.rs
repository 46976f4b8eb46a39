//! Switches and cases, and the scenario's verdicts under all of them.

pub mod grid;
pub mod policies;
pub mod toggles;

use crate::browser::use_told_in_view;
use grid::Grid;
use lab::Same;
use lab::view::answer::Answer;
use lab::view::grid::GridView;
use lab::view::policies::Policies;
use lab::view::shown::Shown;
use lab::view::texts;
use policies::PolicyTable;
use std::rc::Rc;
use toggles::Toggles;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What to draw.
    pub shown: Rc<Shown>,
}

/// Draws the switches, and what the last one has changed.
#[component]
pub fn SettingsArea(props: &Props) -> Html {
    let Shown { lab, .. } = &*props.shown;
    let player = lab.player();
    let cases = use_memo(lab.session().clone(), texts::cases);
    let here = props.shown.cases();
    let answer = {
        let moment = (Same(player.trace().clone()), player.cursor());
        let known = (lab.before().cloned().map(Same), moment, lab.check().report().cloned().map(Same));
        let lab = lab.clone();
        use_memo(known, move |(before, ..)| {
            before.as_ref().and_then(|before| Answer::of(&before.0, &lab)).map(Rc::new)
        })
    };
    use_told_in_view(".answer ul", lab.before().cloned().map(Same).filter(|_| answer.is_some()));
    html! {
        <Toggles options={player.machine().program().options.clone()} cases={(*cases).clone()} case={here.here}
            changed={here.changed.clone()} answer={(*answer).clone()} />
    }
}

/// Draws the scenario's verdicts on every kernel, and under all settings.
#[component]
pub fn TablesArea(props: &Props) -> Html {
    let Shown { lab, .. } = &*props.shown;
    let known = (
        Same(lab.setup().clone()),
        Same(lab.grid().cells().clone()),
        Same(lab.grid().refused_before().clone()),
    );
    let shown = &props.shown;
    let views = use_memo(known, |(setup, cells, before)| {
        let grid = GridView::of(&setup.0, &cells.0, shown.cases().here);
        (Rc::new(Policies::of(&setup.0, &cells.0, &before.0)), Rc::new(grid))
    });
    let (policies, grid) = (*views).clone();
    html! {
        <>
            <PolicyTable view={policies} counterpart={lab.counterpart().cloned()} />
            <Grid view={grid} />
        </>
    }
}
