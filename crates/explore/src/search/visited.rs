//! The visited set: the keys of all states seen so far.
//!
//! A key is exact (`space.rs`), so membership is exact too. The topmost bits of a key's hash choose its shard, and several
//! threads may fill a shard each. Keys come in batches. First the home slots of a whole batch are loaded, which lets the
//! processor wait for many of them at once. Then the keys that were not found there are inserted one by one, in their
//! order. Once the table is larger than the caches, this halves the time.

use crate::Key;
use crate::cache::NONE;
use crate::width::low_u32;

/// How many shards there are: 2^`SHARD_BITS`.
pub(crate) const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 4;

/// Mixes a key so that the topmost bits depend on all of it. The fields of a key differ little from their neighbours',
/// so that one multiplication is not enough. The constants are those of SplitMix64.
#[inline(always)]
fn hash(key: Key) -> u64 {
    let mixed = (key ^ key >> 32).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 29).wrapping_mul(0x94d0_49bb_1331_11eb)
}

/// The shard that a key belongs to.
#[inline]
pub(crate) fn shard_of(key: Key) -> usize {
    (hash(key) >> (64 - SHARD_BITS)) as usize
}

/// One of the parts that the set is split into.
#[derive(Clone, Debug)]
pub(crate) struct Shard {
    /// Open addressing, linear probing: keys, or `NONE`. The home slot is the top bits of the hash but for the shard's.
    table: Vec<u64>,
    shift: u32,
    len: u32,
    /// What was found in the home slots of a batch.
    homes: Vec<u64>,
}

impl Default for Shard {
    fn default() -> Shard {
        Shard { table: vec![NONE; 64], shift: 58, len: 0, homes: Vec::new() }
    }
}

impl Shard {
    /// What is in a key's home slot.
    #[inline(always)]
    fn home(&self, hash: u64) -> u64 {
        self.table[low_u32(hash << SHARD_BITS >> self.shift) as usize]
    }

    /// Inserts keys, one after the other. Those that were there already are removed from the batch.
    pub(crate) fn insert(&mut self, batch: &mut Vec<(Key, u32)>) {
        let mut homes = std::mem::take(&mut self.homes);
        homes.clear();
        homes.extend(batch.iter().map(|&(key, _)| self.home(hash(key))));
        let mut kept = 0;
        for (at, &home) in homes.iter().enumerate() {
            let item = batch[at];
            if home != item.0 && self.add(item.0, hash(item.0)) {
                batch[kept] = item;
                kept += 1;
            }
        }
        batch.truncate(kept);
        self.homes = homes;
    }

    #[inline]
    fn add(&mut self, key: Key, hash: u64) -> bool {
        let mask = self.table.len() - 1;
        let mut slot = low_u32(hash << SHARD_BITS >> self.shift) as usize;
        loop {
            match self.table[slot & mask] {
                NONE => break,
                found if found == key => return false,
                _ => slot += 1,
            }
        }
        self.table[slot & mask] = key;
        self.len += 1;
        if self.len as usize * 4 > self.table.len() * 3 {
            self.grow();
        }
        true
    }

    /// Makes the table larger. Entries are moved in the order of the old table, which is nearly that of the new one.
    #[cold]
    fn grow(&mut self) {
        let wider = if self.table.len() < 1 << 14 { 2 } else { 1 };
        let larger = vec![NONE; self.table.len() << wider];
        let old = std::mem::replace(&mut self.table, larger);
        self.shift -= wider;
        self.fill(old.into_iter().filter(|&entry| entry != NONE));
    }

    /// Inserts keys that are not there, into a table with room for them.
    fn fill(&mut self, keys: impl Iterator<Item = Key>) {
        let mask = self.table.len() - 1;
        for key in keys {
            let mut slot = low_u32(hash(key) << SHARD_BITS >> self.shift) as usize;
            while self.table[slot & mask] != NONE {
                slot += 1;
            }
            self.table[slot & mask] = key;
        }
    }
}

/// The keys met last, by the lowest bits of their hash, or `NONE`. Most successors of a state are successors of its
/// neighbours, too, which have been expanded just before. So most keys need not be looked for in memory.
#[derive(Clone, Debug)]
pub(crate) struct Recent(Vec<Key>);

/// The fewest and the most keys that are remembered as recent. A small search should not have to fill much memory first,
/// and the list must stay in the processor's own cache.
const RECENT: std::ops::RangeInclusive<usize> = 1 << 8..=1 << 16;

impl Default for Recent {
    fn default() -> Recent {
        Recent(vec![NONE; *RECENT.start()])
    }
}

impl Recent {
    /// Notes a key, and returns whether it may be new.
    #[inline(always)]
    fn note(&mut self, key: Key, hash: u64) -> bool {
        let mask = self.0.len() - 1;
        let recent = &mut self.0[low_u32(hash) as usize & mask];
        let new = *recent != key;
        *recent = key;
        new
    }

    /// Notes a key, and returns whether it may be new.
    #[inline]
    pub(crate) fn is_new(&mut self, key: Key) -> bool {
        self.note(key, hash(key))
    }

