//! The toy: a model so small that a step costs next to nothing, so that the benchmark measures the checker.
//!
//! Four CPUs share a page table of one entry and run the same twelve steps: change the entry, raise the generation
//! with a locked operation, tell the neighbour by IPI and wait for its answer, use the translation. Each CPU has a
//! store buffer of depth two with forwarding. Three events happen of their own accord: a buffered store reaches
//! memory, a TLB is filled, an IPI is handled. [`PROGRAM`] contains all of this, and every checker's model is made
//! from it: ours and Stateright's by [`Toy`], Spin's by [`promela`].
//!
//! A state is one word for each CPU and one for memory. Its fields are four bits wide, so that no checker gains by
//! knowing their ranges better than another. Dead fields are zero.

pub mod promela;
#[cfg(test)]
mod tests;

use explore::{Asymmetric, Factored, PropertySet, Rounds, Sink, System};
use std::hash::{Hash, Hasher};

/// How many CPUs there are.
pub const CPUS: usize = 4;
/// Stores that a CPU's buffer holds.
pub const DEPTH: u64 = 2;
/// Words of memory that the program uses, each of four bits.
pub const LOCATIONS: [&str; 3] = ["entry", "generation", "count"];
const ENTRY: u8 = 0;
const GENERATION: u8 = 1;
const COUNT: u8 = 2;
/// What memory holds at first.
pub const MEMORY: [u64; LOCATIONS.len()] = [15, 0, 0];
/// Bits of a value.
const FIELD: u32 = 4;

/// One step of the program. `Own` is a value that differs from CPU to CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// A location becomes the CPU's own value (its number plus one), through the buffer.
    StoreOwn(u8),
    /// A location becomes what is in the register, through the buffer.
    StoreReg(u8),
    /// The register becomes what the CPU sees at a location.
    Load(u8),
    /// Waits until the buffer is empty.
    Fence,
    /// Waits until the buffer is empty, adds one, and keeps the sum in the register.
    LockedAdd(u8),
    /// Goes on at a step if the register is odd.
    SkipIfOdd(u8),
    /// Waits until the buffer is empty, then marks the next CPU's interrupt as pending.
    SendIpi,
    /// Waits until the next CPU has handled it.
    WaitAck,
    /// Waits until the TLB holds a translation, and uses it.
    Access,
    /// The same; it is observed whether the translation is [`STALE`].
    LastAccess,
    /// The last one: nothing.
    End,
}

/// What every CPU runs.
pub const PROGRAM: [Op; 13] = [
    Op::StoreOwn(ENTRY),
    Op::Load(GENERATION),
    Op::Fence,
    Op::LockedAdd(GENERATION),
    Op::SkipIfOdd(6),
    Op::StoreReg(COUNT),
    Op::SendIpi,
    Op::WaitAck,
    Op::Access,
    Op::StoreReg(COUNT),
    Op::Load(COUNT),
    Op::LastAccess,
    Op::End,
];

/// Where a field of a CPU's word begins.
const PC: u32 = 0;
const REG: u32 = 4;
const TLB: u32 = 8;
const IPIS: u32 = 12;
const LENGTH: u32 = 16;
/// Two stores, each a location and a value; the oldest first.
const STORES: u32 = 20;

/// The property that is looked for: an access through a translation that memory no longer has.
pub const STALE: u8 = 0;

/// The toy, with the steps that its CPUs begin at. That alone sets its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Toy {
    /// Where each CPU begins.
    pub starts: [u64; CPUS],
}

/// A state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words {
    /// One word for each CPU.
    pub cpus: [u64; CPUS],
    /// Memory.
    pub memory: u64,
}

/// What can happen on a CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Its next step.
    Step(u8),
    /// Its oldest buffered store reaches memory.
    Drain(u8),
    /// Its TLB is filled.
    Fill(u8),
    /// It handles its interrupt: drops the translation, and every sender is answered.
    Handle(u8),
}

/// The kinds of action, in the order in which they are listed for each CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Step,
    Drain,
    Fill,
    Handle,
}

const KINDS: [Kind; 4] = [Kind::Step, Kind::Drain, Kind::Fill, Kind::Handle];

#[inline]
const fn get(word: u64, at: u32) -> u64 {
    word >> at & 15
}

#[inline]
const fn set(word: u64, at: u32, value: u64) -> u64 {
    word & !(15 << at) | (value & 15) << at
}

/// Word by word: the least that a checker's hasher can be given.
impl Hash for Words {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        for word in self.cpus {
            hasher.write_u64(word);
        }
        hasher.write_u64(self.memory);
    }
}

