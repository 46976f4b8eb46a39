//! What writes SVG: rectangles, paths and texts, in whole pixels, with attributes alone.
//!
//! No style sheet and no style attribute: a picture that is pasted into a page changes nothing there, and is allowed
//! under the strictest policy. Every text comes from a scenario that anybody may have written, so it is escaped here.

use crate::measure::Font;
use crate::palette::Palette;
use std::fmt::Write;

/// The families of fonts: those of the page. The second stands at each text in it, so it is the shorter list.
const SANS: &str =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', sans-serif";
const MONO: &str = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/// A rectangle, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

impl Rect {
    pub(crate) const fn new(x: i32, y: i32, width: i32, height: i32) -> Rect {
        Rect { x, y, width, height }
    }

    pub(crate) const fn right(self) -> i32 {
        self.x + self.width
    }

    pub(crate) const fn bottom(self) -> i32 {
        self.y + self.height
    }
}

/// What fills a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    None,
    Colour(&'static str),
    /// The hatching of what is stale.
    Hatch,
}

/// How a shape is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paint {
    pub(crate) fill: Fill,
    /// The colour of the line, and its width in tenths of a pixel.
    pub(crate) stroke: Option<(&'static str, u32)>,
    /// Lengths of dashes and gaps; empty for a line without gaps.
    pub(crate) dash: &'static str,
    /// Radius of a rectangle's corners.
    pub(crate) round: i32,
}

impl Paint {
    pub(crate) const fn filled(colour: &'static str) -> Paint {
        Paint { fill: Fill::Colour(colour), stroke: None, dash: "", round: 0 }
    }

    pub(crate) const fn line(colour: &'static str, tenths: u32) -> Paint {
        Paint { fill: Fill::None, stroke: Some((colour, tenths)), dash: "", round: 0 }
    }

    pub(crate) const fn edged(self, colour: &'static str, tenths: u32) -> Paint {
        Paint { stroke: Some((colour, tenths)), ..self }
    }

    pub(crate) const fn dashed(self, dash: &'static str) -> Paint {
        Paint { dash, ..self }
    }

    pub(crate) const fn round(self, round: i32) -> Paint {
        Paint { round, ..self }
    }

    pub(crate) const fn hatched(self) -> Paint {
        Paint { fill: Fill::Hatch, ..self }
    }
}

/// Where a text stands beside its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A picture being written.
#[derive(Clone, Debug)]
pub(crate) struct Pen {
    /// What has been written.
    pub(crate) out: String,
    /// The colours.
    pub(crate) ink: &'static Palette,
    /// What the picture's ids begin with: a page may have several pictures.
    pub(crate) id: String,
}

impl Pen {
    pub(crate) fn new(ink: &'static Palette, id: &str) -> Pen {
        Pen { out: String::new(), ink, id: id.to_owned() }
    }

    /// Another sheet for the same picture, to be put above or below this one.
    pub(crate) fn sheet(&self) -> Pen {
        Pen::new(self.ink, &self.id)
    }

