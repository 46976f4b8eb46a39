//! How wide a text is, in whole pixels, without a font at hand.
//!
//! Readers have different fonts. So each character of ASCII counts as wide as in the widest of the usual ones (DejaVu Sans,
//! and DejaVu Sans Mono), and a letter of another script as wide as the wide ones of these. A text that fits by this measure
//! fits with the usual fonts; a few letters of rare scripts are wider.

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
                let widths = if self.bold { &BOLD } else { &SANS };
                i32::from(widths[c as usize - 32]) * 10
            }
            // Arrows and signs.
            '\u{b7}' | '\u{d7}' | '\u{2190}'..='\u{21ff}' => 840,
            '\u{2018}'..='\u{201d}' => 660,
            '\u{2010}'..='\u{2026}' => 1000,
            _ => 1330,
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

/// The widths of the characters from the space to `~` in DejaVu Sans, in hundredths of the size, rounded up.
const SANS: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,
    62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98,
    64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];

/// The same in bold.
const BOLD: [u8; 95] = [
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70,
    40, 40, 84, 84, 84, 59, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100, 84, 86, 74, 86, 78, 73,
    69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 50, 50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105,
    72, 69, 72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
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

    /// Widths that DejaVu Sans and DejaVu Sans Bold have, in units of 1/2048.
    #[test]
    fn no_character_is_wider_than_it_counts() {
        for (c, plain, bold) in [
            ('W', 2025, 2259),
            ('i', 569, 702),
            ('m', 1995, 2134),
            ('%', 1946, 2052),
            ('(', 799, 936),
            ('D', 1577, 1700),
            ('\u{2014}', 2048, 2048),
            ('\u{2026}', 2048, 2048),
            ('\u{2192}', 1716, 1716),
            ('\u{201c}', 1061, 1346),
            ('\u{449}', 1929, 2264),
            ('\u{429}', 2240, 2715),
            ('\u{e4}', 1255, 1382),
        ] {
            for (font, width) in [(Font::sans(2048), plain), (Font::sans(2048).bold(), bold)] {
                assert!(font.width(&c.to_string()) >= width, "{c} {font:?}");
            }
        }
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
