//! Numbers and bytes in letters and files: seven bits of a number to a byte, the lowest first (LEB128).

use crate::width::{to_u32, to_usize};
use crate::{Passed, PropertySet};

/// A letter that is being written.
#[derive(Debug, Default)]
pub(super) struct Letter(pub(super) Vec<u8>);

impl Letter {
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.0.push((number & 0x7f) as u8);
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// A number, or none.
    pub(super) fn maybe(&mut self, number: Option<u32>) {
        self.number(number.map_or(0, |number| u64::from(number) + 1));
    }

    pub(super) fn passed(&mut self, passed: &Passed) {
        let words = passed.words();
        self.count(words.len());
        words.iter().for_each(|&word| self.number(word));
    }

    /// A place of an action, or that of the state itself, which comes before.
    pub(super) fn place(&mut self, place: Option<u16>) {
        self.maybe(place.map(u32::from));
    }
}

/// What is left to read of a letter. Whatever is read may not be there, if the letter is not one.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    /// How many things follow, each of at least one byte.
    pub(super) fn count(&mut self) -> Option<usize> {
        let count = self.number()?;
        (count <= self.0.len() as u64).then(|| to_usize(count))
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.count()?;
        let (bytes, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn maybe(&mut self) -> Option<Option<u32>> {
        let number = self.number()?;
        match number.checked_sub(1) {
            None => Some(None),
            Some(number) => Some(Some(u32::try_from(number).ok()?)),
        }
    }

    pub(super) fn action(&mut self) -> Option<u16> {
        u16::try_from(self.number()?).ok()
    }

    pub(super) fn place(&mut self) -> Option<Option<u16>> {
        Some(match self.maybe()? {
            None => None,
            Some(place) => Some(u16::try_from(place).ok()?),
        })
    }

    pub(super) fn properties(&mut self) -> Option<PropertySet> {
        self.small().map(PropertySet)
    }

    pub(super) fn passed(&mut self) -> Option<Passed> {
        let words = (0..self.count()?).map(|_| self.number()).collect::<Option<Vec<u64>>>()?;
        Some(Passed::from_words(words))
    }
}

/// Something that shows: in which state, by its number; at the place of which action, or in the state itself; and what.
pub(super) type Noted = (u32, Option<u16>, PropertySet);

/// What a member has to tell of the states that it expanded.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) transitions: u64,
    pub(super) bytes: u64,
    pub(super) ended: Option<u32>,
    pub(super) noted: Vec<Noted>,
}

impl Tally {
    pub(super) fn write(&self, letter: &mut Letter) {
        letter.number(self.transitions);
        letter.number(self.bytes);
        letter.maybe(self.ended);
        letter.count(self.noted.len());
        for &(state, place, properties) in &self.noted {
            letter.number(state.into());
            letter.place(place);
            letter.number(properties.0.into());
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Tally> {
        let (transitions, bytes, ended) = (reader.number()?, reader.number()?, reader.maybe()?);
        let count = reader.count()?;
        let noted = |_| Some((reader.small()?, reader.place()?, reader.properties()?));
        let noted = (0..count).map(noted).collect::<Option<Vec<Noted>>>()?;
        Some(Tally { transitions, bytes, ended, noted })
    }

    /// Adds what another member tells.
    pub(super) fn add(&mut self, other: Tally) {
        self.transitions += other.transitions;
        self.bytes = self.bytes.max(other.bytes);
        self.ended = [self.ended, other.ended].into_iter().flatten().min();
        self.noted.extend(other.noted);
    }
}

/// A new state is reached: from which state, by its number, and by the action at which place.
pub(super) type Reached = (u32, u16);

/// Writes them; they ascend.
pub(super) fn write_reached(reached: &[Reached], letter: &mut Letter) {
    letter.count(reached.len());
    let mut before = 0;
    for &(parent, action) in reached {
        letter.number(u64::from(parent - before));
        letter.number(action.into());
        before = parent;
    }
}

/// Reads them.
pub(super) fn read_reached(reader: &mut Reader<'_>) -> Option<Vec<Reached>> {
    let count = reader.count()?;
    let mut before = 0_u32;
    let one = |_| {
        before = before.checked_add(reader.small()?)?;
        Some((before, reader.action()?))
    };
    (0..count).map(one).collect()
}

/// Which numbers, from the first to the last of all members, the new states of this member get: it is told what the others have
/// reached.
pub(super) fn ranks(mine: &[Reached], others: &[Vec<Reached>]) -> Vec<u32> {
    let mut ranks: Vec<u32> = (0..to_u32(mine.len())).collect();
    for other in others {
        let mut before = 0;
        for (rank, reached) in ranks.iter_mut().zip(mine) {
            while other.get(before).is_some_and(|one| one < reached) {
                before += 1;
            }
            *rank += to_u32(before);
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::{Letter, Reader, ranks, read_reached, write_reached};

    #[test]
    fn what_is_written_is_read() {
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        let mut letter = Letter::default();
        numbers.iter().for_each(|&number| letter.number(number));
        letter.bytes(b"bytes");
        letter.maybe(None);
        letter.maybe(Some(u32::MAX));
        let mut reader = Reader(&letter.0);
        numbers.iter().for_each(|&number| assert_eq!(reader.number(), Some(number)));
        assert_eq!(reader.bytes(), Some(&b"bytes"[..]));
        assert_eq!((reader.maybe(), reader.maybe()), (Some(None), Some(Some(u32::MAX))));
        assert_eq!((reader.number(), reader.0.len()), (None, 0));
    }

    #[test]
    fn a_letter_that_was_cut_off_is_no_letter() {
        let mut letter = Letter::default();
        write_reached(&[(3, 1), (3, 2), (700, 0)], &mut letter);
        assert_eq!(read_reached(&mut Reader(&letter.0)), Some(vec![(3, 1), (3, 2), (700, 0)]));
        for length in 0..letter.0.len() {
            assert_eq!(read_reached(&mut Reader(&letter.0[..length])), None, "{length} bytes");
        }
    }

    #[test]
    fn all_members_together_number_without_a_gap() {
        let all: [Vec<(u32, u16)>; 3] =
            [vec![(0, 1), (5, 0), (5, 3)], vec![(1, 0), (5, 1), (9, 9)], vec![(0, 0), (5, 2)]];
        let mut numbered = Vec::new();
        for (at, mine) in all.iter().enumerate() {
            let others: Vec<_> =
                all.iter().enumerate().filter(|other| other.0 != at).map(|other| other.1.clone()).collect();
            numbered.extend(ranks(mine, &others).into_iter().zip(mine.clone()));
        }
        numbered.sort_unstable();
        assert!(numbered.iter().enumerate().all(|(at, one)| one.0 as usize == at));
        assert!(numbered.is_sorted_by_key(|one| one.1));
    }
}
