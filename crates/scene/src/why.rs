//! Why: the steps that a step rests on, and what links them.
//!
//! A step rests on the steps that wrote what it used: the word of memory, the cached pointer, the register, the
//! ownership of a frame, the set of CPUs. Following these links back from a bad walk leaves out most of a trace and
//! keeps its story: which CPU went lazy, what was cached, which CPU got no flush, who freed the table, who wrote to
//! it. Two links are about what did *not* happen. A walk through a stale pointer rests on the flush that left its
//! CPU out. That flush rests on the mask that it was sent to.
//!
//! This is data flow as events report it, and not control flow. A CPU comes to a step through all its earlier
//! steps, so links of control flow would explain nothing.

use crate::name::{self, Names};
use explore::Trace;
use lang::program::Type;
use machine::{Action, Event, From, Held, How, Loc, Machine, State, What};
use std::collections::{BTreeMap, BTreeSet};
use x86::{Backing, FrameId, Level, Pcid, Pfn, Provenance, PscEntry, Pte, TlbEntry, WalkOutcome};

/// One reason: step `step` (the first is 1) rests on the earlier step `on`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The later step.
    pub step: u32,
    /// The earlier one.
    pub on: u32,
    /// What the earlier one left for the later: `the PML4E cache of CPU 1`, `A.cpumask`.
    pub what: String,
}

/// Why a step could happen as it did: all reasons, nearest first, and the reasons of these. Empty for a step that
/// rests on the beginning alone.
#[must_use]
pub fn why(machine: &Machine, trace: &Trace<Machine>, step: u32) -> Vec<Reason> {
    let mut graph = Graph { names: Names::new(machine), last: BTreeMap::new(), reasons: Vec::new() };
    let mut before = trace.state(machine, 0);
    for (number, taken) in (1u32..).zip(trace.steps()).take(step as usize) {
        graph.step(number, &before, taken.action, &taken.events);
        before = trace.state(machine, number as usize);
    }
    let mut wanted = BTreeSet::new();
    wanted.insert(step);
    let mut chosen = Vec::new();
    // Reasons point backwards only: one pass from the end finds them all.
    for reason in graph.reasons.into_iter().rev() {
        if wanted.contains(&reason.step) {
            wanted.insert(reason.on);
            chosen.push(reason);
        }
    }
    chosen
}

/// Something that one step can leave for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    /// What is in memory.
    Memory(Loc),
    /// A store that is still buffered.
    Buffered(u8, Loc),
    /// Who owns a frame.
    Owner(FrameId),
    /// A pointer to a frame that was taken out of memory.
    Unlinked(Pfn),
    /// A paging-structure cache entry.
    Psc(u8, Pcid, Level, u64, Pfn),
    /// A TLB entry.
    Tlb(u8, Pcid, Level, u64, Pfn),
    /// CR3.
    Cr3(u8),
    /// The set of CPUs that software on a CPU read last.
    Mask(u8),
    /// A flush that left a CPU out.
    LeftOut(u8),
    /// An IPI on its way or being handled.
    Ipi(u8),
    /// An answer to a CPU's IPIs.
    Answer(u8),
    /// An INVLPGB on its way.
    Broadcast(u8),
    /// An NMI, or the host, at work on a CPU.
    CutIn(u8),
}

struct Graph<'a> {
    names: Names<'a>,
    /// For each thing the step that wrote it last.
    last: BTreeMap<Thing, u32>,
    reasons: Vec<Reason>,
}

