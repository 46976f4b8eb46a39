//! Version 4 of the format: version 3, and more than two kernels whose costs are compared. Frozen: what is written here has
//! been published.
//!
//! It is written only for a link that compares more than two. Behind `4.` stands an envelope (`wire/envelope.rs`). The payload
//! in it is the number of further kernels, their names, and the payload of version 3.

use crate::wire::{Reader, Writer};
use crate::{Link, LinkRefusal, MAX_NAME, v3, versions};

/// The most further kernels.
const MAX_MORE: usize = 8;

/// A link as version 4 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wire {
    more: Vec<String>,
    rest: v3::Wire,
}

impl versions::Wire for Wire {
    const NUMBER: u32 = 4;

    fn of(link: &Link) -> Option<Wire> {
        let more = link.timed.as_ref().map(|timed| timed.more.clone()).filter(|more| !more.is_empty())?;
        Some(Wire { more, rest: v3::Wire::of(link)? })
    }

    fn write(&self, out: &mut Writer) {
        let Wire { more, rest } = self;
        out.number(more.len() as u64);
        more.iter().for_each(|kernel| out.name(kernel));
        rest.write(out);
    }

    fn read(r: &mut Reader<'_>) -> Result<Wire, LinkRefusal> {
        let mut more = Vec::new();
        for _ in 0..r.count(MAX_MORE, "number of kernels")? {
            more.push(r.name(MAX_NAME)?);
        }
        Ok(Wire { more, rest: v3::Wire::read(r)? })
    }
}

impl From<Wire> for Link {
    fn from(wire: Wire) -> Link {
        let Wire { more, rest } = wire;
        let mut link = Link::from(rest);
        if let Some(timed) = &mut link.timed {
            timed.more = more;
        }
        link
    }
}
