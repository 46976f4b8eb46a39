//! In words: what could be done next, and why a CPU cannot continue.

use crate::caption;
use crate::name::{self, Names};
use explore::{PropertySet, Step, System};
use lang::effects::Waits;
use lang::program::{Bin, HandlerKind};
use machine::{Action, Blocked, Event, From, Machine, State};

/// What an enabled action would do: `CPU 1 sets A.tlb_gen: 1 -> 2`.
///
/// The sentence says what would happen, and not only what would be tried: the step is taken on a copy of the
/// state, and the sentence is that step's own.
#[must_use]
pub fn explain_action(machine: &Machine, state: &State, action: Action) -> String {
    match action {
        Action::Walk { cpu, va, from, own } => {
            let device = machine.is_device(cpu);
            let start = match from {
                From::Cr3 if device => "the root of its PASID".to_owned(),
                From::Cr3 => "CR3".to_owned(),
                From::Psc { level, copy: 0 } => format!("its {} cache", level.entry_name()),
                From::Psc { level, copy } => {
                    format!("entry {} of its {} cache", copy + 1, level.entry_name())
                }
            };
            let seeing = if own { ", seeing its own store buffer" } else { "" };
            let who = name::unit(machine, cpu) + if device { "'s IOMMU" } else { "" };
            format!("{who} walks {} from {start}{seeing}", address(machine, va))
        }
        Action::Interrupt { cpu } => match state.cpus.get(cpu as usize).and_then(|this| this.pending.first())
        {
            Some(ipi) => {
                let handler = Names::new(machine).handler(ipi.handler);
                format!("CPU {cpu} takes CPU {}'s IPI: {handler}", ipi.sender)
            }
            None => format!("CPU {cpu} takes an IPI"),
        },
        Action::Nmi { cpu } => {
            let handler = Names::new(machine).handler_of(HandlerKind::Nmi);
            format!("CPU {cpu} takes an NMI: {handler}")
        }
        Action::VmExit { cpu } => {
            let handler = Names::new(machine).handler_of(HandlerKind::VmExit);
            format!("CPU {cpu} is preempted by the host: {handler}")
        }
        Action::Pick { cpu, yes } => format!("CPU {cpu}'s maybe() says {}", if yes { "yes" } else { "no" }),
        Action::Step { .. }
        | Action::Access { .. }
        | Action::DirtyWalk { .. }
        | Action::Fault { .. }
        | Action::ProtectionFault { .. }
        | Action::Drain { .. }
        | Action::GuestWalk { .. }
        | Action::NestedWalk { .. }
        | Action::Violation { .. }
        | Action::Allocate { .. }
        | Action::Translate { .. }
        | Action::Broadcast { .. } => {
            let mut after = state.clone();
            let mut events: Vec<Event> = Vec::new();
            machine.step(&mut after, action, &mut events);
            let step = Step { action, events, properties: PropertySet::NONE };
            caption::first_clause(machine, state, &step, &after)
        }
    }
}

