//! Writes a certificate.
//!
//! A state is a list of numbers, one for each of its parts: the place of the part's value among all values that the part
//! has. The values come first. The states follow, sorted, and each says how many numbers it has in common with the one
//! before.

use crate::Claim;
use crate::bytes::put;
use explore::Factored;
use machine::{Machine, State};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes a claim and the states that it rests on; how many there are.
///
/// # Errors
/// If `out` can't be written to, or there are more than 2^32 states.
pub fn write(
    machine: &Machine,
    claim: &Claim,
    states: impl Iterator<Item = State>,
    out: &mut impl Write,
) -> io::Result<u32> {
    let parts = machine.parts();
    let mut values: Vec<BTreeMap<Vec<u8>, u32>> = (0..parts).map(|_| BTreeMap::new()).collect();
    let mut rows: Vec<Vec<u32>> = Vec::new();
    let mut bytes = Vec::new();
    for state in states {
        let mut row = Vec::with_capacity(values.len());
        for (part, known) in (0..parts).zip(&mut values) {
            bytes.clear();
            machine.pack_part(&state, part, &mut bytes);
            let number = match known.get(&bytes) {
                Some(&number) => number,
                None => {
                    let number = count(known.len())?;
                    known.insert(bytes.clone(), number);
                    number
                }
            };
            row.push(number);
        }
        rows.push(row);
    }
    rows.sort_unstable();
    write!(out, "{claim}")?;
    let mut text = Vec::new();
    put(&mut text, parts);
    for known in &values {
        let mut ordered: Vec<(&Vec<u8>, u32)> =
            known.iter().map(|(value, &number)| (value, number)).collect();
        ordered.sort_unstable_by_key(|&(_, number)| number);
        put(&mut text, count(ordered.len())?);
        for (value, _) in ordered {
            put(&mut text, count(value.len())?);
            text.extend(value);
        }
    }
    put(&mut text, count(rows.len())?);
    let mut before: &[u32] = &[];
    for row in &rows {
        let common = row.iter().zip(before).take_while(|(a, b)| a == b).count();
        put(&mut text, count(common)?);
        row[common..].iter().for_each(|&number| put(&mut text, number));
        before = row;
        if text.len() > 1 << 16 {
            out.write_all(&text)?;
            text.clear();
        }
    }
    out.write_all(&text)?;
    count(rows.len())
}

fn count(count: usize) -> io::Result<u32> {
    u32::try_from(count).map_err(|_| io::Error::other("too many states for a certificate"))
}
