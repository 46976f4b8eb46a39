//! The look of a tone.

use crate::pen::{Paint, Pen};
use scene::view::Tone;

/// A tone's own look of an edge, for whatever has a tone.
pub(crate) fn edge(pen: &Pen, tone: Tone) -> Paint {
    let ink = pen.ink;
    match tone {
        Tone::Plain | Tone::Muted => Paint::line(ink.rule_2, 10),
        Tone::Speculative => Paint::line(ink.hardware, 15).dashed("4 3"),
        Tone::Stale => Paint::line(ink.stale_mark, 15).hatched(),
        Tone::Corrupt => Paint::filled(ink.corrupt_soft).edged(ink.corrupt_mark, 20),
        Tone::Safe => Paint::filled(ink.safe_soft).edged(ink.safe_mark, 15),
    }
}
