//! A frame of memory: its name, its present role, its words, and a pin for each CPU that can reach it.

use crate::ui::parts::tone;
use lab::view::direction::isolated_text;
use lab::view::run::{self, TileSlots};
use scene::view::{HolderView, TileKind, TileView, Tone, WordView};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The frame.
    pub tile: TileView,
    /// Where its things have their places.
    pub slots: TileSlots,
}

/// Draws a frame or a device.
#[component]
pub fn Tile(props: &Props) -> Html {
    let Props { tile, slots } = props;
    let kind = match tile.kind {
        TileKind::Table => "table",
        TileKind::User => "user",
        TileKind::Data => "data",
        TileKind::Free => "free",
        TileKind::Device => "device",
    };
    let class = classes!("tile", kind, tone::class(tile.tone), tone::changed(&tile.change));
    let (words, left) = run::words(slots, tile);
    let pins = slots.holders.iter().map(|id| pin(id, tile.holders.iter().find(|holder| holder.id == *id)));
    html! {
        <article {class} data-id={tile.id.clone()} data-testid={format!("tile-{}", tile.id)}
            data-row={tile.row.to_string()} data-column={tile.column.to_string()} aria-label={tile.name.clone()}>
            <header>
                <h5>{ &tile.name }</h5>
                <span class="number">{ &tile.number }</span>
            </header>
            <p class="owner" title={isolated_text(&tile.owner)}>{ tone::was_is(&tile.owner, &tile.change) }</p>
            <span class="flag" aria-hidden={(tile.tone == Tone::Plain).to_string()}>{ tone::word(tile.tone) }</span>
            <ul class="words">
                { for words.into_iter().map(word) }
                if left > 0 { <li class="left">{ format!("and {left} more words") }</li> }
            </ul>
            <ul class="pins" aria-label="Who can reach it">{ for pins }</ul>
        </article>
    }
}

fn word(word: Option<&WordView>) -> Html {
    let Some(word) = word else {
        return html! { <li class="row absent" aria-hidden="true"><span>{ "\u{b7}" }</span></li> };
    };
    let class = classes!("row", tone::class(word.tone), tone::changed(&word.change));
    html! {
        <li {class} data-id={word.id.clone()} title={word.raw.clone()} tabindex={tone::stop(word.tone)}>
            <span class="key">{ &word.index }</span>
            <span class="value">{ tone::was_is(&word.text, &word.change) }</span>
        </li>
    }
}

/// A pin. Its `data-id` is not that of the register or cache row it stands for: there the line starts.
fn pin(id: &str, holder: Option<&HolderView>) -> Html {
    let Some(holder) = holder else {
        return html! { <li class="pin absent" aria-hidden="true" key={id.to_owned()}>{ "CPU 0 PDE" }</li> };
    };
    let class = classes!(
        "pin",
        tone::class(holder.tone),
        holder.added.then_some("added"),
        (!holder.usable).then_some("unusable"),
    );
    let usable = if holder.usable { "usable now" } else { "not usable under the current PCID" };
    html! {
        <li {class} key={id.to_owned()} title={usable}>
            { format!("{} {}", holder.name, holder.what) }
            if !holder.word.is_empty() { <span class="word">{ holder.word }</span> }
        </li>
    }
}
