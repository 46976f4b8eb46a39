//! Waits: what runs on a CPU waits for a lock, a condition, an answer or a frame, and the last step that gave what it waited for.
//! A wait for the CPU's own store buffer is none: nobody else ends it.

use lang::program::Pc;
use machine::{Blocked, ContextId, Event, Loc, Machine, State, What};
use std::collections::BTreeMap;

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Awaited {
    /// What is in a place: a lock, or what a condition is about.
    Place(Loc),
    /// The answers to the IPIs of a CPU.
    Ipis(u8),
    /// That what a CPU has put into queues is carried out: INVLPGBs, remote action requests, commands.
    Queue(u8),
    /// A frame.
    Frame,
}

/// All waits of a run, as far as it has been followed.
#[derive(Default)]
pub(super) struct Waits {
    waiting: BTreeMap<ContextId, (Pc, Awaited)>,
    /// The last step that gave something that is waited for, other than what is in a place.
    given: BTreeMap<Awaited, u32>,
}

impl Waits {
    /// Looks who has to wait in a state.
    pub(super) fn see(&mut self, machine: &Machine, state: &State) {
        for cpu in 0..state.cpus.len() as u8 {
            if state.cpus[usize::from(cpu)].asleep.is_none()
                && let Some(awaited) = awaited(machine, state, cpu)
            {
                let pc = state.cpus[usize::from(cpu)].context().pc;
                self.waiting.insert(machine.context_id(state, cpu), (pc, awaited));
            }
        }
    }

    /// What a context waits for at an operation, or has had to wait for there.
    pub(super) fn at(&self, context: ContextId, pc: Pc) -> Option<Awaited> {
        self.waiting.get(&context).filter(|waiting| waiting.0 == pc).map(|waiting| waiting.1)
    }

    /// A context carries out its next operation.
    pub(super) fn goes_on(&mut self, context: ContextId) {
        self.waiting.remove(&context);
    }

    /// A step has given something that may be waited for.
    pub(super) fn event(&mut self, number: u32, event: &Event) {
        let given = match event.what {
            What::IpiDone { sender, .. } => Awaited::Ipis(sender),
            What::BroadcastDone { sender, .. } => Awaited::Queue(sender),
            What::Freed { .. } => Awaited::Frame,
            _ => return,
        };
        self.given.insert(given, number);
    }

    /// The last step that gave it.
    pub(super) fn given(&self, awaited: Awaited) -> Option<u32> {
        self.given.get(&awaited).copied()
    }
}

fn awaited(machine: &Machine, state: &State, cpu: u8) -> Option<Awaited> {
    match machine.blocked(state, cpu)? {
        Blocked::Condition | Blocked::LockHeld => {
            let (place, _) = machine.next(state, cpu).place?;
            machine.locate(state, cpu, place).ok().map(Awaited::Place)
        }
        Blocked::IpisNotHandled => Some(Awaited::Ipis(cpu)),
        Blocked::BroadcastsNotDone | Blocked::CommandsNotDone => Some(Awaited::Queue(cpu)),
        Blocked::NoFreeFrame => Some(Awaited::Frame),
        Blocked::StoreBufferNotEmpty(_) | Blocked::StoreBufferFull | Blocked::Ended => None,
    }
}
