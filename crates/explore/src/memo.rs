//! What has been worked out, by what it depends on.
//!
//! A record is a run of words in one long list: its name, which is the bits of the key that a shape reads and the
//! shape, then what is known. In the record of a group the first word tells how many actions there are, then come two
//! words for each. Where the list grows past a bound it is thrown away whole; whatever is needed again is worked out
//! again, to the same result.

/// The most words kept: 128 MiB. A place has as many bits.
const MOST: usize = (1 << PLACE) - (1 << 16);
const PLACE: u32 = 24;

/// Words of a record's name.
const NAME: usize = 2;

/// Records by name.
#[derive(Clone, Debug)]
pub(crate) struct Memo {
    words: Vec<u64>,
    /// Open addressing, linear probing: the record's place and, above, bits of the hash; or 0. The home slot is the
    /// hash's top bits. Small, so that it stays in the caches.
    table: Vec<u32>,
    shift: u32,
    records: usize,
}

impl Default for Memo {
    fn default() -> Memo {
        // No record is at place 0.
        Memo { words: vec![0], table: vec![0; 64], shift: 58, records: 0 }
    }
}

/// The constants are those of SplitMix64.
#[inline(always)]
fn hash(shape: u32, bits: u64) -> u64 {
    let mixed = (bits ^ u64::from(shape) << 40).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 32).wrapping_mul(0x94d0_49bb_1331_11eb)
}

/// The bits of a hash that a slot keeps.
#[inline(always)]
fn tag(hash: u64) -> u32 {
    (hash as u32) >> PLACE << PLACE
}

impl Memo {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.words.truncate(1);
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

    /// What is known in the record at a place, and all behind it.
    #[inline(always)]
    pub(crate) fn record(&self, place: u32) -> &[u64] {
        &self.words[place as usize + NAME..]
    }

    /// The place of the record with this name.
    #[inline(always)]
    pub(crate) fn find(&self, shape: u32, bits: u64) -> Option<u32> {
        let hash = hash(shape, bits);
        let mask = self.table.len() - 1;
        let mut home = (hash >> self.shift) as usize;
        loop {
            let slot = self.table[home & mask];
            if slot == 0 {
                return None;
            }
            if slot >> PLACE == tag(hash) >> PLACE {
                let place = slot & ((1 << PLACE) - 1);
                if let [a, b, ..] = self.words[place as usize..]
                    && (a, b) == (bits, u64::from(shape))
                {
                    return Some(place);
                }
            }
            home += 1;
        }
    }

    /// Adds a record that is not there; returns its place.
    pub(crate) fn add(&mut self, shape: u32, bits: u64, record: &[u64]) -> u32 {
        if self.records * 2 >= self.table.len() {
            let places: Vec<u32> = self.places().collect();
            self.table = vec![0; self.table.len() * 2];
            self.shift -= 1;
            places.into_iter().for_each(|place| self.put(place));
        }
        let place = self.words.len() as u32;
        self.words.extend([bits, shape.into()]);
        self.words.extend_from_slice(record);
        self.put(place);
        self.records += 1;
        place
    }

    /// The places of all records.
    fn places(&self) -> impl Iterator<Item = u32> {
        self.table.iter().filter(|&&slot| slot != 0).map(|slot| slot & ((1 << PLACE) - 1))
    }

    fn put(&mut self, place: u32) {
        let hash = hash(self.words[place as usize + 1] as u32, self.words[place as usize]);
        let mask = self.table.len() - 1;
        let mut home = (hash >> self.shift) as usize;
        while self.table[home & mask] != 0 {
            home += 1;
        }
        self.table[home & mask] = tag(hash) | place;
    }

    /// Gives every record a new name, and a new first word to each of its actions' pairs; `rest` is the shape whose
    /// records have no actions.
    pub(crate) fn rename(&mut self, rest: u32, rename: impl Fn(u64) -> u64) {
        let places: Vec<u32> = self.places().collect();
        self.table.fill(0);
        for place in places {
            let record = &mut self.words[place as usize..];
            record[0] = rename(record[0]);
            if record[1] != u64::from(rest) {
                let actions = record[NAME] as u32 as usize;
                let pairs = record[NAME + 1..].chunks_exact_mut(2);
                pairs.take(actions).for_each(|pair| pair[0] = rename(pair[0]));
            }
            self.put(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Memo;

    #[test]
    fn records_are_found_by_their_whole_name() {
        let mut memo = Memo::default();
        let name = |n: u64| ((n % 100) as u32, (n / 100) << 7);
        for n in 0..10_000 {
            let (shape, bits) = name(n);
            assert_eq!(memo.find(shape, bits), None);
            let place = memo.add(shape, bits, &[1, n, n + 1]);
            assert_eq!(memo.find(shape, bits), Some(place));
        }
        memo.rename(99, |word| word << 8);
        for n in 0..10_000 {
            let (shape, bits) = name(n);
            let record = memo.find(shape, bits << 8).map(|place| &memo.record(place)[..3]);
            let first = if shape == 99 { n } else { n << 8 };
            assert_eq!(record, Some([1, first, n + 1].as_slice()));
        }
        assert_eq!(memo.find(7, 1), None);
    }
}
