//! From text to tokens. It is total: any text gives tokens, with a diagnostic for characters that form none.

use crate::diagnostic::legible::turns;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span};
use crate::syntax::foreign;
use crate::syntax::token::{SIGNS, Tok, Token};

/// The longest text that is read.
pub const MAX_TEXT: usize = 256 * 1024;

/// A text cut up.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// Tokens; the last is [`Tok::End`].
    pub(crate) tokens: Vec<Token>,
    /// Comments, in order.
    pub(crate) comments: Vec<Span>,
    /// Runs of characters that mean nothing.
    pub(crate) unknown: Vec<Span>,
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    source: SourceId,
    out: &'a mut Diagnostics,
    lexed: Lexed,
    /// Whether typographic quotes have been reported.
    quoted: bool,
}

/// Cuts `text` up.
pub(crate) fn lex(text: &str, source: SourceId, out: &mut Diagnostics) -> Lexed {
    if text.len() > MAX_TEXT {
        let message = format!("this text is longer than {} KiB", MAX_TEXT / 1024);
        out.push(Diagnostic::error(source, Span { start: 0, end: 0 }, message));
        let end = Token { tok: Tok::End, span: Span { start: 0, end: 0 } };
        return Lexed { tokens: vec![end], ..Lexed::default() };
    }
    let mut lexer =
        Lexer { text, bytes: text.as_bytes(), at: 0, source, out, lexed: Lexed::default(), quoted: false };
    while lexer.at < lexer.bytes.len() {
        lexer.next();
    }
    lexer.turning();
    let end = lexer.span(lexer.at);
    lexer.lexed.tokens.push(Token { tok: Tok::End, span: end });
    lexer.lexed
}

/// The beginning of the last line before a place, among the lines that begin outside of comments. From there on,
/// [`tokens`](crate::tokens()) are the same as in the whole text.
#[must_use]
pub fn line_to_begin_at(text: &str, before: usize) -> usize {
    let (bytes, before) = (text.as_bytes(), before.min(text.len()));
    let (mut at, mut line) = (0, 0);
    while at < before {
        let end_of_line = || bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |n| at + n);
        match (bytes[at], bytes.get(at + 1)) {
            (b'\n', _) => {
                at += 1;
                line = at;
            }
            (b'/', Some(b'/')) => at = end_of_line(),
            (b'/', Some(b'*')) => {
                let end = bytes[at + 2..].windows(2).position(|two| two == b"*/");
                at = end.map_or(bytes.len(), |n| at + n + 4);
            }
            (b'"', _) => {
                at += 1;
                // Strings end with their line. Each byte is looked at once, however many quotation marks a line has.
                while let Some(&b) = bytes.get(at).filter(|&&b| b != b'"' && b != b'\n') {
                    let escapes = b == b'\\' && bytes.get(at + 1).is_some_and(|&next| next != b'\n');
                    at += if escapes { 2 } else { 1 };
                }
                if bytes.get(at) == Some(&b'"') {
                    at += 1;
                }
            }
            // What else the lexer reads over as a whole: typographic quotes, and fences of Markdown.
            _ => match text.get(at..) {
                Some(rest) if rest.starts_with(quote) => at += quoted(rest),
                Some(rest) if rest.starts_with("```") => at = end_of_line(),
                _ => at += 1,
            },
        }
    }
    line
}

fn word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