/// Bytes of a word that are used.
const BYTES: usize = 5;

impl Words {
    fn word(&self, part: u32) -> u64 {
        self.cpus.get(part as usize).copied().unwrap_or(self.memory)
    }

    fn word_mut(&mut self, part: u32) -> &mut u64 {
        self.cpus.get_mut(part as usize).unwrap_or(&mut self.memory)
    }

    /// What a CPU sees at a location: its youngest buffered store there, or memory.
    fn seen(&self, cpu: usize, location: u8) -> u64 {
        let word = self.cpus[cpu];
        for slot in (0..get(word, LENGTH) as u32).rev() {
            if get(word, STORES + 8 * slot) == u64::from(location) {
                return get(word, STORES + 8 * slot + FIELD);
            }
        }
        get(self.memory, FIELD * u32::from(location))
    }

    fn push(&mut self, cpu: usize, location: u8, value: u64) {
        let word = &mut self.cpus[cpu];
        let length = get(*word, LENGTH);
        let at = STORES + 8 * length as u32;
        *word = set(set(*word, at, location.into()), at + FIELD, value);
        *word = set(*word, LENGTH, length + 1);
    }
}

impl Toy {
    fn can_step(state: &Words, cpu: usize) -> bool {
        let word = state.cpus[cpu];
        let length = get(word, LENGTH);
        match PROGRAM[get(word, PC) as usize] {
            Op::StoreOwn(_) | Op::StoreReg(_) => length < DEPTH,
            Op::Fence | Op::LockedAdd(_) | Op::SendIpi => length == 0,
            Op::WaitAck => get(state.cpus[(cpu + 1) % CPUS], IPIS) >> cpu & 1 == 0,
            Op::Access | Op::LastAccess => get(word, TLB) != 0,
            Op::Load(_) | Op::SkipIfOdd(_) => true,
            Op::End => false,
        }
    }

    #[inline]
    fn list(state: &Words, cpu: usize, kind: Kind, out: &mut Vec<Action>) {
        let word = state.cpus[cpu];
        let number = cpu as u8;
        match kind {
            Kind::Step if Toy::can_step(state, cpu) => out.push(Action::Step(number)),
            Kind::Drain if get(word, LENGTH) != 0 => out.push(Action::Drain(number)),
            Kind::Fill if get(word, TLB) == 0 => out.push(Action::Fill(number)),
            Kind::Handle if get(word, IPIS) != 0 => out.push(Action::Handle(number)),
            _ => {}
        }
    }

    fn operate(state: &mut Words, cpu: usize) -> PropertySet {
        let word = state.cpus[cpu];
        let (mut pc, reg) = (get(word, PC), get(word, REG));
        let op = PROGRAM[pc as usize];
        pc += 1;
        let mut properties = PropertySet::NONE;
        match op {
            Op::StoreOwn(location) => state.push(cpu, location, cpu as u64 + 1),
            Op::StoreReg(location) => state.push(cpu, location, reg),
            Op::Load(location) => state.cpus[cpu] = set(word, REG, state.seen(cpu, location)),
            Op::LockedAdd(location) => {
                let at = FIELD * u32::from(location);
                let sum = get(state.memory, at) + 1;
                state.memory = set(state.memory, at, sum);
                state.cpus[cpu] = set(word, REG, sum);
            }
            Op::SkipIfOdd(target) if reg & 1 == 1 => pc = target.into(),
            Op::SendIpi => state.cpus[(cpu + 1) % CPUS] |= 1 << (IPIS + cpu as u32),
            Op::LastAccess if get(word, TLB) != get(state.memory, FIELD * u32::from(ENTRY)) => {
                properties = PropertySet::one(STALE);
            }
            Op::SkipIfOdd(_) | Op::Access | Op::LastAccess | Op::Fence | Op::WaitAck | Op::End => {}
        }
        state.cpus[cpu] = set(state.cpus[cpu], PC, pc);
        properties
    }
}

impl System for Toy {
    type State = Words;
    type Action = Action;
    type Event = ();

    fn initial(&self) -> Words {
        let memory = (0..).zip(MEMORY).fold(0, |word, (at, value)| set(word, FIELD * at, value));
        Words { cpus: self.starts, memory }
    }

    #[inline]
    fn enabled(&self, state: &Words, out: &mut Vec<Action>) {
        for cpu in 0..CPUS {
            for kind in KINDS {
                Toy::list(state, cpu, kind, out);
            }
        }
    }

