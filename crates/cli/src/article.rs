//! Links in articles: in Markdown, in HTML, in mail.
//!
//! An article is bytes in any encoding that contains ASCII. Mail programs write `=` and two digits for a character and break
//! lines where they like (quoted-printable), or write a whole text in other characters (base64), or break a long address over
//! lines, behind quotation marks. HTML writes characters by name. All that is undone first, and each byte remembers its place in the file. Then links begin where
//! an address or an attribute can have one, and end where they say themselves.

use link::{Link, Refusal};
use std::ops::Range;

/// A link in an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands: its bytes in the file, from its version on.
    pub place: Range<usize>,
    /// The link, as it was written; broken lines are joined.
    pub text: String,
    /// What it says, or why it says nothing.
    pub link: Result<Link, Refusal>,
    /// How the text around it is written.
    pub form: Form,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// Quoted-printable.
    Quoted,
    /// Base64: what stands there can be read, and not replaced.
    Base64,
}

/// A text that has been unfolded.
struct Unfolded {
    bytes: Vec<u8>,
    /// Where each byte stands in the file, and how it is written there; and the end of the file.
    places: Vec<(usize, Form)>,
}

impl Unfolded {
    fn put(&mut self, byte: u8, place: usize, form: Form) {
        self.bytes.push(byte);
        self.places.push((place, form));
    }

    /// What stands in some bytes: their place in the file, and how they are written there.
    fn place(&self, bytes: Range<usize>) -> (Range<usize>, Form) {
        let (start, form) = self.places[bytes.start];
        (start..self.places[bytes.end].0, form)
    }
}

/// What may stand before a link.
const BEFORE: [&str; 12] = [
    "#", "%23", "%2523", "%252523", "?s=", "&s=", "?s%3d", "&s%3d", "%3fs%3d", "%26s%3d", "link=\"", "link='",
];

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

/// The most digits of a version.
const DIGITS: usize = 4;

/// The fewest characters after the dot: no link has fewer.
const SHORTEST: usize = 12;

/// The most lines that a link is broken over.
const MOST_LINES: usize = 5_000;

/// All links of an article, in order.
#[must_use]
pub fn links(article: &[u8]) -> Vec<Found> {
    let unfolded = unfold(article);
    let bytes = &unfolded.bytes;
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        // Most bytes begin nothing, and a mailbox has many.
        let may = matches!(bytes[at], b'#' | b'%' | b'?' | b'&' | b'l' | b'L');
        let begins = BEFORE.iter().find(|before| may && starts_with(&bytes[at..], before));
        let Some(before) = begins else {
            at += 1;
            continue;
        };
        let start = at + before.len();
        match link_at(&unfolded, start) {
            Some((link, end)) => {
                found.push(link);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Whether bytes begin with a text, in small or capital letters.
fn starts_with(bytes: &[u8], text: &str) -> bool {
    bytes.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()))
}

/// The link that begins at a place, and where it ends in the unfolded text.
fn link_at(unfolded: &Unfolded, start: usize) -> Option<(Found, usize)> {
    let bytes = &unfolded.bytes[start..];
    let digits = bytes.iter().take(DIGITS + 1).take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=DIGITS).contains(&digits) {
        return None;
    }
    let dot = [".", "%2e", "%252e"].into_iter().find(|dot| starts_with(&bytes[digits..], dot))?;
    let mut end = digits + dot.len();
    let version = String::from_utf8_lossy(&bytes[..digits]).into_owned();
    let mut text = format!("{version}.");
    end = run(bytes, end, &mut text);
    if text.len() < digits + 1 + SHORTEST {
        return None;
    }
    let (mut whole, mut whole_end) = (text.clone(), end);
    let mut read = link::decode(&text);
    // Only a link that ends too early goes on in the next line. It says how much is missing.
    while let Err(Refusal::Truncated { missing }) = read {
        let enough = whole.len() + missing.max(1) as usize;
        let mut lines = 0;
        while whole.len() < enough && lines < MOST_LINES {
            let Some(next) = next_line(bytes, whole_end) else { break };
            let before = whole.len();
            whole_end = run(bytes, next, &mut whole);
            if whole.len() == before {
                break;
            }
            lines += 1;
        }
        if whole.len() < enough {
            break;
        }
        read = link::decode(&whole);
    }
    match read {
        Ok(link) => {
            // What follows without a gap may be no part of it: a mark of emphasis, say.
            let written = link::encode(&link);
            let extra = if whole.starts_with(&written) { whole.len() - written.len() } else { 0 };
            whole.truncate(whole.len() - extra);
            let (place, form) = unfolded.place(start..start + whole_end - extra);
            let found = Found { place, text: whole, link: Ok(link), form };
            Some((found, start + whole_end))
        }
        // A heading may be called "1.something".
        Err(_) if !random(&text[digits + 1..]) => None,
        Err(_) => {
            let (place, form) = unfolded.place(start..start + end);
            let link = link::decode(&text);
            Some((Found { place, text, link, form }, start + end))
        }
    }
}

