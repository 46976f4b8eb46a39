//! What one version of the format writes and reads.

use super::bytes::{Reader, Writer};
use crate::refusal::LinkRefusal;

/// A link in the types of one version. What is behind its number and its envelope is written and read here alone.
pub(crate) trait Payload: Sized {
    /// The number before the dot.
    const NUMBER: u32;

    /// Writes the payload.
    fn write(&self, out: &mut Writer);

    /// Reads the link in a payload.
    fn read(r: &mut Reader<'_>) -> Result<Self, LinkRefusal>;
}
