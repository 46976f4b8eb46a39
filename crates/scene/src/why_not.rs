//! Why an action that happened on one machine cannot happen on another machine, or at another moment.

use crate::action::why_blocked;
use crate::name;
use explore::System;
use machine::{Action, From, Machine, Occasion, State};
use x86::{Law, WalkOutcome};

/// What stands in the way of an action; nothing if it can be taken.
#[must_use]
pub fn why_not(machine: &Machine, state: &State, action: Action) -> Option<String> {
    let mut enabled = Vec::new();
    machine.enabled(state, &mut enabled);
    if enabled.contains(&action) {
        return None;
    }
    let cpu = action.cpu();
    let Some(this) = state.cpus.get(usize::from(cpu)) else {
        return Some(format!("there is no CPU {cpu}"));
    };
    if state.stopped {
        return Some("a machine check has stopped the machine".to_owned());
    }
    let software = || {
        let elsewhere = "is at another place in its program".to_owned();
        format!("CPU {cpu} {}", why_blocked(machine, state, cpu).unwrap_or(elsewhere))
    };
    let told = match action {
        Action::Step { .. } | Action::Allocate { .. } | Action::Pick { .. } => {
            let access = machine.next(state, cpu).taken.access();
            match access {
                Some(_) if why_blocked(machine, state, cpu).is_none() => {
                    format!("CPU {cpu} is about to access memory through its page tables")
                }
                Some(_) | None => software(),
            }
        }
        Action::Access { .. }
        | Action::DirtyWalk { .. }
        | Action::Fault { .. }
        | Action::Violation { .. }
        | Action::ProtectionFault { .. } => {
            match (machine.next(state, cpu).taken.access(), why_blocked(machine, state, cpu)) {
                (Some(_), Some(reason)) => format!("CPU {cpu} {reason}"),
                (Some(_), None) => format!("CPU {cpu} has no such translation cached"),
                (None, _) => format!("CPU {cpu} is not about to access memory through its page tables"),
            }
        }
        Action::Drain { .. } => format!("the store buffer of CPU {cpu} is empty"),
        Action::Interrupt { .. } if this.pending.is_empty() => format!("no IPI waits at CPU {cpu}"),
        Action::Interrupt { .. } if !this.interruptible() => format!("CPU {cpu} has interrupts off"),
        Action::Interrupt { .. } => drains_first(cpu, Occasion::Interrupt),
        Action::Nmi { .. } if this.nmis == 0 => format!("no further NMI comes to CPU {cpu}"),
        Action::VmExit { .. } if this.vmexits == 0 => format!("the host does not preempt CPU {cpu} again"),
        Action::Nmi { .. } if this.intruder.is_none() => drains_first(cpu, Occasion::Nmi),
        Action::VmExit { .. } if this.intruder.is_none() => drains_first(cpu, Occasion::VmExit),
        Action::Nmi { .. } | Action::VmExit { .. } => {
            format!("CPU {cpu} runs a handler that nothing interrupts")
        }
        Action::Broadcast { .. } if machine.is_device(cpu) => {
            format!("no command of the IOMMU's queue waits for CPU {cpu}")
        }
        Action::Broadcast { .. } => {
            format!("no {} has reached CPU {cpu}", name::queued(machine.map().vendor))
        }
        Action::GuestWalk { .. } | Action::NestedWalk { .. } if !this.in_guest() => {
            format!("CPU {cpu} runs no guest")
        }
        Action::GuestWalk { .. } | Action::NestedWalk { .. } => {
            format!("CPU {cpu} has already cached everything that this walk would find")
        }
        Action::Walk { .. } if this.in_guest() => format!("CPU {cpu} runs a guest"),
        Action::Translate { .. } if machine.is_device(cpu) => {
            format!("CPU {cpu} already has the answer that its IOMMU would give")
        }
        Action::Translate { .. } => format!("CPU {cpu} is no device"),
        Action::Walk { va, from, own, .. } => no_walk(machine, state, cpu, va, from, own),
    };
    Some(name::with_devices(machine, told))
}

/// Why a CPU, or the IOMMU of a device, does not make a walk.
fn no_walk(machine: &Machine, state: &State, cpu: u8, va: u8, from: From, own: bool) -> String {
    if machine.detached(state, cpu) {
        return format!("CPU {cpu} has no PASID now, and nothing walks for it");
    }
    if state.cpus[usize::from(cpu)].asleep.is_some() {
        return format!("CPU {cpu} sleeps, and a sleeping CPU makes no walks");
    }
    let address = machine.watched().get(usize::from(va));
    let address = address.map_or_else(|| "that address".to_owned(), ToString::to_string);
    match (machine.walk(state, cpu, va, from, own), from) {
        (None, From::Psc { level, .. }) => {
            format!("CPU {cpu} has no usable {} for {address} cached now", level.entry_name())
        }
        (None, From::Cr3) => format!("CPU {cpu} has no store in its buffer that the walk could see"),
        (Some(walked), _) => finds_nothing(cpu, &address, walked.outcome),
    }
}

/// The sentence that a walk would cache nothing.
fn finds_nothing(cpu: u8, address: &str, outcome: WalkOutcome) -> String {
    match outcome {
        WalkOutcome::NotPresent => format!(
            "the walk of {address} on CPU {cpu} would read an entry that is not present, and a walk caches no such entry ({})",
            Law::H10
        ),
        _ => format!("CPU {cpu} has already cached everything that a walk of {address} would find"),
    }
}

/// The sentence that an event comes only when a store buffer has drained.
fn drains_first(cpu: u8, occasion: Occasion) -> String {
    let law = occasion.law().map_or(String::new(), |law| format!(" ({law})"));
    format!("the store buffer of CPU {cpu} drains first{law}")
}
