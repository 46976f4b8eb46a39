//! Numbers and names as bytes, and back without trusting them.

use crate::refusal::LinkRefusal;

/// Bytes being put together.
#[derive(Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn number(&mut self, mut value: u64) {
        while value >= 128 {
            self.0.push(value as u8 | 128);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn name(&mut self, name: &str) {
        self.number(name.len() as u64);
        self.raw(name.as_bytes());
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
}

/// Bytes being taken apart. What does not fit is [`LinkRefusal::Corrupt`]: that bytes are missing at the end has been
/// noticed before.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn raw(&mut self, length: usize) -> Result<&'a [u8], LinkRefusal> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(LinkRefusal::Corrupt)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn number(&mut self) -> Result<u64, LinkRefusal> {
        let mut value = 0;
        for shift in (0..=63).step_by(7) {
            let byte = self.raw(1)?[0];
            let bits = u64::from(byte & 127);
            if bits << shift >> shift != bits {
                return Err(LinkRefusal::Corrupt);
            }
            value |= bits << shift;
            if byte < 128 {
                return Ok(value);
            }
        }
        Err(LinkRefusal::Corrupt)
    }

    /// A number of a type that it has to fit.
    pub(crate) fn small<T: TryFrom<u64>>(&mut self) -> Result<T, LinkRefusal> {
        T::try_from(self.number()?).map_err(|_| LinkRefusal::Corrupt)
    }

    /// A number of items, refused before memory is reserved for them.
    pub(crate) fn count(&mut self, most: usize, what: &'static str) -> Result<usize, LinkRefusal> {
        let count = self.number()?;
        usize::try_from(count).ok().filter(|&count| count <= most).ok_or(LinkRefusal::TooBig { what })
    }

    pub(crate) fn word(&mut self) -> Result<u32, LinkRefusal> {
        let mut word = [0; 4];
        word.copy_from_slice(self.raw(4)?);
        Ok(u32::from_le_bytes(word))
    }

    pub(crate) fn name(&mut self, most: usize) -> Result<String, LinkRefusal> {
        let length = self.count(most, "name")?;
        let bytes = self.raw(length)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| LinkRefusal::Corrupt)
    }
}
