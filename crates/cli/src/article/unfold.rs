//! What mail and HTML do to a text, undone: each byte remembers its place in the file.

use super::bytes::starts_with;
use super::form::Form;
use super::mail;
use std::ops::Range;

/// A text that has been unfolded.
#[derive(Default)]
pub(super) struct Unfolded {
    pub(super) bytes: Vec<u8>,
    /// Where they stand in the file.
    runs: Vec<Run>,
}

/// Bytes that follow one another in the file as well.
struct Run {
    /// The first of them.
    first: usize,
    /// Its place in the file.
    place: usize,
    /// How all of them are written.
    form: Form,
}

impl Run {
    /// The place of a byte; in base64, of its group.
    fn place(&self, byte: usize) -> usize {
        let further = byte - self.first;
        self.place + if self.form == Form::Base64 { further / 3 * 4 } else { further }
    }
}

impl Unfolded {
    fn put(&mut self, byte: u8, place: usize, form: Form) {
        let first = self.bytes.len();
        self.bytes.push(byte);
        let goes_on = self.runs.last().is_some_and(|run| run.form == form && run.place(first) == place);
        if !goes_on {
            self.runs.push(Run { first, place, form });
        }
    }

    /// The run of a byte.
    fn run(&self, byte: usize) -> Option<&Run> {
        self.runs.partition_point(|run| run.first <= byte).checked_sub(1).and_then(|at| self.runs.get(at))
    }

    /// What stands in some bytes, of which there is one at least: their place in the article, and how they are written there.
    pub(super) fn place(&self, bytes: Range<usize>, article: &[u8]) -> Option<(Range<usize>, Form)> {
        let (begin, end) = (self.run(bytes.start)?, self.run(bytes.end.checked_sub(1)?)?);
        let last = end.place(bytes.end - 1);
        let length = match end.form {
            Form::Base64 => 4,
            form => character(article.get(last..)?, form).1,
        };
        Some((begin.place(bytes.start)..last + length, begin.form))
    }
}

/// How HTML writes characters that a link or what stands before it has.
const NAMED: [(&str, u8); 9] = [
    ("&#35;", b'#'),
    ("&#x23;", b'#'),
    ("&num;", b'#'),
    ("&amp;", b'&'),
    ("&#38;", b'&'),
    ("&#46;", b'.'),
    ("&period;", b'.'),
    ("&lowbar;", b'_'),
    ("&#95;", b'_'),
];

/// Undoes what mail and HTML do to a text.
pub(super) fn unfold(article: &[u8]) -> Unfolded {
    let (mut unfolded, mut lines) = (Unfolded::default(), mail::MailLines::of(article));
    let mut at = 0;
    while at < article.len() {
        let rest = &article[at..];
        let form = lines.form(rest);
        let end = at + rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
        if form == Form::Base64 {
            unfold_base64(&article[at..end], at, &mut unfolded);
            at = end;
        }
        while at < end {
            let (byte, length) = character(&article[at..], form);
            if let Some(byte) = byte {
                unfolded.put(byte, at, form);
            }
            at += length;
        }
    }
    unfolded
}

/// The character that a text begins with, if it is one, and how many bytes write it there.
fn character(rest: &[u8], form: Form) -> (Option<u8>, usize) {
    match rest {
        [b'=', b'\r', b'\n', ..] if form == Form::Quoted => (None, 3),
        [b'=', b'\n', ..] if form == Form::Quoted => (None, 2),
        [b'=', high, low, ..] if form == Form::Quoted => match (hex(*high), hex(*low)) {
            (Some(high), Some(low)) => (Some(high << 4 | low), 3),
            _ => (Some(b'='), 1),
        },
        [b'&', ..] => match NAMED.iter().find(|(name, _)| starts_with(rest, name)) {
            Some((name, named)) => (Some(*named), name.len()),
            None => (Some(b'&'), 1),
        },
        [byte, ..] => (Some(*byte), 1),
        [] => (None, 1),
    }
}

/// Reads one line in base64.
fn unfold_base64(line: &[u8], at: usize, unfolded: &mut Unfolded) {
    let line = line.trim_ascii_end();
    let value = |byte: &u8| BASE64.iter().position(|there| there == byte);
    let data: Vec<usize> = line.iter().take_while(|&&byte| byte != b'=').map_while(value).collect();
    let padding = line.len() - data.len();
    // A line is whole groups of four.
    if padding > 2 || !line.len().is_multiple_of(4) {
        return;
    }
    for (group, digits) in data.chunks(4).enumerate() {
        let word = digits.iter().chain([&0; 3]).take(4).fold(0, |word, digit| word << 6 | digit);
        let bytes = [(word >> 16) as u8, (word >> 8) as u8, word as u8];
        for byte in &bytes[..digits.len() - 1] {
            unfolded.put(*byte, at + group * 4, Form::Base64);
        }
    }
}

/// The digits of base64.
pub(super) const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A digit as quoted-printable writes it.
fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::unfold;
    use crate::article::Form;

    #[test]
    fn a_long_text_has_few_runs_and_every_byte_its_place() {
        let article = format!("{}&amp;{}", "a".repeat(1 << 20), "b".repeat(9));
        let unfolded = unfold(article.as_bytes());
        assert_eq!(unfolded.runs.len(), 2);
        assert_eq!(
            unfolded.place(1 << 20..(1 << 20) + 1, article.as_bytes()),
            Some((1 << 20..(1 << 20) + 5, Form::Plain))
        );
        for at in [0, 5, 1 << 19] {
            assert_eq!(unfolded.place(at..at + 2, article.as_bytes()), Some((at..at + 2, Form::Plain)));
        }
    }

    #[test]
    fn a_place_does_not_have_the_line_end_behind_it() {
        let mail = "Content-Transfer-Encoding: quoted-printable\n\nab=63=\nd\n";
        let unfolded = unfold(mail.as_bytes());
        let at = unfolded.bytes.iter().position(|&byte| byte == b'\n').expect("a line ends") + 2;
        assert_eq!(&unfolded.bytes[at..], b"abcd\n");
        let place = unfolded.place(at..at + 3, mail.as_bytes()).map(|(place, _)| place);
        assert_eq!(place.and_then(|place| mail.get(place)), Some("ab=63"));
    }
}
