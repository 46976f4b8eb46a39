//! The versions of the format, one table. A link is written in the oldest version that leads back to the same link, and
//! read by the one that its number names.

use crate::wire::{Reader, Writer, envelope};
use crate::{Link, LinkRefusal, v1, v2, v3, v4};

/// The newest version of the format.
pub const NEWEST: u32 = VERSIONS[VERSIONS.len() - 1].number;

/// All of them, the oldest first.
const VERSIONS: [Version; 4] = [
    Version::of::<v1::Wire>(),
    Version::of::<v2::Wire>(),
    Version::of::<v3::Wire>(),
    Version::of::<v4::Wire>(),
];

/// A link as one version has it. The types are that version's own. Two conversions lead to the present [`Link`] and
/// back. What the version does not know is not in the first, and is as in [`Link::new`] after the second. So a new
/// field of a link changes no version that has been released.
pub(crate) trait Wire: Clone + Into<Link> {
    /// The number before the dot.
    const NUMBER: u32;

    /// The part of a link that this version can express; nothing if its readers would take the link for another one.
    fn of(link: &Link) -> Option<Self>;

    /// The payload.
    fn write(&self, out: &mut Writer);

    /// The link in a payload.
    fn read(r: &mut Reader<'_>) -> Result<Self, LinkRefusal>;
}

/// A row of the table.
struct Version {
    number: u32,
    /// The text of a link; nothing if this version does not know it, or does not know all of it where all is asked for.
    encode: fn(&Link, bool) -> Option<String>,
    decode: fn(&str) -> Result<Link, LinkRefusal>,
}

impl Version {
    const fn of<W: Wire>() -> Version {
        Version { number: W::NUMBER, encode: encoded::<W>, decode: decoded::<W> }
    }
}

fn encoded<W: Wire>(link: &Link, all: bool) -> Option<String> {
    let wire = W::of(link)?;
    if all && wire.clone().into() != *link {
        return None;
    }
    let mut out = Writer::default();
    wire.write(&mut out);
    Some(envelope::sealed(W::NUMBER, &out.done()))
}

fn decoded<W: Wire>(body: &str) -> Result<Link, LinkRefusal> {
    let payload = envelope::opened(body)?;
    let mut r = Reader::new(&payload);
    let wire = W::read(&mut r)?;
    if r.left() > 0 { Err(LinkRefusal::Corrupt) } else { Ok(wire.into()) }
}

/// The text of a link. A comparison by number is of version 1 alone, and is left out where a link needs a later one.
pub(crate) fn encode(link: &Link) -> String {
    let whole = VERSIONS.iter().find_map(|version| (version.encode)(link, true));
    let part = || VERSIONS.iter().rev().find_map(|version| (version.encode)(link, false));
    whole.or_else(part).unwrap_or_default()
}

/// The link in what follows the dot.
pub(crate) fn decode(version: u32, body: &str) -> Result<Link, LinkRefusal> {
    let known = VERSIONS.iter().find(|known| known.number == version);
    match known {
        Some(known) => (known.decode)(body),
        None if version == 0 => Err(LinkRefusal::NotALink),
        None => Err(LinkRefusal::TooNew { version }),
    }
}
