//! A step of a walk is taken.

use crate::step::Step;
use crate::{Action, Machine, Property, What};
use x86::{Outcome, VirtAddr};

impl Machine {
    pub(crate) fn take_walk(&self, step: &mut Step<'_>, action: Action) {
        let Some((va, walked)) = self.walked(step.state, action) else { return };
        let hw = &mut step.state.cpus[step.cpu as usize].hw;
        let filled = walked.fills(hw);
        walked.apply(hw, &mut step.state.memory);
        if walked.outcome == Outcome::MachineCheck {
            step.state.stopped = true;
        }
        step.hazards(walked.hazards);
        if filled {
            self.sizes(step, va);
        }
        step.event(|| What::Walk { va, walked, filled });
    }

    /// What is cached has changed, or which of it is usable: whether there are two translations of different sizes now (H25).
    pub(crate) fn sizes(&self, step: &mut Step<'_>, va: VirtAddr) {
        self.copies(step);
        if step.state.cpus[step.cpu as usize].hw.sizes_conflict(va) {
            step.properties |= Property::MultiMatch.as_set();
            if self.program.machine.erratum_383 {
                step.properties |= Property::MachineCheck.as_set();
                step.state.stopped = true;
            }
        }
    }
}
