//! Physical memory: a grid with a row for each address space, its tables from left to right as a walk reads them.

use super::tile::Tile;
use crate::ui::stage::term::term;
use lab::view::run::{Slots, TileSlots};
use scene::view::MemoryView;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Memory.
    pub memory: MemoryView,
    /// Where its things have their places.
    pub slots: Rc<Slots>,
}

/// Draws physical memory.
#[component]
pub fn Memory(props: &Props) -> Html {
    let Props { memory, slots } = props;
    let rows = memory.rows.iter().enumerate().map(|(row, title)| {
        let tiles = memory.tiles.iter().enumerate().filter(|(_, tile)| usize::from(tile.row) == row);
        let tiles = tiles.map(|(place, tile)| {
            let slots: TileSlots = slots.tiles.get(place).cloned().unwrap_or_default();
            html! { <Tile key={tile.id.clone()} tile={tile.clone()} {slots} /> }
        });
        html! {
            <>
                <h4 class="row-title" data-row={row.to_string()}>{ title }</h4>
                { for tiles }
            </>
        }
    });
    html! {
        <div class="memory" data-columns={memory.columns.len().to_string()} aria-label="Physical memory">
            <div class="corner">{ term("Memory", "Pages, each where it was at the beginning", Html::default()) }</div>
            { for memory.columns.iter().enumerate().map(|(column, title)| html! {
                <h4 class="column-title" data-column={column.to_string()}>{ *title }</h4>
            }) }
            { for rows }
        </div>
    }
}
