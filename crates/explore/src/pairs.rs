//! Pairs of numbers by number: the inner nodes of the tree that a state is folded into.

/// An insertion-ordered set of pairs.
#[derive(Clone, Debug)]
pub(crate) struct Pairs {
    pairs: Vec<u64>,
    /// Open addressing, linear probing. The home slot is the hash's top bits. A slot holds the pair as well, so that
    /// looking one up touches one place.
    table: Vec<Slot>,
    shift: u32,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    pair: u64,
    /// Number + 1, or 0.
    entry: u32,
}

const EMPTY: Slot = Slot { pair: 0, entry: 0 };

impl Default for Pairs {
    fn default() -> Pairs {
        Pairs { pairs: Vec::new(), table: vec![EMPTY; 16], shift: 60 }
    }
}

/// Mixes two numbers so that the top bits depend on all of both: each times an odd constant, and added up
/// (Dietzfelbinger's multiply-add-shift). The constants are those of SplitMix64.
#[inline(always)]
pub(crate) fn mix(left: u32, right: u32) -> u64 {
    u64::from(left)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
        .wrapping_add(u64::from(right).wrapping_mul(0x94d0_49bb_1331_11eb))
}

impl Pairs {
    /// The pair of a number.
    #[inline]
    pub(crate) fn get(&self, id: u32) -> (u32, u32) {
        let pair = self.pairs[id as usize];
        ((pair >> 32) as u32, pair as u32)
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        (8 * self.pairs.len() + size_of::<Slot>() * self.table.len()) as u64
    }

    /// The number of a pair, a new one if it has none.
    #[inline]
    pub(crate) fn insert(&mut self, left: u32, right: u32) -> u32 {
        let pair = u64::from(left) << 32 | u64::from(right);
        let mask = self.table.len() - 1;
        let mut slot = (mix(left, right) >> self.shift) as usize;
        loop {
            let found = self.table[slot & mask];
            if found.entry == 0 {
                return self.add(pair, slot & mask);
            }
            if found.pair == pair {
                return found.entry - 1;
            }
            slot += 1;
        }
    }

    #[cold]
    fn add(&mut self, pair: u64, slot: usize) -> u32 {
        let id = self.pairs.len() as u32;
        self.pairs.push(pair);
        self.table[slot] = Slot { pair, entry: id + 1 };
        if self.pairs.len() * 8 > self.table.len() * 5 {
            self.grow();
        }
        id
    }

    fn grow(&mut self) {
        let len = self.table.len() * if self.table.len() < 1 << 16 { 4 } else { 2 };
        let mask = len - 1;
        self.shift = 64 - len.trailing_zeros();
        self.table = vec![EMPTY; len];
        for (id, &pair) in self.pairs.iter().enumerate() {
            let mut slot = (mix((pair >> 32) as u32, pair as u32) >> self.shift) as usize;
            while self.table[slot & mask].entry != 0 {
                slot += 1;
            }
            self.table[slot & mask] = Slot { pair, entry: id as u32 + 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    #[test]
    fn each_pair_has_one_number_and_can_be_read_back() {
        let mut pairs = Pairs::default();
        for round in 0..2 {
            for n in 0..10_000 {
                assert_eq!(pairs.insert(n / 100, n % 100), n, "round {round}");
                assert_eq!(pairs.get(n), (n / 100, n % 100));
            }
        }
        assert_eq!(pairs.insert(1, 100), 10_000, "not the pair (100, 1), nor (2, 0)");
    }
}
