//! Which parts of a state each operation of a program reads and writes: a search compares these parts before it reuses
//! a remembered step ([`explore::Space`]).
//!
//! They follow from the operation's row ([`Effects`]) and the machine that the program runs on, and are computed once,
//! before the first step.

use crate::number::{CELLS, MEMORY, hardware, software};
use lang::effects::{Access, Effects, Sends, Touches};
use lang::program::{Place, Program};

/// What an action reads and writes, apart from its own CPU's software.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TouchedParts(u8);

impl TouchedParts {
    pub(crate) const NOTHING: TouchedParts = TouchedParts(0);
    pub(crate) const CELLS: TouchedParts = TouchedParts(1);
    pub(crate) const MEMORY: TouchedParts = TouchedParts(2);
    /// Its own CPU's hardware.
    pub(crate) const HARDWARE: TouchedParts = TouchedParts(4);
    /// All CPUs' software.
    const SOFTWARES: TouchedParts = TouchedParts(8);
    /// All CPUs' hardware.
    const HARDWARES: TouchedParts = TouchedParts(16);
    const ALL: TouchedParts = TouchedParts(31);

    pub(crate) const fn and(self, other: TouchedParts) -> TouchedParts {
        TouchedParts(self.0 | other.0)
    }

    /// As a set of parts, with the software of the CPU itself.
    pub(crate) fn parts(self, cpu: u8, cpus: u8) -> u64 {
        let mut parts = 1 << software(cpu);
        let mut add = |needs: TouchedParts, part: u32| {
            if self.0 & needs.0 != 0 {
                parts |= 1 << part;
            }
        };
        add(TouchedParts::CELLS, CELLS);
        add(TouchedParts::MEMORY, MEMORY);
        add(TouchedParts::HARDWARE, hardware(cpu));
        for cpu in 0..cpus {
            add(TouchedParts::SOFTWARES, software(cpu));
            add(TouchedParts::HARDWARES, hardware(cpu));
        }
        parts
    }
}

/// What each operation of a program needs.
#[derive(Clone, Debug)]
pub(crate) struct Dependencies {
    /// The operation itself.
    pub(crate) own: Vec<TouchedParts>,
    /// The silent operations that run from there on, up to the next one that is a step.
    pub(crate) silent: Vec<TouchedParts>,
    /// A quiescent state.
    pub(crate) quiescent: TouchedParts,
}

impl Dependencies {
    pub(crate) fn new(program: &Program, effects: &[Effects]) -> Dependencies {
        let quiescent = quiescent(program, effects);
        let own: Vec<TouchedParts> = effects.iter().map(|row| needs(program, row, quiescent)).collect();
        let silent = silent(effects, &own);
        Dependencies { own, silent, quiescent }
    }
}

/// What the silent operations that may follow each operation need. Each operation passes its needs to those before it
/// until nothing changes any more: a long program has long rows of silent operations, and following the row from each
/// of them would take time quadratic in its length.
fn silent(effects: &[Effects], own: &[TouchedParts]) -> Vec<TouchedParts> {
    // A wait that is over, and accesses that nobody else can see, need no step; whether this is one is only known when
    // it runs (`Machine::unseen`).
    let silent = |pc: usize| effects.get(pc).is_some_and(|row| row.seen.maybe_silent());
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); effects.len()];
    for pc in (0..effects.len()).filter(|&pc| silent(pc)) {
        // Every thread and handler ends with an operation that is not silent.
        effects[pc].flow.successors(pc).filter(|&next| silent(next)).for_each(|next| before[next].push(pc));
    }
    let mut all: Vec<TouchedParts> = own
        .iter()
        .enumerate()
        .map(|(pc, needs)| if silent(pc) { *needs } else { TouchedParts::NOTHING })
        .collect();
    // From the end on, since most operations follow the one before them.
    let mut todo: Vec<usize> = (0..effects.len()).filter(|&pc| silent(pc)).collect();
    while let Some(pc) = todo.pop() {
        for &earlier in &before[pc] {
            let with = all[earlier].and(all[pc]);
            if with != all[earlier] {
                all[earlier] = with;
                todo.push(earlier);
            }
        }
    }
    all
}

