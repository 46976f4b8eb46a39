//! Bytes of a text, its lines and columns, and the units of UTF-16 that browsers and editors count.

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a str,
    /// First bytes of the lines; units of UTF-16 before each.
    starts: Vec<(u32, u32)>,
}

fn units(text: &str) -> u32 {
    if text.is_ascii() { count(text.len()) } else { count(text.encode_utf16().count()) }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl<'a> Lines<'a> {
    /// The lines of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Lines<'a> {
        let (mut starts, mut at) = (vec![(0, 0)], (0, 0));
        for line in text.split_inclusive('\n') {
            at = (at.0 + count(line.len()), at.1 + units(line));
            if line.ends_with('\n') {
                starts.push(at);
            }
        }
        Lines { text, starts }
    }

    /// How many there are: one more than line ends.
    #[must_use]
    pub fn len(&self) -> u32 {
        count(self.starts.len())
    }

    /// Whether the text has nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The line of a byte, counted from 0, and the units of UTF-16 before the byte in that line. A byte inside a letter
    /// counts as the letter's first, one behind the text as its end.
    #[must_use]
    pub fn position(&self, byte: u32) -> (u32, u32) {
        let byte = self.rounded(byte);
        let line = self.starts.partition_point(|start| start.0 <= byte) - 1;
        let before = self.text.get(self.starts[line].0 as usize..byte as usize).unwrap_or("");
        (count(line), units(before))
    }

    /// The byte at a line and column in units of UTF-16. A column behind the line's end is that end; a line behind the
    /// text is the text's end.
    #[must_use]
    pub fn byte(&self, line: u32, column: u32) -> u32 {
        let Some((start, _)) = self.starts.get(line as usize) else { return count(self.text.len()) };
        let rest = self.text.get(*start as usize..).unwrap_or("");
        let rest = rest.split('\n').next().unwrap_or("");
        start + self.forward(rest.strip_suffix('\r').unwrap_or(rest), column)
    }

    /// Units of UTF-16 before a byte of the text.
    #[must_use]
    pub fn utf16(&self, byte: u32) -> u32 {
        let (line, column) = self.position(byte);
        self.starts[line as usize].1 + column
    }

    /// The byte behind so many units of UTF-16.
    #[must_use]
    pub fn from_utf16(&self, unit: u32) -> u32 {
        let line = self.starts.partition_point(|start| start.1 <= unit) - 1;
        let (start, before) = self.starts[line];
        start + self.forward(self.text.get(start as usize..).unwrap_or(""), unit - before)
    }

    /// The bytes of the letters that so many units hold.
    fn forward(&self, text: &str, units: u32) -> u32 {
        let (mut bytes, mut left) = (0, units as usize);
        for letter in text.chars() {
            if letter.len_utf16() > left {
                break;
            }
            left -= letter.len_utf16();
            bytes += letter.len_utf8();
        }
        count(bytes)
    }

    fn rounded(&self, byte: u32) -> u32 {
        let mut byte = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        count(byte)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn bytes_and_units_lead_to_each_other() {
        for text in
            ["", "a", "\n", "a\nb\n", "é\u{1f600}x\r\nzwei\n\n\u{4e2d}", "\u{feff}k\u{2028}\n\t\u{1f600}"]
        {
            let lines = Lines::new(text);
            assert_eq!(lines.len() as usize, text.split('\n').count());
            for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let byte = u32::try_from(byte).expect("short");
                let (line, column) = lines.position(byte);
                let before = &text[..byte as usize];
                assert_eq!(line as usize, before.matches('\n').count());
                let last = before.rsplit('\n').next().unwrap_or("");
                assert_eq!(column as usize, last.encode_utf16().count());
                assert_eq!(lines.utf16(byte) as usize, before.encode_utf16().count());
                assert_eq!(lines.from_utf16(lines.utf16(byte)), byte);
                if !before.ends_with('\r') {
                    assert_eq!(lines.byte(line, column), byte);
                }
            }
        }
    }

    #[test]
    fn places_outside_are_the_nearest_inside() {
        let lines = Lines::new("é\u{1f600}\nx");
        assert_eq!((lines.position(1), lines.position(99)), ((0, 0), (1, 1)));
        assert_eq!((lines.byte(0, 2), lines.byte(0, 99), lines.byte(9, 0)), (2, 6, 8));
        assert_eq!((lines.from_utf16(2), lines.from_utf16(99)), (2, 8));
    }
}
