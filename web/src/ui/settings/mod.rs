//! Switches and cases, and the scenario's verdicts under all of them.

pub mod grid;
pub mod policies;
pub mod toggles;

use crate::browser::use_told_in_view;
use explore::Trace;
use grid::Grid;
use lab::model::before::Before;
use lab::model::grid::Cell;
use lab::model::library::Library;
use lab::model::session::{Setting, Setup};
use lab::view::answer::Answer;
use lab::view::grid::GridView;
use lab::view::policies::Policies;
use lab::view::shown::Shown;
use lab::view::texts;
use lab::{Lab, Same};
use machine::Machine;
use policies::PolicyTable;
use protocol::Report;
use std::collections::BTreeMap;
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
        let of =
            |shown: &Shown| (shown.lab.session().clone(), Same(shown.lab.setup().clone()), changed(shown));
        of(&self.shown) == of(&other.shown)
    }
}

/// What the sentences about the last switch are made from.
type Changed = Option<(Same<Before>, Same<Trace<Machine>>, usize, Option<Same<Report>>)>;

fn changed(shown: &Shown) -> Changed {
    let (lab, player) = (&shown.lab, shown.lab.player());
    let moment = (Same(player.trace().clone()), player.cursor());
    lab.before()
        .map(|before| (Same(before.clone()), moment.0, moment.1, lab.check().report().cloned().map(Same)))
}

/// Draws the switches, and what the last one has changed.
#[component]
pub fn SettingsArea(props: &Props) -> Html {
    let Shown { lab, .. } = &*props.shown;
    let player = lab.player();
    let cases = use_memo(lab.session().clone(), texts::cases);
    let here = props.shown.cases();
    let answer = {
        let lab = lab.clone();
        use_memo(changed(&props.shown), move |changed| {
            changed.as_ref().and_then(|(before, ..)| Answer::of(&before.0, &lab)).map(Rc::new)
        })
    };
    use_told_in_view(".answer ul", lab.before().cloned().map(Same).filter(|_| answer.is_some()));
    html! {
        <Toggles options={player.machine().program().options.clone()} cases={(*cases).clone()} case={here.here}
            changed={here.changed.clone()} answer={(*answer).clone()} />
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
        let of = |shown: &Shown| (known(&shown.lab), shown.lab.counterpart().cloned());
        of(&self.shown) == of(&other.shown)
    }
}

/// What the tables are made from.
type Known = (Same<Setup>, Same<BTreeMap<Setting, Cell>>, Same<BTreeMap<String, String>>, Library);

fn known(lab: &Lab) -> Known {
    (
        Same(lab.setup().clone()),
        Same(lab.grid().cells().clone()),
        Same(lab.grid().refused_before().clone()),
        lab.library().clone(),
    )
}

/// Draws the scenario's verdicts on every kernel, and under all settings.
#[component]
pub fn TablesArea(props: &TablesProps) -> Html {
    let Shown { lab, .. } = &*props.shown;
    let shown = &props.shown;
    let views = use_memo(known(lab), |(setup, cells, before, _)| {
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
