//! Bytes that are compared with words.

/// Whether bytes begin with a text, in small or capital letters.
pub(super) fn starts_with(bytes: &[u8], text: &str) -> bool {
    bytes.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()))
}