    pub(crate) fn rect(&mut self, rect: Rect, look: Paint) {
        let Rect { x, y, width, height } = rect;
        let (width, height) = (width.max(0), height.max(0));
        let _ = write!(self.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        if look.round > 0 {
            let _ = write!(self.out, " rx=\"{}\"", look.round);
        }
        self.end_shape(look);
    }

    pub(crate) fn path(&mut self, d: &str, look: Paint) {
        let _ = write!(self.out, "<path d=\"{d}\"");
        self.end_shape(look);
    }

    fn end_shape(&mut self, look: Paint) {
        match look.fill {
            Fill::None => self.out.push_str(" fill=\"none\""),
            Fill::Colour(colour) => {
                let _ = write!(self.out, " fill=\"{colour}\"");
            }
            Fill::Hatch => {
                let _ = write!(self.out, " fill=\"url(#{}h)\"", self.id);
            }
        }
        if let Some((colour, tenths)) = look.stroke {
            let _ = write!(self.out, " stroke=\"{colour}\"");
            if tenths != 10 {
                let _ = write!(self.out, " stroke-width=\"{}\"", decimal(tenths));
            }
            if !look.dash.is_empty() {
                let _ = write!(self.out, " stroke-dasharray=\"{}\"", look.dash);
            }
        }
        self.out.push_str("/>\n");
    }

    /// A text whose line stands at `y`. It must have been cut to the room that there is.
    pub(crate) fn text(&mut self, (x, y): (i32, i32), font: Font, colour: &str, text: &str) {
        self.write_text((x, y), font, colour, Anchor::Start, "", text);
    }

    /// The same, in the middle of its place or before it.
    pub(crate) fn text_at(&mut self, at: (i32, i32), font: Font, colour: &str, anchor: Anchor, text: &str) {
        self.write_text(at, font, colour, anchor, "", text);
    }

    /// A text that does not hold any more.
    pub(crate) fn struck(&mut self, at: (i32, i32), font: Font, colour: &str, text: &str) {
        self.write_text(at, font, colour, Anchor::Start, " text-decoration=\"line-through\"", text);
    }

    /// A text on top of lines or hatching, which end around it: its colour, and that of the room around it.
    pub(crate) fn haloed(
        &mut self,
        at: (i32, i32),
        font: Font,
        (colour, halo): (&str, &str),
        anchor: Anchor,
        text: &str,
    ) {
        let halo =
            format!(" paint-order=\"stroke\" stroke=\"{halo}\" stroke-width=\"4\" stroke-linejoin=\"round\"");
        self.write_text(at, font, colour, anchor, &halo, text);
    }

    fn write_text(
        &mut self,
        (x, y): (i32, i32),
        font: Font,
        colour: &str,
        anchor: Anchor,
        more: &str,
        text: &str,
    ) {
        if text.is_empty() {
            return;
        }
        let _ = write!(self.out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{colour}\"", font.size);
        if font.mono {
            let _ = write!(self.out, " font-family=\"{MONO}\"");
        }
        if font.bold {
            self.out.push_str(" font-weight=\"700\"");
        }
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => self.out.push_str(" text-anchor=\"middle\""),
            Anchor::End => self.out.push_str(" text-anchor=\"end\""),
        }
        let _ = writeln!(self.out, "{more}>{}</text>", escaped(text));
    }

    /// The whole picture.
    pub(crate) fn finish(self, size: (i32, i32), title: &str, description: &str) -> String {
        let ((width, height), Pen { out, ink, id }) = (size, self);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\" aria-labelledby=\"{id}t\" aria-describedby=\"{id}d\" font-family=\"{SANS}\">\n"
        );
        let _ = writeln!(svg, "<title id=\"{id}t\">{}</title>", escaped(title));
        let _ = writeln!(svg, "<desc id=\"{id}d\">{}</desc>", escaped(description));
        let _ = writeln!(
            svg,
            "<defs><pattern id=\"{id}h\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect width=\"8\" height=\"8\" fill=\"{}\"/><rect width=\"2\" height=\"8\" \
             fill=\"{}\"/></pattern></defs>",
            ink.stale_soft, ink.stale_hatch
        );
        let _ = writeln!(svg, "<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>", ink.ground);
        svg + &out + "</svg>\n"
    }
}

/// Tenths, as SVG reads them.
fn decimal(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

/// A text as XML may contain it: what cannot be seen stands there as a number, and words from right to left keep to
/// themselves.
#[must_use]
pub fn escaped(text: &str) -> String {
    let text = scene::direction::isolated_text(&lang::legible(text));
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML has no place for these, however they are written.
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{decimal, escaped};

    #[test]
    fn a_text_ends_no_element() {
        assert_eq!(escaped("</text><script>'\"&"), "&lt;/text&gt;&lt;script&gt;&#39;&quot;&amp;");
        assert_eq!(escaped("a\u{0}b\u{ffff}"), "a\\u{0}b\u{fffd}");
        assert_eq!([decimal(10), decimal(15), decimal(25)], ["1", "1.5", "2.5"]);
    }
}
