//! Version 2 of the format. Frozen: what is written here has been published.
//!
//! It expresses everything that version 1 does, and two more things. The machine that a run is compared with has a name
//! ([`Compared`]), where version 1 has a position in a list that the page made. And a schedule may have extended codes
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

use crate::versions;
use crate::wire::{Reader, Writer, schedule, text};
use crate::{Base, Compared, ComparedAs, Link, LinkRefusal, MAX_NAME, MAX_OPTIONS, View};

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
pub(crate) struct Wire {
    model: u16,
    hash: u32,
    digest: u32,
    scenario: Scenario,
    kernel: Option<String>,
    case: Option<u8>,
    options: Vec<(String, String)>,
    view: u8,
    schedule: Vec<u32>,
    cursor: u32,
    compared: Option<Beside>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scenario {
    Slug(String),
    Text(String),
}

/// What a run is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Beside {
    Option(String, String),
    Case(String),
    AsWritten,
    Kernel(String),
}

impl versions::Wire for Wire {
    const NUMBER: u32 = 2;

    /// Any link. A number of version 1 has no place in it.
    fn of(link: &Link) -> Option<Wire> {
        let (scenario, kernel, hash) = match link.base.clone() {
            Base::Library { slug, kernel, hash } => (Scenario::Slug(slug), kernel, hash),
            Base::Inline { scenario, kernel, hash } => (Scenario::Text(scenario), kernel, hash),
        };
        let compared = match link.compared.clone() {
            Some(ComparedAs::Named(Compared::Option { name, choice })) => Some(Beside::Option(name, choice)),
            Some(ComparedAs::Named(Compared::Case(Some(name)))) => Some(Beside::Case(name)),
            Some(ComparedAs::Named(Compared::Case(None))) => Some(Beside::AsWritten),
            Some(ComparedAs::Named(Compared::Kernel(name))) => Some(Beside::Kernel(name)),
            Some(ComparedAs::Numbered(_)) | None => None,
        };
        Some(Wire {
            model: link.model,
            hash,
            digest: link.digest,
            scenario,
            kernel,
            case: link.case,
            options: link.options.clone(),
            view: link.view.0,
            schedule: link.schedule.clone(),
            cursor: link.cursor,
            compared,
        })
    }

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

impl From<Wire> for Link {
    fn from(wire: Wire) -> Link {
        let Wire { model, hash, digest, scenario, kernel, case, options, view, schedule, cursor, compared } =
            wire;
        let base = match scenario {
            Scenario::Slug(slug) => Base::Library { slug, kernel, hash },
            Scenario::Text(scenario) => Base::Inline { scenario, kernel, hash },
        };
        let compared = compared.map(|beside| {
            ComparedAs::Named(match beside {
                Beside::Option(name, choice) => Compared::Option { name, choice },
                Beside::Case(name) => Compared::Case(Some(name)),
                Beside::AsWritten => Compared::Case(None),
                Beside::Kernel(name) => Compared::Kernel(name),
            })
        });
        let view = View(view);
        Link { options, case, schedule, cursor, view, compared, digest, model, ..Link::new(base) }
    }
}
