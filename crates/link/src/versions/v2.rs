//! Version 2 of the format. Frozen: what is written here has been published.
//!
//! It expresses everything that version 1 does, and two more things. The machine that a run is compared with has a name
//! ([`Beside`]), where version 1 has a position in a list that the page made. And a schedule may have extended codes
//! ([`Action::is_extended`](machine::Action::is_extended)). Version 2 is written only if a link needs one of the two.
//!
//! Behind `2.` stands an envelope (`wire/envelope.rs`). The payload in it is
//!
//! | what | how | there if |
//! | --- | --- | --- |
//! | flags | number: the bits in the last column, from bit 0 on | always |
//! | model | number | always |
//! | hash, digest | 4 bytes each, lowest first | always |
//! | scenario | name (its slug), or text | always; text if flag 0 |
//! | kernel | text | flag 1 |
//! | case | number | flag 2 |
//! | options | number of them; then name and choice of each, as names | flag 3 |
//! | view | number: its low eight bits are flags, the others are 0 | flag 4 |
//! | schedule | see `wire/schedule.rs` | flag 5 |
//! | cursor | number | flag 5 |
//! | comparison | a number: 0 an option, then its name and choice, as names; 1 a case, then its name; 2 the scenario as written; 3 a kernel, then its name | flag 6 |

use super::v1::Scenario;
use crate::limits::{MAX_NAME, MAX_OPTIONS};
use crate::refusal::LinkRefusal;
use crate::wire::{Payload, Reader, Writer, schedule, text};

const INLINE: u32 = 1;
const KERNEL: u32 = 2;
const CASE: u32 = 4;
const OPTIONS: u32 = 8;
const VIEW: u32 = 16;
const SCHEDULE: u32 = 32;
const COMPARED: u32 = 64;
const KNOWN: u32 = INLINE | KERNEL | CASE | OPTIONS | VIEW | SCHEDULE | COMPARED;

/// A link as version 2 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wire {
    pub(super) model: u16,
    pub(super) hash: u32,
    pub(super) digest: u32,
    pub(super) scenario: Scenario,
    pub(super) kernel: Option<String>,
    pub(super) case: Option<u8>,
    pub(super) options: Vec<(String, String)>,
    pub(super) view: u8,
    pub(super) schedule: Vec<u32>,
    pub(super) cursor: u32,
    pub(super) compared: Option<Beside>,
}

/// What a run is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Option(String, String),
    Case(String),
    AsWritten,
    Kernel(String),
}

impl Payload for Wire {
    const NUMBER: u32 = 2;

    fn write(&self, out: &mut Writer) {
        let Wire { model, hash, digest, scenario, kernel, case, options, view, schedule, cursor, compared } =
            self;
        let flag = |set: bool, bit: u32| if set { bit } else { 0 };
        let flags = flag(matches!(scenario, Scenario::Text(_)), INLINE)
            | flag(kernel.is_some(), KERNEL)
            | flag(case.is_some(), CASE)
            | flag(!options.is_empty(), OPTIONS)
            | flag(*view != 0, VIEW)
            | flag(!schedule.is_empty(), SCHEDULE)
            | flag(compared.is_some(), COMPARED);
        out.number(u64::from(flags));
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
        if let Some(compared) = compared {
            compared.write(out);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Wire, LinkRefusal> {
        let flags = r.small::<u32>()?;
        if flags & !KNOWN != 0 {
            return Err(LinkRefusal::Corrupt);
        }
        let has = |bit: u32| flags & bit != 0;
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
        let compared = if has(COMPARED) { Some(Beside::read(r)?) } else { None };
        if cursor as usize > schedule.len() {
            return Err(LinkRefusal::Corrupt);
        }
        Ok(Wire { model, hash, digest, scenario, kernel, case, options, view, schedule, cursor, compared })
    }
}

impl Beside {
    fn write(&self, out: &mut Writer) {
        match self {
            Beside::Option(name, choice) => {
                out.number(0);
                out.name(name);
                out.name(choice);
            }
            Beside::Case(name) => {
                out.number(1);
                out.name(name);
            }
            Beside::AsWritten => out.number(2),
            Beside::Kernel(name) => {
                out.number(3);
                out.name(name);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Beside, LinkRefusal> {
        match r.number()? {
            0 => Ok(Beside::Option(r.name(MAX_NAME)?, r.name(MAX_NAME)?)),
            1 => Ok(Beside::Case(r.name(MAX_NAME)?)),
            2 => Ok(Beside::AsWritten),
            3 => Ok(Beside::Kernel(r.name(MAX_NAME)?)),
            _ => Err(LinkRefusal::Corrupt),
        }
    }
}
