//! A text cut into pieces of one look each: which kind of word, and whether the compiler complains about it.

use lang::TokenKind;
use lang::source::Span;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text.
    pub text: &'a str,
    /// Class of its kind; empty for names and spaces.
    pub class: &'static str,
    /// It is inside of a place that the compiler complains about.
    pub wrong: bool,
}

/// The pieces of a text, line by line.
#[must_use]
pub fn lines<'a>(text: &'a str, wrong: &[Span]) -> Vec<Vec<Piece<'a>>> {
    let mut cuts: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut at = 0;
    for (span, kind) in lang::tokens(text) {
        let (start, end) = (span.start as usize, span.end as usize);
        if start > at {
            join(text, &mut cuts, (at, start, ""));
        }
        if start >= at && end > start {
            join(text, &mut cuts, (start, end, class(kind)));
            at = end;
        }
    }
    join(text, &mut cuts, (at, text.len(), ""));
    let mut lines = vec![Vec::new()];
    for (start, end, class) in cuts {
        cut(text, start, end, class, wrong, &mut lines);
    }
    lines
}

/// Adds a piece, to the last one if it looks the same, even with a space between them: a browser has less to draw.
fn join(
    text: &str,
    cuts: &mut Vec<(usize, usize, &'static str)>,
    (start, end, class): (usize, usize, &'static str),
) {
    if let [.., (_, _, before), (from, to, "")] = cuts.as_slice()
        && *before == class
        && text.get(*from..*to).is_some_and(|between| between.trim().is_empty())
    {
        cuts.pop();
    }
    match cuts.last_mut() {
        Some(last) if last.2 == class => last.1 = end,
        _ => cuts.push((start, end, class)),
    }
}

/// Cuts a piece at line ends and where a complaint begins or ends.
fn cut<'a>(
    text: &'a str,
    start: usize,
    end: usize,
    class: &'static str,
    wrong: &[Span],
    lines: &mut Vec<Vec<Piece<'a>>>,
) {
    let mut borders = vec![start, end];
    for border in wrong.iter().flat_map(|span| [span.start as usize, span.end as usize]) {
        if start < border && border < end {
            borders.insert(borders.partition_point(|&other| other < border), border);
        }
    }
    for pair in borders.windows(2) {
        let Some(part) = text.get(pair[0]..pair[1]) else { continue };
        let inside = |span: &Span| span.start as usize <= pair[0] && pair[1] <= span.end as usize;
        let wrong = wrong.iter().any(inside);
        for (index, line) in part.split('\n').enumerate() {
            if index > 0 {
                lines.push(Vec::new());
            }
            if !line.is_empty()
                && let Some(last) = lines.last_mut()
            {
                last.push(Piece { text: line, class, wrong });
            }
        }
    }
}

const fn class(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Comment => "comment",
        TokenKind::Keyword => "keyword",
        TokenKind::Type => "type",
        TokenKind::Builtin => "builtin",
        TokenKind::Number => "number",
        TokenKind::Text => "text",
        TokenKind::Name => "",
        TokenKind::Punctuation => "punctuation",
        TokenKind::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::lines;
    use lang::source::Span;

    #[test]
    fn nothing_is_lost() {
        let text = gallery::scenarios().chain(gallery::kernels()).map(|library| library.text);
        for text in text.chain(["", "\n", "a", "/* two\nlines */\n", "\u{e9}\" x"]) {
            let joined: Vec<String> =
                lines(text, &[]).iter().map(|line| line.iter().map(|piece| piece.text).collect()).collect();
            assert_eq!(joined.join("\n"), text);
        }
    }

    #[test]
    fn what_looks_the_same_is_one_piece() {
        let lines = lines("let a = b(1);\n/* c */ // d\n// e", &[]);
        let pieces: Vec<Vec<(&str, &str)>> =
            lines.iter().map(|line| line.iter().map(|piece| (piece.text, piece.class)).collect()).collect();
        let first = [
            ("let", "keyword"),
            (" a ", ""),
            ("=", "punctuation"),
            (" b", ""),
            ("(", "punctuation"),
            ("1", "number"),
            (");", "punctuation"),
        ];
        assert_eq!(pieces[0], first);
        assert_eq!(pieces[1..], [vec![("/* c */ // d", "comment")], vec![("// e", "comment")]]);
    }

    #[test]
    fn complaints_are_cut_out() {
        let lines = lines("let abc = 1;", &[Span { start: 4, end: 7 }]);
        let wrong: String = lines[0].iter().filter(|piece| piece.wrong).map(|piece| piece.text).collect();
        assert_eq!(wrong, "abc");
    }
}
