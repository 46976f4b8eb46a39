//! Byte strings by number.
//!
//! Strings are kept one after the other, and are compared byte for byte. So two different strings never get the same
//! number, whatever their hashes.
//!
//! They lie in chunks; no string spans two of them. A list that doubles needs room for its old and its new copy at
//! once: half a gigabyte of strings would need one and a half gigabytes, more than 32-bit addresses can spare.

use crate::width::{low_u32, to_u32, to_usize};

/// How many bytes a chunk has room for. A string that is longer has a chunk of its own.
const CHUNK: usize = 4 << 20;

/// An insertion-ordered set of byte strings.
#[derive(Clone, Debug)]
pub(crate) struct Interner {
    /// The first chunk grows as needed, and the others are allocated whole. What is unused when the next
    /// string does not fit is given back.
    chunks: Vec<Vec<u8>>,
    /// Where each string ends: the number of its chunk, above the place there. Before them the beginning.
    ends: Vec<u64>,
    /// Bytes in all chunks.
    bytes: usize,
    /// The hash of each string: strings may be long, and all of them move when the table grows.
    hashes: Vec<u32>,
    /// Open addressing, linear probing: number + 1, or 0.
    table: Vec<u32>,
}

impl Default for Interner {
    fn default() -> Interner {
        Interner { chunks: vec![Vec::new()], ends: vec![0], bytes: 0, hashes: Vec::new(), table: vec![0; 16] }
    }
}

impl Interner {
    /// How many strings there are.
    pub(crate) fn len(&self) -> u32 {
        to_u32(self.ends.len()) - 1
    }

    /// A string.
    pub(crate) fn get(&self, id: u32) -> &[u8] {
        let (before, end) = (self.ends[id as usize], self.ends[id as usize + 1]);
        // The first string of a chunk begins where the chunk does.
        let start = if before >> 32 == end >> 32 { low_u32(before) } else { 0 };
        &self.chunks[to_usize(end >> 32)][start as usize..low_u32(end) as usize]
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        (self.bytes + 8 * self.ends.len() + 4 * (self.hashes.len() + self.table.len())) as u64
    }

    /// The number of a string, if it has one.
    pub(crate) fn find(&self, string: &[u8]) -> Option<u32> {
        self.look(string, low_u32(hash(string))).ok()
    }

    /// The number of a string, a new one if it has none.
    pub(crate) fn insert(&mut self, string: &[u8]) -> u32 {
        if self.ends.len() * 3 > self.table.len() * 2 {
            self.grow();
        }
        let hash = low_u32(hash(string));
        let slot = match self.look(string, hash) {
            Ok(number) => return number,
            Err(slot) => slot,
        };
        let id = self.len();
        self.table[slot] = id + 1;
        self.hashes.push(hash);
        self.append(string);
        id
    }

    fn append(&mut self, string: &[u8]) {
        let mut at = self.chunks.len() - 1;
        let length = self.chunks[at].len();
        if length > 0 && length + string.len() > CHUNK {
            self.chunks[at].shrink_to_fit();
            self.chunks.push(Vec::with_capacity(CHUNK.max(string.len())));
            at += 1;
        }
        self.chunks[at].extend_from_slice(string);
        self.bytes += string.len();
        self.ends.push((at as u64) << 32 | self.chunks[at].len() as u64);
    }

    /// The number of a string, or the slot that it would get.
    fn look(&self, string: &[u8], hash: u32) -> Result<u32, usize> {
        let mask = self.table.len() - 1;
        let mut slot = hash as usize & mask;
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
        for (id, &hash) in (0..).zip(&self.hashes) {
            let mut slot = hash as usize & mask;
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
    use super::{CHUNK, Interner};

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

    #[test]
    fn no_list_doubles_once_there_are_many_bytes() {
        let mut interner = Interner::default();
        let string = |n: u32| [&n.to_le_bytes()[..], &vec![7; CHUNK / 20]].concat();
        (0..100).for_each(|n| _ = interner.insert(&string(n)));
        assert!(interner.chunks.iter().all(|chunk| chunk.capacity() <= CHUNK));
        let room: usize = interner.chunks.iter().map(Vec::capacity).sum();
        assert!(room - interner.bytes <= CHUNK, "{room} for {}", interner.bytes);
        let long = vec![8; 3 * CHUNK];
        assert_eq!((interner.insert(&long), interner.insert(&string(100))), (100, 101));
        assert!(interner.get(100) == long && (0..100).all(|n| interner.get(n) == string(n)));
    }
}
