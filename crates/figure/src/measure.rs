//! How wide a text is, in whole pixels, without a font at hand.
//!
//! Readers have different fonts. So each character counts as wide as in the widest of the usual ones (DejaVu Sans, and
//! DejaVu Sans Mono). A text that fits by this measure fits everywhere.

/// A font: the reader's own, in a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Font {
    /// Pixels.
    pub(crate) size: i32,
    pub(crate) mono: bool,
    pub(crate) bold: bool,
}

impl Font {
    pub(crate) const fn sans(size: i32) -> Font {
        Font { size, mono: false, bold: false }
    }

    pub(crate) const fn mono(size: i32) -> Font {
        Font { size, mono: true, bold: false }
    }

    pub(crate) const fn bold(self) -> Font {
        Font { bold: true, ..self }
    }

    /// The width of a text, rounded up.
    pub(crate) fn width(self, text: &str) -> i32 {
        let thousandths: i64 = text.chars().map(|c| i64::from(self.advance(c))).sum();
        i32::try_from((thousandths * i64::from(self.size)).div_euclid(1000) + 1).unwrap_or(i32::MAX / 4)
    }

    /// The width of a character, in thousandths of the size.
    fn advance(self, c: char) -> i32 {
        match c {
            // Written in full width, and most pictograms.
            '\u{1100}'..='\u{11ff}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7ff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff00}'..='\u{ffef}'
            | '\u{1f000}'.. => 1050,
            _ if self.mono => 603,
            ' '..='~' => {
                let plain = i32::from(SANS[c as usize - 32]) * 10;
                if self.bold { plain + plain / 8 } else { plain }
            }
            _ => 840,
        }
    }

    /// A text, or its beginning and an ellipsis if it is wider than the room. What cannot be seen counts as it will be written:
    /// as a number.
    pub(crate) fn cut(self, text: &str, room: i32) -> String {
        let text = lang::legible(text);
        if self.width(&text) <= room {
            return text;
        }
        let mut kept = String::new();
        let (mut width, most) = (0_i64, i64::from(room) * 1000);
        let ellipsis = i64::from(self.advance('\u{2026}'));
        for c in text.chars() {
            width += i64::from(self.advance(c));
            if (width + ellipsis) * i64::from(self.size) + 1000 > most {
                break;
            }
            kept.push(c);
        }
        kept.truncate(kept.trim_end().len());
        kept + "\u{2026}"
    }

    /// A text in lines that fit into the room, at most so many: what is left over is cut.
    pub(crate) fn wrap(self, text: &str, room: i32, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer) <= room || line.is_empty() {
                line = longer;
                continue;
            }
            if lines.len() + 1 == most {
                // The last line takes what is left, and loses its end.
                line = longer;
                break;
            }
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        }
        lines.push(line);
        lines.into_iter().map(|line| self.cut(&line, room)).collect()
    }
}

/// The widths of the characters from the space to `~` in DejaVu Sans, in hundredths of the size.
const SANS: [u8; 95] = [
    32, 41, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 77, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,
    62, 74, 69, 99, 69, 62, 69, 39, 34, 39, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98,
    64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];

#[cfg(test)]
mod tests {
    use super::Font;

    #[test]
    fn texts_are_cut_where_there_is_no_room() {
        let font = Font::mono(10);
        assert_eq!(font.width("0123456789"), 61);
        assert_eq!(font.cut("0123456789", 61), "0123456789");
        assert_eq!(font.cut("0123456789", 60), "01234567\u{2026}");
        assert_eq!(font.cut("0123456789", 0), "\u{2026}");
        assert!(Font::sans(10).width("WWWW") > Font::sans(10).width("iiii") * 3);
        assert!(font.width(&"w".repeat(1 << 20)) > 0);
    }

    #[test]
    fn lines_are_wrapped_and_the_last_one_is_cut() {
        let font = Font::mono(10);
        assert_eq!(font.wrap("one two three four", 60, 9), ["one two", "three", "four"]);
        assert_eq!(font.wrap("one two three four", 60, 2), ["one two", "three fo\u{2026}"]);
        assert_eq!(font.wrap("", 60, 2), [""]);
        assert_eq!(font.wrap("incomprehensibilities", 60, 2), ["incompre\u{2026}"]);
    }
}
