//! Short hashes that only verify.
//!
//! The hash is FNV-1a (public domain) with a final mixing, fixed here so that every machine and every release
//! computes the same. These hashes detect accidents. They do not protect against intent.

/// FNV-1a's start.
const START: u32 = 0x811c_9dc5;

/// A hash of a state's canonical bytes: what [`Link::digest`](crate::Link::digest) holds.
#[must_use]
pub fn hash_state(packed: &[u8]) -> u32 {
    mixed(folded(START, packed))
}

/// A hash of the library's texts that a link uses, in order.
#[must_use]
pub fn hash_texts(texts: &[&str]) -> u32 {
    let length = |text: &str| (text.len() as u64).to_le_bytes();
    mixed(texts.iter().fold(START, |h, text| folded(folded(h, &length(text)), text.as_bytes())))
}

fn folded(start: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(start, |h, &byte| (h ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// MurmurHash3's finaliser (public domain): every bit of the input reaches every bit of the output.
fn mixed(mut h: u32) -> u32 {
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

#[cfg(test)]
mod tests {
    use super::{hash_state, hash_texts};

    #[test]
    fn hashes_never_change() {
        assert_eq!(hash_state(b""), 0xab3e_7c0b);
        assert_eq!(hash_state(b"state"), 0xa86f_9194);
        assert_eq!(hash_texts(&["a", "bc"]), 0xac68_9da8);
    }

    #[test]
    fn where_a_text_ends_matters() {
        assert_ne!(hash_texts(&["a", "bc"]), hash_texts(&["ab", "c"]));
        assert_ne!(hash_texts(&["a"]), hash_texts(&["a", ""]));
        assert_ne!(hash_texts(&[]), hash_texts(&[""]));
    }
}
