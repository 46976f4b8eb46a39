//! The states seen so far, each once, whole.
//!
//! States are kept as their canonical bytes, one behind the other, and compared byte for byte: two different
//! states can't be taken for the same one, whatever their hashes. Beside each stands the number of the state it
//! was first reached from, so that a witness is a walk back.

/// Number of a state, in the order of discovery.
pub type StateId = u32;

/// An insertion-ordered set of byte strings with a parent each.
#[derive(Clone, Debug)]
pub struct Store {
    bytes: Vec<u8>,
    /// Where each state begins; one more than there are states.
    starts: Vec<u64>,
    parents: Vec<StateId>,
    /// Open addressing, linear probing: state number + 1, or 0.
    table: Vec<u32>,
}

impl Default for Store {
    fn default() -> Store {
        Store { bytes: Vec::new(), starts: vec![0], parents: Vec::new(), table: vec![0; 1024] }
    }
}

impl Store {
    /// How many states there are.
    #[must_use]
    pub fn len(&self) -> StateId {
        self.parents.len() as StateId
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// The bytes of a state.
    #[must_use]
    pub fn get(&self, id: StateId) -> &[u8] {
        &self.bytes[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]
    }

    /// The state it was first reached from; the first state is its own parent.
    #[must_use]
    pub fn parent(&self, id: StateId) -> StateId {
        self.parents[id as usize]
    }

    /// Bytes of memory in use.
    #[must_use]
    pub fn memory(&self) -> u64 {
        (self.bytes.len() + 8 * self.starts.len() + 4 * self.parents.len() + 4 * self.table.len()) as u64
    }

    /// Puts a state in; says its number and whether it is new.
    pub fn insert(&mut self, state: &[u8], parent: StateId) -> (StateId, bool) {
        if (self.parents.len() + 1) * 3 > self.table.len() * 2 {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut slot = hash(state) as usize & mask;
        loop {
            match self.table[slot] {
                0 => break,
                entry if self.get(entry - 1) == state => return (entry - 1, false),
                _ => slot = (slot + 1) & mask,
            }
        }
        let id = self.len();
        self.table[slot] = id + 1;
        self.bytes.extend_from_slice(state);
        self.starts.push(self.bytes.len() as u64);
        self.parents.push(parent);
        (id, true)
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![0; mask + 1];
        for id in 0..self.len() {
            let mut slot = hash(self.get(id)) as usize & mask;
            while table[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            table[slot] = id + 1;
        }
        self.table = table;
    }
}

/// A fixed hash of bytes, the same on every machine: eight bytes at a time, each folded in by an xor and two
/// multiplications with a shift between them (the finaliser of MurmurHash3, public domain constants).
fn hash(bytes: &[u8]) -> u64 {
    let mut h = 0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64;
    let mut fold = |word: u64| {
        h ^= word;
        h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        h = (h ^ (h >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    };
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        fold(u64::from_le_bytes(word));
    }
    let mut word = [0; 8];
    let rest = chunks.remainder();
    word[..rest.len()].copy_from_slice(rest);
    fold(u64::from_le_bytes(word));
    h ^ (h >> 33)
}

#[cfg(test)]
mod tests {
    use super::Store;

    #[test]
    fn each_state_is_kept_once_and_can_be_read_back() {
        let mut store = Store::default();
        for round in 0..2 {
            for n in 0u32..5_000 {
                let bytes = n.to_le_bytes();
                let (id, new) = store.insert(&bytes[..(1 + n as usize % 4)], n / 2);
                if round == 0 && n < 4 {
                    assert!(new, "{n}");
                }
                assert_eq!(store.get(id), &bytes[..(1 + n as usize % 4)]);
            }
        }
        let before = store.len();
        assert!(!store.insert(&[0], 7).1);
        assert!(store.insert(&[], 7).1, "the empty string is a state like any other");
        assert_eq!(store.len(), before + 1);
        assert_eq!(store.parent(before), 7);
    }
}
