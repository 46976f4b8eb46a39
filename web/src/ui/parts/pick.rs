//! A button that opens a list of actions, and takes the one that is chosen.
//!
//! A `select` would not do: an arrow key on a closed one chooses its first entry, and no other entry can be reached in
//! that way.

use yew::prelude::*;

/// What it is.
pub struct Pick {
    /// For tests; the list has the same with `-list`.
    pub id: &'static str,
    /// What is on the button.
    pub title: &'static str,
    /// What it does.
    pub hint: &'static str,
    /// What there is to choose.
    pub entries: Vec<Html>,
    /// Hears which entry is pressed, counted from zero.
    pub onpick: Callback<usize>,
}

impl Pick {
    /// Draws it. The browser opens the list over the page and closes it: by the button, by Escape, by a press elsewhere.
    pub fn draw(self) -> Html {
        let Pick { id, title, hint, entries, onpick } = self;
        let list = format!("{id}-list");
        let disabled = entries.is_empty();
        let entry = |(place, entry): (usize, Html)| {
            let onclick = onpick.reform(move |_: MouseEvent| place);
            html! { <li><button type="button" popovertarget={list.clone()} popovertargetaction="hide" {onclick}>{ entry }</button></li> }
        };
        html! {
            <>
                <button type="button" data-testid={id} popovertarget={list.clone()} title={hint} {disabled}>{ title }{ " \u{2026}" }</button>
                <div class="pick" id={list.clone()} popover="auto" role="group" aria-label={hint}>
                    <ul>{ for entries.into_iter().enumerate().map(entry) }</ul>
                </div>
            </>
        }
    }
}
