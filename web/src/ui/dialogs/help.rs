//! How to read the picture, and the keys.

use lab::view::glossary::WORDS;
use lab::view::keyboard::KEYS;
use yew::prelude::*;

/// The help.
pub fn help() -> Html {
    html! {
        <>
            <ul class="legend">
                <li><span class="swatch by-software" />{ "Filled: software did it, an instruction of the kernel or a program." }</li>
                <li><span class="swatch by-hardware" />{ "Dashed: hardware did it by itself; no instruction asked for it." }</li>
                <li><span class="swatch stale" />{ "Hatched, \u{201c}stale\u{201d}: it has been freed, or it leads to something freed, or it is older than a flush that the kernel claims." }</li>
                <li><span class="swatch corrupt" />{ "Zig-zag edge, \u{201c}corrupt\u{201d}: somebody's data or state is wrong. \u{201c}Garbage\u{201d}, in the same colour: it was read from memory that is no page table, so it may lead anywhere." }</li>
                <li><span class="swatch changed" />{ "Outlined, was \u{2192} is: changed by the step just taken." }</li>
            </ul>
            <p>{ "A faint row or pin is there, but can't be used now: its PCID or guest is not the current one. In the diagram \
                  of the run, \u{201c}to go\u{201d} is the shortest distance to the violation, in steps." }</p>
            <p>{ "A pin on a tile of memory is a CPU that can still reach the tile, from its CR3, its paging-structure caches \
                  or its TLB. A freed tile that still has a pin is the bug." }</p>
            <h3>{ "Words" }</h3>
            <dl class="words-of">
                { for WORDS.iter().map(|(word, meaning)| html! { <><dt>{ *word }</dt><dd>{ *meaning }</dd></> }) }
            </dl>
            <h3>{ "Keys" }</h3>
            <table class="keys">
                <tbody>
                    { for KEYS.iter().map(|(key, what)| html! { <tr><th><kbd>{ *key }</kbd></th><td>{ *what }</td></tr> }) }
                </tbody>
            </table>
        </>
    }
}
