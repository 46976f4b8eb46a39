//! What has to be looked up for a state: the groups that have actions in it, and the bits of the state's key on
//! which they depend.
//!
//! The value of a group's control part says both. Where one of two groups in a row reads everything that the other
//! reads, the two are looked up together: the bits of the larger footprint determine the steps of both.

use super::interner::Interner;
use super::layout::Layout;
use super::values::Footprint;
use crate::Key;
use crate::width::{low_u32, to_u32};

/// Some groups that are looked up together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lookup {
    /// The bits of a key on which their steps depend.
    pub(crate) mask: u64,
    /// Stands for the list of their footprints.
    pub(crate) number: u32,
}

/// Stands before the number of a footprint where its gains are looked up, and not its steps.
const GAINS: u32 = u32::MAX;

/// The lists of footprints that are looked up together, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lookups {
    lists: Interner,
    bytes: Vec<u8>,
}

impl Lookups {
    /// The number of a list of footprints, a new one if it has none.
    pub(crate) fn number(&mut self, footprints: &[u32]) -> u32 {
        self.bytes.clear();
        self.bytes.extend(footprints.iter().flat_map(|footprint| footprint.to_le_bytes()));
        self.lists.insert(&self.bytes)
    }

    /// The footprints that a number stands for.
    pub(crate) fn footprints(&self, number: u32) -> impl ExactSizeIterator<Item = u32> {
        let (footprints, _) = self.lists.get(number).as_chunks::<4>();
        footprints.iter().map(|&bytes| u32::from_le_bytes(bytes))
    }

    /// Appends what is to be looked up for these footprints, which follow one another.
    fn gather(&mut self, footprints: impl Iterator<Item = u32>, masks: &[u64], out: &mut Vec<Lookup>) {
        let mut together: Vec<u32> = Vec::new();
        let mut mask = 0;
        for footprint in footprints {
            let own = masks[footprint as usize];
            if !together.is_empty() && own | mask != own && own | mask != mask {
                out.push(Lookup { mask, number: self.number(&together) });
                together.clear();
                mask = 0;
            }
            mask |= own;
            together.push(footprint);
        }
        if !together.is_empty() {
            out.push(Lookup { mask, number: self.number(&together) });
        }
    }
}

/// A control part ([`Factored::control`](crate::Factored::control)): where its value lies in a key, and what is to be looked up for each value.
#[derive(Clone, Debug, Default)]
pub(crate) struct ControlPart {
    shift: u32,
    most: u32,
    /// For each known value, where its look-ups begin; and where the last one's end.
    starts: Vec<u32>,
    lookups: Vec<Lookup>,
}

impl ControlPart {
    /// No value of the part is known yet.
    pub(crate) fn new(layout: &Layout, part: u32) -> ControlPart {
        let (shift, most) = layout.of(part).map_or((0, 0), |field| (field.shift(), field.most));
        ControlPart { shift, most, starts: vec![0], lookups: Vec::new() }
    }

    /// The number in a key.
    #[inline(always)]
    pub(crate) fn value(&self, key: Key) -> usize {
        (low_u32(key >> self.shift) & self.most) as usize
    }

    /// How many values are known.
    pub(crate) fn known(&self) -> u32 {
        to_u32(self.starts.len()) - 1
    }

    /// Takes the next value: for each group, the number of its footprint plus one, or 0 if the group has no action.
    pub(crate) fn add(&mut self, controlled: &[u32], masks: &[u64], lookups: &mut Lookups) {
        lookups.gather(
            controlled.iter().filter_map(|footprint| footprint.checked_sub(1)),
            masks,
            &mut self.lookups,
        );
        self.starts.push(to_u32(self.lookups.len()));
    }

    /// Takes the next value for the gains of one group: the number of its footprint plus one, or 0 if it has no action.
    pub(crate) fn add_gains(&mut self, footprint: u32, masks: &[u64], lookups: &mut Lookups) {
        if let Some(footprint) = footprint.checked_sub(1) {
            let number = lookups.number(&[GAINS, footprint]);
            self.lookups.push(Lookup { mask: masks[footprint as usize], number });
        }
        self.starts.push(to_u32(self.lookups.len()));
    }

    /// What is to be looked up for a state; `None` if the value in its key is not known.
    #[inline(always)]
    pub(crate) fn lookups(&self, key: Key) -> Option<&[Lookup]> {
        let value = self.value(key);
        match self.starts.get(value..value + 2)? {
            &[start, end] => self.lookups.get(start as usize..end as usize),
            _ => None,
        }
    }
}

/// The bits of a key that each footprint covers.
pub(crate) fn masks<'a>(footprints: &'a [Footprint], layout: &'a Layout) -> impl Iterator<Item = u64> {
    footprints.iter().map(|footprint| layout.mask(footprint.parts))
}
