//! What follows the version and its dot: base64url (RFC 4648, no padding) of
//!
//! | what | how |
//! | --- | --- |
//! | length of the payload | number |
//! | check of the payload | 3 bytes, the low ones of its hash, lowest first |
//! | payload | as many bytes as said; anything after it is not part of the link |

use super::{Reader, Writer};
use crate::hash::hash_state;
use crate::limits::MAX_PASTED;
use crate::refusal::LinkRefusal;
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The remaining bits in the last character are ignored: text after the link may have been appended to it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// The text of a link: its version, a dot, and the payload in its envelope.
pub(crate) fn sealed(version: u32, payload: &[u8]) -> String {
    let mut out = Writer::default();
    out.number(payload.len() as u64);
    out.raw(&hash_state(payload).to_le_bytes()[..3]);
    out.raw(payload);
    let mut text = format!("{version}.");
    BASE64.encode_string(out.done(), &mut text);
    text
}

/// The payload in what follows the dot.
pub(crate) fn opened(body: &str) -> Result<Vec<u8>, LinkRefusal> {
    // Four characters are three bytes; one character over is none.
    let whole = if body.len() % 4 == 1 { &body[..body.len() - 1] } else { body };
    let bytes = BASE64.decode(whole).map_err(|_| LinkRefusal::Corrupt)?;
    let mut reader = Reader::new(&bytes);
    let length = reader.number().map_err(|_| cut_off(body, 6))?;
    let header = bytes.len() - reader.left() + 3;
    let length = usize::try_from(length).ok().filter(|&length| length <= MAX_PASTED);
    let length = length.ok_or(LinkRefusal::TooBig { what: "link" })?;
    if bytes.len() < header + length {
        return Err(cut_off(body, header + length));
    }
    let check = reader.raw(3)?;
    let payload = reader.raw(length)?;
    if check != &hash_state(payload).to_le_bytes()[..3] {
        return Err(LinkRefusal::Corrupt);
    }
    Ok(payload.to_vec())
}

/// How many characters of what follows the dot belong to the envelope, as it says itself; nothing if it does not.
pub(crate) fn length(body: &str) -> Option<usize> {
    let head = body.get(..body.len().min(HEAD))?;
    let whole = if head.len() % 4 == 1 { &head[..head.len() - 1] } else { head };
    let bytes = BASE64.decode(whole).ok()?;
    let mut reader = Reader::new(&bytes);
    let length = usize::try_from(reader.number().ok()?).ok().filter(|&length| length <= MAX_PASTED)?;
    Some(((bytes.len() - reader.left() + 3 + length) * 4).div_ceil(3))
}

/// Characters among which the length of a payload stands.
const HEAD: usize = 16;

/// The refusal of a link of which `bytes` bytes should be there.
fn cut_off(body: &str, bytes: usize) -> LinkRefusal {
    let needed = (bytes * 4).div_ceil(3);
    LinkRefusal::Truncated { missing: needed.saturating_sub(body.len()).max(1) as u32 }
}