/// An action in a few words: `cpu1 walk 0x400000 from PDE`.
#[must_use]
pub fn action_name(machine: &Machine, action: Action) -> String {
    let numbered = |copy: u8| if copy == 0 { String::new() } else { format!(" #{}", copy + 1) };
    match action {
        Action::Step { cpu } => format!("cpu{cpu} step"),
        Action::Access { cpu, copy } => format!("cpu{cpu} access{}", numbered(copy)),
        Action::DirtyWalk { cpu, level, copy } => {
            format!("cpu{cpu} access from {}{}", level.entry_name(), numbered(copy))
        }
        Action::Fault { cpu } => format!("cpu{cpu} fault"),
        Action::ProtectionFault { cpu } => format!("cpu{cpu} fault present"),
        Action::Drain { cpu } => format!("cpu{cpu} drain"),
        Action::Interrupt { cpu } => format!("cpu{cpu} interrupt"),
        Action::Nmi { cpu } => format!("cpu{cpu} nmi"),
        Action::VmExit { cpu } => format!("cpu{cpu} vmexit"),
        Action::Broadcast { cpu } => format!("cpu{cpu} broadcast"),
        Action::Allocate { cpu, frame } => {
            format!(
                "cpu{cpu} takes frame {}",
                machine.map().frames.get(usize::from(frame)).map_or("?", |frame| &frame.1)
            )
        }
        Action::Violation { cpu } => format!("cpu{cpu} EPT violation"),
        Action::Translate { cpu, va, copy } => {
            format!("cpu{cpu} asks for {}{}", address(machine, va), numbered(copy))
        }
        Action::GuestWalk { cpu, va, from, own, root, next } => {
            let start = match from {
                From::Cr3 => format!("CR3{}", numbered(root)),
                From::Psc { level, copy } => format!("{}{}", level.entry_name(), numbered(copy)),
            };
            let own = if own { " own" } else { "" };
            format!("cpu{cpu} guest walk {} from {start}{own}{}", address(machine, va), numbered(next))
        }
        Action::NestedWalk { cpu, page, from } => {
            let start = match from {
                From::Cr3 => "EPTP".to_owned(),
                From::Psc { level, copy } => format!("EPT {}{}", level.entry_name(), numbered(copy)),
            };
            let frame = machine.guest_frames().get(usize::from(page));
            let gpa =
                frame.map_or_else(|| "an unknown address".to_owned(), |f| format!("{:#x}", f.gfn.base()));
            format!("cpu{cpu} EPT walk {gpa} from {start}")
        }
        Action::Pick { cpu, yes } => format!("cpu{cpu} maybe {}", if yes { "yes" } else { "no" }),
        Action::Walk { cpu, va, from, own } => {
            let start = match from {
                From::Cr3 => name::root(machine, cpu).to_owned(),
                From::Psc { level, copy } => format!("{}{}", level.entry_name(), numbered(copy)),
            };
            let own = if own { " own" } else { "" };
            format!("cpu{cpu} walk {} from {start}{own}", address(machine, va))
        }
    }
}

fn address(machine: &Machine, va: u8) -> String {
    machine.watched().get(va as usize).map_or_else(|| "an unknown address".to_owned(), ToString::to_string)
}

/// Why the software of a CPU cannot continue, and what would let it continue; nothing if it can.
#[must_use]
pub fn why_blocked(machine: &Machine, state: &State, cpu: u8) -> Option<String> {
    if state.stopped {
        return Some("a machine check has stopped the machine".to_owned());
    }
    let names = Names::new(machine);
    state.cpus.get(cpu as usize)?;
    let row = machine.next(state, cpu);
    if let Some(access) = row.taken.access() {
        let mut enabled = Vec::new();
        machine.enabled(state, &mut enabled);
        let mine = |action: &Action| {
            action.cpu() == cpu
                && matches!(
                    action,
                    Action::Access { .. }
                        | Action::DirtyWalk { .. }
                        | Action::Fault { .. }
                        | Action::ProtectionFault { .. }
                        | Action::Violation { .. }
                )
        };
        if enabled.iter().any(mine) {
            return None;
        }
        if machine.blocked(state, cpu).is_none() {
            let va = machine.operand(state, cpu, access.va);
            let what = if machine.is_device(cpu) { "an answer of its IOMMU" } else { "a page walk" };
            return Some(format!("waits for {what}: its TLB has nothing for {va:#x}"));
        }
    }
    let reason = machine.blocked(state, cpu)?;
    Some(match reason {
        Blocked::StoreBufferNotEmpty(occasion) => match occasion.law() {
            Some(law) => format!("waits for its store buffer to drain ({law})"),
            None => "waits for its store buffer to drain".to_owned(),
        },
        Blocked::StoreBufferFull => "waits for room in its store buffer".to_owned(),
        Blocked::NoFreeFrame => "waits for a free page".to_owned(),
        Blocked::LockHeld => match row.place.map(|(place, _)| machine.locate(state, cpu, place)) {
            Some(Ok(loc)) => format!("waits for the lock {}", names.loc(state, cpu, loc)),
            Some(Err(_)) | None => "waits for a lock".to_owned(),
        },
        Blocked::BroadcastsNotDone => {
            let cpus = state.cpus.iter().enumerate();
            let owing = cpus.filter(|(_, other)| other.broadcasts.iter().any(|sent| sent.sender == cpu));
            let owing = owing.fold(0, |set, (other, _)| set | 1 << other);
            let what = name::queued(machine.map().vendor);
            format!("waits until its {what} has been carried out by {}", name::cpu_list(owing))
        }
        Blocked::CommandsNotDone => "waits until the IOMMU has carried out its commands".to_owned(),
        Blocked::Ended => "has come to the end of its program".to_owned(),
        Blocked::IpisNotHandled => {
            let owing = owing(state, cpu);
            let deaf = owing & deaf(state);
            let mut text = format!("waits until {} has answered its IPI", name::cpu_list(owing));
            if owing.count_ones() > 1 {
                text = format!("waits until {} have answered its IPIs", name::cpu_list(owing));
            }
            let away = owing & preempted(machine, state);
            if away != 0 {
                let verb = if away.count_ones() == 1 { "is" } else { "are" };
                text.push_str(&format!(
                    "; the host has preempted {}, which {verb} not running",
                    name::cpu_list(away)
                ));
            }
            if deaf != 0 {
                let verb = if deaf.count_ones() == 1 { "has" } else { "have" };
                text.push_str(&format!("; {} {verb} interrupts off", name::cpu_list(deaf)));
            }
            text
        }
        Blocked::Condition => match condition(names, state, cpu) {
            Some(condition) => format!("waits until {condition}"),
            None => "waits for a condition".to_owned(),
        },
    })
}

