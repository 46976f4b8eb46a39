//! Other links in the places of those that an article has.

use super::FoundLink;
use super::form::Form;

/// The most characters of a line of quoted-printable, without the `=` that breaks it: 76 with that.
const LINE: usize = 75;

/// An article with other links in some places. The places are in order. In quoted-printable, lines are broken where they would
/// be too long.
#[must_use]
pub fn with(article: &[u8], renewed: &[(FoundLink, String)]) -> Vec<u8> {
    let end = article.iter().position(|&byte| byte == b'\n').unwrap_or_default();
    let soft: &[u8] = if article[..end].ends_with(b"\r") { b"=\r\n" } else { b"=\n" };
    let mut out = Vec::with_capacity(article.len());
    let mut at = 0;
    for (number, (found, text)) in renewed.iter().enumerate() {
        out.extend_from_slice(&article[at..found.place.start]);
        at = found.place.end;
        if found.form != Form::Quoted {
            out.extend_from_slice(text.as_bytes());
            continue;
        }
        let mut column = out.iter().rev().take_while(|&&byte| byte != b'\n').count();
        for byte in text.bytes() {
            if column >= LINE {
                out.extend_from_slice(soft);
                column = 0;
            }
            out.push(byte);
            column += 1;
        }
        // What follows in the line, up to the next link that is renewed: it must fit as well.
        let next = renewed.get(number + 1).map_or(article.len(), |next| next.0.place.start);
        let rest = &article[at..next.min(at + LINE + 2)];
        let rest = rest.iter().take_while(|byte| !b"\r\n".contains(byte)).count();
        if column + rest > LINE
            && rest > 0
            && !article[at..].starts_with(b"=\r")
            && !article[at..].starts_with(b"=\n")
        {
            out.extend_from_slice(soft);
        }
    }
    out.extend_from_slice(&article[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::with;
    use crate::article::{Form, FoundLink, links};

    const LINK: &str = "1.KNp7pCABwy2zx9w1M4MLbGF6eSttdW5tYXAQAQUACP8P_w__DwgHAAAAQBA";

    /// A mail in quoted-printable with its links replaced.
    fn renewed(mail: &str, text: &str) -> String {
        let found: Vec<(FoundLink, String)> =
            links(mail.as_bytes()).into_iter().map(|found| (found, text.to_owned())).collect();
        assert!(!found.is_empty() && found.iter().all(|found| found.0.form == Form::Quoted), "{mail}");
        String::from_utf8(with(mail.as_bytes(), &found)).expect("it is ASCII")
    }

    #[test]
    fn lines_of_quoted_printable_stay_short_and_end_as_the_file_s() {
        let words = "words ".repeat(9);
        for end in ["\n", "\r\n"] {
            let (head, tail) = LINK.split_at(30);
            let mail = format!(
                "Content-Transfer-Encoding: quoted-printable{end}{end}See https://host/?s=3D{head}={end}{tail}. And {words}{end}\
                 and #{head}={end}{tail}, #{head}={end}{tail}={end} too{end}"
            );
            for length in [3, 40, 62, 75, 76, 150, 300] {
                let text = "x".repeat(length);
                let now = renewed(&mail, &text);
                assert!(now.split(end).all(|line| line.len() <= 76 && !line.contains(['\r', '\n'])), "{now}");
                let whole = now.replace(&format!("={end}"), "");
                let expected = mail.replace(&format!("={end}"), "").replace(LINK, &text);
                assert_eq!(whole, expected);
            }
        }
    }
}
