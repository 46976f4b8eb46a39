//! The initial state of a test.

use crate::cursor::{Piece, Wrong, is_name, number};
use crate::names::{Locations, register};
use crate::sections::Architecture;

/// What a register holds at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// A number.
    Number(u64),
    /// The address of a location, by its variable.
    Address(&'static str),
}

/// The initial state.
#[derive(Debug, Default)]
pub(crate) struct Init {
    /// Variables that do not start as 0.
    pub(crate) memory: Vec<(&'static str, u64)>,
    /// Processor, register, value.
    pub(crate) registers: Vec<(usize, String, Start)>,
}

/// Types of 32 and 64 bits. A location of either is a variable of 64 bits.
const TYPES: [&str; 7] = ["int", "int32_t", "uint32_t", "int64_t", "uint64_t", "long", "intptr_t"];

/// What begins a piece of herd's page-table extension.
const PAGING: [&str; 6] = ["PTE(", "pte_", "TTD(", "PA(", "oa:", "valid:"];

/// Refuses a piece that is about page tables.
pub(crate) fn no_paging(piece: Piece<'_>) -> Result<(), Wrong> {
    match PAGING.iter().find(|word| piece.text.contains(**word)) {
        Some(word) => piece.wrong(format!(
            "{word:?} belongs to herd's page-table extension, which is for AArch64: \
             a scenario says what it maps with `mm`, and reads entries with pte(m, va)"
        )),
        None => Ok(()),
    }
}

/// Reads what stands between the braces.
pub(crate) fn init(
    piece: Piece<'_>,
    architecture: Architecture,
    processors: usize,
    locations: &mut Locations,
) -> Result<Init, Wrong> {
    let mut init = Init::default();
    for entry in piece.split(';').map(Piece::trimmed).filter(|entry| !entry.text.is_empty()) {
        no_paging(entry)?;
        if entry.text.contains('{') {
            return entry.wrong("arrays can't be read: each location is one word");
        }
        let mut sides = entry.split('=').map(Piece::trimmed);
        let place = sides.next().unwrap_or(entry);
        let value = sides.next();
        if let Some(more) = sides.next() {
            return more.wrong("expected ; before another =");
        }
        let place = untyped(place)?;
        if place.text.contains(':') {
            let (processor, name) = of_processor(place, architecture, processors)?;
            let start = match value {
                Some(value) => start(value, locations)?,
                None => Start::Number(0),
            };
            init.registers.push((processor, name, start));
            continue;
        }
        let variable = locations.variable(place)?;
        if let Some(value) = value {
            match start(value, locations)? {
                Start::Number(0) => {}
                Start::Number(number) => init.memory.push((variable, number)),
                Start::Address(_) => return value.wrong("a location can't hold the address of another one"),
            }
        }
    }
    Ok(init)
}

/// A place without its type and without brackets around it.
fn untyped(place: Piece<'_>) -> Result<Piece<'_>, Wrong> {
    let mut place = place;
    if let Some((first, _)) = place.text.split_once(char::is_whitespace) {
        if !TYPES.contains(&first) {
            return place.wrong(format!("there is no type {first:?} of 32 or 64 bits"));
        }
        place = place.part(first.len(), place.text.len()).trimmed();
    }
    while place.text.starts_with('*') {
        place = place.part(1, place.text.len()).trimmed();
    }
    if place.text.starts_with('[') && place.text.ends_with(']') && place.text.len() > 1 {
        place = place.part(1, place.text.len() - 1).trimmed();
    }
    if place.text.contains('[') {
        return place.wrong("arrays can't be read: each location is one word");
    }
    Ok(place)
}

/// `0:EAX`
pub(crate) fn of_processor(
    place: Piece<'_>,
    architecture: Architecture,
    processors: usize,
) -> Result<(usize, String), Wrong> {
    let mut parts = place.split(':').map(Piece::trimmed);
    let (Some(number), Some(name), None) = (parts.next(), parts.next(), parts.next()) else {
        return place.wrong("a register is written as 0:EAX");
    };
    let digits = number.text.strip_prefix('P').unwrap_or(number.text);
    let Some(processor) = digits.parse::<usize>().ok().filter(|n| *n < processors) else {
        return number.wrong(format!("there is no processor {:?}", number.text));
    };
    match register(name.text, architecture) {
        Some(Ok((local, _))) => Ok((processor, local)),
        Some(Err(message)) => name.wrong(message),
        None => name.wrong(format!("there is no register {:?}", name.text)),
    }
}

fn start(value: Piece<'_>, locations: &mut Locations) -> Result<Start, Wrong> {
    if let Some(number) = number(value.text) {
        return Ok(Start::Number(number.cast_unsigned()));
    }
    let name = if value.text.starts_with('&') { value.part(1, value.text.len()).trimmed() } else { value };
    if is_name(name.text) {
        return Ok(Start::Address(locations.variable(name)?));
    }
    value.wrong(format!("expected a number or a location, found {:?}", value.text))
}
