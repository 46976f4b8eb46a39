//! Version 3 of the format: version 2, and what is shown of costs.
//!
//! It is written only for a link that speaks of costs. Behind `3.` stands an envelope (`wire/envelope.rs`). The payload in it is
//!
//! | what | how |
//! | --- | --- |
//! | workload | name: its slug |
//! | costs | name: the slug of a table of the library |
//! | edited | number: 1 if the text of the table follows, else 0 |
//! | text | text, if it is edited |
//! | changes | number of them; then of each what, as a name, and the value, as a number |
//! | kernels | two names |
//! | over | name: over what the two are compared |
//! | the rest | the payload of version 2 |

use crate::wire::{Reader, Writer, envelope, text};
use crate::{Link, MAX_CHANGES, MAX_NAME, Refusal, Timed, TimedCosts, v2};

/// The text of a link with costs.
pub(crate) fn encode(timed: &Timed, rest: &v2::Wire) -> String {
    let mut out = Writer::default();
    write(&mut out, timed, rest);
    envelope::sealed(3, &out.done())
}

/// The payload.
pub(crate) fn write(out: &mut Writer, timed: &Timed, rest: &v2::Wire) {
    // Version 4 has more kernels.
    let Timed { workload, costs, changes, contest, more: _, over } = timed;
    out.name(workload);
    match costs {
        TimedCosts::Library(slug) => {
            out.name(slug);
            out.number(0);
        }
        TimedCosts::Text(slug, edited) => {
            out.name(slug);
            out.number(1);
            text::write(out, edited);
        }
    }
    out.number(changes.len() as u64);
    for (what, value) in changes {
        out.name(what);
        out.number(*value);
    }
    contest.iter().for_each(|kernel| out.name(kernel));
    out.name(over);
    out.raw(&rest.payload());
}

/// The link in what follows the dot.
pub(crate) fn decode(body: &str) -> Result<Link, Refusal> {
    let payload = envelope::opened(body)?;
    read(&mut Reader::new(&payload), Vec::new())
}

/// The link in a payload, with further kernels, which another version of the format adds.
pub(crate) fn read(r: &mut Reader<'_>, more: Vec<String>) -> Result<Link, Refusal> {
    let workload = r.name(MAX_NAME)?;
    let slug = r.name(MAX_NAME)?;
    let costs = match r.number()? {
        0 => TimedCosts::Library(slug),
        1 => TimedCosts::Text(slug, text::read(r)?),
        _ => return Err(Refusal::Corrupt),
    };
    let mut changes = Vec::new();
    for _ in 0..r.count(MAX_CHANGES, "number of changed costs")? {
        changes.push((r.name(MAX_NAME)?, r.number()?));
    }
    let contest = [r.name(MAX_NAME)?, r.name(MAX_NAME)?];
    let over = r.name(MAX_NAME)?;
    let timed = Some(Timed { workload, costs, changes, contest, more, over });
    let rest = r.left();
    let link = Link::from(v2::Wire::read(r.raw(rest)?)?);
    Ok(Link { timed, ..link })
}