/// Adds the characters of a link from a place on; where they end.
fn run(bytes: &[u8], from: usize, text: &mut String) -> usize {
    let rest = &bytes[from..];
    let length = rest
        .iter()
        .take(link::MAX_PASTED - text.len().min(link::MAX_PASTED))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .count();
    text.push_str(&String::from_utf8_lossy(&rest[..length]));
    from + length
}

/// Where the next line goes on, behind its indentation and marks of quotation; nothing if no line ends here.
fn next_line(bytes: &[u8], from: usize) -> Option<usize> {
    let skip =
        |from: usize, set: &[u8]| from + bytes[from..].iter().take_while(|byte| set.contains(byte)).count();
    let end = skip(from, b" \t");
    let after = match bytes.get(end..)? {
        [b'\r', b'\n', ..] => end + 2,
        [b'\n', ..] => end + 1,
        _ => return None,
    };
    Some(skip(after, b" \t>|"))
}

/// Whether characters look like those of a link, and not like words.
fn random(text: &str) -> bool {
    let has = |is: fn(&char) -> bool| text.chars().any(|c| is(&c));
    has(char::is_ascii_digit) && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)
}

/// Undoes what mail and HTML do to a text. A header says how the part of a mail that follows it is written.
fn unfold(article: &[u8]) -> Unfolded {
    let mut unfolded = Unfolded { bytes: Vec::new(), places: Vec::new() };
    let (mail, borders) = (is_mail(article), borders(article));
    let (mut form, mut at, mut fresh) = (Form::Plain, 0, true);
    while at < article.len() {
        let rest = &article[at..];
        if fresh && mail {
            form = form_of(rest, &borders, form);
        }
        if fresh && form == Form::Base64 && !starts_with(rest, HEADER) {
            at += unfold_base64(rest, at, &mut unfolded);
            continue;
        }
        let (byte, length) = match rest {
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
            [] => break,
        };
        if let Some(byte) = byte {
            unfolded.put(byte, at, form);
        }
        fresh = rest[length - 1] == b'\n';
        at += length;
    }
    unfolded.places.push((article.len(), form));
    unfolded
}

/// The header that says how a part of a mail is written.
const HEADER: &str = "content-transfer-encoding:";

/// The borders between the parts of mails, as headers name them.
fn borders(article: &[u8]) -> Vec<&[u8]> {
    let name = b"boundary=";
    let named = article.windows(name.len()).enumerate().filter(|(_, bytes)| bytes.eq_ignore_ascii_case(name));
    let border = |(at, _): (usize, _)| {
        let value = article[at + name.len()..].trim_ascii_start();
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        value.split(|byte| b"\";\r\n".contains(byte)).next().filter(|value| !value.is_empty())
    };
    named.filter_map(border).take(MOST_BORDERS).collect()
}

/// The most borders that are told apart.
const MOST_BORDERS: usize = 64;

