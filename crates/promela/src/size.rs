//! How much room a model needs, measured on the states nearest to the initial state.
//!
//! Three bounds limit how many states are looked at: their number, their weight, and the work to find them. If no
//! other states exist, the room is exact. Otherwise the room is a little more than twice the measured room, and a
//! run that needs more ends and says so.

use explore::{Passed, Sink, System};
use lang::effects::Sends;
use machine::{Event, Machine, State};
use std::collections::{BTreeSet, VecDeque};

/// States that are looked at, the bytes of them that are kept, the bytes that all steps lead to, and the silent
/// operations that they may take: whatever comes first. A state of many CPUs has many steps, and each of them is a copy.
const MOST: usize = 30_000;
const MOST_BYTES: usize = 16 << 20;
const MOST_PACKED: usize = 64 << 20;
const MOST_WORK: u64 = 20_000_000;

/// Adds up what steps cost.
#[derive(Default)]
struct Work(u64);

impl Sink<Event> for Work {
    fn event(&mut self, _: impl FnOnce() -> Event) {}

    fn listens(&self) -> bool {
        false
    }

    fn worked(&mut self, work: u32) {
        self.0 += u64::from(work);
    }

    fn passed(&mut self) -> Option<&mut Passed> {
        None
    }
}

/// Capacities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// Actions enabled at once.
    pub(crate) actions: u16,
    /// Entries in a TLB.
    pub(crate) tlb: u16,
    /// Entries in the paging-structure caches of a CPU.
    pub(crate) psc: u16,
    /// Words that a frame uses.
    pub(crate) slots: u16,
    /// IPIs pending at a CPU; 0 if the program sends none.
    pub(crate) ipis: u16,
    /// Broadcasts on their way to a CPU; 0 if the program sends none.
    pub(crate) casts: u16,
    /// Frames that wait for RCU; 0 if the program frees none so.
    pub(crate) rcus: u16,
}

impl Size {
    fn fields(&mut self) -> [&mut u16; 7] {
        let Size { actions, tlb, psc, slots, ipis, casts, rcus } = self;
        [actions, tlb, psc, slots, ipis, casts, rcus]
    }

    /// With more space in everything that is used.
    pub(crate) fn with(mut self, room: u16) -> Size {
        for field in self.fields() {
            if *field > 0 {
                *field = field.saturating_add(room);
            }
        }
        self
    }

    fn note(&mut self, state: &State, actions: usize) {
        let most = |field: &mut u16, length: usize| *field = (*field).max(length.min(4096) as u16);
        most(&mut self.actions, actions);
        most(&mut self.rcus, state.rcu.len());
        for cpu in &state.cpus {
            most(&mut self.tlb, cpu.hw.tlb.len());
            most(&mut self.psc, cpu.hw.psc.len());
            most(&mut self.ipis, cpu.pending.len());
            most(&mut self.casts, cpu.broadcasts.len());
        }
    }
}

/// Measures.
pub(crate) fn measure(machine: &Machine) -> Size {
    let mut size = Size { actions: 1, tlb: 1, psc: 1, slots: 1, ..Size::default() };
    for op in &machine.program().code {
        match op.effects().sends {
            Some(Sends::Ipis(_)) => size.ipis = 1,
            Some(Sends::Broadcasts) => size.casts = 1,
            Some(Sends::RcuFrames) => size.rcus = 1,
            None => {}
        }
    }
    let (mut seen, mut words) = (BTreeSet::new(), BTreeSet::new());
    let mut waiting = VecDeque::from([machine.initial()]);
    let (mut enabled, mut whole) = (Vec::new(), true);
    let (mut kept, mut packed, mut work) = (0, 0, Work::default());
    while let Some(state) = waiting.pop_front() {
        if work.0 >= MOST_WORK || packed >= MOST_PACKED {
            whole = false;
            break;
        }
        enabled.clear();
        machine.enabled(&state, &mut enabled);
        size.note(&state, enabled.len());
        words.extend(state.memory.frames.iter().flat_map(|frame| frame.words()).map(|word| word.0));
        for &action in &enabled {
            let mut after = state.clone();
            machine.step(&mut after, action, &mut work);
            let mut bytes = Vec::new();
            machine.pack(&after, &mut bytes);
            packed += bytes.len();
            if seen.len() < MOST && kept < MOST_BYTES {
                let weight = bytes.len();
                if seen.insert(bytes) {
                    kept += weight;
                    waiting.push_back(after);
                }
            } else if !seen.contains(&bytes) {
                whole = false;
            }
        }
    }
    size.slots = size.slots.max(words.len() as u16);
    if !whole {
        for field in size.fields() {
            if *field > 0 {
                *field = 2 * *field + 2;
            }
        }
    }
    size
}
