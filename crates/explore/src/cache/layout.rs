//! Which bits of a key hold the number of which part.
//!
//! A key is a row of bit fields. Each field holds the number of one part's value, so the effect of a step is a pattern
//! of bits to flip, whatever else is in the key. A field is wide enough for the numbers given out so far, and the rest of
//! the 63 bits is shared among all fields. If the bits do not suffice, two fields are joined into one. The joined field
//! numbers the pairs that have turned up, which are usually far fewer than all possible pairs.

use crate::width::{low_u32, to_u32};

/// Bits of a key in use. One less than it has: no key is `u64::MAX`.
const BITS: u32 = 63;

/// Fields are joined until so many bits are free.
const SPARE: u32 = 6;

/// The most bits of a field: numbers have 32.
const WIDEST: u32 = 32;

/// What a field's number stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The value of a part.
    Part(u8),
    /// A pair of numbers, in one of the tables of pairs.
    Pair(u8, Box<(Source, Source)>),
}

impl Source {
    /// The parts whose values the number tells, as a set.
    pub(crate) fn parts(&self) -> u64 {
        match self {
            Source::Part(part) => 1 << part,
            Source::Pair(_, both) => both.0.parts() | both.1.parts(),
        }
    }
}

/// A field of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) source: Source,
    shift: u32,
    /// As many ones as the field has bits.
    pub(crate) most: u32,
}

impl Field {
    /// The number in a key.
    #[inline(always)]
    pub(crate) fn get(&self, key: u64) -> u32 {
        low_u32(key >> self.shift) & self.most
    }

    /// A number, in its place.
    #[inline(always)]
    pub(crate) fn put(&self, number: u32) -> u64 {
        u64::from(number) << self.shift
    }

    /// How far from the lowest bit it lies.
    pub(crate) fn shift(&self) -> u32 {
        self.shift
    }

    /// The first part whose value it tells.
    pub(crate) fn first_part(&self) -> u32 {
        self.source.parts().trailing_zeros()
    }

    /// The bits of the field.
    pub(crate) fn mask(&self) -> u64 {
        u64::from(self.most) << self.shift
    }
}

/// All fields, from the highest bits down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) fields: Vec<Field>,
    joined: bool,
}

/// How many bits numbers below `count` need.
pub(crate) const fn bits(count: u32) -> u32 {
    u32::BITS - count.saturating_sub(1).leading_zeros()
}

/// Whether fields that need so many bits must be joined.
pub(crate) fn crowded(needs: impl Iterator<Item = u32>) -> bool {
    needs.sum::<u32>() > BITS - SPARE
}

impl Layout {
    /// Fields for these numbers, each with the bits that it needs; they are not crowded.
    pub(crate) fn new(sources: Vec<(Source, u32)>) -> Layout {
        let needed: u32 = sources.iter().map(|&(_, need)| need).sum();
        let (spare, count) = (BITS.saturating_sub(needed), to_u32(sources.len()));
        let (mut shift, mut place) = (BITS, 0);
        let field = |(source, need): (Source, u32)| {
            // The first ones get what is left over.
            let share = spare / count + u32::from(place < spare % count);
            place += 1;
            let width = (need + share).min(WIDEST);
            shift -= width;
            Field { source, shift, most: u32::MAX.checked_shr(WIDEST - width).unwrap_or(0) }
        };
        let joined = sources.iter().any(|(source, _)| matches!(source, Source::Pair(..)));
        Layout { fields: sources.into_iter().map(field).collect(), joined }
    }

    /// Whether a field tells of several parts.
    pub(crate) fn joined(&self) -> bool {
        self.joined
    }

    /// The bits of the fields that tell of these parts.
    pub(crate) fn mask(&self, parts: u64) -> u64 {
        let involved = self.fields.iter().filter(|field| field.source.parts() & parts != 0);
        involved.fold(0, |mask, field| mask | field.mask())
    }

    /// The field that tells of a part.
    pub(crate) fn of(&self, part: u32) -> Option<&Field> {
        self.fields.iter().find(|field| field.source.parts() >> part & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{BITS, Layout, Source, bits, crowded};

    #[test]
    fn bits_hold_all_numbers_below() {
        for (count, needed) in [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (256, 8), (257, 9)] {
            assert_eq!(bits(count), needed, "{count}");
        }
    }

    #[test]
    fn fields_lie_side_by_side_and_have_room() {
        for parts in 1..=64u8 {
            let sources = (0..parts).map(|part| (Source::Part(part), u32::from(part % 2))).collect();
            let layout = Layout::new(sources);
            let mut all = 0u64;
            for (part, field) in (0..).zip(&layout.fields) {
                assert_eq!(all & field.mask(), 0, "field {part} of {parts} lies in another");
                assert!(field.most >= part % 2, "field {part} of {parts} has no room");
                all |= field.mask();
                assert_eq!(field.get(field.put(field.most)), field.most);
            }
            assert_eq!(all >> BITS, 0);
            assert_eq!(layout.mask(u64::MAX >> (64 - u32::from(parts))), all);
        }
        assert!(!crowded([20, 20, 17].into_iter()) && crowded([20, 20, 18].into_iter()));
    }
}
