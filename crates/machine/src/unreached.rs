//! Code of the kernel that no run reaches.
//!
//! A verdict says nothing about such code: a branch that is never taken could do anything. Each step notes the operations
//! that CPUs reach, silent ones too ([`explore::Sink::passed`]). So a complete search knows the operations that no CPU
//! reaches. A function that the scenario never calls is no part of the program at all, and neither is a branch that
//! options leave out.

use crate::Machine;
use explore::Passed;
use lang::program::Pc;
use lang::source::SourceId;

impl Machine {
    /// The operations of the kernel's statements that no CPU reaches. A statement that was inlined several times has
    /// several operations, and a CPU may reach others of them.
    pub(crate) fn unreached(&self, passed: &Passed) -> Vec<Pc> {
        let alike = self.symmetry.counterparts(|pc| passed.contains(pc));
        let come_to = |pc| passed.contains(pc) || self.begun.contains(pc) || alike.contains(&pc);
        self.statements().filter(|&pc| !come_to(pc)).collect()
    }

    /// The operations that stand for statements of the kernel: all operations except jumps and those that end a handler
    /// or a call. The code of invariants does not count: it is evaluated, and no CPU runs it.
    pub fn statements(&self) -> impl Iterator<Item = Pc> + '_ {
        let invariants = self.program.invariants.iter().map(|invariant| invariant.entry).min();
        let all = (0..invariants.unwrap_or(Pc::MAX)).zip(&self.program.sites);
        all.filter(|&(pc, site)| site.source == SourceId::KERNEL && self.effects(pc).statement)
            .map(|found| found.0)
    }
}
