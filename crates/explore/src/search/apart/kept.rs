//! Levels that are kept, so that a search whose process was lost can continue after the last one.
//!
//! When a level has been expanded, each member keeps its own states of the next one: the number of each, how it was
//! reached, and its parts. The values of parts come first, since values have other numbers in the next run. What is
//! known of the search as a whole comes with them. Numbers of states stay what they were, so it does not matter how
//! many members continue: each takes the states that it owns.

use super::letters::{Letter, Reader};
use super::owners::mix;
use super::{Apart, Candidate, legible};
use crate::search::breadth_first::Seen;
use crate::width::to_u32;
use crate::{Factored, Handle, Passed, PropertySet, Symmetric, System};
use std::collections::BTreeSet;

/// What is known of the search as a whole where a level begins.
struct Whole {
    states: u32,
    transitions: u64,
    properties: PropertySet,
    seen: [Option<Seen>; 32],
    ended: Option<u32>,
    widths: Vec<u32>,
    passed: Passed,
}

/// A state of a level, with its number.
type Numbered = (u32, Candidate);

impl<H: Handle<System: Symmetric>> Apart<H> {
    /// Begins, or continues after the levels that have been kept.
    pub(super) fn open(&mut self) {
        let identity = self.identity();
        let (search, mut levels) = self.team.borrow_mut().begin(identity);
        self.search = search;
        let same = (identity, self.team.borrow().subject());
        let mut letter = Letter::default();
        letter.number(same.0);
        letter.number(same.1);
        letter.number(levels.into());
        for letter in super::exchange_all(&self.team, &letter) {
            let mut reader = Reader(&letter);
            let mut read = || Some(((reader.number()?, reader.number()?), reader.small()?));
            let (theirs, kept) = legible(&self.team, read());
            if theirs != same {
                let why = "the processes do not search the same; are the texts and the options the same everywhere?";
                self.team.borrow_mut().fail(why);
            }
            levels = levels.min(kept);
        }
        if levels == 0 {
            self.start();
            self.save();
        } else {
            self.restore(levels);
        }
    }

    /// Tells apart searches of different systems, as far as can be seen from here, and in different ways. The rest is in
    /// [`Team::subject`](super::Team::subject); the limits are only there, so that what is kept does not depend on them.
    fn identity(&self) -> u64 {
        let system = self.space.system();
        let mut bytes = Vec::new();
        let initial = system.initial();
        (0..to_u32(self.space.parts())).for_each(|part| system.pack_part(&initial, part, &mut bytes));
        let ways = [self.saturation.is_some(), self.ordered, self.limits.symmetry].map(u8::from);
        bytes.extend(ways);
        bytes.extend(self.limits.avoid.0.to_le_bytes());
        bytes.extend(system.groups().to_le_bytes());
        hash(&bytes)
    }

    /// Keeps the level that begins.
    pub(super) fn save(&mut self) {
        if !self.team.borrow().keeps() {
            return;
        }
        let mut letter = Letter::default();
        self.write_whole(&mut letter);
        let parts = self.space.parts();
        let mut values = vec![0; parts * self.level.len()];
        let known = self.space.values();
        for (values, state) in values.chunks_exact_mut(parts).zip(&self.level) {
            known.unfold(self.space.layout(), state.1, values);
        }
        // The values of these states, and those that nothing kept has yet.
        let mut used: Vec<Vec<u32>> = Vec::new();
        for (part, saved) in self.saved.iter_mut().enumerate() {
            let count = known.count_of(part);
            let of_states = values.iter().skip(part).step_by(parts).copied();
            let numbers: BTreeSet<u32> = of_states.chain(*saved..count).collect();
            letter.count(numbers.len());
            numbers.iter().for_each(|&number| letter.bytes(known.get(part, number)));
            used.push(numbers.into_iter().collect());
            *saved = count;
        }
        drop(known);
        letter.count(self.level.len());
        let logged = self.log.numbers.len() - self.level.len();
        for (at, values) in values.chunks_exact(parts).enumerate() {
            letter.number(self.log.numbers[logged + at].into());
            letter.number(self.log.parents[logged + at].into());
            letter.number(self.log.actions[logged + at].into());
            for (value, used) in values.iter().zip(&used) {
                letter.count(used.binary_search(value).unwrap_or_default());
            }
        }
        let sum = hash(&letter.0);
        letter.0.extend(sum.to_le_bytes());
        self.team.borrow_mut().keep(self.search, self.depth, &letter.0);
    }

    fn write_whole(&self, letter: &mut Letter) {
        letter.number(self.states.into());
        letter.number(self.transitions);
        letter.number(self.properties.0.into());
        for seen in self.seen.iter().flatten() {
            letter.number(seen.state.into());
            letter.place(seen.action);
        }
        letter.maybe(self.ended);
        letter.count(self.widths.len());
        self.widths.iter().for_each(|&width| letter.number(width.into()));
        letter.passed(&self.all_passed());
    }

