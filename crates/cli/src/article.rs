//! Links in articles: in Markdown, in HTML, in mail.
//!
//! An article is bytes in any encoding that contains ASCII. Mail programs write `=` and two digits for a character and break
//! lines where they like (quoted-printable), or break a long address over lines, behind quotation marks. HTML writes
//! characters by name. All that is undone first, and each byte remembers its place in the file. Then links begin where
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
    /// Whether it stands in a text that is quoted-printable.
    pub folded: bool,
}

/// A text that has been unfolded.
struct Unfolded {
    bytes: Vec<u8>,
    /// Where each byte stands in the file; and the end of the file.
    places: Vec<usize>,
    folded: bool,
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
            let place = unfolded.places[start]..unfolded.places[start + whole_end - extra];
            let found = Found { place, text: whole, link: Ok(link), folded: unfolded.folded };
            Some((found, start + whole_end))
        }
        // A heading may be called "1.something".
        Err(_) if !random(&text[digits + 1..]) => None,
        Err(_) => {
            let place = unfolded.places[start]..unfolded.places[start + end];
            let link = link::decode(&text);
            Some((Found { place, text, link, folded: unfolded.folded }, start + end))
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

/// Undoes what mail and HTML do to a text.
fn unfold(article: &[u8]) -> Unfolded {
    let folded = is_quoted_printable(article);
    let mut unfolded = Unfolded { bytes: Vec::new(), places: Vec::new(), folded };
    let mut at = 0;
    while let Some(&byte) = article.get(at) {
        let rest = &article[at..];
        let (byte, length) = match byte {
            b'=' if folded => match rest {
                [_, b'\r', b'\n', ..] => (None, 3),
                [_, b'\n', ..] => (None, 2),
                [_, high, low, ..] => match (hex(*high), hex(*low)) {
                    (Some(high), Some(low)) => (Some(high << 4 | low), 3),
                    _ => (Some(byte), 1),
                },
                _ => (Some(byte), 1),
            },
            b'&' => match NAMED.iter().find(|(name, _)| starts_with(rest, name)) {
                Some((name, named)) => (Some(*named), name.len()),
                None => (Some(byte), 1),
            },
            _ => (Some(byte), 1),
        };
        if let Some(byte) = byte {
            unfolded.bytes.push(byte);
            unfolded.places.push(at);
        }
        at += length;
    }
    unfolded.places.push(article.len());
    unfolded
}

/// A digit as quoted-printable writes it.
fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Whether a header says so.
fn is_quoted_printable(article: &[u8]) -> bool {
    let header = "content-transfer-encoding:";
    article.split(|&byte| byte == b'\n').any(|line| {
        starts_with(line, header)
            && String::from_utf8_lossy(&line[header.len()..]).trim().eq_ignore_ascii_case("quoted-printable")
    })
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
        if found.folded {
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
    use super::{Found, line_column, links, with};

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
        assert!(found.folded);
        let renewed = with(mail.as_bytes(), &[(found, "1.new".to_owned())]);
        assert!(String::from_utf8_lossy(&renewed).ends_with("https://host/?s=3D1.new\r\n"));
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
