//! Why: the steps that a step rests on, and what links them.
//!
//! A step rests on the steps that wrote what it used: the word of memory, the cached pointer, the register, the
//! ownership of a frame, the set of CPUs. Following these links back from a bad walk leaves out most of a trace and
//! keeps its story: which CPU went lazy, what was cached, which CPU got no flush, who freed the table, who wrote to
//! it. Some links are about what did *not* happen. What uses a stale entry rests on the flush that should have removed
//! it: it left the CPU out, did nothing there, has not arrived, or came too early (`cause`). That flush rests on the mask
//! that it was sent to, and on what its sender saw of the CPU. A read rests on the store that it did not see. A machine that
//! hangs rests on who took the lock that is never given back (`standstill`).
//!
//! This is data flow as events report it, and not control flow. A CPU comes to a step through all its earlier
//! steps, so links of control flow would explain nothing. Registers are followed (`values`) for a load of CR3, which decides
//! whose entries are used, and for a mistake of the kernel.

mod cause;
mod standstill;

use crate::name::{self, Names};
use crate::reason::Reason;
use crate::values::{Source, Values};
use explore::Trace;
use lang::program::Type;
use machine::{Action, Bug, Event, From, Held, How, Loc, Machine, Property, State, What};
use x86::{
    Backing, FrameId, Level, Pcid, Pfn, Provenance, PscEntry, Pte, TlbEntry, VirtAddr, WalkOutcome, Walked,
};

/// Why a step could happen as it did: all reasons, nearest first, and the reasons of these. Empty for a step that
/// rests on the beginning alone.
#[must_use]
pub fn why(machine: &Machine, trace: &Trace<Machine>, step: u32) -> Vec<Reason> {
    let mut graph = Graph {
        names: Names::new(machine),
        last: Vec::new(),
        values: Values::default(),
        reasons: Vec::new(),
    };
    let mut before = trace.state(machine, 0);
    for (number, taken) in (1u32..).zip(trace.steps()).take(step as usize) {
        graph.step(number, &before, taken.action, &taken.events);
        let after = trace.state(machine, number as usize);
        if number == step && taken.properties.intersects(Property::Deadlock.as_set()) {
            let uses = graph.standstill(trace, &after);
            graph.rests(number, &after, uses);
        }
        graph.given(number, &before, taken.action);
        before = after;
    }
    let mut wanted = vec![false; step as usize + 1];
    wanted[step as usize] = true;
    let mut chosen = Vec::new();
    // Reasons point backwards only: one pass from the end finds them all.
    for reason in graph.reasons.into_iter().rev() {
        if wanted[reason.step as usize] {
            wanted[reason.on as usize] = true;
            chosen.push(reason);
        }
    }
    chosen
}

/// Something that one step can leave for another.
#[derive(Clone, Copy, PartialEq, Eq)]
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
    /// A word of memory that has got another value.
    Changed(Loc),
    /// What a CPU read last.
    Looked(u8),
    /// What a CPU read last of the variables of another.
    Asked(u8, u8),
    /// An IPI that a CPU has taken.
    Taken(u8),
    /// An IPI's handler that ended on a CPU and had removed nothing.
    Skipped(u8),
    /// The last flush on a CPU.
    Flushed(u8),
    /// Whether a CPU takes interrupts.
    Irqs(u8),
    /// A kernel's claim that nothing older can be used.
    Claim,
    /// The end of a CPU's program.
    End(u8),
}

/// Something that has been left.
struct Left {
    thing: Thing,
    /// The step that wrote it last; 0 if that is still to be noted.
    step: u32,
    /// The words that a cached entry was made from.
    words: Vec<Loc>,
}

struct Graph<'a> {
    names: Names<'a>,
    /// All that has been left: few, and searched from the beginning. A map would be of a type of its own, and all visitors load it.
    last: Vec<Left>,
    values: Values,
    /// In the order of their steps.
    reasons: Vec<Reason>,
}

