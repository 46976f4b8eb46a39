//! Numbers as bytes: seven bits each, the lowest first; the top bit says that more follow.

/// Appends a number.
pub(crate) fn put(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push(0x80 | low(number));
        number >>= 7;
    }
    out.push(low(number));
}

/// The lowest seven bits.
fn low(number: u32) -> u8 {
    (number & 0x7f) as u8
}

/// Takes a number from the front; nothing if there is none of 32 bits.
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f).checked_mul(1 << shift)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Takes so many bytes from the front, if there are as many.
pub(crate) fn take_slice<'a>(bytes: &mut &'a [u8], count: u32) -> Option<&'a [u8]> {
    let (slice, rest) = bytes.split_at_checked(usize::try_from(count).ok()?)?;
    *bytes = rest;
    Some(slice)
}

#[cfg(test)]
mod tests {
    use super::{put, take};

    #[test]
    fn numbers_come_back() {
        for number in [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, u32::MAX] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            assert_eq!(take(&mut &bytes[..]), Some(number));
            assert_eq!(take(&mut &bytes[..bytes.len() - 1]), None);
        }
        assert_eq!(take(&mut &[0xff; 6][..]), None);
    }
}
