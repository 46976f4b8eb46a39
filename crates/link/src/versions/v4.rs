//! Version 4 of the format: version 3, and more than two kernels whose costs are compared. Frozen: what is written here has
//! been published.
//!
//! It is written only for a link that compares more than two. Behind `4.` stands an envelope (`wire/envelope.rs`). The payload
//! in it is the number of further kernels, their names, and the payload of version 3.

use super::v3;
use crate::limits::MAX_NAME;
use crate::refusal::LinkRefusal;
use crate::wire::{Payload, Reader, Writer};

/// The most further kernels.
const MAX_MORE: usize = 8;

/// A link as version 4 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    pub(super) more: Vec<String>,
    pub(super) rest: v3::Wire,
}

impl Payload for Wire {
    const NUMBER: u32 = 4;

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
