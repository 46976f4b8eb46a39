//! A list to choose from.

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
