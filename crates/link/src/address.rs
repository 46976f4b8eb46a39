//! Where in a pasted text the link is.
//!
//! Mail programs wrap addresses in their own, encode the `#`, encode the encoding, break lines; writing puts a
//! full stop or a bracket behind. What follows the link can be left on: it says itself how long it is.

/// How often percent-encoding is undone. Each forwarding service may have added one layer.
const LAYERS: u32 = 4;

/// The version and what follows its dot, as far as that can belong to a link.
pub(crate) fn find(pasted: &str) -> Option<(u32, String)> {
    let mut text: String = pasted.chars().filter(|c| !c.is_whitespace()).collect();
    for _ in 0..LAYERS {
        if text.contains('%') {
            text = percent_decoded(&text);
        }
    }
    // An address may begin with digits and a dot ("127.0.0.1:8080/#1...."): its beginning comes last.
    let fragments = text.match_indices('#').map(|(at, _)| at + 1);
    let queries =
        text.match_indices("s=").filter(|&(at, _)| text[..at].ends_with(['?', '&'])).map(|q| q.0 + 2);
    fragments.chain(queries).chain([0]).find_map(|at| versioned(&text[at..]))
}

/// `1.abc` taken apart.
fn versioned(text: &str) -> Option<(u32, String)> {
    let (version, rest) = text.split_once('.')?;
    // Four digits: the number fits, and no longer one will ever be made.
    let plain = (1..=4).contains(&version.len()) && version.bytes().all(|b| b.is_ascii_digit());
    let version = plain.then(|| version.parse().ok()).flatten()?;
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
            "https://host/100%/#1.aB-_9)",
            "https://host/\u{fc}%C3%BC/#1.aB-_9\u{2026}",
        ] {
            assert_eq!(find(pasted), expected, "{pasted}");
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