    /// Takes its own states from so many levels.
    fn restore(&mut self, levels: u32) {
        for level in 0..levels {
            let files = self.team.borrow_mut().kept(self.search, level);
            let mut states = Vec::new();
            for file in files {
                let whole = self.read_level(&file, &mut states);
                let Some(whole) = whole else {
                    self.team.borrow_mut().fail(&format!("what was kept of level {level} can't be read"));
                };
                self.take_over(whole);
            }
            // Each level begins with the states behind those of the level before.
            states.sort_unstable_by_key(|state: &Numbered| state.0);
            let numbers: Vec<u32> = states.iter().map(|state| state.0).collect();
            let mut candidates: Vec<Candidate> = states.into_iter().map(|state| state.1).collect();
            self.add_new(&mut candidates);
            if candidates.len() != numbers.len() {
                self.team.borrow_mut().fail(&format!("what was kept of level {level} has a state twice"));
            }
            self.deeper.clear();
            for (number, Candidate { reached, key }) in numbers.into_iter().zip(candidates) {
                self.add(number, reached, key);
            }
        }
        std::mem::swap(&mut self.level, &mut self.deeper);
        self.deeper.clear();
        self.depth = levels - 1;
        self.end = self.states;
        self.next = self.states - self.widths.last().copied().unwrap_or_default();
        for (part, saved) in self.saved.iter_mut().enumerate() {
            *saved = self.space.values().count_of(part);
        }
    }

    fn take_over(&mut self, whole: Whole) {
        let Whole { states, transitions, properties, seen, ended, widths, passed } = whole;
        (self.states, self.transitions, self.widths) = (states, transitions, widths);
        (self.properties, self.seen, self.ended) = (properties, seen, ended);
        self.passed.add(&passed);
    }

    /// Reads a part of a level, and appends the states that belong here.
    fn read_level(&mut self, file: &[u8], states: &mut Vec<Numbered>) -> Option<Whole> {
        let (body, sum) = file.split_last_chunk::<8>()?;
        if hash(body) != u64::from_le_bytes(*sum) {
            return None;
        }
        let mut reader = Reader(body);
        let whole = read_whole(&mut reader)?;
        let parts = self.space.parts();
        let mut own: Vec<Vec<u32>> = vec![Vec::new(); parts];
        for (part, own) in own.iter_mut().enumerate() {
            for _ in 0..reader.count()? {
                own.push(self.space.adopt(part, reader.bytes()?, &mut self.scratch));
            }
        }
        let mut values = vec![0; parts];
        let mut met: Vec<Candidate> = Vec::new();
        let mut numbers = Vec::new();
        for _ in 0..reader.count()? {
            let number = reader.small()?;
            let reached = (reader.small()?, reader.action()?);
            for (value, own) in values.iter_mut().zip(&own) {
                *value = *own.get(reader.small()? as usize)?;
            }
            if self.owners.of(&self.space, &values) == self.me {
                // What was met in other files moves with the rest.
                let key = self.key_of_level(&values, &mut met, states);
                met.push(Candidate { reached, key });
                numbers.push(number);
            }
        }
        states.extend(numbers.into_iter().zip(met));
        reader.0.is_empty().then_some(whole)
    }

    fn key_of_level(&mut self, values: &[u32], met: &mut Vec<Candidate>, states: &mut [Numbered]) -> u64 {
        let own = met.len();
        met.extend(states.iter().map(|state| state.1));
        let key = self.key_of(values, met);
        states.iter_mut().zip(met.drain(own..)).for_each(|(state, moved)| state.1 = moved);
        key
    }
}

fn read_whole(reader: &mut Reader<'_>) -> Option<Whole> {
    let (states, transitions) = (reader.small()?, reader.number()?);
    let properties = reader.properties()?;
    let mut seen = [None; 32];
    for number in properties.iter() {
        seen[usize::from(number)] = Some(Seen { state: reader.small()?, action: reader.place()? });
    }
    let ended = reader.maybe()?;
    let widths = (0..reader.count()?).map(|_| reader.small()).collect::<Option<Vec<u32>>>()?;
    Some(Whole { states, transitions, properties, seen, ended, widths, passed: reader.passed()? })
}

fn hash(bytes: &[u8]) -> u64 {
    let mut chunks = bytes.chunks_exact(8);
    let mut hash = bytes.len() as u64;
    for chunk in &mut chunks {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        hash = mix(hash ^ u64::from_le_bytes(word)).wrapping_add(hash);
    }
    chunks.remainder().iter().fold(hash, |hash, &byte| mix(hash ^ u64::from(byte)))
}