impl Lexer<'_> {
    fn span(&self, start: usize) -> Span {
        Span::new(start..self.at)
    }

    fn push(&mut self, tok: Tok, start: usize) {
        let span = self.span(start);
        self.lexed.tokens.push(Token { tok, span });
    }

    fn error(&mut self, start: usize, message: &str, advice: Option<&str>) {
        let span = self.span(start);
        self.out.push(Diagnostic::error(self.source, span, message).maybe(advice.map(str::to_owned)));
    }

    fn next(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let b = self.bytes[start];
        let c = rest.chars().next().unwrap_or(' ');
        // Blanks of any kind, and the mark that some editors put before everything else.
        if c.is_whitespace() || (start == 0 && c == '\u{feff}') {
            self.at += c.len_utf8();
        } else if quote(c) {
            self.typographic(start);
        } else if rest.starts_with("//") {
            self.at = rest.find('\n').map_or(self.text.len(), |n| start + n);
            self.comment(start);
        } else if let Some(inside) = rest.strip_prefix("/*") {
            match inside.find("*/") {
                Some(n) => self.at = start + n + 4,
                None => {
                    // Its beginning is the place to look at, and not all that it has swallowed.
                    self.at = start + 2;
                    self.error(start, "this comment has no end", Some("close it with */"));
                    self.at = self.text.len();
                }
            }
            self.comment(start);
        } else if b == b'"' {
            self.string(start);
        } else if b.is_ascii_digit() {
            self.number(start);
        } else if word_byte(b) {
            while self.at < self.bytes.len() && word_byte(self.bytes[self.at]) {
                self.at += 1;
            }
            self.push(Tok::Name, start);
        } else if let Some(&(sign, tok)) =
            SIGNS.iter().find(|(sign, _)| sign.as_bytes().first() == Some(&b) && rest.starts_with(sign))
        {
            self.at += sign.len();
            self.push(tok, start);
        } else {
            self.stray(start, b);
        }
    }

    /// Characters of comments and strings that would show them, and what stands beside them, in another order.
    fn turning(&mut self) {
        let strings = self.lexed.tokens.iter().filter(|token| token.tok == Tok::Text).map(|token| token.span);
        let mut pieces: Vec<Span> = Vec::new();
        pieces.extend(strings.chain(self.lexed.comments.iter().copied()));
        for piece in pieces {
            let inside = piece.of(self.text);
            for (at, c) in inside.char_indices().filter(|&(_, c)| turns(c)) {
                let start = piece.start as usize + at;
                let span = Span::new(start..start + c.len_utf8());
                let message =
                    format!("the character U+{:04X} changes the order in which this text is shown", c as u32);
                let advice = "leave it out: a reader would not see the code that runs";
                self.out.push(Diagnostic::error(self.source, span, message).advice(advice));
            }
        }
    }

    fn comment(&mut self, start: usize) {
        // A comment on the last line may have carried trailing blanks with it.
        let trimmed = self.text[start..self.at].trim_end().len();
        self.lexed.comments.push(Span::new(start..start + trimmed));
    }

    fn number(&mut self, start: usize) {
        while self.at < self.bytes.len() && word_byte(self.bytes[self.at]) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        if matches!(word, "4K" | "2M" | "1G") {
            return self.push(Tok::Name, start);
        }
        let digits = word.replace('_', "");
        let parsed = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            Some(hex) => u64::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        let value = match parsed {
            Ok(value) => value,
            Err(error) => {
                let advice = "numbers are decimal or 0x hexadecimal, at most 64 bits; _ may separate digits";
                let what = match error.kind() {
                    std::num::IntErrorKind::PosOverflow => "this number does not fit in 64 bits",
                    _ => "this is not a number",
                };
                self.error(start, what, Some(advice));
                0
            }
        };
        self.push(Tok::Number(value), start);
    }

    fn string(&mut self, start: usize) {
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                None | Some(b'\n') => {
                    self.error(start, "this string has no end", Some("close it with \" on the same line"));
                    break;
                }
                Some(b'"') => {
                    self.at += 1;
                    break;
                }
                Some(b'\\') => {
                    let from = self.at;
                    self.at += 1;
                    let good = match self.bytes.get(self.at) {
                        Some(b'n' | b'0' | b'\\' | b'"') => 1,
                        Some(b'x') if hex(self.bytes, self.at + 1).is_some() => 3,
                        _ => 0,
                    };
                    self.at += good;
                    if good == 0 {
                        self.error(
                            from,
                            "unknown escape",
                            Some("the escapes are \\n \\0 \\\\ \\\" and \\xNN"),
                        );
                    }
                }
                Some(_) => self.at += 1,
            }
        }
        self.push(Tok::Text, start);
    }

    /// A string between quotes that a word processor has put there: a string all the same, so that nothing more is
    /// said about it.
    fn typographic(&mut self, start: usize) {
        let rest = &self.text[start..];
        self.at = start + quoted(rest);
        self.push(Tok::Text, start);
        if !std::mem::replace(&mut self.quoted, true) {
            let c = rest.chars().next().map_or(0, u32::from);
            let message = format!("this is a typographic quote (U+{c:04X})");
            let span = self.span(start);
            let advice =
                "strings stand between plain quotes (\"): replace this typographic quote and all others";
            self.out.push(Diagnostic::error(self.source, span, message).advice(advice));
        }
    }

    fn stray(&mut self, start: usize, b: u8) {
        if self.text[start..].starts_with("```") {
            self.at = self.text[start..].find('\n').map_or(self.text.len(), |n| start + n);
            let span = self.span(start);
            self.lexed.unknown.push(span);
            return self.error(
                start,
                "this is a fence of Markdown",
                Some("remove the lines of ``` and everything around them"),
            );
        }
        let c = self.text[start..].chars().next().unwrap_or(' ');
        if let Some((what, meant)) = foreign::character(c) {
            self.at += c.len_utf8();
            let span = self.span(start);
            self.lexed.unknown.push(span);
            let message = format!("this is {what} (U+{:04X})", u32::from(c));
            let advice =
                if meant == "nothing" { "leave it out".to_owned() } else { format!("write {meant}") };
            self.out.push(Diagnostic::error(self.source, span, message).advice(advice));
            // It counts as what was meant, so that nothing follows from it.
            if let Some(&(_, tok)) = SIGNS.iter().find(|(sign, _)| *sign == meant) {
                self.lexed.tokens.push(Token { tok, span });
            }
            return;
        }
        let (message, advice) = match b {
            b'#' => {
                let line = self.text[start..].find('\n').map_or(self.text.len(), |n| start + n);
                self.at = line;
                (
                    "there is no preprocessor",
                    Some(
                        "a comment begins with //, a fixed value is `const NAME = 7;`, a switch is `option`",
                    ),
                )
            }
            b'\'' => ("strings stand in double quotes", Some("\"A\" is the number 0x41")),
            b'@' | b'$' | b'`' => ("this character means nothing here", None),
            _ => ("this character means nothing here", Some("it may stand in comments and strings")),
        };
        if self.at == start {
            let rest = &self.text[start..];
            let run = rest.chars().take_while(|&c| stray_char(c)).map(char::len_utf8).sum::<usize>();
            self.at += run.max(1);
        }
        let span = self.span(start);
        self.lexed.unknown.push(span);
        self.error(start, message, advice);
    }
}

