//! Names of files with the hash of their contents. The build gives the file with the whole library its name, and the library
//! checks it.

/// The name of a file with these contents: `library.txt` is `library-HASH.txt`.
pub fn named(plain: &str, contents: impl AsRef<[u8]>) -> String {
    let (stem, end) = plain.rsplit_once('.').unwrap_or((plain, ""));
    format!("{stem}-{}.{end}", hash(contents))
}

/// FNV-1a of 64 bits, as 16 hexadecimal digits.
pub fn hash(contents: impl AsRef<[u8]>) -> String {
    let hash = contents.as_ref().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
