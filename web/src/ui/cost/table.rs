//! The table of kernels: a verdict and what it costs, sorted by any column.

use super::looks::Looks;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use crate::ui::parts::menu::menu;
use cost::{Per, SHOWN, ShownColumn, TIMES};
use lab::Act;
use lab::model::timed::TimedAct;
use lab::view::grid::CellKind;
use lab::view::timed::table::{Cell, CostRow, CostTable, Entry, sorted};
use yew::prelude::*;

/// The column that it is sorted by at first: what the scheme costs in all.
pub const FIRST: usize = 2;

/// The numbers. The arrow keys lead from one number to the next.
pub const NUMBERS: &str = "tbody td button";

/// The place of the table, to which a reader is led.
pub const PLACE: &str = "cost-table";

/// What a reader chose in the table to see it on the stage, and is led back to.
pub const CAME: &str = "cost-came";

/// Draws the choices and the table, in which `onkeydown` moves the focus.
pub fn table(
    view: &CostTable,
    looks: Looks,
    look: &Callback<Looks>,
    (place, onkeydown): (NodeRef, Callback<KeyboardEvent>),
    act: &Callback<Act>,
) -> Html {
    let Looks { column, descending, per, .. } = looks;
    let head = |place: usize, name: &str, meaning: &'static str| {
        let sorted = column == place;
        // Numbers are looked at from the largest on, the second time from the smallest.
        let next =
            Looks { column: place, descending: if sorted { !descending } else { place > FIRST }, ..looks };
        let onclick = look.reform(move |_: MouseEvent| next);
        let aria = match (sorted, descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        };
        html! {
            <th key={place} scope="col" aria-sort={aria}>
                <button type="button" title={meaning} {onclick}>{ broken(name) }<i aria-hidden="true">{ match aria { "ascending" => "\u{25b2}", "descending" => "\u{25bc}", _ => "" } }</i></button>
            </th>
        }
    };
    // Each column: its place, its name, and what it shows. In the overview they are workloads, which all show one number.
    let number = view.numbers.iter().position(|entry| entry.chosen).and_then(|place| SHOWN.get(place));
    let columns: Vec<(usize, &str, &ShownColumn)> = match number {
        Some(shown) => {
            let workloads = view.workloads.iter().enumerate().take(view.workloads.len() - 1);
            workloads.map(|(place, workload)| (place, &*workload.name, shown)).collect()
        }
        None => {
            let columns = SHOWN.iter().enumerate().filter(|(place, _)| !view.empty(*place));
            columns.map(|(place, shown)| (place, shown.name, shown)).collect()
        }
    };
    html! {
        <>
            { choices(view, looks, look, act) }
            { hint(None, &view.about) }
            { hint(Some("cost-assumed"), &view.assumed) }
            <p class="hint" role="status" data-testid="cost-status">{ &view.status }</p>
            <div class="sideways" id={PLACE} tabindex="0" role="region" aria-label="Table of costs" ref={place} {onkeydown}>
                <table data-testid="cost-table">
                    <thead>
                        <tr>
                            <td colspan="2" />
                            { for groups(&columns).into_iter().map(|(name, span)| html! {
                                <th scope="colgroup" colspan={span.to_string()}>{ if view.common.is_empty() { name } else { &view.common } }{ if name == TIMES && per == Per::Second { ", %" } else { "" } }</th>
                            }) }
                        </tr>
                        <tr>
                            { head(0, "Kernel", "By name") }
                            { head(1, "Violation", "The explorer\u{2019}s verdict on one round of each block") }
                            { for columns.iter().map(|(place, name, shown)| head(place + 2, name, shown.meaning)) }
                        </tr>
                    </thead>
                    <tbody>{ for sorted(&view.rows, column, descending).into_iter().map(|line| row(line, &columns, act)) }</tbody>
                </table>
            </div>
            { for view.early.iter().map(|why| hint(None, why)) }
            { explained(view) }
        </>
    }
}

fn hint(testid: Option<&'static str>, words: &str) -> Html {
    html! { <p class="hint" data-testid={testid}>{ isolated(words) }</p> }
}

/// Draws the choices: the workload, the costs, and whether numbers are per second or per round.
fn choices(view: &CostTable, looks: Looks, look: &Callback<Looks>, act: &Callback<Act>) -> Html {
    let per = looks.per;
    let switch = |to: Per, name: String| {
        let pressed = (per == to).to_string();
        let onclick = look.reform(move |_: MouseEvent| Looks { per: to, ..looks });
        html! { <button type="button" aria-pressed={pressed} {onclick}>{ name }</button> }
    };
    let plain = |there: bool, testid: &'static str, what: TimedAct, name: &'static str| {
        let onclick = act.reform(move |_: MouseEvent| Act::Timed(what.clone()));
        html! { if there { <button type="button" class="plain" data-testid={testid} {onclick}>{ name }</button> } }
    };
    let entries = |entries: &[Entry]| {
        entries.iter().map(|entry| (entry.slug.clone(), entry.name.clone(), entry.chosen)).collect::<Vec<_>>()
    };
    html! {
        <div class="choices">
            { menu("Workload", "cost-workload", entries(&view.workloads), act.reform(|slug| Act::Timed(TimedAct::Workload(slug)))) }
            { menu("Costs", "cost-costs", entries(&view.costs), act.reform(|slug| Act::Timed(TimedAct::Costs(slug)))) }
            if !view.numbers.is_empty() {
                { menu("Number", "cost-number", entries(&view.numbers), act.reform(|place: String| Act::Timed(TimedAct::Number(place.parse().unwrap_or(0))))) }
            }
            <div class="per" role="group" aria-label="Show numbers">{ switch(Per::Second, "per second".to_owned()) }{ for (0..view.blocks).map(|cpu| switch(Per::Round(cpu), format!("per round of CPU {cpu}"))) }</div>
            { plain(view.running, "cost-stop", TimedAct::Stop, "Stop") }
            { plain(view.halted, "cost-go-on", TimedAct::Open, "Go on") }
            { plain(view.changed, "cost-reset", TimedAct::Change(None), "Undo all changes") }
        </div>
    }
}

