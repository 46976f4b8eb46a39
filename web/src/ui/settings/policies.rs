//! The policies in one table: a row for each kernel that the scenario runs on.

use crate::browser::{use_roving, use_steady};
use crate::ui::parts::cell::cell;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::model::comparison::Counterpart;
use lab::view::grid::CellKind;
use lab::view::policies::{KernelRow, Policies};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The table.
    pub view: Rc<Policies>,
    /// The other machine that the run is followed on.
    pub counterpart: Option<Counterpart>,
}

/// Draws the table.
#[component]
pub fn PolicyTable(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { view, counterpart } = props;
    let Policies { rows, refused, summary } = &**view;
    let table = use_node_ref();
    let onkeydown = use_roving(table.clone(), ".cell.leads, .compared button");
    use_steady(table.clone(), rows.len() > 1);
    if rows.len() < 2 {
        return html! {};
    }
    let row = |row: &KernelRow| {
        let other = Counterpart::Kernel(row.kernel.clone());
        let compared = counterpart.as_ref() == Some(&other);
        let onclick = act.reform(move |_: MouseEvent| Act::Compare((!compared).then(|| other.clone())));
        html! {
            <tr key={row.kernel.clone()} class={classes!(row.cell.here.then_some("here"))}>
                <th scope="row"><b>{ &row.kernel }</b>{ row.edited.then_some("As edited here. ") }<span>{ isolated(&row.about) }</span></th>
                <td>{ cell(&row.cell, act) }</td>
                <td class="compared">
                    if !row.cell.here && !matches!(row.cell.kind, CellKind::Waiting | CellKind::Refused) {
                        <button type="button" aria-pressed={compared.to_string()} {onclick}
                            title="Play the same choices on this kernel, below the timeline">{ "Compare" }
                            <span class="visually-hidden">{ format!(" with {}", row.kernel) }</span></button>
                    }
                </td>
            </tr>
        }
    };
    html! {
        <section class="policies panel" data-testid="policies" aria-label="Every kernel">
            <h2>{ "Every kernel on this scenario" }</h2>
            <p class="hint" data-testid="policies-summary">{ summary }</p>
            <table ref={table} {onkeydown}>
                <thead><tr>
                    <th scope="col">{ "Kernel" }</th>
                    <th scope="col">{ "Violation" }</th>
                    <th scope="col">{ "The same choices" }</th>
                </tr></thead>
                <tbody>{ for rows.iter().map(row) }</tbody>
            </table>
            if !refused.is_empty() {
                <details class="refusals">
                    <summary>{ format!("{} kernels on which this scenario can't be checked", refused.len()) }</summary>
                    <dl>{ for refused.iter().map(|(kernel, why)| html! { <div key={kernel.clone()}><dt>{ kernel }</dt><dd>{ isolated(why) }</dd></div> }) }</dl>
                </details>
            }
        </section>
    }
}
