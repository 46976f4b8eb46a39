//! What the verdicts rest on.

use lab::view::quote::NOT_MODELLED;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// How many hardware rules the model has.
    pub laws: usize,
    /// The model's version.
    pub model: u16,
}

/// Draws the footer.
#[component]
pub fn Footer(props: &Props) -> Html {
    html! {
        <footer class="foot">
            <p><b>{ "Modelled: " }</b>{ format!(
                "four-level page tables with real entries, accessed and dirty bits, TLBs and paging-structure caches \
                 tagged by PCID, INVLPG, INVPCID and CR3 writes, store buffers (x86-TSO), IPIs, memory types as far as \
                 they decide what a walk may touch. {} rules, each with its source and how sure the rule is.", props.laws) }</p>
            <p><b>{ "Not modelled: " }</b>{ format!("{NOT_MODELLED}. Any CPU may walk, at any moment, to the \
                 addresses that a scenario names. A verdict holds only for the machine and the texts on this page.") }</p>
            <p class="fine">{ format!("TLBscope, model {}. MIT or Apache-2.0. Nothing leaves your browser.", props.model) }</p>
        </footer>
    }
}
