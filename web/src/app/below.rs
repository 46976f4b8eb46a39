//! What stands below the stage: every kernel, all settings at once, the texts.

use crate::ui::settings::grid::Grid;
use crate::ui::settings::policies::PolicyTable;
use crate::ui::texts::code::{self, Code};
use lab::Act;
use lab::Same;
use lab::model::comparison::Beside;
use lab::model::grid::Cell;
use lab::model::session::Setting;
use lab::model::session::Setup;
use lab::view::grid::GridView;
use lab::view::policies::Policies;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Below`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The machine on the stage.
    pub setup: Same<Setup>,
    /// What is known of the settings.
    pub cells: Same<BTreeMap<Setting, Cell>>,
    /// What the stage is compared with.
    pub beside: Option<Beside>,
    /// The texts.
    pub code: code::Props,
    /// What readers do.
    pub act: Callback<Act>,
}

/// Draws it.
#[component]
pub(super) fn Below(props: &Props) -> Html {
    let Props { setup, cells, beside, code, act } = props.clone();
    let views = use_memo((setup, cells), |(setup, cells)| {
        (Rc::new(GridView::of(&setup.0, &cells.0)), Rc::new(Policies::of(&setup.0, &cells.0)))
    });
    let (grid, policies) = (*views).clone();
    html! {
        <>
            <PolicyTable view={policies} {beside} act={act.clone()} />
            <Grid view={grid} {act} />
            <Code ..code />
        </>
    }
}
