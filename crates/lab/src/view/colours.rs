//! A text cut into pieces of one look each: which kind of word, and whether the compiler complains about it.
//!
//! In a long text only the lines around those in view are cut, and in a line with very many words only its beginning:
//! a text from a link may have 16,000 lines, or 100,000 words in one line.

use lang::TokenKind;
use lang::source::Span;
use std::ops::Range;

/// A text with more lines than this is drawn in parts.
const WHOLE: usize = 512;

/// Lines in a part. What is in view lies within one part and the next.
pub const PART: usize = 64;

/// The most pieces of a line. The rest of the line is drawn as one piece.
const MOST_PIECES: usize = 100;

/// Which lines of a text with so many lines are drawn, counted from 0, where the upper edge shows a line of the part of this
/// number: that part, the one before it and the one after it. All lines, if they are few.
#[must_use]
pub fn drawn(lines: usize, part: usize) -> Range<usize> {
    if lines <= WHOLE {
        return 0..lines;
    }
    // A text may become shorter than the place in view.
    let part = part.min((lines - 1) / PART);
    part.saturating_sub(1) * PART..lines.min((part + 2) * PART)
}

/// The longest line of a text, by its letters: it says how wide the text is, where not all of it is drawn.
#[must_use]
pub fn widest(text: &str) -> &str {
    const TAB: usize = 4;
    let width = |line: &str| line.chars().map(|letter| if letter == '\t' { TAB } else { 1 }).sum::<usize>();
    let mut best = ("", 0);
    for line in text.split('\n') {
        // Most lines have fewer bytes than the longest has letters.
        if (line.len() >= best.1 || line.contains('\t')) && width(line) >= best.1 {
            best = (line, width(line));
        }
    }
    best.0
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coloured<'a> {
    /// The text.
    pub text: &'a str,
    /// The class of its kind; empty for names and spaces.
    pub class: &'static str,
    /// Whether the compiler reports an error or a remark there.
    pub wrong: bool,
}

/// The same for a piece given by its place.
struct Place {
    place: Range<usize>,
    class: &'static str,
    wrong: bool,
}

/// The pieces of some lines of a text, counted from 0, line by line.
#[must_use]
pub fn lines<'a>(text: &'a str, wrong: &[Span], drawn: &Range<usize>) -> Vec<Vec<Coloured<'a>>> {
    let (read, from) = read(text, drawn);
    let (first, to) = (read.start, read.end);
    let mut cuts: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut at = first;
    for (span, kind) in text.get(read).map(lang::tokens).unwrap_or_default() {
        let (start, end) = (first + span.start as usize, first + span.end as usize);
        if start > at {
            join(text, &mut cuts, (at, start, ""));
        }
        if start >= at && end > start {
            join(text, &mut cuts, (start, end, class(kind)));
            at = end;
        }
    }
    join(text, &mut cuts, (at, to, ""));
    let mut lines = vec![Vec::new()];
    for (start, end, class) in cuts {
        if start < to && end > from {
            cut(text, start.max(from), end.min(to), class, wrong, &mut lines);
        }
    }
    // The end of the last line begins another one, which is drawn only if it is the text's own last.
    lines.truncate(drawn.len());
    lines.into_iter().map(|line| bounded(text, line)).collect()
}

/// The part of a text that has to be read to draw some of its lines, and the place where the first of these lines begins.
/// A comment that begins before them is read from its beginning.
fn read(text: &str, drawn: &Range<usize>) -> (Range<usize>, usize) {
    let mut ends = text.split_inclusive('\n').scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    });
    let from = drawn.start.checked_sub(1).map_or(0, |before| ends.nth(before).unwrap_or(text.len()));
    let last = drawn.len().checked_sub(1);
    let to = last.map_or(from, |last| ends.nth(last).unwrap_or(text.len()));
    (lang::line_to_begin_at(text, from)..to, from)
}

/// The pieces of some lines as the editor is told of them (`web/editor/src/words.js`): for each its length in units of UTF-16
/// and its class, line ends included, as in `3 keyword,5 ,1 number`.
#[must_use]
pub fn told(text: &str, drawn: Range<usize>) -> String {
    let mut told = String::new();
    for line in lines(text, &[], &drawn) {
        for piece in line {
            told += &format!("{} {},", units(piece.text), piece.class);
        }
        told += "1 ,";
    }
    told
}

/// Units of UTF-16, which browsers count, in a text.
fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// Units of UTF-16 before a byte of a text. A byte behind the text counts as its end.
#[must_use]
pub fn units_before(text: &str, byte: u32) -> u32 {
    let before = text.get(..byte as usize).unwrap_or(text);
    u32::try_from(units(before)).unwrap_or(u32::MAX)
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

/// Cuts a piece at line ends, and where the place of a message begins or ends.
fn cut(
    text: &str,
    start: usize,
    end: usize,
    class: &'static str,
    wrong: &[Span],
    lines: &mut Vec<Vec<Place>>,
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
        let mut at = pair[0];
        for (index, line) in part.split('\n').enumerate() {
            if index > 0 {
                lines.push(Vec::new());
                at += 1;
            }
            let place = at..at + line.len();
            at = place.end;
            if !line.is_empty()
                && let Some(last) = lines.last_mut()
            {
                last.push(Place { place, class, wrong });
            }
        }
    }
}

