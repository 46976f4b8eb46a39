//! Version 3 of the format: version 2, and what is shown of costs. Frozen: what is written here has been published.
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

use crate::wire::{Reader, Writer, text};
use crate::{Link, LinkRefusal, MAX_CHANGES, MAX_NAME, TimedCosts, TimedTable, v2, versions};

/// A link as version 3 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wire {
    workload: String,
    costs: Costs,
    changes: Vec<(String, u64)>,
    contest: [String; 2],
    over: String,
    rest: v2::Wire,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Costs {
    Library(String),
    Edited { slug: String, text: String },
}

impl versions::Wire for Wire {
    const NUMBER: u32 = 3;

    fn of(link: &Link) -> Option<Wire> {
        let timed = link.timed.clone()?;
        let costs = match timed.costs {
            TimedCosts::Library(slug) => Costs::Library(slug),
            TimedCosts::Text(slug, text) => Costs::Edited { slug, text },
        };
        let rest = v2::Wire::of(link)?;
        let (workload, changes, contest) = (timed.workload, timed.changes, timed.contest);
        Some(Wire { workload, costs, changes, contest, over: timed.over, rest })
    }

    fn write(&self, out: &mut Writer) {
        let Wire { workload, costs, changes, contest, over, rest } = self;
        out.name(workload);
        match costs {
            Costs::Library(slug) => {
                out.name(slug);
                out.number(0);
            }
            Costs::Edited { slug, text } => {
                out.name(slug);
                out.number(1);
                text::write(out, text);
            }
        }
        out.number(changes.len() as u64);
        for (what, value) in changes {
            out.name(what);
            out.number(*value);
        }
        contest.iter().for_each(|kernel| out.name(kernel));
        out.name(over);
        rest.write(out);
    }

    fn read(r: &mut Reader<'_>) -> Result<Wire, LinkRefusal> {
        let workload = r.name(MAX_NAME)?;
        let slug = r.name(MAX_NAME)?;
        let costs = match r.number()? {
            0 => Costs::Library(slug),
            1 => Costs::Edited { slug, text: text::read(r)? },
            _ => return Err(LinkRefusal::Corrupt),
        };
        let mut changes = Vec::new();
        for _ in 0..r.count(MAX_CHANGES, "number of changed costs")? {
            changes.push((r.name(MAX_NAME)?, r.number()?));
        }
        let contest = [r.name(MAX_NAME)?, r.name(MAX_NAME)?];
        let over = r.name(MAX_NAME)?;
        let rest = v2::Wire::read(r)?;
        Ok(Wire { workload, costs, changes, contest, over, rest })
    }
}

impl From<Wire> for Link {
    fn from(wire: Wire) -> Link {
        let Wire { workload, costs, changes, contest, over, rest } = wire;
        let costs = match costs {
            Costs::Library(slug) => TimedCosts::Library(slug),
            Costs::Edited { slug, text } => TimedCosts::Text(slug, text),
        };
        let timed = Some(TimedTable { workload, costs, changes, contest, over, ..TimedTable::default() });
        Link { timed, ..Link::from(rest) }
    }
}
