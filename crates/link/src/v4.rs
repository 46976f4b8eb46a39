//! Version 4 of the format: version 3, and more than two kernels whose costs are compared.
//!
//! It is written only for a link that compares more than two. Behind `4.` stands an envelope (`wire/envelope.rs`). The payload
//! in it is the number of further kernels, their names, and the payload of version 3.

use crate::wire::{Reader, Writer, envelope};
use crate::{Link, MAX_NAME, Refusal, Timed, v2, v3};

/// The most further kernels.
const MAX_MORE: usize = 8;

/// The text of a link with more kernels.
pub(crate) fn encode(timed: &Timed, rest: &v2::Wire) -> String {
    let mut out = Writer::default();
    out.number(timed.more.len() as u64);
    timed.more.iter().for_each(|kernel| out.name(kernel));
    v3::write(&mut out, timed, rest);
    envelope::sealed(4, &out.done())
}

/// The link in what follows the dot.
pub(crate) fn decode(body: &str) -> Result<Link, Refusal> {
    let payload = envelope::opened(body)?;
    let mut r = Reader::new(&payload);
    let mut more = Vec::new();
    for _ in 0..r.count(MAX_MORE, "number of kernels")? {
        more.push(r.name(MAX_NAME)?);
    }
    v3::read(&mut r, more)
}