/// Says what the columns are, and which kernels are missing.
fn explained(view: &CostTable) -> Html {
    html! {
        <>
            { hint(None, view.note) }
            <details class="lacking" data-testid="cost-columns">
                <summary>{ "What the columns are" }</summary>
                <dl>{ for SHOWN.iter().map(|shown| html! { <div key={shown.meaning}><dt>{ shown.group }{ " " }{ shown.name }</dt><dd>{ shown.meaning }</dd></div> }) }</dl>
            </details>
            if !view.refused.is_empty() {
                <details class="lacking">
                    <summary>{ &view.lacking }</summary>
                    <dl>{ for view.refused.iter().map(|(kernel, why)| html! { <div key={kernel.clone()}><dt>{ kernel }</dt><dd>{ isolated(why) }</dd></div> }) }</dl>
                </details>
            }
        </>
    }
}

/// A head that may go on two lines: the names of instructions are wider than what is counted of them.
fn broken(name: &str) -> Html {
    match name.strip_prefix("INV") {
        Some(rest) => html! { <>{ "INV" }<wbr />{ rest.to_owned() }</> },
        None => html! { { name.to_owned() } },
    }
}

/// What columns have in common, and how many they are.
fn groups(columns: &[(usize, &str, &ShownColumn)]) -> Vec<(&'static str, usize)> {
    let mut groups: Vec<(&'static str, usize)> = Vec::new();
    for (.., shown) in columns {
        match groups.last_mut() {
            Some((name, span)) if *name == shown.group => *span += 1,
            _ => groups.push((shown.group, 1)),
        }
    }
    groups
}

/// A verdict: its class, its sign and words, and the sentence for those who don't see the sign.
fn told(kind: CellKind, word: &str, sentence: &str) -> (&'static str, Html) {
    let (class, icon) = match kind {
        CellKind::Waiting => ("waiting", None),
        CellKind::Reachable => ("reachable", Some(Icon::Violation)),
        CellKind::Safe => ("safe", Some(Icon::Check)),
        CellKind::Bounded => ("bounded", Some(Icon::Open)),
        CellKind::Refused => ("refused", Some(Icon::Close)),
    };
    let inside = html! {
        <>
            if let Some(icon) = icon { { pictogram(icon) } }
            <span aria-hidden="true">{ word.to_owned() }</span><span class="visually-hidden">{ isolated(sentence) }</span>
        </>
    };
    (class, inside)
}

fn row(row: &CostRow, columns: &[(usize, &str, &ShownColumn)], act: &Callback<Act>) -> Html {
    let kernel = row.kernel.clone();
    let stage = |column: Option<usize>| {
        let kernel = kernel.clone();
        act.reform(move |_: MouseEvent| Act::Timed(TimedAct::Stage(kernel.clone(), column)))
    };
    let witness = act.reform({
        let kernel = kernel.clone();
        move |_: MouseEvent| Act::Timed(TimedAct::Witness(kernel.clone()))
    });
    let (class, verdict) = told(row.kind, &row.word, &row.sentence);
    let came = |column: usize| (row.came == Some(column)).then_some(CAME);
    let number = |(column, cell): (usize, &Cell)| {
        let (class, inside) = match &cell.verdict {
            Some((kind, sentence)) => {
                let (class, inside) = told(*kind, &cell.said, &format!("{}: {sentence}", cell.said));
                (Some(class), inside)
            }
            None => (None, html! { { &cell.said } }),
        };
        html! {
            <td {class} title={cell.exact.clone()}>if row.staged || cell.verdict.is_some() { <button type="button" id={came(column + 2)} onclick={stage(Some(column))}>{ inside }</button> } else { { inside } }</td>
        }
    };
    html! {
        <tr key={row.kernel.clone()} class={row.old.then_some("old")}>
            <th scope="row">
                if row.staged {
                    <button type="button" id={came(0)} onclick={stage(None)}>{ &row.kernel }</button>
                } else { { &row.kernel } }
            </th>
            <td class={class} title={row.sentence.clone()}>
                if row.staged && row.kind == CellKind::Reachable {
                    <button type="button" id={came(1)} onclick={witness}>{ verdict }</button>
                } else { { verdict } }
            </td>
            { for columns.iter().filter_map(|&(column, ..)| Some((column, row.cells.get(column)?))).map(number) }
        </tr>
    }
}
