//! Pairs of numbers by number: the inner nodes of the tree that a state is folded into.
//!
//! Several threads may look up and add at once. A slot is claimed by writing its pair with one compare-and-exchange;
//! the number follows, and whoever finds the pair first waits for it. Nothing moves while they do: a table without
//! room says so, and is made larger when its owner has it alone.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// An insertion-ordered set of pairs.
#[derive(Debug)]
pub(crate) struct Pairs {
    /// The pairs by number: room for as many as may be.
    pairs: Vec<AtomicU64>,
    len: AtomicU32,
    /// Open addressing, linear probing. The home slot is the hash's top bits. A slot holds the pair as well, so that
    /// looking one up touches one place.
    table: Vec<Slot>,
    shift: u32,
}

#[derive(Debug, Default)]
struct Slot {
    /// Pair + 1, or 0.
    pair: AtomicU64,
    /// Number + 1, or 0 while that is not known yet.
    entry: AtomicU32,
}

/// The most threads that may add at once: as many numbers are kept back.
const THREADS: u32 = 64;

/// Mixes two numbers so that the top bits depend on all of both: each times an odd constant, and added up
/// (Dietzfelbinger's multiply-add-shift). The constants are those of SplitMix64.
#[inline(always)]
pub(crate) fn mix(left: u32, right: u32) -> u64 {
    u64::from(left)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        .wrapping_add(u64::from(right).wrapping_mul(0x94d0_49bb_1331_11eb))
}

impl Default for Pairs {
    fn default() -> Pairs {
        Pairs::with_slots(256)
    }
}

impl Pairs {
    /// Empty, with so many slots: a power of two, 256 or more.
    fn with_slots(slots: usize) -> Pairs {
        // Filled to five eighths.
        let room = slots / 8 * 5;
        Pairs {
            pairs: (0..room).map(|_| AtomicU64::new(0)).collect(),
            len: AtomicU32::new(0),
            table: (0..slots).map(|_| Slot::default()).collect(),
            shift: 64 - slots.trailing_zeros(),
        }
    }

    /// The pair of a number.
    #[inline]
    pub(crate) fn get(&self, id: u32) -> (u32, u32) {
        let pair = self.pairs[id as usize].load(Ordering::Relaxed);
        ((pair >> 32) as u32, pair as u32)
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        (8 * self.pairs.len() + size_of::<Slot>() * self.table.len()) as u64
    }

    /// The number of a pair, a new one if it has none; nothing if there is no room for it.
    #[inline]
    pub(crate) fn insert(&self, left: u32, right: u32) -> Option<u32> {
        let pair = u64::from(left) << 32 | u64::from(right);
        let mask = self.table.len() - 1;
        let mut place = (mix(left, right) >> self.shift) as usize;
        loop {
            let slot = &self.table[place & mask];
            let mut found = slot.pair.load(Ordering::Acquire);
            if found == 0 {
                match self.claim(slot, pair)? {
                    Ok(id) => return Some(id),
                    Err(other) => found = other,
                }
            }
            if found == pair + 1 {
                loop {
                    match slot.entry.load(Ordering::Acquire) {
                        0 => std::hint::spin_loop(),
                        entry => return Some(entry - 1),
                    }
                }
            }
            place += 1;
        }
    }

    /// The number of a pair, if it has one.
    pub(crate) fn find(&self, left: u32, right: u32) -> Option<u32> {
        let pair = u64::from(left) << 32 | u64::from(right);
        let mask = self.table.len() - 1;
        let mut place = (mix(left, right) >> self.shift) as usize;
        loop {
            let slot = &self.table[place & mask];
            match slot.pair.load(Ordering::Acquire) {
                0 => return None,
                found if found == pair + 1 => return slot.entry.load(Ordering::Acquire).checked_sub(1),
                _ => place += 1,
            }
        }
    }

    /// Puts a pair into a slot that was empty a moment ago; gives what is there if somebody was faster.
    #[cold]
    fn claim(&self, slot: &Slot, pair: u64) -> Option<Result<u32, u64>> {
        if (self.len.load(Ordering::Relaxed) + THREADS) as usize >= self.pairs.len() {
            return None;
        }
        if let Err(other) = slot.pair.compare_exchange(0, pair + 1, Ordering::AcqRel, Ordering::Acquire) {
            return Some(Err(other));
        }
        let id = self.len.fetch_add(1, Ordering::Relaxed);
        self.pairs[id as usize].store(pair, Ordering::Relaxed);
        slot.entry.store(id + 1, Ordering::Release);
        Some(Ok(id))
    }

    /// Makes a table larger that has less than so many percent of its room left.
    pub(crate) fn grow(&mut self, percent: usize) {
        let len = *self.len.get_mut();
        let left = self.pairs.len().saturating_sub((len + THREADS) as usize);
        if left > 0 && left * 100 >= self.pairs.len() * percent {
            return;
        }
        let slots = self.table.len() * if self.table.len() < 1 << 16 { 4 } else { 2 };
        let mut larger = Pairs::with_slots(slots);
        let mask = slots - 1;
        for id in 0..len {
            let (left, right) = self.get(id);
            let mut place = (mix(left, right) >> larger.shift) as usize;
            while *larger.table[place & mask].entry.get_mut() != 0 {
                place += 1;
            }
            let pair = u64::from(left) << 32 | u64::from(right);
            *larger.pairs[id as usize].get_mut() = pair;
            let slot = &mut larger.table[place & mask];
            (*slot.pair.get_mut(), *slot.entry.get_mut()) = (pair + 1, id + 1);
        }
        *larger.len.get_mut() = len;
        *self = larger;
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    fn insert(pairs: &mut Pairs, left: u32, right: u32) -> u32 {
        loop {
            match pairs.insert(left, right) {
                Some(id) => return id,
                None => pairs.grow(0),
            }
        }
    }

    #[test]
    fn each_pair_has_one_number_and_can_be_read_back() {
        let mut pairs = Pairs::default();
        for round in 0..2 {
            for n in 0..10_000 {
                assert_eq!(insert(&mut pairs, n / 100, n % 100), n, "round {round}");
                assert_eq!(pairs.get(n), (n / 100, n % 100));
            }
        }
        assert_eq!((pairs.find(3, 7), pairs.find(1, 100)), (Some(307), None));
        assert_eq!(insert(&mut pairs, 1, 100), 10_000, "not the pair (100, 1), nor (2, 0)");
    }

    #[test]
    fn threads_agree_on_every_number() {
        let mut pairs = Pairs::default();
        for _ in 0..6 {
            pairs.grow(80);
            let all =
                |pairs: &Pairs| -> Vec<Option<u32>> { (0..90).map(|n| pairs.insert(n, 3 * n)).collect() };
            let (one, other) = std::thread::scope(|scope| {
                let one = scope.spawn(|| all(&pairs));
                let other = scope.spawn(|| all(&pairs));
                (one.join().ok(), other.join().ok())
            });
            assert_eq!(one, other);
            let mut numbers: Vec<u32> = one.into_iter().flatten().flatten().collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), 90, "each pair has a number of its own");
        }
    }
}
