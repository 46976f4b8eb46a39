//! The successors of a state, or of several states in a row.

use crate::width::{low_u32, to_u32};
use crate::{Key, PropertySet};

/// No key. (Not 0: memory that begins as zeros costs two page faults where it is read before it is written, and the
/// second one has to tell every other CPU.)
pub(crate) const NONE: Key = u64::MAX;

/// A successor of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The state that it leads to.
    pub key: Key,
    /// What the step shows.
    pub properties: PropertySet,
}

/// The successors of a state, in the order of [`System::enabled`](crate::System::enabled); or of several states.
#[derive(Clone, Debug, Default)]
pub struct Successors {
    /// Where each step leads, or [`NONE`] if it is not to be followed.
    pub(crate) keys: Vec<Key>,
    /// The places of steps that show something, ascending, and what.
    pub(crate) marked: Vec<(u32, PropertySet)>,
}

impl Successors {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Drops all.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Drops all but the first ones.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.keys.truncate(len);
        while self.marked.last().is_some_and(|&(place, _)| place as usize >= len) {
            self.marked.pop();
        }
    }

    /// The step at a place shows these properties too.
    pub(crate) fn mark(&mut self, place: usize, properties: PropertySet) {
        let at = self.marked.partition_point(|&(marked, _)| (marked as usize) < place);
        match self.marked.get_mut(at) {
            Some((marked, shown)) if *marked as usize == place => *shown |= properties,
            _ => self.marked.insert(at, (to_u32(place), properties)),
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Successor> {
        let mut marked = self.marked.iter().copied().peekable();
        self.keys.iter().enumerate().map(move |(place, &key)| {
            let properties = marked.next_if(|&(marked, _)| marked as usize == place);
            Successor { key, properties: properties.map_or(PropertySet::NONE, |(_, properties)| properties) }
        })
    }

    /// Appends successors of the state `from`: the bits that each step flips, and what each step shows. The second list
    /// may be shorter, if the last steps show nothing.
    pub(crate) fn extend(&mut self, from: Key, flips: &[u64], properties: &[u64]) {
        let start = to_u32(self.keys.len());
        self.keys.extend(flips.iter().map(|flip| from ^ flip));
        let shown = (start..).zip(properties).filter(|&(_, &properties)| properties != 0);
        self.marked.extend(shown.map(|(place, &properties)| (place, PropertySet(low_u32(properties)))));
    }

    /// Appends the first `count` of a few steps that show nothing. All of them are written and the rest is cut off: a
    /// branch on the count would be mispredicted.
    #[inline(always)]
    pub(crate) fn extend_few<const N: usize>(&mut self, from: Key, flips: [u64; N], count: usize) {
        let len = self.keys.len() + count;
        self.keys.extend_from_slice(&flips.map(|flip| from ^ flip));
        self.keys.truncate(len);
    }
}

#[cfg(test)]
mod tests {
    use super::Successors;
    use crate::PropertySet;

    #[test]
    fn properties_stay_with_their_steps() {
        let mut successors = Successors::default();
        successors.extend_few(1, [2, 4, 6, 8], 3);
        successors.extend(1, &[10, 12, 14], &[0, 5]);
        successors.extend_few(0, [7, 0, 0, 0], 1);
        let all: Vec<(u64, u32)> = successors.iter().map(|step| (step.key, step.properties.0)).collect();
        assert_eq!(all, [(3, 0), (5, 0), (7, 0), (11, 0), (13, 5), (15, 0), (7, 0)]);
        successors.truncate(4);
        assert!(successors.len() == 4 && successors.iter().all(|step| step.properties == PropertySet::NONE));
        successors.clear();
        assert!(successors.is_empty());
    }
}