/// The pieces of a line: the first ones, and the rest as one.
fn bounded(text: &str, mut line: Vec<Place>) -> Vec<Coloured<'_>> {
    if let (Some(next), Some(last)) = (line.get(MOST_PIECES), line.last()) {
        let place = next.place.start..last.place.end;
        line.truncate(MOST_PIECES);
        line.push(Place { place, class: "", wrong: false });
    }
    let piece = |Place { place, class, wrong }| Some(Coloured { text: text.get(place)?, class, wrong });
    line.into_iter().filter_map(piece).collect()
}

/// The rules of a sheet know a kind by its word. Names look like the text around them.
const fn class(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Name => "",
        other => other.word(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Coloured, MOST_PIECES, PART, drawn, widest};
    use lang::source::Span;

    fn lines<'a>(text: &'a str, wrong: &[Span]) -> Vec<Vec<Coloured<'a>>> {
        super::lines(text, wrong, &(0..text.split('\n').count()))
    }

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
    fn the_editor_is_told_lengths_that_browsers_count() {
        let text = "let \u{1f600};\n// \u{e9}\n\nx";
        assert_eq!(super::told(text, 0..2), "3 keyword,1 ,2 unknown,1 punctuation,1 ,4 comment,1 ,");
        assert_eq!(super::told(text, 2..4), "1 ,1 ,1 ,");
        assert_eq!([0, 4, 8, 99].map(|byte| super::units_before(text, byte)), [0, 4, 6, 15]);
    }

    #[test]
    fn complaints_are_cut_out() {
        let lines = lines("let abc = 1;", &[Span { start: 4, end: 7 }]);
        let wrong: String = lines[0].iter().filter(|piece| piece.wrong).map(|piece| piece.text).collect();
        assert_eq!(wrong, "abc");
    }

    #[test]
    fn what_is_in_view_is_drawn_as_it_would_be_in_the_whole() {
        let text = "/* a\n b */ let x = 1;\n\n\"text\" // c\n".repeat(700);
        let (whole, count) = (lines(&text, &[]), text.split('\n').count());
        assert_eq!(drawn(400, 9), 0..400, "a usual text is drawn as a whole");
        for top in 0..count + 100 {
            let drawn = drawn(count, top / PART);
            // A screen shows no more lines than a part has.
            for seen in [top, top + PART].map(|line| line.min(count - 1)) {
                assert!(drawn.contains(&seen), "{seen} of {count}: {drawn:?}");
            }
            assert!(drawn.len() <= 3 * PART);
            if top % PART == 0 {
                assert_eq!(super::lines(&text, &[], &drawn), whole[drawn.clone()], "{drawn:?}");
            }
        }
    }

    /// Slashes, stars and quotes inside each other, as in texts that somebody is still writing.
    #[test]
    fn of_a_long_text_only_what_is_drawn_is_read() {
        let odd = [
            "\"/* \\\"\" x",
            "// /* \"",
            "/* \" // */ y",
            "/* a\n// */ b",
            "\"no end /*",
            "/",
            "/**/ c /*\n*/",
            "\\\"",
            "\u{201c}/* \u{201d} \u{201c} // \" a \u{201d} /* \u{e9} */",
            "``` /* \"",
        ];
        let text = odd.iter().cycle().take(8_000).fold(String::new(), |text, line| text + line + "\n");
        let (whole, count) = (lines(&text, &[]), text.split('\n').count());
        for part in 0..count / PART {
            let drawn = drawn(count, part);
            let (read, from) = super::read(&text, &drawn);
            assert!(read.len() < 8 * 1024 && from - read.start < 16, "{read:?} for {drawn:?}");
            assert_eq!(super::lines(&text, &[], &drawn), whole[drawn.clone()], "{drawn:?}");
        }
    }

    #[test]
    fn a_line_of_very_many_words_is_whole_and_has_few_pieces() {
        let text = format!("let a;\n{}\nlet b;", "1 + ".repeat(50_000));
        let lines = lines(&text, &[]);
        assert_eq!(lines[1].len(), MOST_PIECES + 1);
        let joined: Vec<String> =
            lines.iter().map(|line| line.iter().map(|piece| piece.text).collect()).collect();
        assert_eq!(joined.join("\n"), text);
    }

    #[test]
    fn the_widest_line_is_the_one_with_the_most_letters() {
        assert_eq!(widest("a\nbbb\n\u{e9}\u{e9}\n\tc\nccc"), "\tc");
        assert_eq!(widest(""), "");
    }
}
