//! Accesses that fault whenever a CPU reaches them.
//!
//! A block ends at such an access. So no execution contains the code after it, and a "never" says nothing about
//! that code. This file finds these accesses from the places where the CPUs stood in all states of a complete
//! search.

use crate::Machine;
use crate::number::software;
use explore::{Exploration, Factored, Handle};
use lang::effects::UserAccess;
use lang::program::{Fixup, Pc, Thread};

impl Machine {
    /// The accesses of cpu blocks that a complete search has reached and that faulted each time. An access is not among
    /// them if the CPU's later position does not show whether it succeeded (in a loop, or before two branches join).
    pub(crate) fn only_fault<M: Handle<System = Machine>>(&self, search: &impl Exploration<M>) -> Vec<Pc> {
        let mut scratch = self.initial.clone();
        let mut found: Vec<(u8, Vec<(Pc, bool)>)> = Vec::new();
        for thread in &self.program.threads {
            let cpu = thread.cpu;
            let mut stood = vec![false; self.program.code.len()];
            let _ = search.any_value(software(cpu), |bytes| {
                self.unpack_part(bytes, software(cpu), &mut scratch);
                stood[usize::from(scratch.cpus[usize::from(cpu)].task.pc)] = true;
                false
            });
            let at = |pc: usize| stood[pc];
            let accesses = self.accesses_of(thread).into_iter().map(|(pc, behind)| {
                let only = at(pc.into())
                    && at(self.program.end.into())
                    && !behind.is_empty()
                    && !behind.into_iter().any(at);
                (pc, only)
            });
            found.push((cpu, accesses.collect()));
        }
        // A search follows one CPU for all that are interchangeable: an access has succeeded if it has on one of
        // them.
        let same = |cpu: u8| self.symmetry.classes().iter().copied().find(|class| class >> cpu & 1 == 1);
        let all_only = |cpu: u8, at: usize| {
            let mine =
                |other: &&(u8, Vec<(Pc, bool)>)| same(cpu).is_some_and(|class| class >> other.0 & 1 == 1);
            found.iter().filter(mine).all(|other| other.1.get(at).is_none_or(|access| access.1))
        };
        let of = |(cpu, accesses): &(u8, Vec<(Pc, bool)>)| -> Vec<Pc> {
            let only = accesses.iter().enumerate().filter(|(at, access)| access.1 && all_only(*cpu, *at));
            only.map(|(_, access)| access.0).collect()
        };
        found.iter().flat_map(of).collect()
    }

    /// The accesses of a block that have no fixup, each with the places at one of which the CPU stands next if the
    /// access succeeds, and never before or without it; none if there are no such places.
    fn accesses_of(&self, thread: &Thread) -> Vec<(Pc, Vec<usize>)> {
        let rows = &self.effects;
        let unmended = |access: &UserAccess| access.fixup == Fixup::Nowhere;
        let block = self.reach(thread.entry, |_| true);
        let accesses = (0..)
            .zip(rows)
            .filter(|(pc, row)| block[usize::from(*pc)] && row.taken.access().is_some_and(unmended));
        accesses
            .map(|(access, _): (Pc, _)| {
                // Without it.
                let others = self.reach(thread.entry, |pc| pc != usize::from(access));
                let next = self.reach(access + 1, |pc| rows[pc].seen.maybe_silent());
                let next: Vec<usize> =
                    (0..rows.len()).filter(|&pc| next[pc] && !rows[pc].seen.silent()).collect();
                let told = next.iter().all(|&pc| !others[pc]);
                let next = if told { next } else { Vec::new() };
                (access, next)
            })
            .collect()
    }

    /// The operations that can be reached from `start`, continuing from those that `passes`
    /// accepts.
    fn reach(&self, start: Pc, passes: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.program.code.len()];
        let mut todo = vec![usize::from(start)];
        while let Some(pc) = todo.pop() {
            let Some(row) = self.effects.get(pc).filter(|_| !reached[pc]) else { continue };
            reached[pc] = true;
            if passes(pc) {
                todo.extend(row.flow.successors(pc));
            }
        }
        reached
    }
}
