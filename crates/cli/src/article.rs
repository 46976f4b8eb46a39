//! Links in articles: in Markdown, in HTML, in mail.
//!
//! An article is bytes in any encoding that contains ASCII. Mail programs write `=` and two digits for a character and break
//! lines where they like (quoted-printable), or write a whole text in other characters (base64), or break a long address over
//! lines, each with a mark of quotation (`>`) before it. HTML writes characters by name. All that is undone first
//! (`unfold.rs`), and each byte remembers its place in the file. Then links begin where an address or an attribute can have
//! one, and end where they say themselves.

mod bytes;
mod form;
mod mail;
mod renew;
mod unfold;

use bytes::starts_with;
use link::{Link, LinkRefusal};
use std::ops::Range;
use unfold::{Unfolded, unfold};

pub use form::Form;
pub use renew::with;

/// A link in an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLink {
    /// Where it stands: its bytes in the file, from its version on.
    pub place: Range<usize>,
    /// The link, as it was written; broken lines are joined.
    pub text: String,
    /// What it says, or why it says nothing.
    pub link: Result<Link, LinkRefusal>,
    /// How the text around it is written.
    pub form: Form,
}

/// What may stand before a link.
const BEFORE: [&str; 12] = [
    "#", "%23", "%2523", "%252523", "?s=", "&s=", "?s%3d", "&s%3d", "%3fs%3d", "%26s%3d", "link=\"", "link='",
];

/// The most digits of a version.
const DIGITS: usize = 4;

/// The fewest characters after the dot: no link has fewer.
const SHORTEST: usize = 12;

/// The most lines that a link is broken over.
const MOST_LINES: usize = 5_000;

