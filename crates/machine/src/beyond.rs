//! What happens at a limit: of the model's queues and lists (`limits.rs`), or one that a text declares for a variable.

use crate::step::Stepping;
use crate::symmetry::owners;
use crate::{BEYOND, LIMIT, Loc, MOST_COPIES, Machine, State, What};
use lang::program::Program;
use x86::VirtAddr;

impl Machine {
    /// The largest value of each cell with which a run continues; empty if no variable has a limit.
    pub(crate) fn cell_limits(program: &Program) -> Vec<u64> {
        let mut limits = Vec::new();
        if program.variables.iter().any(|variable| variable.limit.is_some()) {
            limits.resize(program.cells.len(), u64::MAX);
        }
        for variable in &program.variables {
            let cells = usize::from(owners(program, variable.scope) * variable.len);
            let first = usize::from(variable.base);
            if let Some(limit) = variable.limit {
                limits[first..first + cells].fill(limit);
            }
        }
        limits
    }

    fn passes(&self, loc: Loc, value: u64) -> bool {
        match loc {
            Loc::Cell(cell) => self.limits.get(usize::from(cell)).is_some_and(|&limit| value > limit),
            Loc::Word(..) => false,
        }
    }

    /// A variable has been written, or a store to it buffered: beyond its limit the run ends.
    pub(crate) fn keep_within(&self, step: &mut Stepping<'_>, loc: Loc, value: u64) {
        if self.passes(loc, value) {
            step.properties |= LIMIT;
            step.state.stopped = true;
            step.cut = true;
            step.event(|| What::BeyondLimit { loc });
        }
    }

    /// Whether a run has been cut off at the limit of a variable: it is no complete execution.
    pub(crate) fn cut_off(&self, state: &State) -> bool {
        let stores = || state.cpus.iter().flat_map(|cpu| cpu.buffer.stores());
        !self.limits.is_empty()
            && (self.limits.iter().zip(&state.cells).any(|(limit, value)| value > limit)
                || stores().any(|&(loc, value)| self.passes(loc, value)))
    }

    /// The cached entries on the CPU of a step have changed, or which of them are usable. If more copies serve an
    /// address than an action can tell apart, the further ones are not offered.
    pub(crate) fn copies(&self, step: &mut Stepping<'_>) {
        let hw = &step.state.cpus[usize::from(step.cpu)].hw;
        if hw.guest.is_some() && self.too_many_in_guest(hw) {
            step.properties |= BEYOND;
        }
        if hw.tlb.len().max(hw.psc.len()) <= MOST_COPIES {
            return;
        }
        let pointers = |va| {
            let of = move |level| hw.structures(va).filter(move |entry| entry.level == level).count();
            self.map.top.pointers().map(of).max().unwrap_or(0)
        };
        let many = |&va: &VirtAddr| hw.translations(va).count().max(pointers(va)) > MOST_COPIES;
        if self.watched.iter().any(many) {
            step.properties |= BEYOND;
        }
    }

    /// The sender of something waits, since a CPU has no room for it.
    pub(crate) fn wait_for_room(&self, step: &mut Stepping<'_>, cpu: u8) {
        step.properties |= BEYOND;
        step.event(|| What::NoRoom { at: cpu });
    }
}
