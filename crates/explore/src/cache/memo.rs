//! The transition cache: steps that have been computed, by what they depend on.
//!
//! All records lie in one long list of words. A record begins with its name: the bits of the key that the look-up depends
//! on, and the look-up's number. In a record of actions, the next word says how many actions there are ([`Head`]). Then
//! come the bits of the key that each action flips. If some action shows a property, the sets of properties follow.
//!
//! When the list has grown beyond a bound, all of it is discarded. Steps that are needed again are computed again, with
//! the same result.

use crate::PropertySet;
use crate::width::{low_u32, to_u32};

/// The most words kept: 120 MiB. A place has room for some more, which are what one state may bring.
const MOST: usize = (1 << PLACE) - (1 << 20);
const PLACE: u32 = 24;

/// Words of a record's name.
const NAME: usize = 2;

/// So many flips may be read after every head, whether they are there or not.
pub(crate) const AHEAD: usize = 4;

/// The first word of a record of actions: how many there are, whether one of them is not optional, and what they show
/// together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head(u64);

/// Set if some action is not optional.
const MOVES: u64 = 1 << 31;

impl Head {
    fn new(count: usize, moves: bool, properties: PropertySet) -> Head {
        Head(u64::from(properties.0) << 32 | if moves { MOVES } else { 0 } | count as u64)
    }

    /// How many actions there are.
    #[inline(always)]
    pub(crate) fn count(self) -> usize {
        (self.0 & (MOVES - 1)) as usize
    }

    /// Whether one of them is not optional.
    #[inline(always)]
    pub(crate) fn moves(self) -> bool {
        self.0 & MOVES != 0
    }

    /// What they show together.
    #[inline(always)]
    pub(crate) fn properties(self) -> PropertySet {
        PropertySet(low_u32(self.0 >> 32))
    }
}

/// Records by name.
#[derive(Clone, Debug)]
pub(crate) struct Memo {
    /// The first word is no record's name, and the last [`AHEAD`] words belong to none.
    words: Vec<u64>,
    /// Open addressing, linear probing: the record's place and, above, bits of the hash; or 0. The home slot is the
    /// hash's top bits. Small, so that it stays in the caches.
    table: Vec<u32>,
    shift: u32,
    records: usize,
}

impl Default for Memo {
    fn default() -> Memo {
        let mut words = vec![0; 1 + AHEAD];
        words[0] = u64::MAX;
        Memo { words, table: vec![0; 64], shift: 58, records: 0 }
    }
}

/// The constants are those of SplitMix64.
#[inline(always)]
fn hash(number: u32, bits: u64) -> u64 {
    let mixed = (bits ^ u64::from(number) << 40).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 32).wrapping_mul(0x94d0_49bb_1331_11eb)
}

/// The bits of a hash that a slot keeps.
#[inline(always)]
fn tag(hash: u64) -> u32 {
    low_u32(hash) >> PLACE << PLACE
}

