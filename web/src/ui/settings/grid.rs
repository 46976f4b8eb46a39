//! All settings of the options in one table: what can go wrong in each. A cell is a link to its machine, or a button where the
//! link would be long.

use crate::browser::{use_roving, use_steady};
use crate::ui::parts::cell::cell;
use crate::ui::parts::dispatch::use_dispatch;
use lab::view::grid::{GridRow, GridView, Head};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The table.
    pub view: Rc<GridView>,
}

/// Draws the table.
#[component]
pub fn Grid(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { view } = props;
    let GridView { cases, columns, row_options, rows, summary, fixed } = &**view;
    // Narrow pages have a list, the nearest settings first.
    let whole = use_state_eq(|| false);
    let onwhole = {
        let whole = whole.clone();
        move |_: MouseEvent| whole.set(!*whole)
    };
    let (place, table, case_list) = (use_node_ref(), use_node_ref(), use_node_ref());
    // What is above changes with each setting that is chosen here.
    use_steady(place.clone(), true);
    let on_table_key = use_roving(table.clone(), ".cell.leads");
    let on_case_key = use_roving(case_list.clone(), ".cell.leads");
    let heads = |(place, heads): (usize, &Vec<Head>)| {
        html! {
            <tr key={place}>
                if place == 0 {
                    { for row_options.iter().map(|name| html! { <td key={name.clone()} rowspan={columns.len().to_string()} /> }) }
                }
                { for heads.iter().enumerate().map(|(at, head)| html! {
                    <th key={at} scope="colgroup" colspan={head.span.to_string()}>{ name(head) }</th>
                }) }
            </tr>
        }
    };
    let row = |(place, row): (usize, &GridRow)| {
        html! {
            <tr key={place}>
                { for row.heads.iter().map(|head| html! {
                    <th key={head.option.clone()} scope="rowgroup" rowspan={head.span.to_string()}>{ name(head) }</th>
                }) }
                { for row.cells.iter().enumerate().map(|(at, view)| html! { <td key={at} class={(!view.near).then_some("far")}>{ cell(view, act) }</td> }) }
            </tr>
        }
    };
    html! {
        <section ref={place} class={classes!("grid", "panel", whole.then_some("whole"))} data-testid="grid" aria-label="All settings">
            <h2>{ "All settings at once" }</h2>
            <p class="hint" data-testid="grid-summary">{ summary }{ fixed.as_ref().map(|fixed| format!(" {fixed}")) }</p>
            if !cases.is_empty() {
                <ul class="case-verdicts" aria-label="Cases" ref={case_list} onkeydown={on_case_key}>
                    { for cases.iter().map(|view| html! { <li key={view.label.clone()}>{ cell(view, act) }</li> }) }
                </ul>
            }
            <button type="button" class="narrow" data-testid="grid-whole" aria-pressed={whole.to_string()} onclick={onwhole}>
                { if *whole { "Only settings that differ in one option" } else { "List all settings" } }
            </button>
            <div class="sideways">
                <table ref={table} onkeydown={on_table_key}>
                    <thead>{ for columns.iter().enumerate().map(heads) }</thead>
                    <tbody>{ for rows.iter().enumerate().map(row) }</tbody>
                </table>
            </div>
        </section>
    }
}

fn name(head: &Head) -> Html {
    html! { <><span>{ head.option.replace('_', " ") }</span>{ " " }<b>{ &head.choice }</b></> }
}
