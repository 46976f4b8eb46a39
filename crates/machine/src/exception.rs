//! The kernel's handler of page faults: when it runs, what it is told, and how it ends.
//!
//! It runs for accesses of the CPU's thread, user code and kernel code alike. It begins with interrupts off, through an
//! interrupt gate, and after the fault has drained the store buffer and dropped what was cached for the address (H15,
//! H47, H59). It ends by IRET, and the thread makes its access again; or the handler gives up the access.
//!
//! It does not run for accesses of handlers, its own included, nor for those that the kernel makes with page faults
//! disabled (`load_nofault`): as in Linux, where `faulthandler_disabled()` leads straight to the fixup or to the oops.

use crate::step::Stepping;
use crate::user::Access;
use crate::{Aftermath, Context, Exception, Machine, Property, State, What};
use lang::program::{FaultFact, Fixup};
use x86::{Fault, Vendor, VirtAddr, WalkOutcome};

impl Machine {
    /// The handler that runs if an access of a CPU faults now, by number.
    pub(crate) fn fault_handler(&self, state: &State, cpu: u8, access: &Access) -> Option<u8> {
        let supervisor = self.supervisor(state, cpu);
        let disabled = access.fixup == Fixup::Behind && supervisor;
        self.fault_handler.filter(|_| state.cpus[cpu as usize].in_thread() && !disabled)
    }

    /// Whether the handler asks for P of the error code if an access of a CPU faults now.
    pub(crate) fn asks_present(&self, state: &State, cpu: u8) -> bool {
        let asked =
            || self.next_access(state, cpu).and_then(|access| self.fault_handler(state, cpu, &access));
        self.fault_handler.is_some_and(|handler| {
            let params = &self.program.handlers[usize::from(handler)].params;
            params
                .iter()
                .any(|(name, _)| FaultFact::named(name).is_some_and(|fact| fact.0 == FaultFact::Present))
        }) && asked().is_some()
    }

    /// Whether an access may fault now with P of the error code clear, and whether with P set. Whatever refuses the
    /// access may be what the processor reports: the tables, a translation that is too strict, a pointer to a table
    /// where the walk ends. So a CPU that has cached more has the same choices and perhaps further ones.
    pub(crate) fn error_codes(
        &self,
        state: &State,
        cpu: u8,
        va: VirtAddr,
        write: bool,
        refused: bool,
    ) -> (bool, bool) {
        let (mut plain, mut present) = (false, false);
        for fault in self.reasons(state, cpu, va, write).into_iter().flatten() {
            match fault {
                Fault::NotPresent(_) | Fault::Unreachable(_) => plain = true,
                // The guest gets no fault for it, and a machine with guests has no such handler.
                Fault::Nested(_) => {}
                Fault::Reserved(_) | Fault::Protection => present = true,
            }
        }
        if self.map.vendor == Vendor::Amd {
            // The cached entry is dropped, and no fault is reported.
            return (plain || refused && !present, present);
        }
        for outcome in self.dead_ends(state, cpu, va) {
            match outcome {
                WalkOutcome::Reserved => present = true,
                _ => plain = true,
            }
        }
        (plain, present || refused)
    }

    /// The handler begins.
    pub(crate) fn begin_exception(
        &self,
        step: &mut Stepping<'_>,
        number: u8,
        (va, write, present): (VirtAddr, bool, bool),
    ) {
        let user = !self.supervisor(step.state, step.cpu);
        let handler = &self.program.handlers[number as usize];
        let fact = |name: &str| match FaultFact::named(name)?.0 {
            FaultFact::Address => Some(va.get()),
            FaultFact::Write => Some(u64::from(write)),
            FaultFact::User => Some(u64::from(user)),
            FaultFact::Present => Some(u64::from(present)),
        };
        let mut regs: Vec<u64> =
            handler.params.iter().map(|(name, _)| fact(name).unwrap_or_default()).collect();
        regs.resize(handler.regs as usize, 0);
        let context = Context { pc: handler.entry, regs };
        let this = &mut step.state.cpus[step.cpu as usize];
        this.exception = Some(Exception { handler: number, irqs_on: this.irqs_on, context });
        this.irqs_on = false;
    }

    /// IRET: the flag is restored, and the thread continues.
    pub(crate) fn end_exception(&self, step: &mut Stepping<'_>) -> Option<u8> {
        let this = &mut step.state.cpus[step.cpu as usize];
        let exception = this.exception.take()?;
        this.irqs_on = exception.irqs_on;
        Some(exception.handler)
    }

    /// The handler gives up the access: control goes to the access's fixup, or the code that made the access
    /// ends.
    pub(crate) fn bad_area(&self, step: &mut Stepping<'_>) {
        let Some(handler) = self.end_exception(step) else { return };
        let Some(access) = self.next_access(step.state, step.cpu) else { return };
        let then = match access.fixup {
            Fixup::Behind | Fixup::At(_) => Aftermath::SteppedOver,
            Fixup::Nowhere if self.supervisor(step.state, step.cpu) => Aftermath::Oops,
            Fixup::Nowhere => Aftermath::Killed,
        };
        if then == Aftermath::Oops {
            step.properties |= Property::KernelBug.as_set();
        }
        step.event(|| What::GivenUp { handler, va: access.va, then });
        self.leave(step, &access);
        self.quiescent(step);
    }
}