impl Memo {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.words.truncate(1 + AHEAD);
        self.table.fill(0);
        self.records = 0;
    }

    /// Forgets everything if too much is kept. Places are good until then.
    #[inline]
    pub(crate) fn tidy(&mut self) {
        if self.words.len() > MOST {
            self.clear();
        }
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        (8 * self.words.len() + 4 * self.table.len()) as u64
    }

    /// What is known in the record at a place, and everything after it.
    #[inline(always)]
    pub(crate) fn record(&self, place: u32) -> &[u64] {
        &self.words[place as usize + NAME..]
    }

    /// The record of actions with this name: its place, its first word, and the bits that the first [`AHEAD`] actions
    /// flip, if there are so many.
    #[inline(always)]
    pub(crate) fn few(&self, number: u32, bits: u64) -> Option<(u32, Head, [u64; AHEAD])> {
        let hash = hash(number, bits);
        let mask = self.table.len() - 1;
        let mut home = low_u32(hash >> self.shift) as usize;
        loop {
            let slot = self.table[home & mask];
            let place = slot & ((1 << PLACE) - 1);
            if slot >> PLACE == tag(hash) >> PLACE
                && let [a, b, head, w, x, y, z, ..] = self.words[place as usize..]
                && (a, b) == (bits, u64::from(number))
            {
                return Some((place, Head(head), [w, x, y, z]));
            }
            if slot == 0 {
                return None;
            }
            home += 1;
        }
    }

    /// What is known in the record of actions at a place: the bits that each flips, and what each shows; nothing where
    /// none shows anything.
    pub(crate) fn actions(&self, place: u32) -> (Head, &[u64], &[u64]) {
        let record = self.record(place);
        let head = Head(record[0]);
        let (flips, rest) = record[1..].split_at(head.count());
        (head, flips, if head.properties().is_empty() { &[] } else { &rest[..flips.len()] })
    }

    /// Adds a record of actions that is not there; returns its place.
    pub(crate) fn add_actions(
        &mut self,
        number: u32,
        bits: u64,
        moves: bool,
        flips: &[u64],
        properties: &[u64],
    ) -> u32 {
        let together = PropertySet(properties.iter().fold(0, |all, &some| all | low_u32(some)));
        let head = Head::new(flips.len(), moves, together);
        let properties = if together.is_empty() { &[] } else { properties };
        self.add(number, bits, [head.0].iter().chain(flips).chain(properties).copied())
    }

    /// The place of the record with this name.
    #[inline(always)]
    pub(crate) fn find(&self, number: u32, bits: u64) -> Option<u32> {
        let hash = hash(number, bits);
        let mask = self.table.len() - 1;
        let mut home = low_u32(hash >> self.shift) as usize;
        loop {
            let slot = self.table[home & mask];
            if slot == 0 {
                return None;
            }
            if slot >> PLACE == tag(hash) >> PLACE {
                let place = slot & ((1 << PLACE) - 1);
                if let [a, b, ..] = self.words[place as usize..]
                    && (a, b) == (bits, u64::from(number))
                {
                    return Some(place);
                }
            }
            home += 1;
        }
    }

    /// Adds a record that is not there; returns its place.
    pub(crate) fn add(&mut self, number: u32, bits: u64, record: impl Iterator<Item = u64>) -> u32 {
        // Slots are small. A lookup that has to probe many slots costs more than one that misses the nearest
        // cache.
        if self.records * 4 >= self.table.len() {
            let places: Vec<u32> = self.places().collect();
            self.table = vec![0; self.table.len() * 2];
            self.shift -= 1;
            places.into_iter().for_each(|place| self.put(place));
        }
        let place = self.words.len() - AHEAD;
        self.words.truncate(place);
        self.words.extend([bits, number.into()]);
        self.words.extend(record);
        self.words.extend([0; AHEAD]);
        let place = to_u32(place);
        self.put(place);
        self.records += 1;
        place
    }

    /// The places of all records.
    fn places(&self) -> impl Iterator<Item = u32> {
        self.table.iter().filter(|&&slot| slot != 0).map(|slot| slot & ((1 << PLACE) - 1))
    }

    fn put(&mut self, place: u32) {
        let hash = hash(low_u32(self.words[place as usize + 1]), self.words[place as usize]);
        let mask = self.table.len() - 1;
        let mut home = low_u32(hash >> self.shift) as usize;
        while self.table[home & mask] != 0 {
            home += 1;
        }
        self.table[home & mask] = tag(hash) | place;
    }

    /// Gives every record a new name, and each action new bits to flip; `rest` is the look-up whose records have no
    /// actions.
    pub(crate) fn rename(&mut self, rest: u32, rename: impl Fn(u64) -> u64) {
        let places: Vec<u32> = self.places().collect();
        self.table.fill(0);
        for place in places {
            let record = &mut self.words[place as usize..];
            record[0] = rename(record[0]);
            if record[1] != u64::from(rest) {
                let actions = Head(record[NAME]).count();
                record[NAME + 1..].iter_mut().take(actions).for_each(|flip| *flip = rename(*flip));
            }
            self.put(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, Memo};
    use crate::PropertySet;

    #[test]
    fn records_are_found_by_their_whole_name() {
        let mut memo = Memo::default();
        let name = |n: u64| ((n % 100) as u32, (n / 100) << 7);
        for n in 0..10_000 {
            let (number, bits) = name(n);
            assert_eq!(memo.find(number, bits), None);
            let shown = [0, n % 2];
            let place = match number {
                99 => memo.add(number, bits, [n, n + 1].into_iter()),
                _ => memo.add_actions(number, bits, n % 3 == 0, &[n, n + 2], &shown),
            };
            assert_eq!(memo.find(number, bits), Some(place));
        }
        memo.rename(99, |word| word << 8);
        for n in 0..10_000 {
            let (number, bits) = name(n);
            let place = memo.find(number, bits << 8).unwrap_or_else(|| panic!("{n} is gone"));
            if number == 99 {
                assert_eq!(memo.record(place)[..2], [n, n + 1]);
                continue;
            }
            let (head, flips, properties) = memo.actions(place);
            assert_eq!(
                (head.count(), head.moves(), head.properties()),
                (2, n % 3 == 0, PropertySet((n % 2) as u32))
            );
            assert_eq!(flips, [n << 8, (n + 2) << 8]);
            assert_eq!(properties, if n % 2 == 1 { vec![0, 1] } else { Vec::new() });
        }
        assert_eq!(memo.find(7, 1), None);
        assert_eq!(Head::new(3, true, PropertySet(u32::MAX)).count(), 3);
    }
}
