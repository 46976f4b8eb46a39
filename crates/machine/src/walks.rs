//! A step of a walk is taken: what it caches, and on which CPUs.

use crate::step::Stepping;
use crate::{Action, Machine, Property, State, What};
use x86::{VirtAddr, WalkOutcome, Walked};

impl Machine {
    pub(crate) fn take_walk(&self, step: &mut Stepping<'_>, action: Action) {
        let Some((va, walked)) = self.walked(step.state, action) else { return };
        let hw = &mut step.state.cpus[step.cpu as usize].hw;
        let filled = walked.fills(hw);
        walked.apply(hw, &mut step.state.memory);
        if walked.outcome == WalkOutcome::MachineCheck {
            step.state.stopped = true;
        }
        step.hazards(walked.hazards);
        if filled {
            self.sizes(step, va);
        }
        step.event(|| What::Walk { va, walked, filled });
        self.share(step, va, walked.outcome);
    }

    /// The CPUs that have a TLB in common with a CPU, but for itself (H73).
    pub(crate) fn siblings(&self, cpu: u8) -> impl Iterator<Item = u8> + use<> {
        let spec = &self.program.machine;
        let by = spec.tlb_shared_by.max(1);
        let first = cpu - cpu % by;
        (first..spec.cpus.min(first.saturating_add(by))).filter(move |&other| other != cpu)
    }

    /// Whether a step of a walk would cache something, on its CPU or on one that shares its TLB.
    pub(crate) fn fills(&self, state: &State, cpu: u8, walked: &Walked) -> bool {
        let fills = |cpu: u8| walked.fills(&state.cpus[usize::from(cpu)].hw);
        fills(cpu) || self.siblings(cpu).any(fills)
    }

    /// Whether a step of a walk is worth taking.
    pub(crate) fn matters(&self, state: &State, cpu: u8, walked: &Walked) -> bool {
        walked.matters(&state.cpus[usize::from(cpu)].hw) || self.fills(state, cpu, walked)
    }

    /// What a CPU has cached serves those that share its TLB too.
    pub(crate) fn share(&self, step: &mut Stepping<'_>, va: VirtAddr, outcome: WalkOutcome) {
        let cpu = step.cpu;
        let mut cpus = 0_u64;
        for sibling in self.siblings(cpu) {
            if outcome.put(&mut step.state.cpus[usize::from(sibling)].hw) {
                cpus |= 1 << sibling;
                step.cpu = sibling;
                self.sizes(step, va);
                step.cpu = cpu;
            }
        }
        if cpus != 0 {
            step.event(|| What::Shared { cpus, outcome });
        }
    }

    /// What is cached has changed, or which of it is usable: whether there are two translations of different sizes now (H25).
    pub(crate) fn sizes(&self, step: &mut Stepping<'_>, va: VirtAddr) {
        self.copies(step);
        // What an IOMMU does with two sizes is no machine check of a CPU.
        if self.is_device(step.cpu) {
            return;
        }
        if step.state.cpus[step.cpu as usize].hw.sizes_conflict(va) {
            step.properties |= Property::MultiMatch.as_set();
            if self.program.machine.erratum_383 {
                step.properties |= Property::MachineCheck.as_set();
                step.state.stopped = true;
            }
        }
    }
}
