//! Version 1 of the format. Frozen: what is written here has been published.
//!
//! Behind `1.` stands an envelope (`wire/envelope.rs`). The payload in it is
//!
//! | what | how | there if |
//! | --- | --- | --- |
//! | flags | 1 byte: the bits in the last column, from bit 0 on | always |
//! | model | number | always |
//! | hash, digest | 4 bytes each, lowest first | always |
//! | scenario | name (its slug), or text | always; text if flag 0 |
//! | kernel | text | flag 1 |
//! | case | number | flag 2 |
//! | options | number of them; then name and choice of each, as names | flag 3 |
//! | view | number | flag 4 |
//! | schedule | see `wire/schedule.rs` | flag 5 |
//! | cursor | number | flag 5 |
//!
//! The low eight bits of the view are flags. Bits 9:8 say whether the run is compared with another machine (1 is one
//! of the same scenario's settings, 2 is another kernel), and the bits above are its number ([`Numbered`]).
//!
//! Version 1 is still written wherever it can express the whole link. Such links are the shortest, and every page that
//! was ever published opens them.

use crate::hash::hash_state;
use crate::limits::{MAX_NAME, MAX_OPTIONS};
use crate::refusal::LinkRefusal;
use crate::wire::{Payload, Reader, Writer, schedule, text};

const INLINE: u8 = 1;
const KERNEL: u8 = 2;
const CASE: u8 = 4;
const OPTIONS: u8 = 8;
const VIEW: u8 = 16;
const SCHEDULE: u8 = 32;
const KNOWN: u8 = INLINE | KERNEL | CASE | OPTIONS | VIEW | SCHEDULE;

/// A link as version 1 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    pub(super) model: u16,
    pub(super) hash: u32,
    pub(super) digest: u32,
    pub(super) scenario: Scenario,
    pub(super) kernel: Option<String>,
    pub(super) case: Option<u8>,
    pub(super) options: Vec<(String, String)>,
    pub(super) view: u32,
    pub(super) schedule: Vec<u32>,
    pub(super) cursor: u32,
}

/// The scenario's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    /// The library's, by its slug.
    Slug(String),
    /// An edited one.
    Text(String),
}

/// Bits 9:8 of the view say which kind of comparison it is, and those above are the number.
const KIND: u32 = 8;
const NUMBER: u32 = 10;
const MOST: u32 = u32::MAX >> NUMBER;

/// What a run is compared with, as version 1 numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// The scenario's own kernel, set otherwise: a place in the list of other settings.
    Setting(u32),
    /// Another kernel of the library: the low bits of a hash of its name.
    Kernel(u32),
}

impl Numbered {
    /// The number of a kernel.
    pub(crate) fn kernel(name: &str) -> Numbered {
        Numbered::Kernel(hash_state(name.as_bytes()) & MOST)
    }

    /// The number in the bits of a view, if there is one.
    pub(super) const fn of(view: u32) -> Option<Numbered> {
        let number = view >> NUMBER;
        match view >> KIND & 3 {
            1 => Some(Numbered::Setting(number)),
            2 => Some(Numbered::Kernel(number)),
            _ => None,
        }
    }

    /// The bits of a view. What does not fit is cut off.
    pub(super) const fn bits(self) -> u32 {
        let (kind, number) = match self {
            Numbered::Setting(place) => (1, place),
            Numbered::Kernel(hash) => (2, hash),
        };
        kind << KIND | number << NUMBER
    }
}

impl Payload for Wire {
    const NUMBER: u32 = 1;

    fn write(&self, out: &mut Writer) {
        let Wire { model, hash, digest, scenario, kernel, case, options, view, schedule, cursor } = self;
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        out.raw(&[flag(matches!(scenario, Scenario::Text(_)), INLINE)
            | flag(kernel.is_some(), KERNEL)
            | flag(case.is_some(), CASE)
            | flag(!options.is_empty(), OPTIONS)
            | flag(*view != 0, VIEW)
            | flag(!schedule.is_empty(), SCHEDULE)]);
        out.number(u64::from(*model));
        out.raw(&hash.to_le_bytes());
        out.raw(&digest.to_le_bytes());
        match scenario {
            Scenario::Slug(slug) => out.name(slug),
            Scenario::Text(scenario) => text::write(out, scenario),
        }
        if let Some(kernel) = kernel {
            text::write(out, kernel);
        }
        if let Some(case) = case {
            out.number(u64::from(*case));
        }
        if !options.is_empty() {
            out.number(options.len() as u64);
            for (name, choice) in options {
                out.name(name);
                out.name(choice);
            }
        }
        if *view != 0 {
            out.number(u64::from(*view));
        }
        if !schedule.is_empty() {
            schedule::write(out, schedule);
            out.number(u64::from(*cursor));
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Wire, LinkRefusal> {
        let flags = r.raw(1)?[0];
        if flags & !KNOWN != 0 {
            return Err(LinkRefusal::Corrupt);
        }
        let has = |bit: u8| flags & bit != 0;
        let model = r.small()?;
        let (hash, digest) = (r.word()?, r.word()?);
        let scenario =
            if has(INLINE) { Scenario::Text(text::read(r)?) } else { Scenario::Slug(r.name(MAX_NAME)?) };
        let kernel = if has(KERNEL) { Some(text::read(r)?) } else { None };
        let case = if has(CASE) { Some(r.small()?) } else { None };
        let mut options = Vec::new();
        if has(OPTIONS) {
            let count = r.count(MAX_OPTIONS, "number of options")?;
            for _ in 0..count {
                options.push((r.name(MAX_NAME)?, r.name(MAX_NAME)?));
            }
        }
        let view = if has(VIEW) { r.small()? } else { 0 };
        let (mut schedule, mut cursor) = (Vec::new(), 0);
        if has(SCHEDULE) {
            schedule = schedule::read(r)?;
            cursor = r.small()?;
        }
        if cursor as usize > schedule.len() {
            return Err(LinkRefusal::Corrupt);
        }
        Ok(Wire { model, hash, digest, scenario, kernel, case, options, view, schedule, cursor })
    }
}
