//! The states of a system as numbers of 64 bits.
//!
//! Each value of a part gets a number when it first turns up. The numbers of a state's parts, side by side, are the
//! state's key (`layout.rs`). Nothing is lost in it: different states have different keys, and a state can be read back
//! from its key. A step flips some bits of the key. Which bits depends only on the values of the parts in the step's
//! footprint, so a step that is known costs one exclusive-or.
//!
//! Several threads may share a space, each with a [`Worker`](crate::Worker) that expands states. The number that a value
//! gets then depends on which thread was first. Nothing else does.

use super::interner::Interner;
use super::layout::{Field, Layout, Source, bits, crowded};
use super::values::Values;
use crate::model::State;
use crate::width::to_u32;
use crate::{Factored, Handle, System};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A state, as the number that a space gave it.
pub type Key = u64;

/// The keys have no bits for a new value: [`Space::grow`] adds some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// How keys have changed in [`Space::grow`].
#[derive(Clone, Debug)]
pub struct Moved {
    from: Layout,
    to: Layout,
}

impl Moved {
    /// Whether each field is still there.
    pub(crate) fn keeps_fields(&self) -> bool {
        self.from.fields.len() == self.to.fields.len()
    }

    /// Bits of an old key, at their new places; if the fields have been kept.
    #[inline]
    pub(crate) fn shift(&self, bits: u64) -> u64 {
        let fields = self.from.fields.iter().zip(&self.to.fields);
        fields.fold(0, |moved, (from, to)| moved | to.put(from.get(bits)))
    }
}

/// Groups in a row that have the same control part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) control: u32,
    /// The first of them.
    pub(crate) group: u32,
    /// The place of the first one among all groups that the part controls, and how many groups are in the row.
    pub(crate) first: usize,
    pub(crate) count: usize,
}

/// The states of a system that have been found.
#[derive(Debug)]
pub struct Space<H: Handle> {
    system: H,
    parts: usize,
    values: Mutex<Values>,
    layout: Layout,
    /// All groups, in their order.
    pub(crate) bands: Vec<Band>,
    /// Number of the shape of "at rest".
    pub(crate) rest: u32,
}

/// How many states are sampled to find the fields that are best joined.
const SAMPLE: usize = 4_096;

impl<H: Handle<System: Factored>> Space<H> {
    /// A space that knows the initial state.
    #[must_use]
    pub fn new(handle: H) -> Space<H> {
        let system = handle.system();
        let parts = system.parts().clamp(1, 64) as usize;
        let mut controlled = vec![Vec::new(); parts];
        let mut bands: Vec<Band> = Vec::new();
        for group in 0..system.groups() {
            let control = system.control(group);
            match bands.last_mut() {
                Some(band) if band.control == control => band.count += 1,
                _ => bands.push(Band { control, group, first: controlled[control as usize].len(), count: 1 }),
            }
            controlled[control as usize].push(group);
        }
        let mut values = Values::new(controlled);
        let state = system.initial();
        for part in 0..parts {
            values.insert(system, &state, part);
        }
        let rest = values.fixed(system.quiescent_reads());
        let layout = Layout::new((0..).take(parts).map(|part| (Source::Part(part), 0)).collect());
        Space { values: Mutex::new(values), layout, bands, rest, parts, system: handle }
    }

    /// The system.
    pub fn system(&self) -> &H::System {
        self.system.system()
    }

    /// The initial state: the first value of each part, and the first pair of each two.
    #[must_use]
    pub fn initial(&self) -> Key {
        0
    }

    /// The place of a group among all groups that the same part controls.
    pub(crate) fn place_of(&self, group: u32) -> usize {
        let control = self.system().control(group);
        (0..group).filter(|&other| self.system().control(other) == control).count()
    }

    /// How many parts a state has.
    pub(crate) fn parts(&self) -> usize {
        self.parts
    }

    /// The layout of the keys.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Bytes of memory in use.
    #[must_use]
    pub fn memory(&self) -> u64 {
        self.values().memory()
    }

    /// The values of the parts. (A thread that panicked while it held them left them intact: numbers are only
    /// ever added.)
    pub(crate) fn values(&self) -> MutexGuard<'_, Values> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the keys long enough for all values so far. All keys change. A caller that keeps keys must translate them with
    /// [`Space::moved`], and must tell the workers ([`Worker::follow`](crate::Worker::follow)). `known` has to hold all
    /// keys that are kept: no others can be translated.
    pub fn grow(&mut self, known: impl Iterator<Item = Key> + Clone) -> Moved {
        let values = self.values.get_mut().unwrap_or_else(PoisonError::into_inner);
        let old = self.layout.clone();
        let mut sources: Vec<Source> = old.fields.iter().map(|field| field.source.clone()).collect();
        let mut parts = vec![0; self.parts];
        while crowded(sources.iter().map(|source| bits(values.count(source)))) && sources.len() > 1 {
            let at = best_pair(values, &old, &sources, known.clone().take(SAMPLE));
            let right = sources.remove(at + 1);
            sources[at] = values.join(sources[at].clone(), right);
            // The initial state first: its number is 0.
            for key in std::iter::once(0).chain(known.clone()) {
                values.unfold(&old, key, &mut parts);
                values.number(&sources[at], &parts);
            }
        }
        let needs: Vec<u32> = sources.iter().map(|source| bits(values.count(source))).collect();
        self.layout = Layout::new(sources.into_iter().zip(needs).collect());
        Moved { from: old, to: self.layout.clone() }
    }