/// Whether an article begins as mails do: with `From `, or with a header. Elsewhere a line that looks like a header is the
/// author's own.
fn is_mail(article: &[u8]) -> bool {
    let line = article.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
    line.starts_with(b"From ")
        || name.len() < line.len()
            && !name.is_empty()
            && name.iter().all(|&byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// How the text is written from a line on, where it was written so before: a header changes that, and so does the border of
/// a part, or the next mail of a mailbox.
fn form_of(line: &[u8], borders: &[&[u8]], before: Form) -> Form {
    let ends = |border: &&[u8]| line.strip_prefix(b"--").is_some_and(|line| line.starts_with(border));
    let next = line.starts_with(b"From ")
        && line.split(|&byte| byte == b'\n').next().is_some_and(|line| {
            // It has the time of day.
            line.windows(8).any(|time| time[2] == b':' && time[5] == b':')
        });
    if next || borders.iter().any(ends) {
        return Form::Plain;
    }
    if !starts_with(line, HEADER) {
        return before;
    }
    let value = line[HEADER.len()..].split(|&byte| byte == b'\n').next().unwrap_or_default();
    match String::from_utf8_lossy(value).trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => Form::Quoted,
        "base64" => Form::Base64,
        _ => Form::Plain,
    }
}

/// Reads one line of a part in base64, or one line of the headers before it; how long it is.
fn unfold_base64(rest: &[u8], at: usize, unfolded: &mut Unfolded) -> usize {
    let length = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |end| end + 1);
    let line = rest[..length].trim_ascii_end();
    let value = |byte: &u8| BASE64.iter().position(|there| there == byte);
    let data: Vec<usize> = line.iter().take_while(|&&byte| byte != b'=').map_while(value).collect();
    let padding = line.len() - data.len();
    // Other headers have colons and blanks. A line of base64 is whole groups of four.
    if padding > 2 || !line.len().is_multiple_of(4) {
        return length;
    }
    for (group, digits) in data.chunks(4).enumerate() {
        let word = digits.iter().chain([&0; 3]).take(4).fold(0, |word, digit| word << 6 | digit);
        let bytes = [(word >> 16) as u8, (word >> 8) as u8, word as u8];
        for byte in &bytes[..digits.len() - 1] {
            unfolded.put(*byte, at + group * 4, Form::Base64);
        }
    }
    length
}

/// The digits of base64.
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A digit as quoted-printable writes it.
fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Line and column of a byte, counted from 1.
#[must_use]
pub fn line_column(article: &[u8], at: usize) -> (usize, usize) {
    let before = &article[..at.min(article.len())];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
    (line, column)
}