/// What an operation reads and writes, including what decides whether it is blocked.
fn needs(program: &Program, row: &Effects, quiescent: TouchedParts) -> TouchedParts {
    let touched = [
        (Touches::FRAMES, TouchedParts::MEMORY),
        (Touches::TRANSLATIONS, TouchedParts::HARDWARE),
        (Touches::ALL_TRANSLATIONS, TouchedParts::HARDWARES),
        (Touches::ALL_CPUS, TouchedParts::SOFTWARES),
        // A new address space has its variables with their initial values.
        (Touches::ROOTS, TouchedParts::CELLS.and(TouchedParts::MEMORY)),
        // The silent operations of the other task run in the step of the switch, whatever they are.
        (Touches::TASKS, TouchedParts::ALL),
        (Touches::QUIESCENCE, quiescent),
        (Touches::GUESTS, TouchedParts::HARDWARE),
    ];
    let touched = touched.into_iter().filter(|(touches, _)| row.touches.any(*touches));
    let all = touched.fold(TouchedParts::NOTHING, |all, (_, needs)| all.and(needs));
    // A frame that is freed may be the root of a host whose guest runs, or of a guest that has been left.
    let noted = row.touches.any(Touches::ALL_TRANSLATIONS) && guests(program);
    let all = if noted { all.and(TouchedParts::SOFTWARES) } else { all };
    // An access may fault, and a fault drains what is buffered.
    let drained = row.taken.access().is_some() && buffered(program);
    let all = if drained { all.and(TouchedParts::CELLS) } else { all };
    all.and(row.place.map_or(TouchedParts::NOTHING, |(place, access)| accessed(program, place, access)))
}

/// The parts that an operation of an invariant reads. What a CPU runs is none of them.
pub(crate) fn parts_read(row: &Effects, cpus: u8) -> u64 {
    let mut parts = match row.place {
        Some((Place::Cell { .. }, _)) => 1 << CELLS,
        Some((Place::Word { .. } | Place::Entry { .. }, _)) => 1 << MEMORY,
        None => 0,
    };
    if row.touches.any(Touches::FRAMES) {
        parts |= 1 << MEMORY;
    }
    if row.touches.any(Touches::ALL_TRANSLATIONS) {
        parts |= (0..cpus).fold(0, |parts, cpu| parts | 1 << hardware(cpu));
    }
    parts
}

/// What an access to a place reads and writes.
fn accessed(program: &Program, place: Place, access: Access) -> TouchedParts {
    // A store goes into the buffer, unless the variable is private.
    let buffered = match access {
        Access::Load | Access::Locked | Access::Compare => false,
        Access::Store => buffered(program),
    };
    match place {
        // A store that exceeds a limit stops the machine.
        Place::Cell { var, .. } if access.writes() && program.variables[var as usize].limit.is_some() => {
            TouchedParts::CELLS.and(TouchedParts::MEMORY)
        }
        Place::Cell { var, .. } if buffered && program.variables[var as usize].shared => {
            TouchedParts::NOTHING
        }
        Place::Cell { .. } => TouchedParts::CELLS,
        Place::Word { .. } if buffered => TouchedParts::NOTHING,
        Place::Word { .. } | Place::Entry { .. } => TouchedParts::MEMORY,
    }
}

/// What a quiescent state reads and writes: nothing, if there is no grace period that it could end.
fn quiescent(program: &Program, effects: &[Effects]) -> TouchedParts {
    let rcu = effects.iter().any(|row| row.sends == Some(Sends::RcuFrames));
    let freed = TouchedParts::MEMORY.and(TouchedParts::HARDWARES);
    match rcu {
        false => TouchedParts::NOTHING,
        true if guests(program) => freed.and(TouchedParts::SOFTWARES),
        true => freed,
    }
}

/// Whether there may be guests.
fn guests(program: &Program) -> bool {
    program.mms.iter().any(|mm| mm.second)
}

/// Whether the machine has store buffers.
pub(crate) fn buffered(program: &Program) -> bool {
    program.machine.store_buffer > 0
}
