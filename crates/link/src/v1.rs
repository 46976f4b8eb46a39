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
//! A link is read into a [`Wire`], which knows nothing of today's [`Link`]; one conversion leads from there upwards.
//! Version 1 is still written wherever it can express the whole link. Such links are the shortest, and every page that
//! was ever published opens them.

mod numbered;

pub use numbered::Numbered;

use crate::versions;
use crate::wire::{Reader, Writer, schedule, text};
use crate::{Base, ComparedAs, Link, LinkRefusal, MAX_NAME, MAX_OPTIONS, View};
use machine::Action;

const INLINE: u8 = 1;
const KERNEL: u8 = 2;
const CASE: u8 = 4;
const OPTIONS: u8 = 8;
const VIEW: u8 = 16;
const SCHEDULE: u8 = 32;
const KNOWN: u8 = INLINE | KERNEL | CASE | OPTIONS | VIEW | SCHEDULE;

/// A link as version 1 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wire {
    model: u16,
    hash: u32,
    digest: u32,
    scenario: Scenario,
    kernel: Option<String>,
    case: Option<u8>,
    options: Vec<(String, String)>,
    view: u32,
    schedule: Vec<u32>,
    cursor: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scenario {
    Slug(String),
    Text(String),
}

impl versions::Wire for Wire {
    const NUMBER: u32 = 1;

    fn of(link: &Link) -> Option<Wire> {
        let flags = u32::from(link.view.0);
        let view = match link.compared {
            None => flags,
            Some(ComparedAs::Numbered(numbered)) => flags | numbered.bits(),
            Some(ComparedAs::Named(_)) => return None,
        };
        // A number is of this version, and of no later one.
        if link.compared.is_none() && link.schedule.iter().any(|&code| Action::is_extended(code)) {
            return None;
        }
        let (scenario, kernel, hash) = match link.base.clone() {
            Base::Library { slug, kernel, hash } => (Scenario::Slug(slug), kernel, hash),
            Base::Inline { scenario, kernel, hash } => (Scenario::Text(scenario), kernel, hash),
        };
        Some(Wire {
            model: link.model,
            hash,
            digest: link.digest,
            scenario,
            kernel,
            case: link.case,
            options: link.options.clone(),
            view,
            schedule: link.schedule.clone(),
            cursor: link.cursor,
        })
    }

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

impl From<Wire> for Link {
    fn from(wire: Wire) -> Link {
        let Wire { model, hash, digest, scenario, kernel, case, options, view, schedule, cursor } = wire;
        let base = match scenario {
            Scenario::Slug(slug) => Base::Library { slug, kernel, hash },
            Scenario::Text(scenario) => Base::Inline { scenario, kernel, hash },
        };
        let compared = Numbered::of(view).map(ComparedAs::Numbered);
        let view = View(view as u8);
        Link { options, case, schedule, cursor, view, compared, digest, model, ..Link::new(base) }
    }
}
