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

use super::v2;
use crate::limits::{MAX_CHANGES, MAX_NAME};
use crate::refusal::LinkRefusal;
use crate::wire::{Payload, Reader, Writer, text};

/// A link as version 3 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    pub(super) workload: String,
    pub(super) costs: WireCosts,
    pub(super) changes: Vec<(String, u64)>,
    pub(super) contest: [String; 2],
    pub(super) over: String,
    pub(super) rest: v2::Wire,
}

/// A table of costs: one of the library, or a text made from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WireCosts {
    Library(String),
    Edited { slug: String, text: String },
}

impl Payload for Wire {
    const NUMBER: u32 = 3;

    fn write(&self, out: &mut Writer) {
        let Wire { workload, costs, changes, contest, over, rest } = self;
        out.name(workload);
        match costs {
            WireCosts::Library(slug) => {
                out.name(slug);
                out.number(0);
            }
            WireCosts::Edited { slug, text } => {
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
            0 => WireCosts::Library(slug),
            1 => WireCosts::Edited { slug, text: text::read(r)? },
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
