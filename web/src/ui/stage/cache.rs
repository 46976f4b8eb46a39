//! A cache or queue of a CPU: rows in their places, with empty places where rows were or will be.

use crate::ui::parts::tone;
use crate::ui::stage::term::term;
use lab::view::direction::isolated_text;
use lab::view::run::cached;
use scene::view::{CacheView, Change};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Its name.
    pub title: &'static str,
    /// What it holds, in a few words.
    pub hint: &'static str,
    /// What is in it.
    pub rows: Vec<CacheView>,
    /// Ids of the places; if there are none, places are counted from the first row.
    #[prop_or_default]
    pub slots: Vec<String>,
    /// How many places, where rows move up as a queue does.
    #[prop_or_default]
    pub length: usize,
}

/// The most places of a queue that are drawn: no line of the picture ends at such a row. Sixteen CPUs may have 64 pending
/// IPIs each, and a browser would take a tenth of a second to lay them out.
const MOST_OF_QUEUE: usize = 12;

/// Draws a cache or queue.
#[component]
pub fn Cache(props: &Props) -> Html {
    let &Props { title, hint, ref rows, ref slots, length } = props;
    let (placed, left) = if slots.is_empty() {
        let length = length.max(rows.len());
        let left = length.saturating_sub(MOST_OF_QUEUE);
        ((0..length - left).map(|place| rows.get(place)).collect(), Some(left).filter(|&left| left > 0))
    } else {
        cached(slots, rows)
    };
    let count = rows.iter().filter(|row| row.change != Change::Removed).count();
    html! {
        <div class="cache">
            { term(title, hint, html! { <span class="count">{ if count == 0 { "empty".to_owned() } else { count.to_string() } }</span> }) }
            if !placed.is_empty() {
                <ul>
                    { for placed.into_iter().map(row) }
                    // The line is there at each moment, so that nothing moves.
                    if let Some(left) = left {
                        <li class="left">{ if left > 0 { format!("and {left} more") } else { "\u{a0}".to_owned() } }</li>
                    }
                </ul>
            }
        </div>
    }
}

fn row(row: Option<&CacheView>) -> Html {
    let Some(row) = row else {
        return html! { <li class="row absent" aria-hidden="true"><span>{ "\u{b7}" }</span></li> };
    };
    let class = classes!(
        "row",
        tone::class(row.tone),
        tone::changed(&row.change),
        (!row.usable).then_some("unusable"),
    );
    let full = [&row.key, " \u{2192} ", &row.value, " ", row.tag.as_deref().unwrap_or("")].concat();
    html! {
        <li {class} data-id={row.id.clone()} title={isolated_text(&full)} tabindex={tone::stop(row.tone)}>
            <span class="key">{ &row.key }</span>
            <span class="value">{ tone::was_is(&row.value, &row.change) }</span>
            // What is usable carries the PCID of CR3, which is on the card already.
            if let Some(tag) = row.tag.as_ref().filter(|tag| !row.usable || !tag.starts_with("PCID")) {
                <span class="tag">{ tag }</span>
            }
            if !row.word.is_empty() { <span class="word">{ row.word }</span> }
        </li>
    }
}
