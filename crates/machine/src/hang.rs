//! Machines that hang although something still happens: each CPU has ended, waits, or goes round in a loop, and nothing
//! that can happen ends that.
//!
//! A state *hangs* if no state can be reached from it in which the execution has ended, or nothing can happen any more, or the
//! run has been cut off. Whatever comes after such a state hangs too. So what is reachable from it contains a closed part:
//! states that lead to each other and nowhere else. In a closed part a CPU that has its next operation ahead either waits for
//! ever, or comes back to where it stands: it stands in a `while`, or at an access that a page fault repeats, or a handler
//! has interrupted it. Only states of that kind are looked at here (`may_linger`); such a state hangs if all that can be
//! reached from it is of that kind too, and no end is among it.
//!
//! A hang is told in a state in which nothing is under way any more: buffered stores, INVLPGBs and IPIs have arrived. That
//! is cheap to find out, and most states of a run have something under way.
//!
//! A machine that works for ever does not hang: here, "hangs" means that variables and memory no longer change.
//!
//! Walks that only cache something are taken at once: a state with more entries can do whatever the same state with fewer
//! can, so an end is reachable from the one if and only if it is reachable from the other ([`Monotone`]).
//!
//! Where no text has a `while` and no kernel a handler of page faults, no CPU can go round, and nothing is looked at.

use crate::{Action, CpuState, Machine, State};
use explore::{Monotone, Rounds, System};
use lang::effects::{Effects, Flow};
use lang::program::Program;
use std::collections::BTreeSet;

/// The most states that are looked at to find out whether one hangs. With more it does not count as one that does.
const MOST: usize = 4_096;

/// The most steps of one round of a CPU. A state with longer rounds does not count as one that hangs.
const LONGEST: usize = 64;

/// For each operation, whether a CPU that hangs may stand there for ever, or come back to it; empty if no CPU can go round.
pub(crate) fn lasting(program: &Program, rows: &[Effects], repeats: bool) -> Vec<bool> {
    if program.whiles.is_empty() && !repeats {
        return Vec::new();
    }
    let waits = |row: &Effects| !row.waits.ends_alone() || row.flow == Flow::End;
    let mut lasting: Vec<bool> =
        rows.iter().map(|row| waits(row) || repeats && row.taken.access().is_some()).collect();
    for &(start, end) in &program.whiles {
        if let Some(inside) = lasting.get_mut(usize::from(start)..usize::from(end)) {
            inside.fill(true);
        }
    }
    lasting
}

impl Machine {
    /// Whether something still happens, but the machine hangs: no CPU can come any further than to the next round of
    /// a loop.
    #[must_use]
    pub fn hangs(&self, state: &State) -> bool {
        self.hangs_for_ever(state, &mut Rounds::default())
    }

    /// The same, where something is known of other states, and is to be kept.
    pub(crate) fn hangs_for_ever(&self, state: &State, known: &mut Rounds) -> bool {
        if self.lasting.is_empty() || !self.may_linger(state) || !is_quiet(state) {
            return false;
        }
        let mut first = state.clone();
        self.gain_all(&mut first);
        let name = self.bytes(&first);
        if known.for_ever.contains(&name) {
            return true;
        }
        if !self.each_goes_round(&first) || !self.closed(first, known) {
            known.come_on.insert(name);
            return false;
        }
        true
    }

    /// Whether each CPU that can go on comes back to where it has been, if it goes on alone. In a closed part it does, since
    /// such a part is finite. (This is soon found out, and most states are none of that kind.)
    fn each_goes_round(&self, state: &State) -> bool {
        (0..self.program.machine.cpus).all(|cpu| {
            let mut state = state.clone();
            let mut been = BTreeSet::new();
            let mut enabled = Vec::new();
            while been.insert(self.bytes(&state)) {
                enabled.clear();
                self.enabled(&state, &mut enabled);
                let own = |action: &&Action| action.cpu() == cpu && !action.unasked();
                let Some(&next) = enabled.iter().find(own) else { return true };
                let _ = self.take(&mut state, next, None, None);
                self.gain_all(&mut state);
                if been.len() > LONGEST || !self.may_linger(&state) {
                    return false;
                }
            }
            true
        })
    }

    /// Whether no end can be reached from a saturated state, and nothing but states in which CPUs may linger and memory is as
    /// it was.
    fn closed(&self, first: State, known: &mut Rounds) -> bool {
        let (cells, memory) = (first.cells.clone(), first.memory.clone());
        let mut here = BTreeSet::from([self.bytes(&first)]);
        let mut todo = vec![first];
        let mut enabled = Vec::new();
        while let Some(state) = todo.pop() {
            enabled.clear();
            self.enabled(&state, &mut enabled);
            let changed = state.cells != cells || state.memory != memory;
            if changed || self.comes_to_something(&state, &enabled) || here.len() > MOST {
                return false;
            }
            // What stands first, software, is taken up first.
            for &action in enabled.iter().rev() {
                let mut next = state.clone();
                let (shown, _) = self.take(&mut next, action, None, None);
                self.gain_all(&mut next);
                if shown.intersects(self.truncated()) || !self.may_linger(&next) {
                    return false;
                }
                let name = self.bytes(&next);
                if known.come_on.contains(&name) {
                    return false;
                }
                if here.insert(name) {
                    todo.push(next);
                }
            }
        }
        known.for_ever.append(&mut here);
        true
    }

    /// Whether the execution has ended there, or has been cut off, or nothing can happen any more.
    fn comes_to_something(&self, state: &State, enabled: &[Action]) -> bool {
        let stuck = enabled.iter().all(|action| action.unasked()) && !self.walk_wanted(state);
        state.stopped || stuck || self.all_done(state) || self.cut_off(state)
    }

    /// Whether each CPU could be in a closed part: it has ended, waits, goes round in a loop, or runs a handler.
    fn may_linger(&self, state: &State) -> bool {
        let lasting =
            |cpu: &CpuState| self.lasting.get(usize::from(cpu.task.pc)).is_none_or(|&lasting| lasting);
        state.cpus.iter().all(|cpu| {
            let handled = cpu.handler.is_some() || cpu.intruder.is_some() || cpu.exception.is_some();
            handled || cpu.asleep.is_some() || lasting(cpu)
        })
    }

    /// Takes all walks that do nothing but cache something.
    pub(crate) fn gain_all(&self, state: &mut State) {
        let mut enabled = Vec::new();
        loop {
            enabled.clear();
            self.enabled(state, &mut enabled);
            let Some(&gain) = enabled.iter().find(|&&action| self.gains(state, action)) else { return };
            let _ = self.take(state, gain, None, None);
        }
    }

    pub(crate) fn bytes(&self, state: &State) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.pack(state, &mut bytes);
        bytes
    }
}

/// Whether nothing is under way: no store waits in a buffer, no INVLPGB for a CPU, no IPI for a CPU that takes interrupts. What
/// is under way arrives, so a machine that hangs comes to such a state, and hangs there at the latest.
fn is_quiet(state: &State) -> bool {
    state.cpus.iter().all(|cpu| {
        cpu.buffer.is_empty() && cpu.broadcasts.is_empty() && (cpu.pending.is_empty() || !cpu.interruptible())
    })
}
