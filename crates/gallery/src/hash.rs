//! What the file with the whole library is called. The build names it so, and the library looks whether it is so called.

/// The name of a file with these contents: they are in it by their hash, FNV-1a of 64 bits.
pub fn file(contents: &str) -> String {
    let hash = contents.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("library-{hash:016x}.txt")
}
