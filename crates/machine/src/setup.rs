//! What happens before the first step.
//!
//! The blocks of `setup` run one after the other, each to its end. No other CPU runs meanwhile, and the only walks
//! are those that an access needs. Setup exists so that a scenario can begin shortly before the interesting steps.

use crate::layout::idle_at;
use crate::limits::{MOST_SETUP, STEP};
use crate::state::Context;
use crate::{Action, From, Machine, MachineRefusal, Property, State, VIOLATION};
use explore::{Passed, PropertySet, System};
use lang::effects::Flow;
use lang::program::Thread;

impl Machine {
    pub(crate) fn run_setup(&mut self) -> Result<(), MachineRefusal> {
        let mut state = self.initial.clone();
        let mut passed = Passed::default();
        let (mut work, mut steps) = (0, 0);
        for thread in self.program.setup.clone() {
            work += u64::from(self.place(&mut state, &thread, Some(&mut passed)));
            while !self.at_rest(&state, thread.cpu) {
                let stuck = MachineRefusal::SetupStuck { cpu: thread.cpu };
                let action = self.next_of(&state, thread.cpu).ok_or(stuck)?;
                let at = state.cpus[usize::from(action.cpu())].context().pc;
                // Invariants are evaluated when set-up is over.
                let (properties, silent) = self.take_alone(&mut state, action, None, Some(&mut passed));
                steps += 1;
                // A fault that a handler repairs is normal.
                let fault =
                    self.fault_handler.is_none() && properties.intersects(Property::PageFault.as_set());
                if properties.intersects(VIOLATION) || fault {
                    let shown =
                        properties.iter().filter(|&n| fault || PropertySet::one(n).intersects(VIOLATION));
                    let property =
                        shown.filter_map(Property::from_number).next().unwrap_or(Property::KernelBug);
                    let site = Box::new(self.program.sites[usize::from(at)].clone());
                    return Err(MachineRefusal::SetupViolates {
                        cpu: thread.cpu,
                        property,
                        step: steps,
                        site,
                    });
                }
                work += STEP + u64::from(silent);
                if work > MOST_SETUP {
                    return Err(MachineRefusal::SetupTooLong { cpu: thread.cpu });
                }
            }
            // A block is at its end here only if a fault has ended it.
            if self.fault_handler.is_some() && state.cpus[thread.cpu as usize].task.pc == self.program.end {
                return Err(MachineRefusal::SetupKilled { cpu: thread.cpu });
            }
        }
        let end = idle_at(&self.program);
        for cpu in &mut state.cpus {
            cpu.task = Context { pc: end, regs: Vec::new() };
        }
        // Nothing cuts in on set-up.
        for (cpu, this) in state.cpus.iter_mut().enumerate() {
            this.nmis = self.program.nmis.get(cpu).copied().unwrap_or(0);
            this.vmexits = self.program.vmexits.get(cpu).copied().unwrap_or(0);
        }
        for thread in self.program.threads.clone() {
            self.place(&mut state, &thread, Some(&mut passed));
        }
        state.tasks = self.tasks_at_first();
        if let Some(broken) =
            self.program.invariants.iter().find(|invariant| !self.holds(&state, **invariant))
        {
            let label = usize::from(broken.label).checked_sub(1).and_then(|at| self.program.labels.get(at));
            return Err(MachineRefusal::InvariantBroken { name: label.cloned().unwrap_or_default() });
        }
        (self.initial, self.begun) = (state, passed);
        Ok(())
    }

    fn place(&self, state: &mut State, thread: &Thread, passed: Option<&mut Passed>) -> u32 {
        let task = Context { pc: thread.entry, regs: vec![0; thread.regs as usize] };
        state.cpus[thread.cpu as usize].task = task;
        self.settle(state, thread.cpu, passed)
    }

    /// Puts a CPU whose block has ended back to the block's beginning: the state is then one of a longer program that
    /// has the block once more. A timed run does this to continue; it is no step of this program. Returns whether the
    /// CPU has a block.
    pub fn again(&self, state: &mut State, cpu: u8) -> bool {
        let thread = self.program.threads.iter().find(|thread| thread.cpu == cpu);
        thread.map(|thread| self.place(state, thread, None)).is_some()
    }

    /// Whether the block of a CPU is done and nothing it caused is under way.
    fn at_rest(&self, state: &State, cpu: u8) -> bool {
        let done = self.effects(state.cpus[cpu as usize].task.pc).flow == Flow::End;
        done && state.cpus.iter().all(|c| {
            c.buffer.is_empty() && c.handler.is_none() && c.pending.is_empty() && c.broadcasts.is_empty()
        })
    }

    /// What set-up does next: stores drain and interrupts run at once, all other CPUs wait.
    fn next_of(&self, state: &State, cpu: u8) -> Option<Action> {
        let mut enabled = Vec::new();
        self.enabled(state, &mut enabled);
        // The handlers of IPIs run at once, wherever they are.
        let runs = |other: u8| other == cpu || state.cpus[other as usize].handler.is_some();
        let rank = |action: &Action| match *action {
            Action::Drain { .. } => Some(0),
            Action::Interrupt { .. } => Some(1),
            Action::Step { cpu: other } if state.cpus[other as usize].handler.is_some() => Some(2),
            Action::Broadcast { .. } => Some(2),
            Action::Step { cpu: other }
            | Action::Access { cpu: other, .. }
            | Action::Allocate { cpu: other, .. }
            | Action::Pick { cpu: other, yes: false }
                if runs(other) =>
            {
                Some(3)
            }
            // Walks only for an access that waits for one: the deepest start first.
            Action::Walk { cpu: other, from: From::Psc { level, .. }, .. }
            | Action::GuestWalk { cpu: other, from: From::Psc { level, .. }, .. }
                if runs(other) =>
            {
                Some(3 + level as u8)
            }
            // A device uses what its IOMMU has found.
            Action::Translate { cpu: other, va, .. }
                if runs(other) && self.asks_for(state, other, *self.watched.get(usize::from(va))?) =>
            {
                Some(4)
            }
            Action::Walk { cpu: other, .. } | Action::GuestWalk { cpu: other, .. } if runs(other) => Some(9),
            Action::NestedWalk { cpu: other, from: From::Psc { level, .. }, .. } if runs(other) => {
                Some(10 + level as u8)
            }
            Action::NestedWalk { cpu: other, .. } if runs(other) => Some(16),
            Action::Violation { cpu: other } if runs(other) => Some(17),
            Action::Fault { cpu: other } | Action::ProtectionFault { cpu: other } if runs(other) => Some(18),
            _ => None,
        };
        enabled.into_iter().filter_map(|action| Some((rank(&action)?, action))).min().map(|ranked| ranked.1)
    }
}
