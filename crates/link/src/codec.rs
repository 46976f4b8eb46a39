//! A link as text: written for an address, and read as people paste it.

use crate::limits::MAX_PASTED;
use crate::{Link, LinkRefusal, address, versions, wire};

/// The text of a link, without `#`: letters, digits, `-`, `_` and one dot.
///
/// What exceeds a limit of this crate is encoded all the same, and refused by [`decode`]. Texts that compile and
/// traces that were made by stepping stay far below them.
#[must_use]
pub fn encode(link: &Link) -> String {
    versions::encode(link)
}

/// Reads a link as people paste it: with or without `#`, in a whole address, percent-encoded once or more,
/// broken over lines, or with the full stop or bracket that followed it.
///
/// # Errors
/// If there is no link in it, if a newer version made it, or if it has been damaged.
pub fn decode(pasted: &str) -> Result<Link, LinkRefusal> {
    if pasted.len() > MAX_PASTED {
        return Err(LinkRefusal::TooBig { what: "link" });
    }
    let (version, body) = address::find(pasted).ok_or(LinkRefusal::NotALink)?;
    let small = || body.len() >= TELLING && !body.bytes().any(|letter| letter.is_ascii_uppercase());
    versions::decode(version, &body).map_err(|why| match why {
        LinkRefusal::Truncated { .. } | LinkRefusal::Corrupt | LinkRefusal::TooBig { .. } if small() => {
            LinkRefusal::Lowercased
        }
        why => why,
    })
}

/// So many characters of a link have a capital letter among them (all but one of 30,000 do).
const TELLING: usize = 20;

/// How many characters a link has, from its version on, as its beginning says: the text may go on behind the link, or end too
/// early. Nothing if the text does not begin like a link.
///
/// ```
/// let link = "1.KNp7pCABwy2zx9w1M4MLbGF6eSttdW5tYXAQAQUACP8P_w__DwgHAAAAQBA";
/// assert_eq!(link::length(&format!("{link}__")), Some(link.len()));
/// assert_eq!(link::length(&link[..20]), Some(link.len()));
/// assert_eq!(link::length("words"), None);
/// ```
#[must_use]
pub fn length(text: &str) -> Option<usize> {
    let (version, body) = text.split_once('.')?;
    let known = (1..=4).contains(&version.len()) && version.bytes().all(|digit| digit.is_ascii_digit());
    wire::envelope::length(body).filter(|_| known).map(|length| version.len() + 1 + length)
}
