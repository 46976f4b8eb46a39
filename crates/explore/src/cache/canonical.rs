//! Symmetry reduction: one canonical key for all states that differ in names only.
//!
//! A state and its images under the renamings of a [`Symmetric`] system have the same future, so a search that has
//! visited one of them has visited all. The smallest of their keys is canonical, and is looked up in the visited
//! set. The state that is expanded is always the one that was reached, not an image of it, so paths and witnesses
//! are the system's own.
//!
//! Each part of an image depends on one part of the state. So an image's key is put together from bits that are computed
//! once for each value of a part.

use crate::width::low_u32;
use crate::{Factored, Full, Handle, Key, Space, Symmetric, System};

/// Stands for a number whose image is not known yet.
const UNKNOWN: u64 = u64::MAX;

/// The images of a system's states under its renamings, as far as they have been asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Images {
    /// For each renaming, for each field of the key: the bits in the image's key, by the field's number.
    fields: Vec<Vec<Vec<u64>>>,
    /// The same by parts, for keys with fields that stand for several parts: the part of the image, and its value.
    parts: Vec<Vec<Vec<u64>>>,
    /// The values of the parts in a state, and in its image.
    from: Vec<u32>,
    to: Vec<u32>,
}

impl Images {
    /// Nothing is known yet.
    pub(crate) fn new<H: Handle<System: Symmetric>>(space: &Space<H>) -> Images {
        let (renamings, parts) = (space.system().renamings().len(), space.parts());
        Images {
            fields: vec![vec![Vec::new(); space.layout().fields.len()]; renamings],
            parts: vec![vec![Vec::new(); parts]; renamings],
            from: vec![0; parts],
            to: vec![0; parts],
        }
    }

    /// The least of the keys of a state and its images.
    pub(crate) fn canonical<H: Handle<System: Symmetric>>(
        &mut self,
        space: &Space<H>,
        key: Key,
    ) -> Result<Key, Full> {
        let mut least = key;
        for renaming in 0..self.fields.len() {
            least = least.min(self.image(space, renaming, key)?);
        }
        Ok(least)
    }

    #[inline]
    fn image<H: Handle<System: Symmetric>>(
        &mut self,
        space: &Space<H>,
        renaming: usize,
        key: Key,
    ) -> Result<Key, Full> {
        let layout = space.layout();
        if layout.joined() {
            return self.image_of_joined(space, renaming, key);
        }
        let mut image = 0;
        for (field, known) in layout.fields.iter().zip(&mut self.fields[renaming]) {
            let number = field.get(key);
            match known.get(number as usize) {
                Some(&bits) if bits != UNKNOWN => image |= bits,
                _ => {
                    let bits = image_of_field(space, renaming, field.first_part(), number)?;
                    if known.len() <= number as usize {
                        known.resize(number as usize + 1, UNKNOWN);
                    }
                    known[number as usize] = bits;
                    image |= bits;
                }
            }
        }
        Ok(image)
    }

    /// Where fields stand for several parts: part by part.
    #[cold]
    fn image_of_joined<H: Handle<System: Symmetric>>(
        &mut self,
        space: &Space<H>,
        renaming: usize,
        key: Key,
    ) -> Result<Key, Full> {
        let Images { parts, from, to, .. } = self;
        space.values().unfold(space.layout(), key, from);
        for (part, &value) in (0..).zip(from.iter()) {
            let known = &mut parts[renaming][part as usize];
            if known.len() <= value as usize {
                known.resize(value as usize + 1, UNKNOWN);
            }
            if known[value as usize] == UNKNOWN {
                let (part, number) = image_of_part(space, renaming, part, value);
                known[value as usize] = u64::from(part) << 32 | u64::from(number);
            }
            let image = known[value as usize];
            to[low_u32(image >> 32) as usize] = low_u32(image);
        }
        let mut values = space.values();
        space.layout().fields.iter().try_fold(0, |key, field| {
            let number = values.number(&field.source, to);
            if number > field.most { Err(Full) } else { Ok(key | field.put(number)) }
        })
    }
}

/// The image of a part's value: which part, and the number of its value.
pub(crate) fn image_of_part<H: Handle<System: Symmetric>>(
    space: &Space<H>,
    renaming: usize,
    part: u32,
    value: u32,
) -> (u32, u32) {
    let system = space.system();
    let renaming = &system.renamings()[renaming];
    let to = system.renamed_part(renaming, part);
    let mut values = space.values();
    let mut state = system.initial();
    system.unpack_part(values.get(part as usize, value), part, &mut state);
    (to, values.insert(system, &system.rename(renaming, &state), to as usize))
}

/// The bits of an image's key that stand for the image of a part's value.
#[cold]
fn image_of_field<H: Handle<System: Symmetric>>(
    space: &Space<H>,
    renaming: usize,
    part: u32,
    value: u32,
) -> Result<u64, Full> {
    let (to, number) = image_of_part(space, renaming, part, value);
    let field = space.layout().of(to).ok_or(Full)?;
    if number > field.most { Err(Full) } else { Ok(field.put(number)) }
}
