//! What has been worked out, by what it depends on.
//!
//! A record is a run of words in one long list: its name first, then what is known. Where the list grows past a
//! bound it is thrown away whole; whatever is needed again is worked out again, to the same result.

/// The most words kept: 128 MiB.
const MOST: usize = 1 << 25;

/// Records by name.
#[derive(Clone, Debug)]
pub(crate) struct Memo {
    words: Vec<u32>,
    /// Open addressing, linear probing: 32 bits of the hash above, place of the record + 1 below; or 0.
    table: Vec<u64>,
    records: usize,
}

impl Default for Memo {
    fn default() -> Memo {
        Memo { words: Vec::new(), table: vec![0; 64], records: 0 }
    }
}

#[inline(always)]
fn hash(name: &[u32]) -> u64 {
    // Each word is multiplied by a number of its own, so that none waits for the one before it.
    let (mut sum, mut factor) = (0u64, 0x9e37_79b9_7f4a_7c15u64);
    for &word in name {
        sum = sum.wrapping_add(u64::from(word).wrapping_mul(factor));
        factor = factor.wrapping_add(0x3c6e_f372_fe94_f82a).rotate_left(7) | 1;
    }
    (sum ^ sum >> 32).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

impl Memo {
    /// Forgets everything if too much is kept. Places are good until then.
    pub(crate) fn tidy(&mut self) {
        if self.words.len() > MOST {
            self.words.clear();
            self.table.fill(0);
            self.records = 0;
        }
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        (4 * self.words.len() + 8 * self.table.len()) as u64
    }

    /// All records, to be read from a place on.
    #[inline]
    pub(crate) fn words(&self) -> &[u32] {
        &self.words
    }

    /// The place behind the name in the record with this name.
    #[inline(always)]
    pub(crate) fn find(&self, name: &[u32]) -> Option<u32> {
        let hash = hash(name);
        let mask = self.table.len() - 1;
        let mut slot = (hash >> 32) as usize & mask;
        loop {
            let entry = self.table[slot];
            if entry == 0 {
                return None;
            }
            let place = (entry as u32 - 1) as usize;
            if entry >> 32 == hash >> 32 && same(&self.words[place..], name) {
                return Some((place + name.len()) as u32);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Adds a record that is not there; returns the place behind its name.
    pub(crate) fn add(&mut self, name: &[u32], known: &[u32]) -> u32 {
        if self.records * 8 >= self.table.len() * 5 {
            self.grow();
        }
        let place = self.words.len();
        let hash = hash(name);
        self.words.extend_from_slice(name);
        self.words.extend_from_slice(known);
        put(&mut self.table, (hash >> 32) as usize, (hash >> 32) << 32 | (place as u64 + 1));
        self.records += 1;
        (place + name.len()) as u32
    }

    fn grow(&mut self) {
        // The home slot is made of those bits of the hash that the entries keep.
        let len = self.table.len() * 4;
        let old = std::mem::replace(&mut self.table, vec![0; len]);
        for entry in old.into_iter().filter(|&entry| entry != 0) {
            put(&mut self.table, (entry >> 32) as usize, entry);
        }
    }
}

/// Whether `words` begin with `name`. (A call of memcmp takes longer than comparing five words.)
#[inline(always)]
fn same(words: &[u32], name: &[u32]) -> bool {
    words.len() >= name.len() && words.iter().zip(name).all(|(a, b)| a == b)
}

fn put(table: &mut [u64], slot: usize, entry: u64) {
    let mask = table.len() - 1;
    let mut slot = slot & mask;
    while table[slot] != 0 {
        slot = (slot + 1) & mask;
    }
    table[slot] = entry;
}

#[cfg(test)]
mod tests {
    use super::Memo;

    #[test]
    fn records_are_found_by_their_whole_name() {
        let mut memo = Memo::default();
        for n in 0..10_000u32 {
            let name = [n / 100, n % 100, 7];
            assert_eq!(memo.find(&name), None);
            let place = memo.add(&name, &[n, n + 1]);
            assert_eq!(memo.find(&name), Some(place));
        }
        for n in 0..10_000u32 {
            let place = memo.find(&[n / 100, n % 100, 7]).map(|place| place as usize);
            assert_eq!(place.map(|place| &memo.words()[place..place + 2]), Some([n, n + 1].as_slice()));
        }
        assert_eq!(memo.find(&[7, 7, 8]), None);
    }
}
