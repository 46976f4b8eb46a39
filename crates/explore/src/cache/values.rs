//! The values that the parts of a state take, by number, and the footprints of the groups at each.
//!
//! New values are rare once a search is under way. So one lock guards all of them, and each worker keeps its own copy of
//! what it needs at every state.

use super::interner::Interner;
use super::layout::{Layout, Source};
use crate::Factored;
use crate::width::to_u32;

/// The footprint of a group, for some values of its control part.
#[derive(Clone, Debug)]
pub(crate) struct Footprint {
    pub(crate) group: u32,
    /// The parts read or written, as a set.
    pub(crate) parts: u64,
}

/// All values of all parts.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    names: Vec<Interner>,
    /// Pairs of numbers, for fields that hold them.
    pairs: Vec<Interner>,
    /// For each part, for each of its values and each group that it controls: the number of the group's footprint plus
    /// one, or 0 if the group has no action.
    by_value: Vec<Vec<u32>>,
    /// For each value of the part that may rule out every action, whether it does.
    halts: Vec<bool>,
    footprints: Vec<Footprint>,
    footprint_names: Interner,
    /// For each part, the groups that it controls.
    controlled: Vec<Vec<u32>>,
    bytes: Vec<u8>,
    view: Vec<u8>,
}

/// A pair of numbers as a name.
fn pair(left: u32, right: u32) -> [u8; 8] {
    (u64::from(left) << 32 | u64::from(right)).to_le_bytes()
}

impl Values {
    /// No value yet. Each part controls these groups.
    pub(crate) fn new(controlled: Vec<Vec<u32>>) -> Values {
        Values {
            names: vec![Interner::default(); controlled.len()],
            pairs: Vec::new(),
            by_value: vec![Vec::new(); controlled.len()],
            halts: Vec::new(),
            footprints: Vec::new(),
            footprint_names: Interner::default(),
            controlled,
            bytes: Vec::new(),
            view: Vec::new(),
        }
    }

    /// The bytes of a value.
    pub(crate) fn get(&self, part: usize, value: u32) -> &[u8] {
        self.names[part].get(value)
    }

    /// The bytes of all values of a part.
    pub(crate) fn of(&self, part: usize) -> impl Iterator<Item = &[u8]> {
        let names = &self.names[part];
        (0..names.len()).map(|value| names.get(value))
    }

    /// How many values a part has had.
    pub(crate) fn count_of(&self, part: usize) -> u32 {
        self.names[part].len()
    }

    /// The number of a value, if it has one.
    pub(crate) fn find(&self, part: usize, bytes: &[u8]) -> Option<u32> {
        self.names[part].find(bytes)
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        let by_value = self.by_value.iter().map(|footprints| 4 * footprints.len() as u64);
        by_value.chain(self.names.iter().chain(&self.pairs).map(Interner::memory)).sum()
    }

    /// The number of the value that a part has in a state.
    pub(crate) fn insert<S: Factored>(&mut self, system: &S, state: &S::State, part: usize) -> u32 {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        system.pack_part(state, to_u32(part), &mut bytes);
        let known = self.names[part].len();
        let value = self.names[part].insert(&bytes);
        self.bytes = bytes;
        if value == known {
            if system.halting_part() == Some(to_u32(part)) {
                self.halts.push(system.halts(state));
            }
            for place in 0..self.controlled[part].len() {
                let group = self.controlled[part][place];
                self.view.clear();
                let footprint = match system.footprint(state, group, &mut self.view) {
                    Some(reads) => self.number_footprint(group, reads) + 1,
                    None => 0,
                };
                self.by_value[part].push(footprint);
            }
        }
        value
    }

    /// The number of a footprint that is the same everywhere, and belongs to no group.
    pub(crate) fn fixed(&mut self, reads: u64) -> u32 {
        self.view.clear();
        self.number_footprint(u32::MAX, reads)
    }

    /// The number of a group's footprint: these parts, and the projection in `view`.
    fn number_footprint(&mut self, group: u32, reads: u64) -> u32 {
        self.view.extend(group.to_le_bytes());
        self.view.extend(reads.to_le_bytes());
        let known = to_u32(self.footprints.len());
        let footprint = self.footprint_names.insert(&self.view);
        if footprint == known {
            self.footprints.push(Footprint { group, parts: reads });
        }
        footprint
    }

    /// All footprints.
    pub(crate) fn footprints(&self) -> &[Footprint] {
        &self.footprints
    }

    /// How many numbers there are of a field's kind.
    pub(crate) fn count(&self, source: &Source) -> u32 {
        match source {
            Source::Part(part) => self.names[usize::from(*part)].len(),
            Source::Pair(table, _) => self.pairs[usize::from(*table)].len(),
        }
    }

    /// A new table of pairs.
    pub(crate) fn join(&mut self, left: Source, right: Source) -> Source {
        let table =
            u8::try_from(self.pairs.len()).expect("two of at most 64 fields become one, fewer than 64 times");
        self.pairs.push(Interner::default());
        Source::Pair(table, Box::new((left, right)))
    }

    /// The number for what the parts' values are, a new one if there is none.
    pub(crate) fn number(&mut self, source: &Source, values: &[u32]) -> u32 {
        match source {
            Source::Part(part) => values[usize::from(*part)],
            Source::Pair(table, both) => {
                let name = pair(self.number(&both.0, values), self.number(&both.1, values));
                self.pairs[usize::from(*table)].insert(&name)
            }
        }
    }

    /// The number for what the parts' values are, if there is one.
    pub(crate) fn number_of(&self, source: &Source, values: &[u32]) -> Option<u32> {
        match source {
            Source::Part(part) => Some(values[usize::from(*part)]),
            Source::Pair(table, both) => {
                let name = pair(self.number_of(&both.0, values)?, self.number_of(&both.1, values)?);
                self.pairs[usize::from(*table)].find(&name)
            }
        }
    }

    /// The number that a field has in a state with this key, whose layout may lack the field itself but has the fields that
    /// have been joined in it; nothing if there is none.
    pub(crate) fn number_in(&self, source: &Source, layout: &Layout, key: u64) -> Option<u32> {
        if let Some(field) = layout.fields.iter().find(|field| field.source == *source) {
            return Some(field.get(key));
        }
        let Source::Pair(table, both) = source else { return None };
        let name = pair(self.number_in(&both.0, layout, key)?, self.number_in(&both.1, layout, key)?);
        self.pairs[usize::from(*table)].find(&name)
    }

    /// The value of each part that a number tells of.
    pub(crate) fn split(&self, source: &Source, number: u32, values: &mut [u32]) {
        match source {
            Source::Part(part) => values[usize::from(*part)] = number,
            Source::Pair(table, both) => {
                let name = self.pairs[usize::from(*table)].get(number);
                let half = |at: usize| name[at..at + 4].iter().rev().fold(0, |n, &b| n << 8 | u32::from(b));
                self.split(&both.0, half(4), values);
                self.split(&both.1, half(0), values);
            }
        }
    }

    /// The value of each part in a state.
    pub(crate) fn unfold(&self, layout: &Layout, key: u64, values: &mut [u32]) {
        for field in &layout.fields {
            self.split(&field.source, field.get(key), values);
        }
    }

    /// The footprints of the groups that a part controls, one after the other, where the part has this value.
    pub(crate) fn controlled(&self, part: usize, value: u32) -> &[u32] {
        let controlled = self.controlled[part].len();
        &self.by_value[part][value as usize * controlled..][..controlled]
    }

    /// Whether a value of the part that may do so rules out every action.
    pub(crate) fn halts(&self, value: u32) -> bool {
        self.halts[value as usize]
    }
}
