//! A schedule as bytes.
//!
//! A schedule uses few different actions, each of them often. So a schedule is written as a table of the codes that
//! occur and, per step, a place in that table. Of three encodings the shortest is used:
//!
//! | what | how |
//! | --- | --- |
//! | steps | number |
//! | way | 0: every code as a number. 1: table, then places of equal width in bits, lowest bit first, no more bits than the last place needs. 2: table, then the length of the compressed places and those, a byte each |
//! | table (ways 1, 2) | number of codes; the lowest code; for each further one, how many codes lie between it and the one before |

use super::text::{deflated, inflated};
use super::{Reader, Writer};
use crate::limits::MAX_STEPS;
use crate::refusal::LinkRefusal;

const PLAIN: u8 = 0;
const PACKED: u8 = 1;
const DEFLATED: u8 = 2;

/// The most codes a table may have: a place fits a byte.
const MAX_TABLE: usize = 256;

pub(crate) fn write(out: &mut Writer, schedule: &[u32]) {
    out.number(schedule.len() as u64);
    let shortest = [plain(schedule)].into_iter().chain(tabled(schedule)).min_by_key(Vec::len);
    out.raw(&shortest.unwrap_or_default());
}

fn plain(schedule: &[u32]) -> Vec<u8> {
    let mut out = Writer::default();
    out.raw(&[PLAIN]);
    schedule.iter().for_each(|&code| out.number(u64::from(code)));
    out.done()
}

/// Ways 1 and 2, unless there are too many different codes.
fn tabled(schedule: &[u32]) -> Vec<Vec<u8>> {
    let mut table: Vec<u32> = Vec::new();
    for &code in schedule {
        if let Err(at) = table.binary_search(&code) {
            table.insert(at, code);
        }
        if table.len() > MAX_TABLE {
            return Vec::new();
        }
    }
    let places: Vec<u8> =
        schedule.iter().map(|code| table.binary_search(code).unwrap_or_default() as u8).collect();
    let start = |way: u8| {
        let mut out = Writer::default();
        out.raw(&[way]);
        out.number(table.len() as u64);
        let mut next = 0;
        for &code in &table {
            out.number(u64::from(code) - next);
            next = u64::from(code) + 1;
        }
        out
    };
    let mut packed = start(PACKED);
    packed.raw(&pack(&places, width(table.len())));
    let mut squeezed = start(DEFLATED);
    let bytes = deflated(&[], &places);
    squeezed.number(bytes.len() as u64);
    squeezed.raw(&bytes);
    vec![packed.done(), squeezed.done()]
}

pub(crate) fn read(r: &mut Reader<'_>) -> Result<Vec<u32>, LinkRefusal> {
    let steps = r.count(MAX_STEPS, "number of steps")?;
    match r.raw(1)?[0] {
        // Each code takes a byte or more, so that a count beyond the bytes left is refused before
        // memory is reserved.
        PLAIN if steps <= r.left() => (0..steps).map(|_| r.small()).collect(),
        PACKED => {
            let table = table(r)?;
            let width = width(table.len());
            let places = unpack(r.raw((steps * width as usize).div_ceil(8))?, width, steps);
            looked_up(&table, &places)
        }
        DEFLATED => {
            let table = table(r)?;
            let length = r.count(r.left(), "schedule")?;
            let places = inflated(&[], r.raw(length)?, steps)?;
            looked_up(&table, &places)
        }
        _ => Err(LinkRefusal::Corrupt),
    }
}

fn table(r: &mut Reader<'_>) -> Result<Vec<u32>, LinkRefusal> {
    let count = r.count(MAX_TABLE, "number of different actions")?;
    let mut table = Vec::new();
    let mut next = 0_u32;
    for _ in 0..count {
        let code = r.small::<u32>()?.checked_add(next).ok_or(LinkRefusal::Corrupt)?;
        table.push(code);
        // The highest code has none after it: then only the table's end may follow.
        next = code.saturating_add(1);
    }
    Ok(table)
}

fn looked_up(table: &[u32], places: &[u8]) -> Result<Vec<u32>, LinkRefusal> {
    places.iter().map(|&place| table.get(place as usize).copied().ok_or(LinkRefusal::Corrupt)).collect()
}

/// Bits that a place in a table of this size takes.
fn width(codes: usize) -> u32 {
    usize::BITS - codes.saturating_sub(1).leading_zeros()
}

fn pack(places: &[u8], width: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for &place in places {
        bits |= u32::from(place) << held;
        held += width;
        while held >= 8 {
            out.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    }
    if held > 0 {
        out.push(bits as u8);
    }
    out
}

fn unpack(bytes: &[u8], width: u32, count: usize) -> Vec<u8> {
    let mut bytes = bytes.iter();
    let (mut bits, mut held) = (0_u32, 0);
    let mut out = Vec::with_capacity(count);
    for _ in 0..count {
        while held < width {
            bits |= u32::from(bytes.next().copied().unwrap_or_default()) << held;
            held += 8;
        }
        out.push((bits & ((1 << width) - 1)) as u8);
        bits >>= width;
        held -= width;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{DEFLATED, MAX_STEPS, PACKED, PLAIN, Reader, Writer, read, write};
    use crate::LinkRefusal;

    fn bytes(schedule: &[u32]) -> Vec<u8> {
        let mut out = Writer::default();
        write(&mut out, schedule);
        out.done()
    }

    /// A count of one byte stands before the way chosen.
    fn way(schedule: &[u32]) -> u8 {
        bytes(schedule)[if schedule.len() < 128 { 1 } else { 2 }]
    }

    #[test]
    fn each_way_is_taken_where_it_is_shortest_and_reads_back() {
        let few: Vec<u32> = (0..60).map(|n| [0, 8, 2063, 265][n * n % 7 % 4]).collect();
        let many: Vec<u32> = (0..300).map(|n| n * 7_919).collect();
        let again: Vec<u32> = (0..4_000).map(|n| n % 5).collect();
        assert_eq!((way(&few), way(&many), way(&again)), (PACKED, PLAIN, DEFLATED));
        let same = vec![u32::MAX; 9];
        let all: Vec<u32> = (0..256).chain(0..256).collect();
        for schedule in [few, many, again, same, all, vec![0], vec![u32::MAX, 0]] {
            let bytes = bytes(&schedule);
            let mut reader = Reader::new(&bytes);
            assert_eq!(read(&mut reader), Ok(schedule));
            assert_eq!(reader.left(), 0);
        }
    }

    #[test]
    fn a_count_is_believed_only_within_the_limit() {
        let mut out = Writer::default();
        out.number(MAX_STEPS as u64 + 1);
        out.raw(&[PLAIN]);
        let refusal = LinkRefusal::TooBig { what: "number of steps" };
        assert_eq!(read(&mut Reader::new(&out.done())), Err(refusal));
    }
}
