//! Reads a certificate. Nothing in it is trusted: counts are checked against the contents.

use crate::bytes::{take, take_slice};
use crate::claim::{Claim, MAGIC};
use crate::refusal::CertificateRefusal;

/// The most parts that a state may have, as in [`explore::Factored::parts`].
const MOST_PARTS: u32 = 64;

/// The most bytes that a certificate may take in memory: what a search may keep. A file can claim a hundred times its size.
const MOST_BYTES: u64 = 4 << 30;

/// A certificate that has been read, and not been checked.
pub struct Certificate {
    /// The verdict that it claims.
    pub claim: Claim,
    /// For each part, its values.
    pub(crate) values: Vec<Vec<Vec<u8>>>,
    /// The states, ascending: for each part the place of its value, one state after the other.
    pub(crate) rows: Vec<u32>,
}

impl Certificate {
    /// The most bytes that a file with one has.
    pub const MOST_FILE: u64 = 1 << 30;

    /// How many bytes from the beginning tell a certificate from other files.
    pub const HEAD: u64 = MAGIC.len() as u64;

    /// Whether a file that begins so can be one.
    #[must_use]
    pub fn begins(head: &[u8]) -> bool {
        head.starts_with(MAGIC.as_bytes())
    }

    /// Reads one.
    ///
    /// # Errors
    /// If the bytes are not a certificate.
    pub fn read(bytes: &[u8]) -> Result<Certificate, CertificateRefusal> {
        Certificate::within(bytes, MOST_BYTES)
    }

    /// Reads one that takes no more than so many bytes of memory.
    fn within(bytes: &[u8], most: u64) -> Result<Certificate, CertificateRefusal> {
        if bytes.len() as u64 > Certificate::MOST_FILE {
            return Err(CertificateRefusal::TooLarge);
        }
        let (claim, rest) = Claim::read(bytes)?;
        let mut room = Room(most);
        let found = states(rest, &mut room);
        match found {
            Some((values, rows)) => Ok(Certificate { claim, values, rows }),
            None if room.0 == 0 => Err(CertificateRefusal::TooLarge),
            None => Err(CertificateRefusal::Damaged),
        }
    }

    /// How many states it has.
    #[must_use]
    pub fn states(&self) -> usize {
        self.rows.len() / self.values.len().max(1)
    }

    /// A state, as places of values.
    pub(crate) fn row(&self, at: usize) -> &[u32] {
        let parts = self.values.len();
        &self.rows[at * parts..(at + 1) * parts]
    }
}

/// The values of each part, and the states.
type States = (Vec<Vec<Vec<u8>>>, Vec<u32>);

/// Memory that is left.
struct Room(u64);

impl Room {
    /// Takes some of it; nothing if there is not as much, and then none is left.
    fn take(&mut self, bytes: usize) -> Option<()> {
        let left = self.0.checked_sub(bytes as u64);
        self.0 = left.unwrap_or(0);
        left.map(drop)
    }
}

fn states(mut rest: &[u8], room: &mut Room) -> Option<States> {
    let rest = &mut rest;
    let parts = take(rest).filter(|&parts| (1..=MOST_PARTS).contains(&parts))?;
    let mut values = Vec::new();
    for _ in 0..parts {
        let mut of_part = Vec::new();
        for _ in 0..take(rest)? {
            let length = take(rest)?;
            let value = take_slice(rest, length)?.to_vec();
            room.take(size_of::<Vec<u8>>() + value.len())?;
            of_part.push(value);
        }
        values.push(of_part);
    }
    let mut rows: Vec<u32> = Vec::new();
    let mut row = vec![0; values.len()];
    for at in 0..take(rest)? {
        let common = usize::try_from(take(rest)?).ok().filter(|&common| common < row.len())?;
        let before = row.clone();
        for (number, of_part) in row.iter_mut().zip(&values).skip(common) {
            *number =
                take(rest).filter(|&number| usize::try_from(number).is_ok_and(|n| n < of_part.len()))?;
        }
        if at > 0 && row <= before {
            return None;
        }
        room.take(size_of_val(&*row))?;
        rows.extend(&row);
    }
    rest.is_empty().then_some((values, rows))
}

#[cfg(test)]
mod tests {
    use super::{Certificate, CertificateRefusal};
    use crate::Claim;
    use crate::bytes::put;
    use explore::PropertySet;

    /// A file of few bytes that tells of many states of many parts.
    #[test]
    fn what_a_file_tells_of_has_a_bound() {
        let claim = Claim {
            subject: "s".to_owned(),
            model: 1,
            never: PropertySet::NONE,
            saturated: false,
            symmetry: false,
        };
        let mut states = Vec::new();
        put(&mut states, 64);
        for _ in 0..64 {
            put(&mut states, 200);
            states.extend([0; 200]);
        }
        put(&mut states, 100);
        // The first state, then those that differ from the one before in the last part alone.
        states.extend([0; 65]);
        for number in 1..100 {
            states.extend([63, number]);
        }
        let file = [claim.to_string().as_bytes(), &states].concat();
        let whole = Certificate::read(&file).map(|certificate| certificate.states());
        assert_eq!(whole, Ok(100));
        let takes = (64 * 200 * size_of::<Vec<u8>>() + 100 * 64 * 4) as u64;
        assert!(Certificate::within(&file, takes).is_ok_and(|whole| whole.states() == 100));
        for room in [0, 1_000, takes - 1] {
            assert_eq!(Certificate::within(&file, room).err(), Some(CertificateRefusal::TooLarge), "{room}");
        }
        let cut = &file[..file.len() - 1];
        assert_eq!(Certificate::read(cut).err(), Some(CertificateRefusal::Damaged));
        assert!(Certificate::begins(&file) && !Certificate::begins(b"kernel"));
    }
}
