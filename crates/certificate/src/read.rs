//! Reads a certificate. Nothing in it is trusted: counts are checked against the contents.

use crate::Claim;
use crate::bytes::{take, take_slice};
use std::fmt;

/// The most parts that a state may have, as in [`explore::Factored::parts`].
const MOST_PARTS: u32 = 64;

/// A certificate that has been read, and not been checked.
pub struct Certificate {
    /// The verdict that it claims.
    pub claim: Claim,
    /// For each part, its values.
    pub(crate) values: Vec<Vec<Vec<u8>>>,
    /// The states, ascending: for each part the place of its value, one state after the other.
    pub(crate) rows: Vec<u32>,
}

/// Why a file is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not begin as one.
    NoCertificate,
    /// It ends too early, or something follows its end.
    Damaged,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::NoCertificate => "this is not a certificate in a format that this version reads",
            Refusal::Damaged => {
                "the certificate is damaged: its list of states ends too early or makes no sense"
            }
        })
    }
}

impl std::error::Error for Refusal {}

impl Certificate {
    /// Reads one.
    ///
    /// # Errors
    /// If the bytes are not a certificate.
    pub fn read(bytes: &[u8]) -> Result<Certificate, Refusal> {
        let (claim, rest) = Claim::read(bytes)?;
        let (values, rows) = states(rest).ok_or(Refusal::Damaged)?;
        Ok(Certificate { claim, values, rows })
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

fn states(mut rest: &[u8]) -> Option<States> {
    let rest = &mut rest;
    let parts = take(rest).filter(|&parts| (1..=MOST_PARTS).contains(&parts))?;
    let mut values = Vec::new();
    for _ in 0..parts {
        let mut of_part = Vec::new();
        for _ in 0..take(rest)? {
            let length = take(rest)?;
            of_part.push(take_slice(rest, length)?.to_vec());
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
        rows.extend(&row);
    }
    rest.is_empty().then_some((values, rows))
}
