//! How far a new line of a text is indented: by the brackets that are open where it begins.

use lang::TokenKind;

/// Columns for each open bracket, as the formatter has it.
const UNIT: u32 = 4;

/// Columns before a line that begins `units` of UTF-16 into a text, with what now stands there. `apart` says that a closing bracket
/// there gets a line of its own, below.
#[must_use]
pub fn indent(text: &str, units: u32, apart: bool) -> u32 {
    let at = byte_at(text, units);
    let brackets = lang::tokens(text).into_iter().filter(|(_, kind)| *kind == TokenKind::Punctuation);
    let mut open = 0_u32;
    for (span, _) in brackets {
        let start = span.start as usize;
        let before = start < at;
        // What stands at the beginning of the new line.
        let first = !before
            && !apart
            && text.get(at..start).is_some_and(|between| between.trim_matches([' ', '\t']).is_empty());
        if !before && !first {
            break;
        }
        for letter in span.of(text).chars() {
            match letter {
                '{' | '(' | '[' if before => open += 1,
                '}' | ')' | ']' => open = open.saturating_sub(1),
                _ => {}
            }
        }
        if first {
            break;
        }
    }
    open.saturating_mul(UNIT)
}

/// The byte behind so many units of UTF-16.
fn byte_at(text: &str, units: u32) -> usize {
    let (mut left, mut bytes) = (units as usize, 0);
    for letter in text.chars() {
        if left < letter.len_utf16() {
            break;
        }
        left -= letter.len_utf16();
        bytes += letter.len_utf8();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::indent;

    /// Columns of a line that begins where the text has a `|`.
    fn at(text: &str, apart: bool) -> u32 {
        let (before, after) = text.split_once('|').expect("a place");
        indent(&format!("{before}{after}"), before.encode_utf16().count() as u32, apart)
    }

    #[test]
    fn a_line_is_indented_by_the_brackets_around_it() {
        assert_eq!(at("|kernel", false), 0);
        assert_eq!(at("kernel \"\u{1f600}\" {|\n}", false), 4);
        assert_eq!(at("kernel \"k\" {\n    sys f() {|", false), 8);
        assert_eq!(at("kernel \"k\" {\n    sys f() {\n|  }", false), 4, "it closes what is open");
        assert_eq!(at("kernel \"k\" {|}", false), 0);
        assert_eq!(at("kernel \"k\" {|}", true), 4, "the bracket goes to the line below");
        assert_eq!(at("kernel \"k\" {\n    let a = f(1,|\n        2);", false), 8);
        assert_eq!(at("// { ( [\n\"{\" |", false), 0, "remarks and words have no brackets");
        assert_eq!(at("} } )|", false), 0);
    }

    #[test]
    fn the_formatter_lays_the_library_out_in_the_same_way() {
        let mut lines = 0;
        for kernel in gallery::kernels() {
            let mut start = 0;
            for line in kernel.text.split_inclusive('\n') {
                let units = kernel.text[..start].encode_utf16().count() as u32;
                start += line.len();
                let words = line.trim();
                // A remark may stand anywhere, and so may the rest of a statement.
                let plain = words.ends_with([';', '{', '}']) && !words.contains("//") && words.len() < 60;
                if plain && kernel.text.len() < 6_000 {
                    let found = (line.len() - line.trim_start().len()) as u32;
                    lines += u32::from(indent(kernel.text, units, false) == found);
                }
            }
        }
        assert!(lines > 100, "{lines}");
    }
}
