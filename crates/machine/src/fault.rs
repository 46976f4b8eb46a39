//! Page faults: when one may be raised, and what happens to the program.
//!
//! A fault that is raised is an event and shows `page_fault`, whatever its reason. The kernel's handler runs, if it has
//! one (`exception`). Without a handler, if the tables in memory allow the access, it is made again, as after a handler
//! that returns. If the tables do not allow it, nobody repairs the fault: a user program is killed, and the kernel has
//! an oops. Only an access with a fixup is skipped.

use crate::step::Stepping;
use crate::user::Access;
use crate::{Aftermath, Bug, Loc, Machine, Occasion, Property, State, What};
use lang::program::{Fixup, OwnStores};
use x86::{Fault, Memory, TableRef, Vendor, VirtAddr, WalkOutcome, translate};

impl Machine {
    /// Why an access would fault if the tables were walked now: in memory, or as the CPU's own stores will make
    /// them, whichever its walker may see (H57).
    pub(crate) fn faults(&self, state: &State, cpu: u8, va: VirtAddr, write: bool) -> Option<Fault> {
        let [now, later] = self.reasons(state, cpu, va, write);
        now.or(later)
    }

    /// The reasons of memory and of the CPU's own stores, as far as its walker may see them.
    pub(crate) fn reasons(&self, state: &State, cpu: u8, va: VirtAddr, write: bool) -> [Option<Fault>; 2] {
        let words =
            state.cpus[cpu as usize].buffer.stores().iter().any(|store| matches!(store.0, Loc::Word(..)));
        let now = || self.refuses(state, cpu, va, write, &state.memory);
        match self.program.machine.walk_sees_own_stores {
            OwnStores::Yes if words => [None, self.refuses_later(state, cpu, va, write)],
            OwnStores::Either if words => [now(), self.refuses_later(state, cpu, va, write)],
            _ => [now(), None],
        }
    }

    fn refuses(&self, state: &State, cpu: u8, va: VirtAddr, write: bool, memory: &Memory) -> Option<Fault> {
        let supervisor = self.supervisor(state, cpu);
        translate(&state.cpus[cpu as usize].hw, memory, &self.map, va, write, supervisor).err()
    }

    /// Why the tables refuse an access once the CPU's own stores have reached them.
    fn refuses_later(&self, state: &State, cpu: u8, va: VirtAddr, write: bool) -> Option<Fault> {
        let memory = self.memory_later(state, cpu);
        self.refuses(state, cpu, va, write, memory.as_ref().unwrap_or(&state.memory))
    }

    /// Memory as a CPU's own buffered stores will make it, if they change anything in it.
    pub(crate) fn memory_later(&self, state: &State, cpu: u8) -> Option<Memory> {
        let mut later = None;
        for &(loc, value) in state.cpus[cpu as usize].buffer.stores() {
            if let Loc::Word(frame, index) = loc {
                let memory: &mut Memory = later.get_or_insert_with(|| state.memory.clone());
                memory.frames[frame as usize].put(index, value);
            }
        }
        later
    }

    /// Whether a cached entry may make an access fault that memory allows: a translation that refuses it, or a pointer
    /// to a table where a walk ends (H47). The fault removes the entry, so such a fault comes once (H23).
    pub(crate) fn faults_by_cache(&self, state: &State, cpu: u8, va: VirtAddr, refused: bool) -> bool {
        // AMD walks again from memory before it reports a fault (H15). A cached translation that refuses the access is
        // dropped.
        if refused || self.map.vendor == Vendor::Amd {
            return refused;
        }
        self.dead_ends(state, cpu, va).next().is_some()
    }

    /// How walks end that begin at cached pointers, and that find nothing for an address.
    pub(crate) fn dead_ends(
        &self,
        state: &State,
        cpu: u8,
        va: VirtAddr,
    ) -> impl Iterator<Item = WalkOutcome> {
        let tables = state.cpus[cpu as usize].hw.structures(va).filter_map(TableRef::from_psc);
        let walks = tables.flat_map(move |table| {
            [false, true].into_iter().filter_map(move |own| self.walk_from(state, cpu, va, table, own))
        });
        walks
            .map(|walked| walked.outcome)
            .filter(|outcome| matches!(outcome, WalkOutcome::NotPresent | WalkOutcome::Reserved))
    }

