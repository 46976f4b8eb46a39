//! How meaning becomes a class name. The stylesheet gives each tone a colour and a second mark beside it.

use scene::view::{Change, Tone};
use yew::prelude::*;

/// The class of a tone.
#[must_use]
pub const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Muted => "muted",
        Tone::Speculative => "speculative",
        Tone::Stale => "stale",
        Tone::Corrupt => "corrupt",
        Tone::Safe => "safe",
    }
}

/// The word that goes with a tone where the view has none of its own.
#[must_use]
pub const fn word(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain | Tone::Muted => "",
        Tone::Speculative => "speculative",
        Tone::Stale => "stale",
        Tone::Corrupt => "corrupt",
        Tone::Safe => "safe",
    }
}

/// Whether something of this tone is a tab stop for readers without a mouse, since a reader who sees it wants
/// to know why.
#[must_use]
pub fn stop(tone: Tone) -> Option<&'static str> {
    matches!(tone, Tone::Speculative | Tone::Stale | Tone::Corrupt).then_some("0")
}

/// The class of a change.
#[must_use]
pub const fn changed(change: &Change) -> Option<&'static str> {
    match change {
        Change::None => None,
        Change::Added => Some("added"),
        Change::Removed => Some("removed"),
        Change::Was(_) | Change::Meaning => Some("changed"),
    }
}

/// A value, and what it was if it changed: "was -> is".
pub fn was_is(value: &str, change: &Change) -> Html {
    match change {
        Change::Was(was) => html! {
            <>
                <s class="was">{ was }</s>
                <span class="to" aria-label="is now">{ "\u{2192}" }</span>
                <span class="is">{ value }</span>
            </>
        },
        Change::Removed => html! { <s class="was">{ value }</s> },
        Change::None | Change::Added | Change::Meaning => html! { <span class="is">{ value }</span> },
    }
}
