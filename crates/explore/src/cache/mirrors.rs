//! One name for all states that differ only in what their members are called.
//!
//! A system may say that members of it can change names ([`System::mirrors`]): then a state and its mirror images have
//! the same future under other names, and a search that has seen one of them has seen all. So the least key among the
//! images stands for all of them. What is expanded is always the state that was reached, not its image: ways and
//! witnesses are the system's own. As each part of an image depends on one part of the state, images are put together
//! from bits that have been worked out once.

use super::layout::Layout;
use crate::{Full, Key, Space, System};

/// A number whose image is not known yet.
const UNKNOWN: u64 = u64::MAX;

/// The images of a system's states, as far as they have been asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mirrors {
    /// For each mirror, for each field of the key, the bits that its numbers stand for in the image.
    images: Vec<Vec<Vec<u64>>>,
    /// The same by parts, for keys whose fields tell of several.
    parts: Vec<Vec<Vec<u64>>>,
    /// The values of the parts in a state, and in its image.
    from: Vec<u32>,
    to: Vec<u32>,
}

impl Mirrors {
    /// Nothing is known.
    pub(crate) fn new<S: System>(space: &Space<S>) -> Mirrors {
        let fields = space.layout().fields.len();
        let (mirrors, parts) = (space.system().mirrors() as usize, space.parts());
        let images = vec![vec![Vec::new(); fields]; mirrors];
        Mirrors {
            images,
            parts: vec![vec![Vec::new(); parts]; mirrors],
            from: vec![0; parts],
            to: vec![0; parts],
        }
    }

    /// The least key among a state and its images.
    pub(crate) fn least<S: System>(&mut self, space: &Space<S>, key: Key) -> Result<Key, Full> {
        let mut least = key;
        for mirror in 0..self.images.len() {
            least = least.min(self.image(space, mirror, key)?);
        }
        Ok(least)
    }

    #[inline]
    fn image<S: System>(&mut self, space: &Space<S>, mirror: usize, key: Key) -> Result<Key, Full> {
        let layout = space.layout();
        if layout.joined() {
            return self.image_of_joined(space, mirror, key);
        }
        let mut image = 0;
        for (field, known) in layout.fields.iter().zip(&mut self.images[mirror]) {
            let number = field.get(key) as usize;
            match known.get(number) {
                Some(&bits) if bits != UNKNOWN => image |= bits,
                _ => {
                    let bits = image_of_part(space, mirror, layout, field.first_part(), number as u32)?;
                    if known.len() <= number {
                        known.resize(number + 1, UNKNOWN);
                    }
                    known[number] = bits;
                    image |= bits;
                }
            }
        }
        Ok(image)
    }

    /// Where fields tell of several parts: part by part.
    #[cold]
    fn image_of_joined<S: System>(&mut self, space: &Space<S>, mirror: usize, key: Key) -> Result<Key, Full> {
        let Mirrors { parts, from, to, .. } = self;
        space.values().unfold(space.layout(), key, from);
        for (part, &value) in from.iter().enumerate() {
            let known = &mut parts[mirror][part];
            if known.len() <= value as usize {
                known.resize(value as usize + 1, UNKNOWN);
            }
            if known[value as usize] == UNKNOWN {
                let (part, number) = part_after(space, mirror, part as u32, value);
                known[value as usize] = u64::from(part) << 32 | u64::from(number);
            }
            let image = known[value as usize];
            to[(image >> 32) as usize] = image as u32;
        }
        let mut values = space.values();
        space.layout().fields.iter().try_fold(0, |key, field| {
            let number = values.number(&field.source, to);
            if u64::from(number) > field.most { Err(Full) } else { Ok(key | field.put(number)) }
        })
    }
}

/// What a part's value becomes: which part, and the number of its value.
fn part_after<S: System>(space: &Space<S>, mirror: usize, part: u32, value: u32) -> (u32, u32) {
    let (system, mirror) = (space.system(), mirror as u32);
    let to = system.mirrored_part(mirror, part);
    let mut values = space.values();
    let mut state = system.initial();
    system.unpack_part(values.get(part as usize, value), part, &mut state);
    (to, values.insert(system, &system.mirror(mirror, &state), to as usize))
}

#[cold]
fn image_of_part<S: System>(
    space: &Space<S>,
    mirror: usize,
    layout: &Layout,
    part: u32,
    value: u32,
) -> Result<u64, Full> {
    let (to, number) = part_after(space, mirror, part, value);
    let field = layout.of(to).ok_or(Full)?;
    if u64::from(number) > field.most { Err(Full) } else { Ok(field.put(number)) }
}
