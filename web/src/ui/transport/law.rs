//! A rule of the hardware: a chip with its number, and on request its sentence, source and confidence. All but its title and
//! its confidence comes with the library.
//!
//! What is read on request is a popover: the browser opens it above everything, wherever the chip stands, and closes it
//! on Escape and on a click elsewhere.

use crate::ui::parts::icon::{Icon, pictogram};
use lab::view::rule::Rule;
use x86::Law;
use yew::prelude::*;

/// Draws the chips of the rules with these numbers, each with what it opens.
pub fn laws(numbers: &[u8]) -> Html {
    let chip = |law: Law| {
        let id = format!("rule-{law}");
        let rule = Rule::of(law.number());
        let sentence = rule
            .map_or("The sentence of this rule is in the library, which is still loading.", |rule| {
                rule.sentence
            });
        html! {
            <span key={id.clone()}>
                <button type="button" class="law" popovertarget={id.clone()} title={law.title()}>
                    { law.to_string() }<span class="law-title">{ law.title() }</span>
                    <span class="visually-hidden">{ ": " }{ sentence }</span>
                </button>
                <aside {id} class="law-text" popover="auto" aria-label={format!("Rule {law}")}>
                    <button type="button" class="close" aria-label="Close" popovertarget={format!("rule-{law}")}>{ pictogram(Icon::Close) }</button>
                    <h4>{ format!("{law}  {}", law.title()) }</h4>
                    <p>{ sentence }</p>
                    <p class="source">
                        <span class="confidence">{ law.confidence().word() }</span>
                        { rule.map_or("", |rule| rule.source) }
                    </p>
                    <p class="source">{ law.confidence().sentence() }</p>
                    if let Some(note) = rule.map(|rule| rule.note).filter(|note| !note.is_empty()) { <p class="note">{ note }</p> }
                </aside>
            </span>
        }
    };
    // One or two have room for their titles.
    let few = numbers.len() < 3;
    html! {
        <div class={classes!("laws", few.then_some("few"))}>
            if !numbers.is_empty() { <span class="laws-label">{ if numbers.len() == 1 { "Rule" } else { "Rules" } }</span> }
            { for numbers.iter().filter_map(|&number| Law::from_number(number)).map(chip) }
        </div>
    }
}