    /// An access is refused.
    pub(crate) fn fault(&self, step: &mut Stepping<'_>, present: bool) {
        let cpu = step.cpu;
        let Some(access) = self.next_access(step.state, cpu) else { return };
        if self.is_device(cpu) {
            return self.refuse_device(step, &access);
        }
        let write = access.write.is_some();
        let Some(va) = self.map.linear(access.va) else {
            self.drain_for_fault(step);
            step.bug(Bug::NotCanonical(access.va));
            return self.leave(step, &access);
        };
        let handler = self.fault_handler(step.state, cpu, &access);
        let told = match step.state.cpus[cpu as usize].in_guest() {
            true => self.own_fault(step.state, cpu, &access),
            false => self.map.vendor != Vendor::Amd || self.faults(step.state, cpu, va, write).is_some(),
        };
        if told {
            self.drain_for_fault(step);
        }
        let removed = step.state.cpus[cpu as usize].hw.page_fault(va);
        if !told {
            return step.event(|| What::Rewalked { va, write, removed });
        }
        // The stores that have drained may be what the walk did not see (H57).
        let fault = self.refuses(step.state, cpu, va, write, &step.state.memory);
        // The guest gets no fault for what the second dimension refuses.
        let fault = fault.filter(|fault| !matches!(fault, Fault::Nested(_)));
        step.properties |= Property::PageFault.as_set();
        let then = match fault {
            _ if handler.is_some() => Aftermath::Handled,
            None => Aftermath::Retried,
            Some(_) if access.fixup != Fixup::Nowhere => Aftermath::SteppedOver,
            Some(_) if self.supervisor(step.state, cpu) => Aftermath::Oops,
            Some(_) => Aftermath::Killed,
        };
        step.event(|| What::Faulted { va, write, fault, removed, then });
        if then == Aftermath::Oops {
            step.properties |= Property::KernelBug.as_set();
        }
        match (handler, fault) {
            (Some(handler), _) => self.begin_exception(step, handler, (va, write, present)),
            (None, Some(_)) => self.leave(step, &access),
            (None, None) => {}
        }
    }

    /// An exception drains the store buffer (H59).
    fn drain_for_fault(&self, step: &mut Stepping<'_>) {
        while self.held_back(step.state, step.cpu, Occasion::Fault) {
            self.drain(step);
        }
    }

    /// The access is given up. With a fixup the program continues there, and a load gives 0. Otherwise the program is
    /// over: it is at its end, with interrupts on (as after Linux's make_task_dead()). If a handler made the access, that
    /// handler is over too, and so is every handler that it has interrupted. IPIs are still answered.
    pub(crate) fn leave(&self, step: &mut Stepping<'_>, access: &Access) {
        match access.fixup {
            Fixup::Nowhere => {}
            Fixup::Behind => return self.finish(step, access.dst, 0),
            Fixup::At(target) => {
                self.finish(step, access.dst, 0);
                step.go(target);
                return;
            }
        }
        let this = &mut step.state.cpus[step.cpu as usize];
        this.intruder = None;
        if let Some(running) = this.handler.take() {
            step.event(|| What::IpiDone { handler: running.handler, sender: running.sender });
        }
        let this = &mut step.state.cpus[step.cpu as usize];
        this.exception = None;
        this.task.pc = self.after_death(this);
        // The condition on final states may read its locals.
        let end = usize::from(self.program.end);
        let observed = if self.program.finale.is_some() { self.program.live[end] } else { 0 };
        for (reg, value) in this.task.regs.iter_mut().enumerate() {
            *value *= observed >> reg & 1;
        }
        this.irqs_on = true;
        self.quiescent(step);
    }
}
