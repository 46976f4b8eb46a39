//! Lists to choose from.

use crate::browser::fields;
use yew::prelude::*;

/// Draws it: entries with a value, a name, and whether they are chosen; `onchoose` hears the value.
pub fn menu(
    label: &'static str,
    testid: &'static str,
    entries: Vec<(String, String, bool)>,
    onchoose: Callback<String>,
) -> Html {
    let values: Vec<String> = entries.iter().map(|entry| entry.0.clone()).collect();
    let onchange = Callback::from(move |event: Event| {
        if let Some(value) = fields::choice(&event).and_then(|place| values.get(place)) {
            onchoose.emit(value.clone());
        }
    });
    html! {
        <label>
            <span>{ label }</span>
            <select {onchange} data-testid={testid}>
                { for entries.iter().enumerate().map(|(place, (value, name, chosen))| html! {
                    <option key={value.clone()} value={place.to_string()} selected={*chosen}>{ name }</option>
                }) }
            </select>
        </label>
    }
}

/// Draws a list that asks for something each time: it shows its title again, so that the same can be chosen once more.
/// `onchoose` hears the place of a name.
pub fn titled(
    title: &'static str,
    hint: &'static str,
    testid: &'static str,
    names: Vec<String>,
    onchoose: Callback<usize>,
) -> Html {
    let onchange =
        move |event: Event| fields::entry(&event).into_iter().for_each(|place| onchoose.emit(place));
    html! {
        <select {onchange} data-testid={testid} title={hint} aria-label={hint}>
            <option selected=true>{ title }{ " \u{2026}" }</option>
            { for names.into_iter().map(|name| html! { <option>{ name }</option> }) }
        </select>
    }
}