/// A quote that is not `"`.
/// The length of a string that begins with a typographic quote: up to the next quote of its line, or the quote alone.
fn quoted(rest: &str) -> usize {
    let open = rest.chars().next().map_or(1, char::len_utf8);
    let mut inside = rest[open..].char_indices();
    match inside.find(|&(_, c)| c == '\n' || c == '"' || quote(c)) {
        Some((at, c)) if c != '\n' => open + at + c.len_utf8(),
        _ => open,
    }
}

fn quote(c: char) -> bool {
    foreign::character(c).is_some_and(|(_, meant)| meant == "\"")
}

fn stray_char(c: char) -> bool {
    (!c.is_ascii() && foreign::character(c).is_none() && !c.is_whitespace())
        || matches!(c, '\'' | '@' | '$' | '`' | '\\')
        || (c.is_ascii_control() && !c.is_ascii_whitespace())
}

fn hex(bytes: &[u8], at: usize) -> Option<u8> {
    let digit = |b: &u8| (*b as char).to_digit(16);
    let high = digit(bytes.get(at)?)?;
    let low = digit(bytes.get(at + 1)?)?;
    u8::try_from(high * 16 + low).ok()
}

/// The bytes a string literal stands for; `literal` is the token's text with its quotes.
pub(crate) fn unquote(literal: &str) -> Vec<u8> {
    let any = |c| c == '"' || quote(c);
    let inner = literal.strip_prefix(any).unwrap_or(literal);
    let inner = inner.strip_suffix(any).unwrap_or(inner).as_bytes();
    let mut bytes = Vec::with_capacity(inner.len());
    let mut at = 0;
    while at < inner.len() {
        if inner[at] != b'\\' {
            bytes.push(inner[at]);
            at += 1;
            continue;
        }
        let (byte, used) = match inner.get(at + 1) {
            Some(b'n') => (b'\n', 2),
            Some(b'0') => (0, 2),
            Some(b'x') => (hex(inner, at + 2).unwrap_or(0), 4),
            Some(&other) => (other, 2),
            None => (b'\\', 1),
        };
        bytes.push(byte);
        at += used;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With as many steps as pairs of quotation marks this would take minutes.
    #[test]
    fn a_line_of_quotation_marks_is_read_once() {
        for line in ["\"".repeat(1 << 19), "\"\\".repeat(1 << 18), "\" ".repeat(1 << 18)] {
            let text = format!("{line}\nx = 1;\n");
            assert_eq!(line_to_begin_at(&text, line.len() + 3), line.len() + 1);
        }
        // A backslash at the end of a line does not hide the end.
        assert_eq!(line_to_begin_at("\"a\\\nx", 5), 4);
    }

    fn toks(text: &str) -> Vec<Tok> {
        let lexed = lex(text, SourceId::SCENARIO, &mut Diagnostics::default());
        lexed.tokens.iter().map(|t| t.tok).collect()
    }

    #[test]
    fn numbers() {
        assert_eq!(toks("1_000 0xff 2M"), [Tok::Number(1000), Tok::Number(255), Tok::Name, Tok::End]);
        let mut out = Diagnostics::default();
        lex("12ab 0x1_0000_0000_0000_0000", SourceId::SCENARIO, &mut out);
        let messages: Vec<String> = out.finish().into_iter().map(|d| d.message).collect();
        assert_eq!(messages, ["this is not a number", "this number does not fit in 64 bits"]);
    }

    #[test]
    fn signs_are_read_greedily() {
        assert_eq!(toks("a..b"), [Tok::Name, Tok::DotDot, Tok::Name, Tok::End]);
        assert_eq!(toks("<<= << <"), [Tok::Compound, Tok::Shl, Tok::Lt, Tok::End]);
    }

    #[test]
    fn strings_unquote() {
        assert_eq!(unquote(r#""An\x64y\n\0\\\"""#), b"Andy\n\0\\\"");
    }
}
