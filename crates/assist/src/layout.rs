//! How far a new line of a text is indented: by the brackets that are open where it begins.

use lang::TokenKind;

/// Columns for each open bracket, as the formatter has it.
const UNIT: u32 = 4;

/// Columns before a line that begins at a byte of a text, with what now stands there. `apart` says that a closing bracket there gets
/// a line of its own, below.
#[must_use]
pub fn indent(text: &str, byte: u32, apart: bool) -> u32 {
    let at = byte as usize;
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

#[cfg(test)]
mod tests {
    use super::indent;

    fn count(bytes: usize) -> u32 {
        u32::try_from(bytes).expect("short")
    }

    /// Columns of a line that begins where the text has a `|`.
    fn at(text: &str, apart: bool) -> u32 {
        let (before, after) = text.split_once('|').expect("a place");
        indent(&format!("{before}{after}"), count(before.len()), apart)
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
    fn the_library_is_laid_out_in_the_same_way() {
        let (mut same, mut others) = (0, Vec::new());
        for kernel in gallery::kernels() {
            let text = lang::format(kernel.text).expect("it has no error");
            let mut start = 0;
            for line in text.split_inclusive('\n') {
                let words = line.trim();
                // A remark may stand anywhere, and so may the rest of a statement.
                if words.ends_with([';', '{', '}']) && !words.contains("//") {
                    let found = count(line.len() - line.trim_start().len());
                    if indent(&text, start, false) == found {
                        same += 1
                    } else {
                        others.push((kernel.slug, line.to_owned()))
                    }
                }
                start += count(line.len());
            }
        }
        assert!(same > 50 * others.len(), "{same} lines are, these are not: {others:#?}");
    }
}
