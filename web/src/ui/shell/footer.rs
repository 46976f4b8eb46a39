//! The assumptions of the verdicts.

use lab::view::quote::NOT_MODELLED;
use yew::prelude::*;

/// Draws the footer: how many hardware rules the model has, and its version.
pub fn footer(laws: usize, model: u16) -> Html {
    html! {
        <footer class="foot">
            <p><b>{ "Modelled: " }</b>{ format!(
                "page tables of four or five levels with real entries, accessed and dirty bits, guests with nested page \
                 tables, TLBs and paging-structure caches tagged by PCID, INVLPG, INVPCID and CR3 writes, store buffers \
                 (x86-TSO), IPIs, memory types as far as they decide what a walk may touch. {} rules, each with its source and how sure the rule is.", laws) }</p>
            <p><b>{ "Not modelled: " }</b>{ format!("{NOT_MODELLED}. Any CPU may walk, at any moment, to the \
                 addresses that a scenario names. A verdict holds only for the machine and the texts on this page. Only the table of costs has a clock: no verdict rests on it.") }</p>
            <p class="fine">{ format!("TLBscope, model {}. MIT or Apache-2.0. Nothing leaves your browser.", model) }</p>
        </footer>
    }
}
