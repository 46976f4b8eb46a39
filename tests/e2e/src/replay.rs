//! A link followed without a browser: the same choices, on the same texts, by the same code compiled for this machine.

use crate::outcome::Outcome;
use explore::System;
use link::Link;

/// A moment that a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The link, taken apart.
    pub link: Link,
    /// How many of its steps could be taken here.
    pub taken: usize,
    /// Digest of the state after them, computed here.
    pub digest: u32,
}

impl Moment {
    /// Follows a link.
    ///
    /// # Errors
    /// If there is no link in the address, or its texts do not compile here.
    pub fn follow(address: &str) -> Outcome<Moment> {
        let link = link::decode(address).map_err(|refusal| refusal.to_string())?;
        let link::Opened { machine, trace, .. } = link::open(&link)?;
        let mut packed = Vec::new();
        machine.pack(trace.last(), &mut packed);
        Ok(Moment { taken: trace.len(), digest: link::hash_state(&packed), link })
    }
}
