//! Messages as bytes.

use crate::{FromExplorer, MAX_MESSAGE, MessagePart, Refusal, ToExplorer};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message of the page as bytes.
#[must_use]
pub fn to_bytes(message: &ToExplorer) -> Vec<u8> {
    encoded(message)
}

/// A message of the worker, read by the page.
///
/// # Errors
/// If the bytes are not one.
pub fn from_bytes(bytes: &[u8]) -> Result<FromExplorer, Refusal> {
    decoded(bytes)
}

/// Whether bytes that a worker sends report only progress: any later message replaces them.
#[must_use]
pub fn is_progress(bytes: &[u8]) -> bool {
    matches!(from_bytes(bytes), Ok(FromExplorer::Progress { .. }))
}

pub(crate) fn encoded(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).expect("the messages hold nothing that postcard can't write")
}

pub(crate) fn decoded<M: DeserializeOwned>(bytes: &[u8]) -> Result<M, Refusal> {
    if bytes.len() > MAX_MESSAGE {
        return Err(Refusal::TooBig(MessagePart::Message));
    }
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        _ => Err(Refusal::Malformed),
    }
}