/// An article with other links in some places. The places are in order.
#[must_use]
pub fn with(article: &[u8], renewed: &[(Found, String)]) -> Vec<u8> {
    /// Characters in a line of quoted-printable, of which there may be 76.
    const LINE: usize = 70;
    let mut out = Vec::with_capacity(article.len());
    let mut at = 0;
    for (found, text) in renewed {
        out.extend_from_slice(&article[at..found.place.start]);
        if found.form == Form::Quoted {
            let begun = out.iter().rev().take_while(|&&byte| byte != b'\n').count();
            for (n, byte) in text.bytes().enumerate() {
                if n > 0 && (begun + n) % LINE == 0 || n == 0 && begun + 1 > LINE {
                    out.extend_from_slice(b"=\n");
                }
                out.push(byte);
            }
        } else {
            out.extend_from_slice(text.as_bytes());
        }
        at = found.place.end;
    }
    out.extend_from_slice(&article[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::{BASE64, Form, Found, line_column, links, with};

    const LINK: &str = "1.KNp7pCABwy2zx9w1M4MLbGF6eSttdW5tYXAQAQUACP8P_w__DwgHAAAAQBA";

    /// The one link of an article, and what its place says.
    fn one(article: &str) -> Found {
        let mut found = links(article.as_bytes());
        assert_eq!(found.len(), 1, "{article}");
        found.swap_remove(0)
    }

    #[test]
    fn links_are_found_however_they_are_written() {
        for (before, after) in [
            ("[a walk](https://host/#", ") and more"),
            ("<a href=\"https://host/?embed#", "\">"),
            ("<a href='https://host/?embed&amp;s=", "'>"),
            ("https://safe.example/?url=https%3A%2F%2Fhost%2F%23", "&data=5"),
            ("<tlb-scope link=\"", "\"></tlb-scope>"),
            ("https://host/&#35;", "."),
            ("**https://host/#", "__**"),
            ("127.0.0.1:8080/#", "\n"),
        ] {
            let found = one(&format!("{before}{LINK}{after}"));
            assert_eq!(found.text, LINK, "{before}");
            assert!(found.link.is_ok());
            assert_eq!(found.place, before.len()..before.len() + LINK.len(), "{before}");
        }
    }

    #[test]
    fn broken_lines_are_joined() {
        let (head, tail) = LINK.split_at(30);
        let article = format!("> see https://host/#{head}\n> {tail}.\n");
        let found = one(&article);
        assert_eq!(found.text, LINK);
        assert_eq!(&article[found.place.clone()], format!("{head}\n> {tail}"));
        let mail = format!(
            "Content-Transfer-Encoding: quoted-printable\r\n\r\nhttps://host/?s=3D{head}=\r\n{tail}\r\n"
        );
        let found = one(&mail);
        assert_eq!(found.text, LINK);
        assert_eq!(found.form, Form::Quoted);
        let renewed = with(mail.as_bytes(), &[(found, "1.new".to_owned())]);
        assert!(String::from_utf8_lossy(&renewed).ends_with("https://host/?s=3D1.new\r\n"));
    }

    #[test]
    fn what_looks_like_a_mails_header_in_an_article_is_the_authors_own() {
        for form in ["quoted-printable", "base64"] {
            let article = format!(
                "# On mails\n\n```\nContent-Transfer-Encoding: {form}\n```\n\nhttps://host/#{LINK}\n"
            );
            assert_eq!((one(&article).form, &*one(&article).text), (Form::Plain, LINK), "{form}");
        }
    }

    #[test]
    fn parts_in_base64_are_read() {
        let text = format!("Gr\u{fc}\u{df}e: https://host/#{LINK} und mehr\r\n");
        let group = |bytes: &[u8]| -> String {
            let word = bytes
                .iter()
                .chain([&0; 2])
                .take(3)
                .fold(0_usize, |word, &byte| word << 8 | usize::from(byte));
            let digit = |n: usize| char::from(BASE64[word >> (18 - 6 * n) & 63]);
            (0..4).map(|n| if n <= bytes.len() { digit(n) } else { '=' }).collect()
        };
        let encoded: String = text.as_bytes().chunks(3).map(group).collect();
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        let mail = format!(
            "From: a@b\nContent-Type: multipart/alternative; boundary=\"x\"\n\n--x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{}\n--x--\n#{LINK}\n",
            lines.join("\n")
        );
        let found = links(mail.as_bytes());
        let forms: Vec<(Form, &str)> = found.iter().map(|found| (found.form, &*found.text)).collect();
        assert_eq!(forms, [(Form::Base64, LINK), (Form::Plain, LINK)]);
        assert_eq!(line_column(mail.as_bytes(), found[0].place.start).0, 8);
    }

    #[test]
    fn what_is_no_link_is_left_alone() {
        for article in [
            "see #1.introduction-to-paging",
            "#1.2.3",
            "1.5.0",
            "# 1. Title",
            "?s=1.",
            "#12345.abcdefghijklmnop",
        ] {
            assert_eq!(links(article.as_bytes()), [], "{article}");
        }
        let damaged = LINK.replace("w1M4", "w1N4");
        assert!(one(&format!("#{damaged}")).link.is_err());
        assert!(one(&format!("#{}", &LINK[..40])).link.is_err());
        assert!(links(&b"#1.".repeat(1 << 18)).is_empty());
    }

    #[test]
    fn places_have_lines_and_columns() {
        assert_eq!(line_column(b"ab\ncd", 4), (2, 2));
        assert_eq!(line_column(b"", 9), (1, 1));
    }
}
