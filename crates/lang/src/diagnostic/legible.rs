//! Characters that mislead a reader: invisible ones, and ones that reorder the text beside them.
//!
//! A name goes to terminals, pages and other tools. So no name that is shown contains such characters: each is
//! written as its number.

use std::fmt::Write as _;

/// Whether a character sets the direction of the text around it, so that a reader sees another order than the compiler
/// (Unicode TR 9, "Trojan Source", CVE-2021-42574).
pub(crate) fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character can't be seen, or does something else than stand in its place.
pub(crate) fn hidden(c: char) -> bool {
    let invisible = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}'
            | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    );
    c.is_control() || turns(c) || invisible
}

/// A text in which every character can be seen: `\u{1b}` stands for a control character.
#[must_use]
pub fn legible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::legible;

    #[test]
    fn what_can_be_seen_stays_and_the_rest_is_a_number() {
        assert_eq!(legible("linux-4.14, é 中 عربي"), "linux-4.14, é 中 عربي");
        assert_eq!(
            legible("a\x1b[2K\r\u{202e}b\u{200b}\u{feff}"),
            "a\\u{1b}[2K\\u{d}\\u{202e}b\\u{200b}\\u{feff}"
        );
    }
}