/// All links of an article, in order.
#[must_use]
pub fn links(article: &[u8]) -> Vec<FoundLink> {
    let unfolded = unfold(article);
    let bytes = &unfolded.bytes;
    let mut found: Vec<FoundLink> = Vec::new();
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
        match link_at(article, &unfolded, at, start) {
            Some((link, end)) => {
                found.push(link);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The link that begins at `start`, behind what stands `before` it, and where it ends in the unfolded text.
fn link_at(article: &[u8], unfolded: &Unfolded, before: usize, start: usize) -> Option<(FoundLink, usize)> {
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
    while let Err(LinkRefusal::Truncated { missing }) = read {
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
            let own = link::length(&whole).filter(|&own| own <= whole.len()).unwrap_or(whole.len());
            let extra = whole.len() - own;
            whole.truncate(own);
            let (place, form) = unfolded.place(start..start + whole_end - extra, article)?;
            let found = FoundLink { place, text: whole, link: Ok(link), form };
            Some((found, start + whole_end))
        }
        Err(_) if !is_link(&unfolded.bytes[..start], before, &text) => None,
        Err(_) => {
            let (place, form) = unfolded.place(start..start + end, article)?;
            let link = link::decode(&text);
            Some((FoundLink { place, text, link, form }, start + end))
        }
    }
}

/// Whether a text that can't be read was a link once. A heading may be called `1.something`, and another page may have places
/// with such names. `before` is where it begins that the text is a link: with `#`, or with the name of a parameter.
fn is_link(bytes: &[u8], before: usize, text: &str) -> bool {
    if !text.split_once('.').is_some_and(|(_, body)| random(body)) {
        return false;
    }
    let (address, mark) = (&bytes[before.saturating_sub(MOST_NAME)..before], &bytes[before..]);
    if mark != b"#" && !mark.ends_with(b"23") {
        return true;
    }
    // The address of the page ends with a folder, or with parameters.
    let address =
        String::from_utf8_lossy(address).to_ascii_lowercase().replace("%252f", "/").replace("%2f", "/");
    if let Some((_, name)) = address.rsplit_once('/')
        && (name.is_empty()
            || name.starts_with('?')
            || name.starts_with("%3f")
            || name.starts_with("index.html"))
    {
        return true;
    }
    // Without an address: it says how long it is, and that is about how long it is.
    let known = (1..=link::NEWEST).any(|version| text.starts_with(&format!("{version}.")));
    known && link::length(text).is_some_and(|own| (own / 2..=own + MOST_EXTRA).contains(&text.len()))
}

/// The most characters of an address that are looked at, from its end.
const MOST_NAME: usize = 80;

/// The most characters that may follow a link without a gap.
const MOST_EXTRA: usize = 4;

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

/// Lines and columns of an article's bytes, one after the other.
pub struct LineCounter<'a> {
    article: &'a [u8],
    /// How far the article has been read, which line that is, and where the line begins.
    at: usize,
    line: usize,
    begin: usize,
}

impl<'a> LineCounter<'a> {
    /// From the beginning of an article.
    #[must_use]
    pub const fn new(article: &'a [u8]) -> LineCounter<'a> {
        LineCounter { article, at: 0, line: 1, begin: 0 }
    }

    /// Line and column of a byte, counted from 1. It stands behind the one that was asked for before.
    pub fn of(&mut self, at: usize) -> (usize, usize) {
        let at = at.clamp(self.at, self.article.len().max(self.at));
        for (place, _) in (self.at..).zip(&self.article[self.at..at]).filter(|(_, byte)| **byte == b'\n') {
            self.line += 1;
            self.begin = place + 1;
        }
        self.at = at;
        (self.line, at - self.begin + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::unfold::BASE64;
    use super::{Form, FoundLink, LineCounter, links, with};

    const LINK: &str = "1.KNp7pCABwy2zx9w1M4MLbGF6eSttdW5tYXAQAQUACP8P_w__DwgHAAAAQBA";

    /// The one link of an article, and what its place says.
    fn one(article: &str) -> FoundLink {
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
        assert_eq!(LineCounter::new(mail.as_bytes()).of(found[0].place.start).0, 8);
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
        // A place of the article itself, with the name of a heading; and a link of a version that is not known yet.
        assert_eq!(links(b"[x](#3.Results2019Experiments) <a href=\"#3.Results2019Experiments\">"), []);
        assert_eq!(links(b"https://host/paper.html#3.Results2019Experiments"), []);
        assert!(one("https://host/?embed#9.Results2019Experiments").link.is_err());
        assert!(one("(https%3A%2F%2Fhost%2F%239.Results2019Experiments").link.is_err());
    }

    /// Another compressor may have made the link: it says itself how long it is.
    #[test]
    fn a_link_ends_where_it_says_itself() {
        for after in ["__", "_", "__**", "-"] {
            let found = one(&format!("__https://host/#{LINK}{after}"));
            assert_eq!(
                (found.text.as_str(), found.place.end),
                (LINK, "__https://host/#".len() + LINK.len()),
                "{after}"
            );
        }
        // The last character has bits that mean nothing.
        let odd = format!("{}B", &LINK[..LINK.len() - 1]);
        if link::decode(&odd) == link::decode(LINK) {
            assert_eq!(one(&format!("#{odd}__")).text, odd);
        }
    }

    #[test]
    fn a_text_that_speaks_of_mail_is_no_mail() {
        let article = format!(
            "# Mail\n\n```\nContent-Transfer-Encoding: quoted-printable\n\n```\n[a](https://host/#{LINK}) and a=3D\n\
             Content-Transfer-Encoding: base64\nhttps://host/#{LINK}\n"
        );
        let found = links(article.as_bytes());
        assert_eq!(found.iter().map(|found| found.form).collect::<Vec<_>>(), [Form::Plain; 2]);
    }

    #[test]
    fn places_have_lines_and_columns() {
        let mut lines = LineCounter::new(b"ab\ncd\n\ne");
        assert_eq!(
            [0, 4, 4, 6, 7, 99].map(|at| lines.of(at)),
            [(1, 1), (2, 2), (2, 2), (3, 1), (4, 1), (4, 2)]
        );
        assert_eq!(LineCounter::new(b"").of(9), (1, 1));
    }
}
