//! The versions of the format: their table, and how each leads to the present [`Link`] and back.
//!
//! Each file of `versions/` has the types and bytes of one version, and is frozen. It knows nothing of [`Link`]; this file alone
//! knows both. So if a link is told otherwise one day, only the conversions here change, and a version that has been released
//! stays as it is.
//!
//! A link is written in the oldest version that leads back to the same link, and read by the one that its number names.

mod v1;
mod v2;
mod v3;
mod v4;

pub use v1::Numbered;

use crate::wire::{Payload, Reader, Writer, envelope};
use crate::{Base, Compared, ComparedAs, Link, LinkRefusal, TimedCosts, TimedTable, View};
use machine::Action;
use v1::Scenario;
use v2::Beside;
use v3::WireCosts;

/// The newest version of the format.
pub const NEWEST: u32 = VERSIONS[VERSIONS.len() - 1].number;

/// All of them, the oldest first.
const VERSIONS: [Version; 4] = [
    Version::of::<v1::Wire>(),
    Version::of::<v2::Wire>(),
    Version::of::<v3::Wire>(),
    Version::of::<v4::Wire>(),
];

/// A version, with the conversions between it and the present link. What the version does not know is not in the first, and is
/// as in [`Link::new`] after the second. So a new field of a link changes no version that has been released.
trait Released: Payload + Clone + Into<Link> {
    /// The part of a link that this version can express; nothing if its readers would take the link for another one.
    fn of(link: &Link) -> Option<Self>;
}

/// A row of the table.
struct Version {
    number: u32,
    /// The text of a link; nothing if this version does not know it, or does not know all of it where all is asked for.
    encode: fn(&Link, bool) -> Option<String>,
    decode: fn(&str) -> Result<Link, LinkRefusal>,
}

impl Version {
    const fn of<W: Released>() -> Version {
        Version { number: W::NUMBER, encode: encoded::<W>, decode: decoded::<W> }
    }
}

fn encoded<W: Released>(link: &Link, all: bool) -> Option<String> {
    let wire = W::of(link)?;
    if all && wire.clone().into() != *link {
        return None;
    }
    let mut out = Writer::default();
    wire.write(&mut out);
    Some(envelope::sealed(W::NUMBER, &out.done()))
}

