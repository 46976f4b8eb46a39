//! How the lines of a mail are written.
//!
//! Only a header says that a text is quoted-printable or base64, and only in a block of headers: at the top of a mail, after
//! the border of a part, or at the top of a mail that a part contains. A text that speaks of such a header is no mail, and a
//! line of a letter is no header.

use super::bytes::starts_with;
use super::form::Form;
use std::collections::BTreeSet;

/// Follows the lines of an article, from one to the next.
pub(super) struct MailLines<'a> {
    /// Whether the article is a mail or a mailbox.
    mail: bool,
    /// Whether it has one mail after another, each behind a line `From `.
    mailbox: bool,
    /// Whether the next line may be a header.
    head: bool,
    /// How the text behind the headers is written.
    form: Form,
    /// Whether the text behind the headers is a mail with headers of its own.
    nested: bool,
    /// The borders between parts that the headers of this mail name.
    borders: BTreeSet<&'a [u8]>,
}

impl<'a> MailLines<'a> {
    /// At the beginning of an article.
    pub(super) fn of(article: &'a [u8]) -> MailLines<'a> {
        let mailbox = begins_mail(first(article));
        let mail = mailbox || has_headers(article);
        MailLines { mail, mailbox, head: mail, form: Form::Plain, nested: false, borders: BTreeSet::new() }
    }

    /// How the next line is written, with which `rest` begins.
    pub(super) fn form(&mut self, rest: &'a [u8]) -> Form {
        if !self.mail {
            return Form::Plain;
        }
        let line = first(rest);
        if self.mailbox && begins_mail(line) {
            self.borders.clear();
            self.begin(true);
            return Form::Plain;
        }
        if let Some(begins) = self.border(line) {
            self.begin(begins);
            return Form::Plain;
        }
        if !self.head {
            return self.form;
        }
        if line.is_empty() {
            let nested = self.nested;
            if nested {
                self.begin(true);
            }
            self.head = nested;
            return Form::Plain;
        }
        let continued = line.starts_with(b" ") || line.starts_with(b"\t");
        let Some((name, value)) = header(rest) else {
            // What is no header ends them.
            self.head = continued;
            return if continued { Form::Plain } else { self.form };
        };
        if name.eq_ignore_ascii_case(b"content-transfer-encoding") {
            self.form = encoding(value);
        } else if name.eq_ignore_ascii_case(b"content-type") {
            self.nested = starts_with(value.trim_ascii(), "message/rfc822");
            self.borders.extend(boundary(value));
        }
        Form::Plain
    }

    /// Begins with headers, or with a text that has none.
    fn begin(&mut self, headers: bool) {
        (self.head, self.form, self.nested) = (headers, Form::Plain, false);
    }

    /// Whether a line is a border; if so, whether a part begins behind it.
    fn border(&self, line: &[u8]) -> Option<bool> {
        let name = line.strip_prefix(b"--")?;
        if self.borders.contains(name) {
            return Some(true);
        }
        name.strip_suffix(b"--").filter(|name| self.borders.contains(name)).map(|_| false)
    }
}

/// The first line, without its end and the blanks there.
fn first(rest: &[u8]) -> &[u8] {
    rest.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii_end()
}

/// Whether a mail of a mailbox begins with a line: who sent it, and when, with the time of day.
fn begins_mail(line: &[u8]) -> bool {
    line.starts_with(b"From ") && line.windows(8).any(|time| time[2] == b':' && time[5] == b':')
}

/// Whether an article begins with headers and an empty line.
fn has_headers(article: &[u8]) -> bool {
    for (count, line) in article.split(|&byte| byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            return count > 0;
        }
        let continued = count > 0 && (line.starts_with(b" ") || line.starts_with(b"\t"));
        if !continued && header(line).is_none() {
            return false;
        }
    }
    false
}

/// The header that begins here: its name, and its value with the lines that continue it.
fn header(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let length = rest.iter().take_while(|byte| letter(byte)).count();
    let value = rest[length..].strip_prefix(b":").filter(|_| length > 0)?;
    let mut end = 0;
    loop {
        end += value[end..].iter().take_while(|&&byte| byte != b'\n').count();
        if !matches!(value.get(end + 1), Some(b' ' | b'\t')) {
            return Some((&rest[..length], &value[..end]));
        }
        end += 1;
    }
}

/// How the text is written that has this encoding.
fn encoding(value: &[u8]) -> Form {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b';' | b'(');
    let word = value.trim_ascii_start().split(ends).next().unwrap_or_default();
    match word.to_ascii_lowercase().as_slice() {
        b"quoted-printable" => Form::Quoted,
        b"base64" => Form::Base64,
        _ => Form::Plain,
    }
}

/// The border that a type names.
fn boundary(value: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"boundary=";
    let at = value.windows(NAME.len()).position(|bytes| bytes.eq_ignore_ascii_case(NAME))?;
    let value = &value[at + NAME.len()..];
    let border = match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|&byte| byte == b'"').next(),
        None => value.split(|byte| byte.is_ascii_whitespace() || *byte == b';').next(),
    };
    border.map(<[u8]>::trim_ascii_end).filter(|border| !border.is_empty())
}

#[cfg(test)]
mod tests {
    use super::MailLines;
    use crate::article::Form;

    /// The last line's form.
    fn last(article: &str) -> Form {
        let mut lines = MailLines::of(article.as_bytes());
        let mut at = 0;
        let mut form = Form::Plain;
        for line in article.split_inclusive('\n') {
            form = lines.form(&article.as_bytes()[at..]);
            at += line.len();
        }
        form
    }

    #[test]
    fn a_header_counts_only_in_a_block_of_headers() {
        const QUOTED: &str = "Content-Transfer-Encoding: quoted-printable\n";
        assert_eq!(last(&format!("From: a@b\n{QUOTED}\ntext")), Form::Quoted);
        assert_eq!(last("From: a\r\ncontent-transfer-encoding:\r\n  BASE64 (all)\r\n\r\ntext"), Form::Base64);
        for plain in [
            format!("# Mail\n\n{QUOTED}\ntext"),
            format!("From: a@b\n\n{QUOTED}\ntext"),
            format!("words without a colon\n{QUOTED}\ntext"),
            format!(
                "From a@b Mon Jan  1 10:11:12 2024\n{QUOTED}\ntext\nFrom c@d Mon Jan  1 10:11:13 2024\nA: b\n\ntext"
            ),
        ] {
            assert_eq!(last(&plain), Form::Plain, "{plain}");
        }
    }

    #[test]
    fn parts_have_headers_of_their_own_however_many_there_are() {
        let head = "From: a@b\nContent-Type: multipart/mixed;\n boundary=\"x y\"\n\n";
        let part = "--x y\nContent-Transfer-Encoding: base64\n\ntext\n";
        assert_eq!(last(&format!("{head}{part}text")), Form::Base64);
        assert_eq!(last(&format!("{head}{part}--x y\n\ntext")), Form::Plain);
        assert_eq!(last(&format!("{head}{part}--x y--\ntext")), Form::Plain);
        let mut many = "A: b\nContent-Type: multipart/mixed; boundary=b0\n\n".to_owned();
        for n in 0..200 {
            many += &format!("--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n", n + 1);
        }
        assert_eq!(
            last(&format!("{many}--b200\nContent-Transfer-Encoding: base64\n\nt\n--b200\n\ntext")),
            Form::Plain
        );
        let forwarded =
            "--x y\nContent-Type: message/rfc822\n\nFrom: c@d\nContent-Transfer-Encoding: base64\n\ntext";
        assert_eq!(last(&format!("{head}{forwarded}")), Form::Base64);
    }
}
