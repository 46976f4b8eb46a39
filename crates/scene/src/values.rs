//! Where values come from: followed through registers, operation by operation, as the machine carries them out.
//!
//! The lists are short, and searched from their beginning: all visitors load this, and a map of a type of its own is 1 to 3 kB.

use lang::effects::Gives;
use lang::program::{Handler, HandlerKind, Operand, Reg};
use machine::{Aftermath, ContextId, Event, How, Loc, Machine, TrailPart, What};

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// It was found in a place, where a step had stored it; at first, if that is step 0.
    Read { loc: Loc, value: u64, stored: u32 },
    /// A step gave it otherwise: by an IPI's argument, by a choice, by an allocation.
    Step(u32),
}

/// The sources of all values of a run, as far as it has been followed.
#[derive(Default)]
pub(crate) struct Values {
    /// What is in a context's register.
    regs: Vec<(ContextId, Reg, Vec<Source>)>,
    /// The step that stored what is in a place.
    stored: Vec<(Loc, u32)>,
    /// Stores that are still buffered.
    buffered: Vec<(u8, Loc, u32)>,
    /// IPIs that have not been taken: for whom, and the step that sent them.
    sent: Vec<(u8, u32)>,
}

impl Values {
    /// The step that stored what is in a place; none if it is there from the beginning.
    pub(crate) fn stored(&self, loc: Loc) -> Option<u32> {
        self.stored.iter().find(|stored| stored.0 == loc).map(|stored| stored.1)
    }

    /// The step of the oldest store in a CPU's buffer.
    pub(crate) fn oldest(&self, cpu: u8) -> Option<u32> {
        self.buffered.iter().find(|store| store.0 == cpu).map(|store| store.2)
    }

    /// The step that sent the IPI that a CPU takes next.
    pub(crate) fn sent(&self, cpu: u8) -> Option<u32> {
        self.sent.iter().find(|sent| sent.0 == cpu).map(|sent| sent.1)
    }

    /// Software carries out an operation: where what it uses comes from. What it reports is told afterwards, to `event`.
    pub(crate) fn operation(&mut self, number: u32, machine: &Machine, carried: &TrailPart) -> Vec<Source> {
        let mut used = Vec::new();
        let Some(pc) = carried.pc else { return used };
        let row = machine.effects(pc);
        for (operand, _) in &row.reads {
            if let Operand::Reg(reg) = *operand {
                let held = self.regs.iter().find(|held| (held.0, held.1) == (carried.context, reg));
                used.extend(held.into_iter().flat_map(|held| held.2.iter().copied()));
            }
        }
        if let Some((reg, gives)) = row.result {
            let found = carried.events.iter().find_map(|event| self.found(number, gives, event));
            let value = match (found, gives) {
                (Some(found), _) => vec![found],
                (None, Gives::Computed | Gives::Read) => used.clone(),
                (None, _) => vec![Source::Step(number)],
            };
            match self.regs.iter_mut().find(|held| (held.0, held.1) == (carried.context, reg)) {
                Some(held) => held.2 = value,
                None => self.regs.push((carried.context, reg, value)),
            }
        }
        used
    }

    /// What an operation found in a place, or left there if that is what it gives.
    fn found(&self, number: u32, gives: Gives, event: &Event) -> Option<Source> {
        let (loc, value, own) = match event.what {
            What::Read { loc, value, forwarded } => (loc, value, forwarded),
            What::Written { loc, after, how: How::Locked, .. } if gives == Gives::After => {
                return Some(Source::Read { loc, value: after, stored: number });
            }
            What::Written { loc, before, how: How::Locked, .. } => (loc, before, false),
            _ => return None,
        };
        let in_buffer = || self.buffered.iter().rfind(|store| (store.0, store.1) == (event.cpu, loc));
        let stored = match in_buffer().filter(|_| own) {
            Some(store) => store.2,
            None => self.stored(loc).unwrap_or(0),
        };
        Some(Source::Read { loc, value, stored })
    }

    /// A step of a CPU has reported something, and its context is another one then: the step that sent an IPI, if it was taken.
    pub(crate) fn event(
        &mut self,
        number: u32,
        (cpu, then): (u8, ContextId),
        machine: &Machine,
        event: &Event,
    ) -> Option<u32> {
        match event.what {
            What::Buffered { loc, .. } => self.buffered.push((event.cpu, loc, number)),
            What::Written { loc, how, .. } => {
                let oldest = |store: &(u8, Loc, u32)| (store.0, store.1) == (event.cpu, loc);
                let by = match self.buffered.iter().position(oldest).filter(|_| how == How::Drained) {
                    Some(at) => self.buffered.remove(at).2,
                    None => number,
                };
                self.store(loc, by);
            }
            What::Acquired { loc } => self.store(loc, number),
            What::IpiSent { targets, .. } => {
                self.sent.extend(crate::name::members(targets).map(|target| (target, number)));
            }
            What::IpiTaken { handler, .. } => {
                let first = self.sent.iter().position(|sent| sent.0 == cpu);
                let by = first.map(|first| self.sent.remove(first).1);
                self.begin(then, by, machine.program().handlers.get(usize::from(handler)));
                return by;
            }
            What::Faulted { then: Aftermath::Handled, .. } => {
                if let Some(handler) = machine.program().handlers.iter().find(is_of_faults) {
                    self.begin(then, Some(number), Some(handler));
                }
            }
            What::CutIn { .. } => self.begin(then, None, None),
            _ => {}
        }
        None
    }

    fn store(&mut self, loc: Loc, by: u32) {
        match self.stored.iter_mut().find(|stored| stored.0 == loc) {
            Some(stored) => stored.1 = by,
            None => self.stored.push((loc, by)),
        }
    }

    /// A handler begins, with parameters that a step gave.
    fn begin(&mut self, context: ContextId, by: Option<u32>, handler: Option<&Handler>) {
        self.regs.retain(|held| held.0 != context);
        if let (Some(by), Some(handler)) = (by, handler) {
            let params = 0..handler.params.len() as Reg;
            self.regs.extend(params.map(|reg| (context, reg, vec![Source::Step(by)])));
        }
    }
}

pub(crate) fn is_of_faults(handler: &&Handler) -> bool {
    handler.kind == HandlerKind::Fault
}