fn decoded<W: Released>(body: &str) -> Result<Link, LinkRefusal> {
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

/// The texts of a link, as versions 1 and 2 have them.
fn texts(base: &Base) -> (Scenario, Option<String>, u32) {
    match base.clone() {
        Base::Library { slug, kernel, hash } => (Scenario::Slug(slug), kernel, hash),
        Base::Inline { scenario, kernel, hash } => (Scenario::Text(scenario), kernel, hash),
    }
}

/// The inverse.
fn base(scenario: Scenario, kernel: Option<String>, hash: u32) -> Base {
    match scenario {
        Scenario::Slug(slug) => Base::Library { slug, kernel, hash },
        Scenario::Text(scenario) => Base::Inline { scenario, kernel, hash },
    }
}

impl Released for v1::Wire {
    fn of(link: &Link) -> Option<v1::Wire> {
        let flags = u32::from(link.view.0);
        let view = match link.compared {
            None => flags,
            Some(ComparedAs::Numbered(numbered)) => flags | numbered.bits(),
            Some(ComparedAs::Named(_)) => return None,
        };
        // A number is of this version, and of no later one.
        if link.compared.is_none() && link.schedule.iter().any(|&code| Action::is_extended(code)) {
            return None;
        }
        let (scenario, kernel, hash) = texts(&link.base);
        Some(v1::Wire {
            model: link.model,
            hash,
            digest: link.digest,
            scenario,
            kernel,
            case: link.case,
            options: link.options.clone(),
            view,
            schedule: link.schedule.clone(),
            cursor: link.cursor,
        })
    }
}

impl From<v1::Wire> for Link {
    fn from(wire: v1::Wire) -> Link {
        let v1::Wire { model, hash, digest, scenario, kernel, case, options, view, schedule, cursor } = wire;
        let compared = Numbered::of(view).map(ComparedAs::Numbered);
        let (view, base) = (View(view as u8), base(scenario, kernel, hash));
        Link { options, case, schedule, cursor, view, compared, digest, model, ..Link::new(base) }
    }
}

impl Released for v2::Wire {
    /// Any link. A number of version 1 has no place in it.
    fn of(link: &Link) -> Option<v2::Wire> {
        let (scenario, kernel, hash) = texts(&link.base);
        let compared = match link.compared.clone() {
            Some(ComparedAs::Named(Compared::Option { name, choice })) => Some(Beside::Option(name, choice)),
            Some(ComparedAs::Named(Compared::Case(Some(name)))) => Some(Beside::Case(name)),
            Some(ComparedAs::Named(Compared::Case(None))) => Some(Beside::AsWritten),
            Some(ComparedAs::Named(Compared::Kernel(name))) => Some(Beside::Kernel(name)),
            Some(ComparedAs::Numbered(_)) | None => None,
        };
        Some(v2::Wire {
            model: link.model,
            hash,
            digest: link.digest,
            scenario,
            kernel,
            case: link.case,
            options: link.options.clone(),
            view: link.view.0,
            schedule: link.schedule.clone(),
            cursor: link.cursor,
            compared,
        })
    }
}

impl From<v2::Wire> for Link {
    fn from(wire: v2::Wire) -> Link {
        let v2::Wire {
            model,
            hash,
            digest,
            scenario,
            kernel,
            case,
            options,
            view,
            schedule,
            cursor,
            compared,
        } = wire;
        let compared = compared.map(|beside| {
            ComparedAs::Named(match beside {
                Beside::Option(name, choice) => Compared::Option { name, choice },
                Beside::Case(name) => Compared::Case(Some(name)),
                Beside::AsWritten => Compared::Case(None),
                Beside::Kernel(name) => Compared::Kernel(name),
            })
        });
        let (view, base) = (View(view), base(scenario, kernel, hash));
        Link { options, case, schedule, cursor, view, compared, digest, model, ..Link::new(base) }
    }
}

impl Released for v3::Wire {
    fn of(link: &Link) -> Option<v3::Wire> {
        let timed = link.timed.clone()?;
        let costs = match timed.costs {
            TimedCosts::Library(slug) => WireCosts::Library(slug),
            TimedCosts::Text(slug, text) => WireCosts::Edited { slug, text },
        };
        let rest = v2::Wire::of(link)?;
        let (workload, changes, contest) = (timed.workload, timed.changes, timed.contest);
        Some(v3::Wire { workload, costs, changes, contest, over: timed.over, rest })
    }
}

impl From<v3::Wire> for Link {
    fn from(wire: v3::Wire) -> Link {
        let v3::Wire { workload, costs, changes, contest, over, rest } = wire;
        let costs = match costs {
            WireCosts::Library(slug) => TimedCosts::Library(slug),
            WireCosts::Edited { slug, text } => TimedCosts::Text(slug, text),
        };
        let timed = Some(TimedTable { workload, costs, changes, contest, over, ..TimedTable::default() });
        Link { timed, ..Link::from(rest) }
    }
}

impl Released for v4::Wire {
    fn of(link: &Link) -> Option<v4::Wire> {
        let more = link.timed.as_ref().map(|timed| timed.more.clone()).filter(|more| !more.is_empty())?;
        Some(v4::Wire { more, rest: v3::Wire::of(link)? })
    }
}

impl From<v4::Wire> for Link {
    fn from(wire: v4::Wire) -> Link {
        let v4::Wire { more, rest } = wire;
        let mut link = Link::from(rest);
        if let Some(timed) = &mut link.timed {
            timed.more = more;
        }
        link
    }
}
