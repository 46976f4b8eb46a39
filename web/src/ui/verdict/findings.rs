//! What there is to say about a verdict beyond its sentence: what else can happen, what to try next, which lines no run
//! reaches, and what the scenario expects.
//!
//! It stands below the switches and the steps to choose. What comes in while the search goes on, and after it, moves nothing
//! that readers click.

use crate::ui::parts::cell::cell;
use crate::ui::parts::dispatch::use_dispatch;
use crate::ui::parts::icon::{Icon, pictogram};
use crate::ui::parts::isolated::isolated;
use lab::Act;
use lab::view::next::{Hint, Way};
use lab::view::verdict::{PropertyLine, VerdictView};
use machine::Property;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What the explorer has said.
    pub said: Rc<VerdictView>,
    /// The lines of the kernel that no run reaches; empty if there are none.
    pub unreached: AttrValue,
    /// What to try next.
    pub next: Rc<Vec<Hint>>,
}

/// Draws it, if there is anything.
#[component]
pub fn Findings(props: &Props) -> Html {
    let act = &use_dispatch();
    let Props { said, unreached, next } = props;
    let VerdictView { others, expectations, finals, figures, .. } = &**said;
    let show = |property: Property| act.reform(move |_: MouseEvent| Act::Show(property));
    let nothing = others.is_empty()
        && next.is_empty()
        && figures.is_empty()
        && unreached.is_empty()
        && finals.is_none()
        && expectations.is_empty();
    if nothing {
        return html! {};
    }
    html! {
        <section class="findings panel" data-testid="findings" aria-label="More about the verdict">
            <h2>{ "More about the verdict" }</h2>
            { also(others, &show) }
            { hints(next, act) }
            if !figures.is_empty() {
                <dl class="figures">
                    { for figures.iter().map(|(what, number)| html! { <div><dt>{ *what }</dt><dd>{ number }</dd></div> }) }
                </dl>
            }
            if !unreached.is_empty() { <p class="unreached" data-testid="unreached">{ isolated(unreached) }</p> }
            if let Some((line, all)) = finals {
                <details class="finals" data-testid="finals">
                    <summary>{ line }</summary>
                    <pre>{ all }</pre>
                </details>
            }
            if !expectations.is_empty() {
                <details class="expectations">
                    <summary>{ expected(expectations) }</summary>
                    <ul>{ for expectations.iter().map(|line| expectation(line, &show)) }</ul>
                </details>
            }
        </section>
    }
}

/// Other violations that show, each with what loads the shortest way there.
fn also(others: &[PropertyLine], show: &dyn Fn(Property) -> Callback<MouseEvent>) -> Html {
    if others.is_empty() {
        return html! {};
    }
    html! {
        <p class="others">
            { "Also reachable: " }
            { for others.iter().filter_map(|line| line.property.map(|property| html! {
                <button type="button" onclick={show(property)} title={property.sentence()}>
                    { &line.text }
                    if let Some(steps) = line.steps { <small>{ steps }</small> }
                </button>
            })) }
        </p>
    }
}

/// What to try next: a sentence each, which ends with what leads there.
fn hints(next: &[Hint], act: &Callback<Act>) -> Html {
    if next.is_empty() {
        return html! {};
    }
    html! {
        <ul class="hints" data-testid="next" aria-label="What to try next">
            { for next.iter().map(|hint| html! {
                <li>
                    { &hint.text }{ " " }
                    { match &hint.way {
                        Way::Setting(there) => cell(there, act),
                        Way::Lost(words) => html! {
                            <button type="button" data-testid="show-lost" onclick={act.reform(|_: MouseEvent| Act::ShowLost)}>{ words }</button>
                        },
                    } }
                </li>
            }) }
        </ul>
    }
}

/// What the scenario expects of a property, and whether it holds.
fn expectation(line: &PropertyLine, show: &dyn Fn(Property) -> Callback<MouseEvent>) -> Html {
    let (icon, class, word) = match line.holds {
        Some(true) => (Icon::Check, "met", "as expected"),
        Some(false) => (Icon::Close, "unmet", "not as expected"),
        None => (Icon::Open, "open", "open"),
    };
    let length = line.property.zip(line.steps);
    html! {
        <li class={class}>
            { pictogram(icon) }
            <span>{ line.text.replace('_', " ") }</span>
            <small>{ word }</small>
            if let Some((property, steps)) = length {
                <button type="button" onclick={show(property)} title="Load the shortest path to it">{ scene::steps(steps) }</button>
            }
        </li>
    }
}

fn expected(lines: &[PropertyLine]) -> String {
    let met = lines.iter().filter(|line| line.holds == Some(true)).count();
    match (met, lines.len()) {
        (1, 1) => "The one expectation of the scenario holds".to_owned(),
        (met, all) if met == all => format!("All {all} expectations of the scenario hold"),
        (met, all) => {
            let open = lines.iter().filter(|line| line.holds.is_none()).count();
            let open = if open == 0 { String::new() } else { format!(", {open} open") };
            format!("Expectations of the scenario as written: {met} of {all} hold here{open}")
        }
    }
}
