//! Which member owns a state.
//!
//! A state belongs to the member that the hash of its bytes points at. The hash is a sum over the parts, so that what a
//! value adds to it is computed once. Numbers of values would not do: each member gives its own. States that differ
//! only in names have one owner: the least of the hashes of a state and of its images decides.

use crate::cache::image_of_part;
use crate::{Handle, Space, Symmetric};

/// Not computed yet.
const UNKNOWN: u64 = 0;

/// What each value of each part adds to the hash of a state, and to those of its images.
#[derive(Debug)]
pub(super) struct Owners {
    members: u64,
    /// First for the state itself, then for each renaming: for each part, by the number of its value.
    added: Vec<Vec<Vec<u64>>>,
    /// For each renaming, the part of the image that a part becomes.
    values: Vec<u32>,
}

impl Owners {
    pub(super) fn new<H: Handle<System: Symmetric>>(
        space: &Space<H>,
        members: usize,
        symmetry: bool,
    ) -> Owners {
        let renamings = if symmetry { space.system().renamings().len() } else { 0 };
        let added = vec![vec![Vec::new(); space.parts()]; renamings + 1];
        Owners { members: members as u64, added, values: vec![0; space.parts()] }
    }

    /// The owner of the state whose parts have these values.
    pub(super) fn of<H: Handle<System: Symmetric>>(&mut self, space: &Space<H>, values: &[u32]) -> usize {
        self.values.copy_from_slice(values);
        let least = (0..self.added.len()).map(|image| self.hash(space, image)).min().unwrap_or_default();
        let owner = (u128::from(least) * u128::from(self.members)) >> 64;
        crate::width::to_usize(u64::try_from(owner).unwrap_or_default())
    }

    fn hash<H: Handle<System: Symmetric>>(&mut self, space: &Space<H>, image: usize) -> u64 {
        let mut sum = 0_u64;
        for (part, &value) in self.values.iter().enumerate() {
            let known = &mut self.added[image][part];
            if known.len() <= value as usize {
                known.resize(value as usize + 1, UNKNOWN);
            }
            if known[value as usize] == UNKNOWN {
                known[value as usize] = added(space, image, part, value);
            }
            sum = sum.wrapping_add(known[value as usize]);
        }
        mix(sum)
    }
}

/// What a value of a part adds to the hash of an image.
#[cold]
fn added<H: Handle<System: Symmetric>>(space: &Space<H>, image: usize, part: usize, value: u32) -> u64 {
    let (part, value) = match image.checked_sub(1) {
        Some(renaming) => image_of_part(space, renaming, crate::width::to_u32(part), value),
        None => (crate::width::to_u32(part), value),
    };
    let values = space.values();
    let mut hash = u64::from(part) + 1;
    for &byte in values.get(part as usize, value) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    mix(hash).max(UNKNOWN + 1)
}

/// Spreads what differs in a number over all of its bits (SplitMix64).
pub(super) fn mix(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
