//! What has to be looked up for a state: which groups have actions in it, and on which bits of its key they depend.
//!
//! Which groups those are depends on the value of the part that leads them. Groups that follow one another and of
//! which one reads all that the other reads are looked up together: what the larger depends on tells both.

use super::interner::Interner;
use super::layout::Layout;
use super::values::Shape;
use crate::Key;

/// Groups that are looked up together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lookup {
    /// The bits of a key on which their steps depend.
    pub(crate) mask: u64,
    /// Stands for their shapes.
    pub(crate) number: u32,
}

/// All lists of shapes that are looked up together, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lookups {
    lists: Interner,
    bytes: Vec<u8>,
}

impl Lookups {
    /// The number of a list of shapes, a new one if it has none.
    pub(crate) fn number(&mut self, shapes: &[u32]) -> u32 {
        self.bytes.clear();
        self.bytes.extend(shapes.iter().flat_map(|shape| shape.to_le_bytes()));
        self.lists.insert(&self.bytes)
    }

    /// The shapes that a number stands for.
    pub(crate) fn shapes(&self, number: u32) -> impl ExactSizeIterator<Item = u32> {
        let (shapes, _) = self.lists.get(number).as_chunks::<4>();
        shapes.iter().map(|&bytes| u32::from_le_bytes(bytes))
    }

    /// Appends what is to be looked up for these shapes, which follow one another.
    fn gather(&mut self, shapes: impl Iterator<Item = u32>, masks: &[u64], out: &mut Vec<Lookup>) {
        let mut together: Vec<u32> = Vec::new();
        let mut mask = 0;
        for shape in shapes {
            let own = masks[shape as usize];
            if !together.is_empty() && own | mask != own && own | mask != mask {
                out.push(Lookup { mask, number: self.number(&together) });
                together.clear();
                mask = 0;
            }
            mask |= own;
            together.push(shape);
        }
        if !together.is_empty() {
            out.push(Lookup { mask, number: self.number(&together) });
        }
    }
}

/// A number in the key, and what is to be looked up where it has which value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    shift: u32,
    most: u64,
    /// For each value, where its look-ups begin; one more than there are values known.
    starts: Vec<u32>,
    lookups: Vec<Lookup>,
}

impl Plan {
    /// For no value yet of a part.
    pub(crate) fn new(layout: &Layout, part: u32) -> Plan {
        let (shift, most) = layout.of(part).map_or((0, 0), |field| (field.shift(), field.most));
        Plan { shift, most, starts: vec![0], lookups: Vec::new() }
    }

    /// The number in a key.
    #[inline(always)]
    pub(crate) fn value(&self, key: Key) -> usize {
        (key >> self.shift & self.most) as usize
    }

    /// How many values are known.
    pub(crate) fn known(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    /// Takes the next value: the shapes of its groups, each plus one, or 0 for a group that has no action.
    pub(crate) fn add(&mut self, led: &[u32], masks: &[u64], lookups: &mut Lookups) {
        lookups.gather(led.iter().filter_map(|shape| shape.checked_sub(1)), masks, &mut self.lookups);
        self.starts.push(self.lookups.len() as u32);
    }

    /// What is to be looked up for a state; nothing if the value in its key is not known.
    #[inline(always)]
    pub(crate) fn lookups(&self, key: Key) -> Option<&[Lookup]> {
        let value = self.value(key);
        match self.starts.get(value..value + 2)? {
            &[start, end] => self.lookups.get(start as usize..end as usize),
            _ => None,
        }
    }
}

/// The bits of a key that each shape reads.
pub(crate) fn masks<'a>(shapes: &'a [Shape], layout: &'a Layout) -> impl Iterator<Item = u64> {
    shapes.iter().map(|shape| layout.mask(shape.parts))
}
