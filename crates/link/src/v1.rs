//! Version 1 of the format. Frozen: what is written here has been published.
//!
//! Behind `1.` stands base64url of
//!
//! | what | how |
//! | --- | --- |
//! | length of the payload | number |
//! | check of the payload | 3 bytes, the low ones of its hash, lowest first |
//! | payload | as many bytes as said; anything after it is not part of the link |
//!
//! and the payload is
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
//! | schedule | see `v1/schedule.rs` | flag 5 |
//! | cursor | number | flag 5 |
//!
//! A *number* is LEB128, seven bits at a time, lowest first. A *name* is its length in bytes and UTF-8. A *text*
//! is its length, the length of its compressed form, and that (`v1/text.rs`).

mod bytes;
mod schedule;
mod text;

use crate::{Base, Link, MAX_NAME, MAX_OPTIONS, Refusal, View, hash_state};
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::{Reader, Writer};

/// The bits left over in the last character are whatever they are: what follows the link may have been glued on.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

const INLINE: u8 = 1;
const KERNEL: u8 = 2;
const CASE: u8 = 4;
const OPTIONS: u8 = 8;
const VIEW: u8 = 16;
const SCHEDULE: u8 = 32;
const KNOWN: u8 = INLINE | KERNEL | CASE | OPTIONS | VIEW | SCHEDULE;

pub(crate) fn encode(link: &Link) -> String {
    let payload = payload(link);
    let mut out = Writer::default();
    out.number(payload.len() as u64);
    out.raw(&hash_state(&payload).to_le_bytes()[..3]);
    out.raw(&payload);
    let mut text = "1.".to_owned();
    BASE64.encode_string(out.done(), &mut text);
    text
}

pub(crate) fn decode(body: &str) -> Result<Link, Refusal> {
    // Four characters are three bytes; one character over is none.
    let whole = if body.len() % 4 == 1 { &body[..body.len() - 1] } else { body };
    let bytes = BASE64.decode(whole).map_err(|_| Refusal::Corrupt)?;
    let mut reader = Reader::new(&bytes);
    let length = reader.number().map_err(|_| cut_off(body, 6))?;
    let header = bytes.len() - reader.left() + 3;
    let length = usize::try_from(length).ok().filter(|&length| length <= crate::MAX_PASTED);
    let length = length.ok_or(Refusal::TooBig { what: "link" })?;
    if bytes.len() < header + length {
        return Err(cut_off(body, header + length));
    }
    let check = reader.raw(3)?;
    let payload = reader.raw(length)?;
    if check != &hash_state(payload).to_le_bytes()[..3] {
        return Err(Refusal::Corrupt);
    }
    read(payload)
}

/// The refusal of a link of which `bytes` bytes should be there.
fn cut_off(body: &str, bytes: usize) -> Refusal {
    let needed = (bytes * 4).div_ceil(3);
    Refusal::Truncated { missing: needed.saturating_sub(body.len()).max(1) as u32 }
}

fn payload(link: &Link) -> Vec<u8> {
    let Link { base, options, case, schedule, cursor, view, digest, model } = link;
    let flag = |set: bool, bit: u8| if set { bit } else { 0 };
    let mut out = Writer::default();
    out.raw(&[flag(matches!(base, Base::Inline { .. }), INLINE)
        | flag(base.kernel().is_some(), KERNEL)
        | flag(case.is_some(), CASE)
        | flag(!options.is_empty(), OPTIONS)
        | flag(*view != View::default(), VIEW)
        | flag(!schedule.is_empty(), SCHEDULE)]);
    out.number(u64::from(*model));
    out.raw(&base.hash().to_le_bytes());
    out.raw(&digest.to_le_bytes());
    match base {
        Base::Library { slug, .. } => out.name(slug),
        Base::Inline { scenario, .. } => text::write(&mut out, scenario),
    }
    if let Some(kernel) = base.kernel() {
        text::write(&mut out, kernel);
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
    if *view != View::default() {
        out.number(u64::from(view.0));
    }
    if !schedule.is_empty() {
        schedule::write(&mut out, schedule);
        out.number(u64::from(*cursor));
    }
    out.done()
}

fn read(payload: &[u8]) -> Result<Link, Refusal> {
    let mut r = Reader::new(payload);
    let flags = r.raw(1)?[0];
    if flags & !KNOWN != 0 {
        return Err(Refusal::Corrupt);
    }
    let has = |bit: u8| flags & bit != 0;
    let model = r.small()?;
    let (hash, digest) = (r.word()?, r.word()?);
    let named = if has(INLINE) { text::read(&mut r)? } else { r.name(MAX_NAME)? };
    let kernel = if has(KERNEL) { Some(text::read(&mut r)?) } else { None };
    let base = if has(INLINE) {
        Base::Inline { scenario: named, kernel, hash }
    } else {
        Base::Library { slug: named, kernel, hash }
    };
    let case = if has(CASE) { Some(r.small()?) } else { None };
    let mut options = Vec::new();
    if has(OPTIONS) {
        let count = r.count(MAX_OPTIONS, "number of options")?;
        for _ in 0..count {
            options.push((r.name(MAX_NAME)?, r.name(MAX_NAME)?));
        }
    }
    let view = if has(VIEW) { View(r.small()?) } else { View::default() };
    let (mut schedule, mut cursor) = (Vec::new(), 0);
    if has(SCHEDULE) {
        schedule = schedule::read(&mut r)?;
        cursor = r.small()?;
    }
    if r.left() > 0 || cursor as usize > schedule.len() {
        return Err(Refusal::Corrupt);
    }
    Ok(Link { base, options, case, schedule, cursor, view, digest, model })
}
