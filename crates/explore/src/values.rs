//! The values that the parts of a state take, by number, and what is known of each.
//!
//! Values turn up rarely once a search is under way, so one lock guards them all, and each worker keeps a copy of
//! what it needs at every state.

use crate::System;
use crate::interner::Interner;

/// One group's dependencies for some values of its leading part.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) group: u32,
    /// The parts read or written, ascending.
    pub(crate) parts: Vec<u8>,
}

/// What is known of the values of one part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// For each value and each group that the part leads, the number of the shape + 1; 0 if the group has no action.
    pub(crate) shapes: Vec<u32>,
    /// For each value, whether it rules out every action.
    pub(crate) halts: Vec<bool>,
}

/// All values of all parts.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    names: Vec<Interner>,
    pub(crate) facts: Vec<Facts>,
    pub(crate) shapes: Vec<Shape>,
    shape_names: Interner,
    /// For each part, the groups it leads.
    led: Vec<Vec<u32>>,
    bytes: Vec<u8>,
    view: Vec<u8>,
}

impl Values {
    /// None yet, of so many parts that lead these groups.
    pub(crate) fn new(led: Vec<Vec<u32>>) -> Values {
        Values {
            names: vec![Interner::default(); led.len()],
            facts: vec![Facts::default(); led.len()],
            shapes: Vec::new(),
            shape_names: Interner::default(),
            led,
            bytes: Vec::new(),
            view: Vec::new(),
        }
    }

    /// The bytes of a value.
    pub(crate) fn get(&self, part: usize, value: u32) -> &[u8] {
        self.names[part].get(value)
    }

    /// The number of a value, if it has one.
    pub(crate) fn find(&self, part: usize, bytes: &[u8]) -> Option<u32> {
        self.names[part].find(bytes)
    }

    /// Bytes of memory in use.
    pub(crate) fn memory(&self) -> u64 {
        let facts = self.facts.iter().map(|facts| (4 * facts.shapes.len() + facts.halts.len()) as u64);
        facts.chain(self.names.iter().map(Interner::memory)).sum()
    }

    /// The number of the value that a part has in a state.
    pub(crate) fn insert<S: System>(&mut self, system: &S, state: &S::State, part: usize) -> u32 {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        system.pack_part(state, part as u32, &mut bytes);
        let known = self.names[part].len();
        let value = self.names[part].insert(&bytes);
        self.bytes = bytes;
        if value == known {
            self.facts[part].halts.push(system.halts(state, part as u32));
            for place in 0..self.led[part].len() {
                let group = self.led[part][place];
                self.view.clear();
                let shape = match system.reads(state, group, &mut self.view) {
                    Some(reads) => self.shape(group, reads) + 1,
                    None => 0,
                };
                self.facts[part].shapes.push(shape);
            }
        }
        value
    }

    /// The number of the shape of what reads these parts everywhere, under the number of no group.
    pub(crate) fn fixed(&mut self, reads: u64) -> u32 {
        self.view.clear();
        self.shape(u32::MAX, reads)
    }

    /// The number of the shape of a group that reads these parts, and `view`.
    fn shape(&mut self, group: u32, reads: u64) -> u32 {
        self.view.extend(group.to_le_bytes());
        self.view.extend(reads.to_le_bytes());
        let known = self.shapes.len() as u32;
        let shape = self.shape_names.insert(&self.view);
        if shape == known {
            let parts = (0..self.names.len() as u8).filter(|&part| reads >> part & 1 == 1).collect();
            self.shapes.push(Shape { group, parts });
        }
        shape
    }
}
