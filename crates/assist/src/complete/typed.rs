//! What has been typed so far at a place: a word, or the beginning of a string.

use lang::source::Span;

/// The word that a byte stands in or behind, and whether it is what stands in quotes so far.
pub(super) fn typed(text: &str, byte: usize) -> (Span, bool) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let line = text[..byte].rfind('\n').map_or(0, |n| n + 1);
    let span = |start: usize, end: usize| {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: number(start), end: number(end) }
    };
    if let Some(quote) = open_quote(&text[line..byte]) {
        let rest = &text[byte..];
        let end = rest.find(['"', '\n']).filter(|&n| rest[n..].starts_with('"')).map_or(byte, |n| byte + n);
        return (span(line + quote + 1, end), true);
    }
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let start = text[..byte].trim_end_matches(word).len();
    let end = byte + text[byte..].find(|c| !word(c)).unwrap_or(text.len() - byte);
    (span(start, end), false)
}

/// Where the string begins that is open at the end of a line's beginning.
fn open_quote(line: &str) -> Option<usize> {
    let mut open = None;
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' if !escaped => open = if open.is_some() { None } else { Some(at) },
            b'/' if open.is_none() && line[at..].starts_with("//") => return None,
            _ => {}
        }
        escaped = byte == b'\\' && !escaped && open.is_some();
    }
    open
}

/// Whether a place is inside of a comment.
pub(super) fn inside_comment(text: &str, place: u32) -> bool {
    let comment = |(span, kind): &(Span, lang::TokenKind)| {
        *kind == lang::TokenKind::Comment && span.start < place && place <= span.end
    };
    // A line comment ends before its line end, a block comment behind its last sign.
    lang::tokens(text)
        .iter()
        .any(|token| comment(token) && !(token.0.end == place && token.0.of(text).ends_with("*/")))
}