    #[inline]
    fn step(&self, state: &mut Words, action: Action, _: &mut impl Sink<()>) -> PropertySet {
        match action {
            Action::Step(cpu) => return Toy::operate(state, cpu.into()),
            Action::Drain(cpu) => {
                let word = &mut state.cpus[usize::from(cpu)];
                let location = get(*word, STORES) as u32;
                state.memory = set(state.memory, FIELD * location, get(*word, STORES + FIELD));
                let younger = *word >> (STORES + 8);
                *word = *word & ((1 << STORES) - 1) | younger << STORES;
                *word = set(*word, LENGTH, get(*word, LENGTH) - 1);
            }
            Action::Fill(cpu) => {
                let entry = get(state.memory, FIELD * u32::from(ENTRY));
                let word = &mut state.cpus[usize::from(cpu)];
                *word = set(*word, TLB, entry);
            }
            Action::Handle(cpu) => {
                let word = &mut state.cpus[usize::from(cpu)];
                *word = set(set(*word, TLB, 0), IPIS, 0);
            }
        }
        PropertySet::NONE
    }

    #[inline]
    fn observe(&self, _: &Words, _: &[Action]) -> PropertySet {
        PropertySet::NONE
    }

    #[inline]
    fn ended(&self, _: &Words, enabled: &[Action]) -> bool {
        enabled.is_empty()
    }

    #[inline]
    fn truncated(&self) -> PropertySet {
        PropertySet::NONE
    }

    #[inline]
    fn pack(&self, state: &Words, out: &mut Vec<u8>) {
        for part in 0..self.parts() {
            self.pack_part(state, part, out);
        }
    }

    #[inline]
    fn unpack(&self, bytes: &[u8]) -> Words {
        let mut words = Words { cpus: [0; CPUS], memory: 0 };
        for (part, bytes) in (0..).zip(bytes.chunks(BYTES)) {
            self.unpack_part(bytes, part, &mut words);
        }
        words
    }
}

impl Factored for Toy {
    /// Each CPU's word is a part, and so is memory.
    fn parts(&self) -> u32 {
        CPUS as u32 + 1
    }

    fn pack_part(&self, state: &Words, part: u32, out: &mut Vec<u8>) {
        out.extend_from_slice(&state.word(part).to_le_bytes()[..BYTES]);
    }

    fn unpack_part(&self, bytes: &[u8], part: u32, state: &mut Words) {
        let mut word = [0; 8];
        word[..BYTES].copy_from_slice(bytes);
        *state.word_mut(part) = u64::from_le_bytes(word);
    }

    fn copy_part(&self, from: &Words, part: u32, to: &mut Words) {
        *to.word_mut(part) = from.word(part);
    }

    fn groups(&self) -> u32 {
        (CPUS * KINDS.len()) as u32
    }

    fn control(&self, group: u32) -> u32 {
        group / KINDS.len() as u32
    }

    fn footprint(&self, state: &Words, group: u32, _: &mut Vec<u8>) -> Option<u64> {
        let cpu = self.control(group) as usize;
        let word = state.cpus[cpu];
        let (own, memory, next) = (1 << cpu, 1 << CPUS, 1 << ((cpu + 1) % CPUS));
        match KINDS[group as usize % KINDS.len()] {
            Kind::Step => match PROGRAM[get(word, PC) as usize] {
                Op::Load(_) | Op::LockedAdd(_) | Op::LastAccess => Some(own | memory),
                Op::SendIpi | Op::WaitAck => Some(own | next),
                Op::StoreOwn(_) | Op::StoreReg(_) | Op::Fence | Op::SkipIfOdd(_) | Op::Access => Some(own),
                Op::End => None,
            },
            Kind::Drain => (get(word, LENGTH) != 0).then_some(own | memory),
            Kind::Fill => (get(word, TLB) == 0).then_some(own | memory),
            Kind::Handle => (get(word, IPIS) != 0).then_some(own),
        }
    }

    fn enabled_in(&self, state: &Words, group: u32, out: &mut Vec<Action>) {
        Toy::list(state, self.control(group) as usize, KINDS[group as usize % KINDS.len()], out);
    }

    fn halting_part(&self) -> Option<u32> {
        None
    }

    fn halts(&self, _: &Words) -> bool {
        false
    }

    /// It has ended where nothing is enabled.
    fn optional(&self, _: Action) -> bool {
        false
    }

    /// It ends wherever nothing is enabled, whatever the state.
    fn quiescent_reads(&self) -> u64 {
        0
    }

    fn may_go_round(&self) -> PropertySet {
        PropertySet::NONE
    }

    fn goes_round(&self, _: &Self::State, _: &mut Rounds) -> PropertySet {
        PropertySet::NONE
    }
}

impl Asymmetric for Toy {}