/// CPUs that have not handled an IPI of `cpu` to its end.
fn owing(state: &State, cpu: u8) -> u64 {
    let owes = |other: &machine::CpuState| {
        other.pending.iter().any(|ipi| ipi.sender == cpu)
            || other.handler.as_ref().is_some_and(|running| running.sender == cpu)
    };
    let cpus = state.cpus.iter().enumerate().filter(|(_, other)| owes(other));
    cpus.fold(0, |set, (other, _)| set | 1 << other)
}

/// CPUs that would not take an IPI now, though they run no handler that could answer it.
fn deaf(state: &State) -> u64 {
    let cpus = state.cpus.iter().enumerate().filter(|(_, cpu)| !cpu.irqs_on && cpu.handler.is_none());
    cpus.fold(0, |set, (cpu, _)| set | 1 << cpu)
}

/// CPUs that the host has preempted.
fn preempted(machine: &Machine, state: &State) -> u64 {
    let cpus = state.cpus.iter().enumerate().filter(|(_, cpu)| machine.preempted(cpu));
    cpus.fold(0, |set, (cpu, _)| set | 1 << cpu)
}

/// The condition of the `until` that a CPU is at, as the text has it: `A.users == 0`.
pub(crate) fn condition(names: Names<'_>, state: &State, cpu: u8) -> Option<String> {
    let row = Some(names.machine.next(state, cpu)).filter(|row| row.waits == Waits::Condition)?;
    let loc = names.machine.locate(state, cpu, row.place?.0).ok()?;
    let left = names.loc(state, cpu, loc);
    let value = names.machine.operand(state, cpu, row.reads.first()?.0);
    let right = names.loc_value(state, loc, value);
    Some(match row.function? {
        Bin::Ne => format!("{left} != {right}"),
        Bin::Lt => format!("{left} < {right}"),
        Bin::Le => format!("{left} <= {right}"),
        Bin::Gt => format!("{left} > {right}"),
        Bin::Ge => format!("{left} >= {right}"),
        Bin::In => format!("{value} in {left}"),
        Bin::And => format!("{left} & {right}"),
        Bin::Disjoint => format!("{left} and {right} are disjoint"),
        _ => format!("{left} == {right}"),
    })
}