    /// The key of a state that had the key `old` before the keys moved.
    #[must_use]
    pub fn moved(&self, moved: &Moved, old: Key) -> Key {
        if moved.keeps_fields() {
            return moved.shift(old);
        }
        let values = self.values();
        let number =
            |field: &Field| values.number_in(&field.source, &moved.from, old).map(|number| field.put(number));
        moved.to.fields.iter().try_fold(0, |key, field| Some(key | number(field)?)).unwrap_or_default()
    }

    /// The key of the state whose parts have these values, if it has one.
    fn fold(&self, values: &Values, parts: &[u32]) -> Option<Key> {
        let number = |field: &Field| {
            let number = values.number_of(&field.source, parts)?;
            (number <= field.most).then(|| field.put(number))
        };
        self.layout.fields.iter().try_fold(0, |key, field| Some(key | number(field)?))
    }

    /// The number of a part's value that another space has named; it need not have turned up here. `scratch` is any state.
    pub(crate) fn adopt(&self, part: usize, bytes: &[u8], scratch: &mut State<H>) -> u32 {
        let mut values = self.values();
        if let Some(number) = values.find(part, bytes) {
            return number;
        }
        self.system().unpack_part(bytes, to_u32(part), scratch);
        values.insert(self.system(), scratch, part)
    }

    /// The key of a state, which need not have been met.
    ///
    /// # Errors
    /// If the keys have no bits for one of its values.
    pub(crate) fn enter(&self, state: &State<H>) -> Result<Key, Full> {
        let mut values = self.values();
        let parts = (0..self.parts).map(|part| values.insert(self.system(), state, part));
        let parts: Vec<u32> = parts.collect();
        drop(values);
        self.join(&parts)
    }

    /// The key of the state whose parts have these values.
    ///
    /// # Errors
    /// If the keys have no bits for one of them.
    pub(crate) fn join(&self, parts: &[u32]) -> Result<Key, Full> {
        let mut values = self.values();
        self.layout.fields.iter().try_fold(0, |key, field| {
            let number = values.number(&field.source, parts);
            if number > field.most { Err(Full) } else { Ok(key | field.put(number)) }
        })
    }

    /// A state that has been met, from its key.
    #[must_use]
    pub fn state(&self, key: Key) -> State<H> {
        let (values, mut parts) = (self.values(), vec![0; self.parts]);
        values.unfold(&self.layout, key, &mut parts);
        let system = self.system();
        let mut state = system.initial();
        for (part, &value) in (0..).zip(&parts) {
            system.unpack_part(values.get(part as usize, value), part, &mut state);
        }
        state
    }

    /// The key of a state; nothing if it has not been met.
    #[must_use]
    pub fn key(&self, state: &State<H>) -> Option<Key> {
        let (values, mut bytes) = (self.values(), Vec::new());
        let mut parts = Vec::with_capacity(self.parts);
        for part in 0..self.parts {
            bytes.clear();
            self.system().pack_part(state, to_u32(part), &mut bytes);
            parts.push(values.find(part, &bytes)?);
        }
        self.fold(&values, &parts)
    }
}

/// The place of the two neighbouring fields that save most bits when their pairs are numbered.
fn best_pair(
    values: &Values,
    layout: &Layout,
    sources: &[Source],
    sample: impl Iterator<Item = Key> + Clone,
) -> usize {
    let mut parts = vec![0; 64];
    let mut saved = |at: usize| {
        let (left, right) = (&sources[at], &sources[at + 1]);
        let mut met = Interner::default();
        for key in sample.clone() {
            values.unfold(layout, key, &mut parts);
            let name = [values.number_of(left, &parts), values.number_of(right, &parts)];
            met.insert(&name.map(|number| number.unwrap_or_default().to_le_bytes()).concat());
        }
        bits(values.count(left)) + bits(values.count(right)) - bits(met.len().max(1))
    };
    // The first of the best.
    let mut best = (0, 0);
    for at in 0..sources.len() - 1 {
        let saved = saved(at);
        if saved > best.0 {
            best = (saved, at);
        }
    }
    best.1
}