impl Graph<'_> {
    fn step(&mut self, number: u32, before: &State, action: Action, events: &[Event]) {
        let mut uses: Vec<Thing> = Vec::new();
        let mut leaves: Vec<Thing> = Vec::new();
        for event in events {
            self.event(before, action, event, &mut uses, &mut leaves);
        }
        let mut said: BTreeSet<(u32, Thing)> = BTreeSet::new();
        for thing in uses {
            if let Some(&on) = self.last.get(&thing)
                && said.insert((on, thing))
            {
                let what = self.name(before, thing);
                self.reasons.push(Reason { step: number, on, what });
            }
        }
        for thing in leaves {
            self.last.insert(thing, number);
        }
    }

    fn event(
        &self,
        before: &State,
        action: Action,
        event: &Event,
        uses: &mut Vec<Thing>,
        leaves: &mut Vec<Thing>,
    ) {
        let cpu = event.cpu;
        match &event.what {
            What::Walk { walked, va, .. } => {
                uses.push(match action {
                    Action::Walk { from: From::Psc { level, .. }, .. }
                    | Action::GuestWalk { from: From::Psc { level, .. }, .. }
                    | Action::NestedWalk { from: From::Psc { level, .. }, .. } => Thing::Psc(
                        cpu,
                        before.cpus[cpu as usize].hw.cr3.pcid,
                        level,
                        va.tag(level),
                        walked.from.table,
                    ),
                    _ => Thing::Cr3(cpu),
                });
                if let Backing::Frame(frame) = walked.backing {
                    let loc = Loc::Word(frame, walked.index);
                    let own = matches!(action, Action::Walk { own: true, .. });
                    uses.push(if own { Thing::Buffered(cpu, loc) } else { Thing::Memory(loc) });
                    if walked.from.provenance != Provenance::Sound {
                        uses.extend([Thing::Owner(frame), Thing::LeftOut(cpu)]);
                    }
                    if walked.sets_accessed.is_some() {
                        leaves.push(Thing::Memory(loc));
                    }
                }
                leaves.extend(cached(cpu, &walked.outcome));
            }
            What::Read { loc, forwarded, .. } => {
                uses.push(if *forwarded { Thing::Buffered(cpu, *loc) } else { Thing::Memory(*loc) });
                if self.is_mask(*loc) {
                    // A step that reads a mask to send an IPI by it rests on the step that wrote the mask.
                    leaves.push(Thing::Mask(cpu));
                }
            }
            What::Buffered { loc, .. } => {
                uses.extend(owner(*loc));
                leaves.push(Thing::Buffered(cpu, *loc));
            }
            What::Written { loc, before: old, how, .. } => {
                match how {
                    How::Drained => uses.push(Thing::Buffered(cpu, *loc)),
                    How::Locked => uses.push(Thing::Memory(*loc)),
                    How::Direct | How::Private => {}
                }
                uses.extend(owner(*loc));
                leaves.push(Thing::Memory(*loc));
                if let Loc::Word(..) = loc
                    && Pte(*old).has(Pte::P)
                {
                    leaves.push(Thing::Unlinked(Pte(*old).pfn(Level::Pt)));
                }
            }
            What::Cr3Written { removed, .. }
            | What::VmEntered { removed, .. }
            | What::VmExited { removed, .. }
            | What::Invalidated { removed, .. } => {
                // A VM entry or exit loads CR3 as well.
                if !matches!(event.what, What::Invalidated { .. }) {
                    leaves.push(Thing::Cr3(cpu));
                }
                uses.push(Thing::Ipi(cpu));
                uses.extend(removed.psc.iter().map(|entry| psc(cpu, entry)));
                uses.extend(removed.tlb.iter().map(|entry| tlb(cpu, entry)));
                // The invalidation makes up for an IPI that was left out before.
                leaves.push(Thing::LeftOut(cpu));
            }
            What::IpiSent { targets, omitted, .. } => {
                uses.push(Thing::Mask(cpu));
                leaves.extend(name::members(*targets).map(Thing::Ipi));
                leaves.extend(name::members(*omitted).map(Thing::LeftOut));
            }
            What::IpiTaken { .. } => uses.push(Thing::Ipi(cpu)),
            What::IpiDone { sender, .. } => {
                uses.push(Thing::Ipi(cpu));
                leaves.push(Thing::Answer(*sender));
            }
            What::Waited => uses.push(Thing::Answer(cpu)),
            What::Allocated { frame, .. } => {
                uses.push(Thing::Owner(*frame));
                leaves.push(Thing::Owner(*frame));
            }
            What::Freed { frame, .. } | What::FreeQueued { frame, .. } => {
                let pfn = self.names.machine.map().frames[*frame as usize].0;
                uses.extend([Thing::Owner(*frame), Thing::Unlinked(pfn)]);
                leaves.push(Thing::Owner(*frame));
            }
            What::Accessed { via, .. } => {
                uses.push(tlb(cpu, via));
                if before.cpus[cpu as usize].intruder.is_some() {
                    uses.push(Thing::CutIn(cpu));
                }
            }
            What::CutIn { .. } => leaves.push(Thing::CutIn(cpu)),
            What::DirtySet { frame, index, .. } => leaves.push(Thing::Memory(Loc::Word(*frame, *index))),
            What::Acquired { loc } => {
                uses.push(Thing::Memory(*loc));
                leaves.push(Thing::Memory(*loc));
            }
            What::BroadcastSent(_) => {
                leaves.extend((0..before.cpus.len() as u8).map(Thing::Broadcast));
            }
            What::RarSent { targets, .. } => {
                leaves.extend(
                    (0..before.cpus.len() as u8).filter(|cpu| targets >> cpu & 1 == 1).map(Thing::Broadcast),
                );
            }
            What::CommandQueued(_) => {
                let devices = self.names.machine.program().machine.processors()..before.cpus.len() as u8;
                leaves.extend(devices.map(Thing::Broadcast));
            }
            What::PasidAttached { device, .. } => leaves.push(Thing::Cr3(*device)),
            What::Translated { entry, .. } => {
                uses.push(tlb(cpu, &TlbEntry { space: x86::Space::default(), ..*entry }));
                leaves.push(tlb(cpu, entry));
            }
            What::BroadcastDone { .. } => uses.push(Thing::Broadcast(cpu)),
            What::Claimed { held, .. } | What::StillHeld { held } => {
                uses.extend(held.iter().filter_map(|(cpu, held)| match held {
                    Held::Translation(entry) => Some(tlb(*cpu, entry)),
                    Held::Pointer(entry) => Some(psc(*cpu, entry)),
                    Held::Buffered(_) => None,
                }));
            }
            What::Shared { cpus, outcome } => {
                for sibling in name::members(*cpus) {
                    leaves.extend(cached(sibling, outcome));
                }
            }
            What::Fenced
            | What::RootRead { .. }
            | What::Switched { .. }
            | What::SpaceMade { .. }
            | What::SpaceEnded { .. }
            | What::NoOperation { .. }
            | What::IrqsOn(_)
            | What::VmcsLoaded { .. }
            | What::Mode { .. }
            | What::Faulted { .. }
            | What::FaultDone { .. }
            | What::GivenUp { .. }
            | What::Rewalked { .. }
            | What::Picked { .. }
            | What::Slept { .. }
            | What::CutInDone { .. }
            | What::NoRoom { .. }
            | What::DeviceRefused { .. }
            | What::Woke
            | What::CheckFailed { .. }
            | What::BeyondLimit { .. }
            | What::InvariantBroken { .. }
            | What::UserWithoutInterrupts
            | What::Bug(_) => {}
        }
    }

    fn is_mask(&self, loc: Loc) -> bool {
        match loc {
            Loc::Cell(cell) => {
                self.names.machine.variable_of(cell).is_some_and(|found| found.0.ty == Type::Cpus)
            }
            Loc::Word(..) => false,
        }
    }

    fn name(&self, state: &State, thing: Thing) -> String {
        let names = self.names;
        let told = match thing {
            Thing::Memory(loc) | Thing::Buffered(_, loc) => names.loc(state, 0, loc),
            Thing::Owner(frame) => format!("the owner of {}", names.frame(frame)),
            Thing::Unlinked(pfn) => format!("the pointer to {}", names.pfn(pfn)),
            Thing::Psc(cpu, _, level, ..) => format!("the {} cache of CPU {cpu}", level.entry_name()),
            Thing::Tlb(cpu, ..) => format!("the TLB of CPU {cpu}"),
            Thing::Cr3(cpu) => format!("CR3 of CPU {cpu}"),
            Thing::Mask(_) => "the set of CPUs that the IPI was sent to".to_owned(),
            Thing::LeftOut(cpu) => format!("the flush that left out CPU {cpu}"),
            Thing::Ipi(cpu) => format!("the IPI to CPU {cpu}"),
            Thing::Answer(cpu) => format!("the answer to CPU {cpu}"),
            Thing::Broadcast(cpu) if names.machine.is_device(cpu) => format!("the command for CPU {cpu}"),
            Thing::Broadcast(cpu) => {
                format!("the {} for CPU {cpu}", name::queued(names.machine.map().vendor))
            }
            Thing::CutIn(cpu) => format!("the NMI or the VM exit on CPU {cpu}"),
        };
        name::with_devices(names.machine, told)
    }
}

fn owner(loc: Loc) -> Option<Thing> {
    match loc {
        Loc::Word(frame, _) => Some(Thing::Owner(frame)),
        Loc::Cell(_) => None,
    }
}

/// What a step of a walk has cached on a CPU.
fn cached(cpu: u8, outcome: &WalkOutcome) -> Option<Thing> {
    match outcome {
        WalkOutcome::Structure(entry) => Some(psc(cpu, entry)),
        WalkOutcome::Translation(entry) => Some(tlb(cpu, entry)),
        _ => None,
    }
}

fn psc(cpu: u8, entry: &PscEntry) -> Thing {
    Thing::Psc(cpu, entry.pcid, entry.level, entry.tag, entry.table)
}

fn tlb(cpu: u8, entry: &TlbEntry) -> Thing {
    Thing::Tlb(cpu, entry.pcid, entry.level, entry.page, entry.pfn)
}
