//! Where in a pasted text the link is.
//!
//! Mail programs wrap addresses in addresses of their own, encode the `#`, encode the encoding, and break lines.
//! Prose puts a full stop or a bracket after an address. Text after the link may stay, because the link says how
//! long it is.

/// The most digits of a version: the number fits, and no longer one will ever be made.
const DIGITS: usize = 4;

/// How often percent-encoding is undone. Each forwarding service may have added one layer.
const LAYERS: u32 = 4;

/// The version and what follows its dot, as far as that can belong to a link.
pub(crate) fn find(pasted: &str) -> Option<(u32, String)> {
    let mut text: String = pasted.chars().filter(|c| !c.is_whitespace()).collect();
    for _ in 0..LAYERS {
        if text.contains('%') {
            text = percent_decoded(&text);
            // A broken line may have been encoded too.
            text.retain(|c| !c.is_whitespace());
        }
    }
    // An address may begin with digits and a dot ("127.0.0.1:8080/#1...."): its beginning comes last.
    let fragments = text.match_indices('#').map(|(at, _)| at + 1);
    let queries =
        text.match_indices("s=").filter(|&(at, _)| text[..at].ends_with(['?', '&'])).map(|q| q.0 + 2);
    fragments.chain(queries).chain([0]).find_map(|at| versioned(&text[at..]))
}

/// `1.abc` taken apart. It looks at a few characters to see whether there is a version: a text may be nothing but
/// places where a link could begin.
fn versioned(text: &str) -> Option<(u32, String)> {
    let digits = text.bytes().take(DIGITS + 1).take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].strip_prefix('.').filter(|_| (1..=DIGITS).contains(&digits))?;
    let version = text[..digits].parse().ok()?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
    Some((version, rest[..end].to_owned()))
}

/// One layer of percent-encoding undone. Only ASCII is: nothing else can be part of a link.
fn percent_decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let digits = after.get(..2).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let byte = digits.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(u8::is_ascii);
        match byte {
            Some(byte) => {
                out.push(byte as char);
                rest = &after[2..];
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn finds_the_link_in_what_people_paste() {
        let expected = Some((1, "aB-_9".to_owned()));
        for pasted in [
            "1.aB-_9",
            "#1.aB-_9",
            "?s=1.aB-_9",
            "?embed&s=1.aB-_9&theme=dark",
            "https://host/lab/#1.aB-_9",
            "https://host/lab/?embed#1.aB-_9",
            "http://127.0.0.1:8080/#1.aB-_9",
            "127.0.0.1:8080/#1.aB-_9",
            "https://host/%231.aB-_9",
            "https://host/%25231.aB-_9",
            "https://host/%2525231%252EaB-_9",
            "https://safe.example/?url=https%3A%2F%2Fhost%2F%231.aB-_9&data=5",
            "https://host/#1.aB-_9#1.other",
            "<https://host/#1.aB-_9>",
            "[this](https://host/#1.aB-_9).",
            "  #1.aB\r\n -_9, ",
            "https://host/#1.aB%20-_9",
            "https://host/#1.aB%250D%250A-_9",
            "https://host/100%/#1.aB-_9)",
            "https://host/\u{fc}%C3%BC/#1.aB-_9\u{2026}",
        ] {
            assert_eq!(find(pasted), expected, "{pasted}");
        }
    }

    /// Two mebibytes in which a link could begin at every place. If each of these places were followed to the end of the
    /// text, this test would take hours.
    #[test]
    fn a_flood_of_beginnings_is_read_once() {
        for flood in ["#", "?s=", "&s=", "#1", "#12345", "#1234", "%23"] {
            let flood = flood.repeat((2 << 20) / flood.len());
            assert_eq!(find(&flood), None);
            assert_eq!(find(&format!("{flood}#1.aB-_9")), Some((1, "aB-_9".to_owned())));
        }
    }

    #[test]
    fn finds_nothing_where_nothing_is() {
        for pasted in
            ["", "#", "1", "#section-1.", "https://host/", "%", "%2", "#one.abc", "99999.abc", "#.abc"]
        {
            assert_eq!(find(pasted), None, "{pasted}");
        }
    }
}
