//! The name of the file with the whole library. The build gives it this name, and the library checks it.

/// The name of a file with these contents. It has their hash in it, FNV-1a of 64 bits.
pub fn file(contents: &str) -> String {
    let hash = contents.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("library-{hash:016x}.txt")
}
