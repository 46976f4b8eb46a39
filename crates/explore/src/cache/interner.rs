//! Byte strings by number.
//!
//! Strings are kept one behind the other, and are compared byte for byte. So two different strings never get the same
//! number, whatever their hashes.

use crate::width::{low_u32, to_u32, to_usize};

/// An insertion-ordered set of byte strings.
#[derive(Clone, Debug)]
pub(crate) struct Interner {
    bytes: Vec<u8>,
    /// Where each string begins; one more than there are strings. 64 bits: values of a part can take more than 4 GiB.
    starts: Vec<u64>,
    /// Open addressing, linear probing: number + 1, or 0.
    table: Vec<u32>,
}

impl Default for Interner {
    fn default() -> Interner {
        Interner { bytes: Vec::new(), starts: vec![0], table: vec![0; 16] }
    }
}

impl Interner {
    /// How many strings there are.
    pub(crate) fn len(&self) -> u32 {
        to_u32(self.starts.len()) - 1
    }

    /// A string.
    pub(crate) fn get(&self, id: u32) -> &[u8] {
        &self.bytes[to_usize(self.starts[id as usize])..to_usize(self.starts[id as usize + 1])]
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        (self.bytes.len() + 8 * self.starts.len() + 4 * self.table.len()) as u64
    }

    /// The number of a string, if it has one.
    pub(crate) fn find(&self, string: &[u8]) -> Option<u32> {
        self.look(string).ok()
    }

    /// The number of a string, a new one if it has none.
    pub(crate) fn insert(&mut self, string: &[u8]) -> u32 {
        if self.starts.len() * 3 > self.table.len() * 2 {
            self.grow();
        }
        let slot = match self.look(string) {
            Ok(number) => return number,
            Err(slot) => slot,
        };
        let id = self.len();
        self.table[slot] = id + 1;
        self.bytes.extend_from_slice(string);
        self.starts.push(self.bytes.len() as u64);
        id
    }

    /// The number of a string, or the slot that it would get.
    fn look(&self, string: &[u8]) -> Result<u32, usize> {
        let mask = self.table.len() - 1;
        let mut slot = low_u32(hash(string)) as usize & mask;
        loop {
            match self.table[slot] {
                0 => return Err(slot),
                entry if self.get(entry - 1) == string => return Ok(entry - 1),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 4 - 1;
        let mut table = vec![0; mask + 1];
        for id in 0..self.len() {
            let mut slot = low_u32(hash(self.get(id))) as usize & mask;
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
    use super::Interner;

    #[test]
    fn each_string_has_one_number_and_can_be_read_back() {
        let mut interner = Interner::default();
        let strings: Vec<Vec<u8>> =
            (0u32..5_000).map(|n| n.to_le_bytes()[..1 + n as usize % 4].to_vec()).collect();
        let numbers: Vec<u32> = strings.iter().map(|string| interner.insert(string)).collect();
        let count = interner.len();
        for (string, &number) in strings.iter().zip(&numbers) {
            assert_eq!(interner.insert(string), number);
            assert_eq!(interner.get(number), string.as_slice());
        }
        assert_eq!(interner.find(&[]), None);
        assert_eq!(interner.insert(&[]), count, "the empty string is a string like any other");
        assert_eq!(interner.len(), count + 1);
    }
}