impl Graph<'_> {
    fn step(&mut self, number: u32, before: &State, action: Action, events: &[Event]) {
        let mut uses: Vec<Thing> = Vec::new();
        let mut leaves: Vec<Thing> = Vec::new();
        for event in events {
            self.event(before, action, event, &mut uses, &mut leaves);
            if let What::Walk { va, walked, .. } = &event.what {
                self.made_from(before, action, event.cpu, (*va, walked));
            }
        }
        self.rests(number, before, uses);
        leaves.extend((!action.unasked()).then_some(Thing::End(action.cpu())));
        for thing in leaves {
            self.left(thing).step = number;
        }
    }

    /// Notes that a step rests on what others have left.
    fn rests(&mut self, number: u32, state: &State, uses: Vec<Thing>) {
        for (at, &thing) in uses.iter().enumerate() {
            let on = self.since(thing);
            if (1..number).contains(&on) && !uses[..at].contains(&thing) {
                let what = self.name(state, thing);
                self.reasons.push(Reason { step: number, on, what });
            }
        }
    }

    /// Follows the values of a step; notes where those come from with which it loads CR3, or that a mistake of the kernel is about.
    fn given(&mut self, number: u32, before: &State, action: Action) {
        let (names, machine) = (self.names, self.names.machine);
        let first = self.reasons.len();
        for carried in machine.trail(before, action) {
            let used = self.values.operation(number, machine, &carried);
            for event in &carried.events {
                let asked =
                    matches!(event.what, What::Cr3Written { .. } | What::CheckFailed { .. } | What::Bug(_));
                for source in used.iter().filter(|_| asked) {
                    let (on, what) = match *source {
                        Source::Read { loc, value, stored } => (stored, names.holds(before, 0, loc, value)),
                        Source::Step(on) => (on, "a value that it used".to_owned()),
                    };
                    let reason = Reason { step: number, on, what };
                    if (1..number).contains(&on) && !self.reasons[first..].contains(&reason) {
                        self.reasons.push(reason);
                    }
                }
                self.values.event(number, (action.cpu(), carried.then), machine, event);
            }
        }
    }

    /// What is known of something that is left.
    fn left(&mut self, thing: Thing) -> &mut Left {
        let at = self.last.iter().position(|left| left.thing == thing).unwrap_or(self.last.len());
        if at == self.last.len() {
            self.last.push(Left { thing, step: 0, words: Vec::new() });
        }
        &mut self.last[at]
    }

    /// The words that a cached entry was made from.
    fn words(&self, entry: Thing) -> Vec<Loc> {
        let left = self.last.iter().find(|left| left.thing == entry);
        left.map(|left| left.words.clone()).unwrap_or_default()
    }

    /// Notes which words a cached entry was made from.
    fn made_from(&mut self, before: &State, action: Action, cpu: u8, (va, walked): (VirtAddr, &Walked)) {
        let mut words = self.words(start(before, action, cpu, (va, walked)));
        if let Backing::Frame(frame) = walked.backing {
            words.push(Loc::Word(frame, walked.index));
        }
        if let Some(entry) = cached(cpu, &walked.outcome) {
            self.left(entry).words = words;
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
            What::Walk { va, walked, .. } => {
                let from = start(before, action, cpu, (*va, walked));
                uses.push(from);
                if let Backing::Frame(frame) = walked.backing {
                    let loc = Loc::Word(frame, walked.index);
                    let own = matches!(action, Action::Walk { own: true, .. });
                    uses.push(if own { Thing::Buffered(cpu, loc) } else { Thing::Memory(loc) });
                    if walked.from.provenance != Provenance::Sound {
                        uses.push(Thing::Owner(frame));
                        self.missed(before, cpu, from, uses);
                    }
                    if walked.sets_accessed.is_some() {
                        leaves.push(Thing::Memory(loc));
                    }
                }
                if let WalkOutcome::Translation(made) = &walked.outcome {
                    self.beside(before, cpu, (*va, made), uses);
                }
                leaves.extend(cached(cpu, &walked.outcome));
            }
            What::Read { loc, forwarded, .. } => {
                uses.push(if *forwarded { Thing::Buffered(cpu, *loc) } else { Thing::Memory(*loc) });
                // It would have found something else, had a store of another CPU not waited.
                let waiting = (0..).zip(&before.cpus).filter(|(other, this)| {
                    *other != cpu && this.buffer.stores().iter().any(|store| store.0 == *loc)
                });
                uses.extend(waiting.map(|(other, _)| Thing::Buffered(other, *loc)));
                leaves.push(Thing::Looked(cpu));
                leaves.extend(self.owner_of(*loc).map(|of| Thing::Asked(cpu, of)));
                if self.is_mask(*loc) {
                    // A step that reads a mask to send an IPI by it rests on the step that wrote the mask.
                    leaves.push(Thing::Mask(cpu));
                }
            }
            What::Buffered { loc, .. } => {
                uses.extend(owner(*loc));
                leaves.push(Thing::Buffered(cpu, *loc));
            }
            What::Written { loc, before: old, how, after } => {
                leaves.extend((old != after).then_some(Thing::Changed(*loc)));
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
                if !matches!(event.what, What::Cr3Written { noflush: true, .. }) {
                    leaves.push(Thing::Flushed(cpu));
                }
            }
            What::IpiSent { targets, omitted, .. } => {
                uses.push(Thing::Mask(cpu));
                // What its sender saw of those that it left out.
                uses.extend(name::members(*omitted).map(|of| Thing::Asked(cpu, of)));
                leaves.extend(name::members(*targets).map(Thing::Ipi));
                leaves.extend(name::members(*omitted).map(Thing::LeftOut));
            }
            What::IpiTaken { .. } => {
                uses.push(Thing::Ipi(cpu));
                leaves.push(Thing::Taken(cpu));
            }
            What::IpiDone { sender, .. } => {
                uses.push(Thing::Ipi(cpu));
                if self.since(Thing::Flushed(cpu)) < self.since(Thing::Taken(cpu)) {
                    uses.extend(
                        Some(Thing::Looked(cpu))
                            .filter(|&read| self.since(read) > self.since(Thing::Taken(cpu))),
                    );
                    leaves.push(Thing::Skipped(cpu));
                }
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
            What::Accessed { via, va, given, foreign, .. } => {
                let entry = tlb(cpu, via);
                uses.push(entry);
                uses.extend(via.ghost.outdated.then_some(Thing::Claim));
                if via.provenance != Provenance::Sound || !given || via.ghost.outdated {
                    uses.extend(self.frame_of(via.frame_of(*va)).map(Thing::Owner));
                    self.changed(before, cpu, entry, Some(*va), uses);
                    self.missed(before, cpu, entry, uses);
                    if foreign.is_some() || self.since(Thing::Cr3(cpu)) > self.since(entry) {
                        uses.push(Thing::Cr3(cpu));
                    }
                }
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
            What::BroadcastDone { .. } => {
                uses.push(Thing::Broadcast(cpu));
                leaves.push(Thing::Flushed(cpu));
            }
            What::Claimed { held, .. } | What::StillHeld { held } => {
                match event.what {
                    What::Claimed { .. } => leaves.push(Thing::Claim),
                    _ => uses.push(Thing::Claim),
                }
                for (cpu, held) in held {
                    let entry = match held {
                        Held::Translation(entry) => tlb(*cpu, entry),
                        Held::Pointer(entry) => psc(*cpu, entry),
                        Held::Buffered(_) => {
                            let stores = before.cpus[usize::from(*cpu)].buffer.stores();
                            let words = stores.iter().filter(|store| matches!(store.0, Loc::Word(..)));
                            uses.extend(words.map(|store| Thing::Buffered(*cpu, store.0)));
                            continue;
                        }
                    };
                    uses.push(entry);
                    self.changed(before, *cpu, entry, None, uses);
                    self.missed(before, *cpu, entry, uses);
                }
            }
            What::IrqsOn(_) => leaves.push(Thing::Irqs(cpu)),
            What::Bug(Bug::DoubleFree(frame)) => uses.push(Thing::Owner(*frame)),
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
            Thing::Changed(loc) => format!("the change of {}", names.loc(state, 0, loc)),
            Thing::Looked(cpu) | Thing::Asked(_, cpu) => format!("what was seen of CPU {cpu}"),
            Thing::Taken(cpu) => format!("the IPI that CPU {cpu} took"),
            Thing::Skipped(cpu) => format!("the handler that removed nothing on CPU {cpu}"),
            Thing::Flushed(cpu) => format!("the last flush on CPU {cpu}, which came too early"),
            Thing::Claim => "the claim that nothing older is left".to_owned(),
            Thing::Irqs(cpu) => format!("the interrupt flag of CPU {cpu}"),
            Thing::End(cpu) => format!("the last step of CPU {cpu}, whose program has ended"),
        };
        name::with_devices(names.machine, told)
    }
}

/// What a step of a walk begins with: a cached pointer, or CR3.
fn start(before: &State, action: Action, cpu: u8, (va, walked): (VirtAddr, &Walked)) -> Thing {
    match action {
        Action::Walk { from: From::Psc { level, .. }, .. }
        | Action::GuestWalk { from: From::Psc { level, .. }, .. }
        | Action::NestedWalk { from: From::Psc { level, .. }, .. } => {
            let tag = va.tag(level);
            Thing::Psc(cpu, before.cpus[usize::from(cpu)].hw.cr3.pcid, level, tag, walked.from.table)
        }
        _ => Thing::Cr3(cpu),
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
