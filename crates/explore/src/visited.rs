//! The set of states seen so far, as keys.
//!
//! A key is exact (`space.rs`), so membership is too. Keys come in batches: first the home slot of each is loaded,
//! which the processor does for many at a time, then those that were not found there are inserted one by one, in
//! their order. That is worth half of the time once the table is larger than the caches.

use crate::pairs::mix;

/// A set of 64-bit keys; `u64::MAX` is no key.
#[derive(Clone, Debug)]
pub(crate) struct Visited {
    /// Open addressing, linear probing: key + 1, or 0. The home slot is the hash's top bits.
    table: Vec<u64>,
    shift: u32,
    len: u32,
    /// What was found in the home slots of a batch.
    homes: Vec<u64>,
}

impl Default for Visited {
    fn default() -> Visited {
        Visited { table: vec![0; 64], shift: 58, len: 0, homes: Vec::new() }
    }
}

impl Visited {
    /// How many keys there are.
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// All keys, in no particular order.
    pub(crate) fn keys(&self) -> Vec<u64> {
        self.table.iter().filter(|&&entry| entry != 0).map(|entry| entry.wrapping_sub(1)).collect()
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        8 * self.table.len() as u64
    }

    /// Puts a batch of keys in, one after the other, and calls `new` with the place in the batch of each that was
    /// not there.
    pub(crate) fn insert<T>(&mut self, batch: &[T], key: impl Fn(&T) -> u64, mut new: impl FnMut(usize)) {
        let mut homes = std::mem::take(&mut self.homes);
        homes.clear();
        homes.extend(batch.iter().map(|item| self.table[Visited::home(key(item), self.shift)]));
        for (place, item) in batch.iter().enumerate() {
            let entry = key(item).wrapping_add(1);
            if homes[place] != entry && self.add(key(item)) {
                new(place);
            }
        }
        self.homes = homes;
    }

    /// Whether a key is in its home slot.
    #[inline]
    pub(crate) fn at_home(&self, key: u64) -> bool {
        self.table[Visited::home(key, self.shift)] == key.wrapping_add(1)
    }

    /// Whether a key is there.
    #[inline]
    pub(crate) fn has(&self, key: u64) -> bool {
        let mask = self.table.len() - 1;
        let mut slot = Visited::home(key, self.shift);
        loop {
            match self.table[slot & mask] {
                0 => return false,
                found if found == key.wrapping_add(1) => return true,
                _ => slot += 1,
            }
        }
    }

    /// Where a key belongs in a table of 2^(64 - `shift`) slots.
    #[inline(always)]
    pub(crate) fn home(key: u64, shift: u32) -> usize {
        (mix((key >> 32) as u32, key as u32) >> shift) as usize
    }

    #[inline]
    fn add(&mut self, key: u64) -> bool {
        let mask = self.table.len() - 1;
        let entry = key.wrapping_add(1);
        let mut slot = Visited::home(key, self.shift);
        loop {
            match self.table[slot & mask] {
                0 => break,
                found if found == entry => return false,
                _ => slot += 1,
            }
        }
        self.table[slot & mask] = entry;
        self.len += 1;
        if self.len as usize * 4 > self.table.len() * 3 {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        let len = self.table.len() * if self.table.len() < 1 << 18 { 4 } else { 2 };
        let old = std::mem::replace(&mut self.table, vec![0; len]);
        self.shift = 64 - len.trailing_zeros();
        let mask = len - 1;
        for entry in old.into_iter().filter(|&entry| entry != 0) {
            let mut slot = Visited::home(entry.wrapping_sub(1), self.shift);
            while self.table[slot & mask] != 0 {
                slot += 1;
            }
            self.table[slot & mask] = entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Visited;

    #[test]
    fn each_key_is_new_once_in_the_order_of_the_batch() {
        let mut visited = Visited::default();
        let batch: Vec<u64> = (0..10_000).map(|n| (n * 7_919 % 5_000) << 20).collect();
        let mut new = Vec::new();
        for some in batch.chunks(77) {
            visited.insert(some, |&key| key, |place| new.push(some[place]));
        }
        assert_eq!(visited.len(), 5_000);
        let firsts: Vec<u64> = batch[..5_000].to_vec();
        assert_eq!(new, firsts, "each once, first come first");
    }
}