    /// Makes room for as many keys as the set has, up to the most.
    #[inline]
    pub(crate) fn suit(&mut self, keys: u32) {
        while self.0.len() < *RECENT.end() && self.0.len() < keys as usize {
            self.0 = vec![NONE; self.0.len() * 4];
        }
    }

    /// Notes keys, and picks those that may be new, with their places. [`NONE`] is never picked.
    pub(crate) fn pick_new(&mut self, keys: &[Key], picked: &mut Vec<(Key, u32)>) {
        picked.resize(keys.len().max(picked.len()), (NONE, 0));
        let mut count = 0;
        for (place, &key) in (0..).zip(keys) {
            // A branch would be mispredicted, so there is none.
            picked[count] = (key, place);
            count += usize::from(self.note(key, hash(key)) & (key != NONE));
        }
        picked.truncate(count);
    }

    /// Forgets all keys.
    pub(crate) fn clear(&mut self) {
        self.0.fill(NONE);
    }
}

/// A set of keys, of which none is `u64::MAX`.
#[derive(Clone, Debug, Default)]
pub struct Visited {
    shards: [Shard; SHARDS],
    recent: Recent,
    waiting: Vec<Waiting>,
}

/// A key of a batch that has not been met recently.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    hash: u64,
    place: u32,
    known: bool,
}

impl Visited {
    /// How many keys there are.
    pub(crate) fn len(&self) -> u32 {
        self.shards.iter().map(|shard| shard.len).sum()
    }

    /// All keys, in no particular order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = Key> + Clone {
        let entries = self.shards.iter().flat_map(|shard| &shard.table);
        entries.copied().filter(|&entry| entry != NONE)
    }

    /// Bytes of memory in use.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.shards.iter().map(|shard| 8 * shard.table.len() as u64).sum()
    }

    /// The shards, each to be filled by one thread.
    pub(crate) fn shards(&mut self) -> &mut [Shard; SHARDS] {
        &mut self.shards
    }

    /// Inserts a batch of keys, one after the other, and calls `new` with the place of each key that was not there.
    /// `u64::MAX` is not inserted. (Never inlined, so that a profile shows it.)
    #[inline(never)]
    pub fn insert(&mut self, batch: &[Key], mut new: impl FnMut(usize)) {
        self.recent.suit(self.len());
        let mut waiting = std::mem::take(&mut self.waiting);
        if waiting.len() < batch.len() {
            waiting.resize(batch.len(), Waiting::default());
        }
        let mut count = 0;
        for (place, &key) in (0..).zip(batch) {
            let hash = hash(key);
            waiting[count] = Waiting { hash, place, known: false };
            count += usize::from(self.recent.note(key, hash) & (key != NONE));
        }
        let waiting_now = &mut waiting[..count];
        for item in waiting_now.iter_mut() {
            let home = self.shards[(item.hash >> (64 - SHARD_BITS)) as usize].home(item.hash);
            item.known = home == batch[item.place as usize];
        }
        for item in waiting_now.iter().filter(|item| !item.known) {
            let place = item.place as usize;
            if self.shards[(item.hash >> (64 - SHARD_BITS)) as usize].add(batch[place], item.hash) {
                new(place);
            }
        }
        self.waiting = waiting;
    }

    /// Replaces all keys by others, no two of which are equal.
    pub(crate) fn replace(&mut self, keys: Vec<Key>) {
        self.recent.clear();
        for shard in &mut self.shards {
            shard.table.fill(NONE);
            shard.len = 0;
        }
        for key in keys {
            self.shards[shard_of(key)].add(key, hash(key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Visited, shard_of};

    #[test]
    fn each_key_is_new_once_in_the_order_of_the_batch() {
        let mut visited = Visited::default();
        let batch: Vec<u64> = (0..10_000).map(|n| (n * 7_919 % 5_000) << 20).collect();
        let mut new = Vec::new();
        for some in batch.chunks(77) {
            visited.insert(some, |place| new.push(some[place]));
        }
        assert_eq!(visited.len(), 5_000);
        let firsts: Vec<u64> = batch[..5_000].to_vec();
        assert_eq!(new, firsts, "each once, first come first");
        visited.replace(visited.keys().map(|key| key >> 20).collect());
        let mut keys: Vec<u64> = visited.keys().collect();
        keys.sort_unstable();
        assert_eq!(keys, (0..5_000).collect::<Vec<u64>>());
        visited.insert(&(0..5_001).collect::<Vec<u64>>(), |place| assert_eq!(place, 5_000));
    }

    #[test]
    fn shards_filled_one_by_one_make_the_same_set() {
        let mut visited = Visited::default();
        for (number, shard) in visited.shards().iter_mut().enumerate() {
            let all: Vec<(u64, u32)> = (0..9_000)
                .filter(|&key| shard_of(key.into()) == number)
                .map(|key| (key.into(), key))
                .collect();
            assert!(all.len() > 400, "shard {number} has {} of 9,000", all.len());
            let mut mine = all.clone();
            shard.insert(&mut mine);
            assert_eq!(mine, all, "all are new");
            shard.insert(&mut mine);
            assert_eq!(mine, []);
        }
        assert_eq!(visited.len(), 9_000);
        visited.insert(&(0..9_000).collect::<Vec<u64>>(), |_| panic!("all are there"));
    }
}
