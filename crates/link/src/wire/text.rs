//! A text as bytes: deflate (RFC 1951) with a dictionary of our vocabulary.
//!
//! Kernels use the same words, and most edited kernels are a kernel of the library with a few lines changed. The
//! compressor reads `words.tlb` before the text, so anything that occurs in `words.tlb` costs almost nothing.
//! `words.tlb` is part of the format and frozen with it, however the library changes.

use super::{Reader, Writer};
use crate::limits::MAX_TEXT;
use crate::refusal::LinkRefusal;
use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use std::cell::RefCell;
use std::rc::Rc;

/// What every text is compressed after.
const WORDS: &[u8] = include_bytes!("words.tlb");

/// How many packed texts are kept: a kernel and its scenario, and those that they are compared with.
const KEPT: usize = 4;

/// A text and its packed bytes.
type Packed = (String, Rc<[u8]>);

thread_local! {
    /// The texts that were packed most recently; the latest one is the last one. The page writes a link at each step and for each
    /// setting, always of the same texts, and packing one takes a hundred times as long as comparing it.
    static LAST: RefCell<Vec<Packed>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn write(out: &mut Writer, text: &str) {
    let bytes = packed(text);
    out.number(text.len() as u64);
    out.number(bytes.len() as u64);
    out.raw(&bytes);
}

fn packed(text: &str) -> Rc<[u8]> {
    LAST.with_borrow_mut(|last| {
        let there = last.iter().position(|(kept, _)| kept == text);
        let found = match there {
            Some(at) => last.remove(at),
            None => (text.to_owned(), deflated(WORDS, text.as_bytes()).into()),
        };
        let bytes = found.1.clone();
        if last.len() == KEPT {
            last.remove(0);
        }
        last.push(found);
        bytes
    })
}

pub(crate) fn read(r: &mut Reader<'_>) -> Result<String, LinkRefusal> {
    let length = r.count(MAX_TEXT, "text")?;
    let packed = r.count(r.left(), "text")?;
    let bytes = inflated(WORDS, r.raw(packed)?, length)?;
    String::from_utf8(bytes).map_err(|_| LinkRefusal::Corrupt)
}

/// Raw deflate of `bytes` as a continuation of `before`, without the output for `before` itself. (A flush ends
/// that output at a whole byte, so that the rest can stand alone.)
pub(crate) fn deflated(before: &[u8], bytes: &[u8]) -> Vec<u8> {
    // Best compression; no zlib header (negative window bits); default strategy.
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(10, -15, 0));
    let mut out = Vec::new();
    if !before.is_empty() {
        compress_to_output(&mut compressor, before, TDEFLFlush::Sync, |_| true);
    }
    let (status, _) = compress_to_output(&mut compressor, bytes, TDEFLFlush::Finish, |part| {
        out.extend_from_slice(part);
        true
    });
    debug_assert_eq!(status, TDEFLStatus::Done, "the output takes all");
    out
}

/// The inverse, of which `length` bytes are expected, no more and no fewer.
pub(crate) fn inflated(before: &[u8], packed: &[u8], length: usize) -> Result<Vec<u8>, LinkRefusal> {
    let mut out = vec![0; before.len() + length];
    out[..before.len()].copy_from_slice(before);
    let mut decompressor = Box::<DecompressorOxide>::default();
    let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, read, written) = decompress(&mut decompressor, packed, &mut out, before.len(), flags);
    if status != TINFLStatus::Done || read != packed.len() || written != length {
        return Err(LinkRefusal::Corrupt);
    }
    Ok(out.split_off(before.len()))
}

#[cfg(test)]
mod tests {
    use super::{KEPT, LAST, WORDS, deflated, inflated, packed};
    use std::rc::Rc;

    #[test]
    fn a_text_is_packed_once_while_it_is_kept() {
        let text = |number: usize| format!("kernel {number} {{}}");
        let first = packed(&text(0));
        assert_eq!(*first, *deflated(WORDS, text(0).as_bytes()));
        (1..KEPT).for_each(|number| drop(packed(&text(number))));
        assert!(Rc::ptr_eq(&first, &packed(&text(0))), "it is among the last ones");
        (1..=KEPT).for_each(|number| drop(packed(&text(number))));
        assert!(!Rc::ptr_eq(&first, &packed(&text(0))), "so many others came after it");
        assert_eq!(LAST.with_borrow(Vec::len), KEPT);
    }

    #[test]
    fn reads_back_whatever_came_before() {
        for before in [&b""[..], b"abcabc", WORDS] {
            for bytes in [&b""[..], b"a", b"abcabcabcabc", WORDS] {
                let packed = deflated(before, bytes);
                assert_eq!(inflated(before, &packed, bytes.len()).as_deref(), Ok(bytes));
            }
        }
    }

    #[test]
    fn a_wrong_length_is_noticed() {
        let packed = deflated(WORDS, b"kernel");
        assert!(inflated(WORDS, &packed, 5).is_err());
        assert!(inflated(WORDS, &packed, 7).is_err());
        assert!(inflated(WORDS, &packed[..packed.len() - 1], 6).is_err());
    }

    #[test]
    fn what_the_words_have_costs_nothing() {
        assert!(WORDS.len() <= 32 << 10, "deflate looks back no further");
        let packed = deflated(WORDS, WORDS);
        assert!(packed.len() * 20 < WORDS.len(), "{} of {}", packed.len(), WORDS.len());
    }
}
