//! What a CPU runs: user code, the kernel, a kernel thread, or the idle task. Calls of the kernel's functions change it.

use crate::step::Stepping;
use crate::{Machine, Property, What};
use lang::program::Mode;

impl Machine {
    /// The CPU runs something else from here on.
    pub(crate) fn mode(&self, step: &mut Stepping<'_>, next: impl FnOnce(Mode) -> Mode) {
        let this = &mut step.state.cpus[step.cpu as usize];
        let from = this.mode;
        let to = next(from);
        this.mode = to;
        // IRET and SYSRET load RFLAGS, and no kernel gives a program IF clear. Here the flag stays what it was, so the text has
        // forgotten to turn interrupts on.
        let forgotten = from != to && matches!(to, Mode::User(_)) && !this.irqs_on && !this.in_guest();
        if from != to {
            step.event(|| What::Mode { from, to });
        }
        if forgotten {
            step.properties |= Property::KernelWarning.as_set();
            step.event(|| What::UserWithoutInterrupts);
        }
    }
}
