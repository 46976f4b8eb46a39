//! A row: of a cache, of a queue, of a frame's words, of variables. A key, a value, what the value was, a tag, and the
//! word for its tone.

use crate::measure::Font;
use crate::pen::{Anchor, Paint, Pen, Rect};
use crate::tone::edge;
use scene::view::{CacheView, Change, RegisterView, Tone, VariableView, WordView};

/// The height of a row.
pub(crate) const HEIGHT: i32 = 20;
/// Room between the edge of a row and its words, and between these.
const PAD: i32 = 5;
const GAP: i32 = 6;

/// What a row says.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    key: &'a str,
    value: &'a str,
    tag: Option<&'a str>,
    word: &'a str,
    tone: Tone,
    change: &'a Change,
    usable: bool,
    strong: bool,
}

impl<'a> Row<'a> {
    pub(crate) const fn plain(key: &'a str, value: &'a str) -> Row<'a> {
        let (tone, change) = (Tone::Plain, &Change::None);
        Row { key, value, tag: None, word: "", tone, change, usable: true, strong: false }
    }

    pub(crate) fn cache(row: &'a CacheView) -> Row<'a> {
        // What is usable carries the PCID of CR3, which is on the card already.
        let tag = row.tag.as_deref().filter(|tag| !row.usable || !tag.starts_with("PCID"));
        let (key, value) = (&*row.key, &*row.value);
        Row {
            key,
            value,
            tag,
            word: row.word,
            tone: row.tone,
            change: &row.change,
            usable: row.usable,
            strong: false,
        }
    }

    pub(crate) fn register(register: &'a RegisterView) -> Row<'a> {
        let RegisterView { key, value, tag, tone, change, .. } = register;
        Row { tag: tag.as_deref(), tone: *tone, change, strong: true, ..Row::plain(key, value) }
    }

    pub(crate) fn word(word: &'a WordView) -> Row<'a> {
        Row { tone: word.tone, change: &word.change, ..Row::plain("", &word.text) }
    }

    pub(crate) fn variable(variable: &'a VariableView) -> Row<'a> {
        Row { change: &variable.change, ..Row::plain(&variable.name, &variable.value) }
    }

    /// What the value was, if it had another one.
    fn was(&self) -> Option<&'a str> {
        match self.change {
            Change::Was(was) => Some(was),
            _ => None,
        }
    }

    /// The width at which nothing is cut.
    pub(crate) fn wanted(&self, font: Font) -> i32 {
        let tag = self.tag.map_or(0, |tag| Font { size: font.size - 1, ..font }.width(tag) + GAP);
        self.before(font) + self.said(font) + self.behind() + tag + 2 * PAD
    }

    /// What the value takes, with what it was.
    fn said(&self, font: Font) -> i32 {
        self.was().map_or(0, |was| font.width(was) + font.width(" \u{2192} ")) + font.width(self.value)
    }

    /// What key and word take.
    fn before(&self, font: Font) -> i32 {
        if self.key.is_empty() { 0 } else { font.width(self.key) + GAP }
    }

    fn behind(&self) -> i32 {
        if self.word.is_empty() { 0 } else { GAP + Font::sans(11).bold().width(self.word) }
    }

    /// Draws it.
    pub(crate) fn draw(&self, pen: &mut Pen, place: Rect, font: Font) {
        let ink = pen.ink;
        self.frame(pen, place);
        let base = place.y + HEIGHT - 6;
        let mut room = place.width - 2 * PAD - self.behind();
        let mut x = place.x + PAD;
        let removed = *self.change == Change::Removed;
        let quiet = !self.usable || removed || self.tone == Tone::Muted;
        if !self.key.is_empty() {
            // An address is cut last.
            let key = font.cut(self.key, (room - GAP - self.said(font)).max(room * 2 / 3));
            pen.text((x, base), font, ink.ink_3, &key);
            let width = font.width(&key) + GAP;
            (x, room) = (x + width, room - width);
        }
        let small = Font { size: font.size - 1, ..font };
        let needed =
            self.was().map_or(0, |was| font.width(was) + font.width(" \u{2192} ")) + font.width(self.value);
        if let Some(tag) = self.tag {
            let width = small.width(tag) + GAP;
            if needed + width <= room {
                pen.text_at((place.right() - PAD, base), small, ink.ink_3, Anchor::End, tag);
                room -= width;
            }
        }
        if let Some(was) = self.was() {
            let arrow = font.width(" \u{2192} ");
            let most = (room - arrow - font.width(self.value)).max(room / 3 - arrow);
            let was = font.cut(was, most);
            pen.struck((x, base), font, ink.ink_2, &was);
            x += font.width(&was);
            pen.text((x + arrow / 3, base), font, ink.ink_3, "\u{2192}");
            x += arrow;
            room -= font.width(&was) + arrow;
        }
        let colour = match self.tone {
            Tone::Corrupt => ink.corrupt,
            _ if quiet => ink.ink_3,
            _ => ink.ink,
        };
        let strong = self.strong
            || self.tone == Tone::Corrupt
            || matches!(self.change, Change::Was(_) | Change::Meaning);
        let face = if strong { font.bold() } else { font };
        let value = face.cut(self.value, room);
        if removed {
            pen.struck((x, base), face, colour, &value);
        } else {
            pen.text((x, base), face, colour, &value);
        }
        self.say_tone(pen, (x + face.width(&value) + GAP, base));
    }

    fn say_tone(&self, pen: &mut Pen, at: (i32, i32)) {
        let colour = match self.tone {
            Tone::Stale => pen.ink.stale,
            Tone::Corrupt => pen.ink.corrupt,
            Tone::Safe => pen.ink.safe,
            _ => pen.ink.ink_2,
        };
        pen.text(at, Font::sans(11).bold(), colour, self.word);
    }

    /// The edge: of the tone, of a change, of what is gone.
    fn frame(&self, pen: &mut Pen, place: Rect) {
        let ink = pen.ink;
        let look = match (self.tone, self.change) {
            (_, Change::Removed) => Paint::line(ink.ink_3, 15).dashed("1 3"),
            (Tone::Stale | Tone::Corrupt | Tone::Speculative, _) => edge(pen, self.tone),
            (_, Change::Added | Change::Was(_) | Change::Meaning) => Paint::line(ink.ink, 15),
            _ => return,
        };
        pen.rect(Rect { y: place.y + 1, height: HEIGHT - 2, ..place }, look.round(4));
    }
}
