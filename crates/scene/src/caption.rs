//! The sentence for a step.
//!
//! A step reports events. The step is about one of them: the walk, the store, the IPI. The other events (a private
//! variable set on the way, a return to user mode) follow in further clauses. Each kind of event has a file below
//! this one that finds the words for it. This file puts the words together.
//!
//! The sentence says what happened and to whom. `because` says why the machine could do that. The laws are the
//! rules of [`x86::Law`] that this rests on. Nothing here is written for one scenario: every name comes from the
//! texts and every number from the state.

mod access;
mod broadcast;
mod bug;
mod claim;
mod flush;
mod hang;
mod ipi;
mod memory;
mod walk;

use crate::name::{self, Names};
use crate::reference::{self, Reference};
use crate::view::{Caption, Tone};
use explore::{PropertySet, Step, System};
use lang::effects::{Effects, Flow};
use lang::program::Mode;
use lang::property::Look;
use lang::source::Site;
use machine::{Action, Event, How, Loc, Machine, Property, State, VIOLATION, What};

/// The caption of a step.
#[must_use]
pub fn caption(machine: &Machine, before: &State, step: &Step<Action, Event>, after: &State) -> Caption {
    let telling = Telling::new(machine, before, step, after);
    let says = telling.says();
    let violated = step.properties.iter().filter(|&number| PropertySet::one(number).intersects(VIOLATION));
    let mut laws = Vec::new();
    for law in says.laws {
        if !laws.contains(&law) {
            laws.push(law);
        }
    }
    Caption {
        sentence: sentence(&says.subject, &telling.function(), &says.clauses),
        because: says.because,
        laws,
        tone: tone(step.properties, says.tone),
        violations: violated.filter_map(Property::from_number).map(Property::title).collect(),
    }
}

/// The caption without the function's name, which has its own column.
pub(crate) fn plain_sentence(
    machine: &Machine,
    before: &State,
    step: &Step<Action, Event>,
    after: &State,
) -> String {
    let says = Telling::new(machine, before, step, after).says();
    sentence(&says.subject, "", &says.clauses)
}

/// What a step is about, without the further clauses and without a full stop.
pub(crate) fn first_clause(
    machine: &Machine,
    before: &State,
    step: &Step<Action, Event>,
    after: &State,
) -> String {
    let says = Telling::new(machine, before, step, after).says();
    format!("{} {}", says.subject, says.clauses.first().map_or("continues", String::as_str))
}

fn sentence(subject: &str, function: &str, clauses: &[String]) -> String {
    let mut text = subject.to_owned();
    if !function.is_empty() {
        text.push_str(&format!(", in {function},"));
    }
    for (at, clause) in clauses.iter().enumerate() {
        text.push_str(if at == 0 { " " } else { "; " });
        text.push_str(clause);
    }
    text.push('.');
    text
}

fn tone(properties: PropertySet, tone: Tone) -> Tone {
    let shown = properties.iter().filter_map(Property::from_number);
    match shown.map(|property| property.row().look).max() {
        Some(Look::Corrupt) => Tone::Corrupt,
        Some(Look::Stale) => Tone::Stale,
        Some(Look::Plain) | None => tone,
    }
}

/// What a kernel has forgotten.
const IF_CLEAR: &str = "is in user code with interrupts off, since the kernel has not turned them on again";

/// The parts of a step's description, before they become one sentence.
pub(crate) struct Says {
    /// `CPU 1`, `CPU 1's page walker`.
    pub(crate) subject: String,
    /// What it did, beginning with a verb, and what followed from it, each as a separate clause.
    pub(crate) clauses: Vec<String>,
    /// Why the machine may do that.
    pub(crate) because: String,
    /// Numbers of the rules.
    pub(crate) laws: Vec<u8>,
    /// What it means, if no property says so.
    pub(crate) tone: Tone,
}

impl Says {
    /// A plain statement.
    pub(crate) fn new(subject: String, clause: String) -> Says {
        Says { subject, clauses: vec![clause], because: String::new(), laws: Vec::new(), tone: Tone::Plain }
    }

    /// With a reason and the rules behind it.
    pub(crate) fn because(mut self, because: impl Into<String>, laws: &[u8]) -> Says {
        self.because = because.into();
        self.laws.extend(laws);
        self
    }

    /// With rules, where the sentence needs no reason.
    pub(crate) fn laws(mut self, laws: &[u8]) -> Says {
        self.laws.extend(laws);
        self
    }

    /// With a tone.
    pub(crate) fn tone(mut self, tone: Tone) -> Says {
        self.tone = tone;
        self
    }
}

/// A step to be described, with everything that is known about it.
pub(crate) struct Telling<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) before: &'a State,
    pub(crate) step: &'a Step<Action, Event>,
    pub(crate) after: &'a State,
    pub(crate) cpu: u8,
}

impl<'a> Telling<'a> {
    fn new(
        machine: &'a Machine,
        before: &'a State,
        step: &'a Step<Action, Event>,
        after: &'a State,
    ) -> Telling<'a> {
        Telling { names: Names::new(machine), before, step, after, cpu: step.action.cpu() }
    }

    /// `CPU 1`; `CPU 1's host` while the guest is preempted there.
    pub(crate) fn subject(&self) -> String {
        let software = !matches!(self.step.action, Action::Drain { .. } | Action::Broadcast { .. });
        let host = software && self.names.machine.preempted(&self.before.cpus[self.cpu as usize]);
        if host { format!("CPU {}'s host", self.cpu) } else { format!("CPU {}", self.cpu) }
    }

    /// The facts about the operation that the step carried out, if it was the software's.
    pub(crate) fn row(&self) -> &'a Effects {
        self.names.machine.next(self.before, self.cpu)
    }

    /// The kernel's function that the step was taken in; empty for a scenario's own statements and for hardware.
    fn function(&self) -> String {
        match self.step.action {
            // The sentence for the end of a handler names it.
            Action::Step { .. } if self.row().flow == Flow::Leave => String::new(),
            Action::Step { .. } => {
                let site = site(self.names.machine, self.before, self.cpu);
                // A `cpu n` block is no function.
                if site.function.contains(' ') { String::new() } else { site.function.clone() }
            }
            _ => String::new(),
        }
    }

    fn says(&self) -> Says {
        // Stores that leave the buffer in the step of a fault come before it, and the step is still about the fault (H57).
        let drained = |event: &&Event| matches!(event.what, What::Written { how: How::Drained, .. });
        let first = match self.step.action {
            Action::Drain { .. } => 0,
            _ => self.step.events.iter().take_while(drained).count() % self.step.events.len().max(1),
        };
        let (earlier, events) = self.step.events.split_at(first);
        let mut events = events.iter().map(|event| &event.what);
        let mut says = match events.next() {
            Some(first) => self.main(first),
            // Each step reports something; a law of the machine's tests.
            None => Says::new(self.subject(), "continues".to_owned()),
        };
        for store in earlier.iter().map(|event| self.main(&event.what)) {
            says.clauses.push(format!("before that, {} {}", store.subject, store.clauses.join("; ")));
            says.laws.extend(store.laws);
        }
        let mut told = Vec::new();
        let news = self.mode_news();
        for event in events {
            match event {
                What::Mode { .. } if !news.is_some_and(|news| std::ptr::eq(news, event)) => {}
                What::Written { loc, how: How::Private, .. } => {
                    if !told.contains(loc) {
                        told.push(*loc);
                        says.clauses.extend(self.private(*loc));
                    }
                }
                other => self.also(other, &mut says),
            }
        }
        if self.step.properties.intersects(Property::Deadlock.as_set()) {
            says.clauses.extend(self.hangs());
            says.clauses.extend(self.never_ran());
        }
        self.danger_ends(&mut says);
        let rightly = |text: String| name::with_devices(self.names.machine, text);
        Says {
            subject: rightly(says.subject),
            clauses: says.clauses.into_iter().map(rightly).collect(),
            because: rightly(says.because),
            ..says
        }
    }

    /// The threads that no CPU has ever run.
    fn never_ran(&self) -> Option<String> {
        let first = self.names.machine.initial().tasks;
        let cpus = usize::from(self.names.machine.program().machine.cpus);
        let waiting = (0u64..).zip(first.iter().zip(&self.after.tasks)).skip(cpus);
        let names = waiting.filter(|(_, (first, now))| first == now).map(|(task, _)| self.names.task(task));
        let names: Vec<String> = names.collect();
        let have = if names.len() == 1 { "has" } else { "have" };
        (!names.is_empty()).then(|| format!("{} {have} never run", name::list(&names)))
    }

    /// The change of mode that is worth mentioning: the last one, unless the CPU ends in the mode in which
    /// it began. A program that leaves the kernel and enters it again in one step has not changed its
    /// mode.
    fn mode_news(&self) -> Option<&What> {
        let modes = || {
            self.step.events.iter().map(|event| &event.what).filter(|what| matches!(what, What::Mode { .. }))
        };
        match (modes().next()?, modes().next_back()?) {
            (What::Mode { from, .. }, What::Mode { to, .. }) if from == to => None,
            (_, last) => Some(last),
        }
    }

    /// What the step is about.
    fn main(&self, what: &What) -> Says {
        match what {
            What::Walk { va, walked, filled } => self.walk(*va, walked, *filled),
            What::Read { loc, value, forwarded } => self.read(*loc, *value, *forwarded),
            What::Buffered { loc, value } => self.buffered(*loc, *value),
            What::Written { loc, before, after, how } => self.written(*loc, *before, *after, *how),
            What::Fenced => Says::new(self.subject(), "passes a fence: its store buffer is empty".to_owned())
                .because(
                    "A fence orders the program's own loads and stores. It does not stop page walks.",
                    &[56, 55],
                ),
            What::Cr3Written { before, after, noflush, removed } => {
                self.cr3_written(*before, *after, *noflush, removed)
            }
            What::Invalidated { by, removed } => self.invalidated(*by, removed),
            What::VmcsLoaded { mm, ept, vpid } => self.vmcs_loaded(*mm, *ept, *vpid),
            What::VmEntered { guest, cr3, removed } => self.vm_entered(*guest, *cr3, removed),
            What::VmExited { why, removed } => self.vm_exited(*why, removed),
            What::NoOperation { va } => {
                Says::new(self.subject(), format!("executes INVLPG for {va:#x}, which is not canonical"))
                    .because("For such an address INVLPG does nothing.", &[27])
            }
            What::IrqsOn(on) => self.irqs_on(*on),
            What::IpiSent { handler, args, targets, omitted } => {
                self.ipi_sent(*handler, args, *targets, *omitted)
            }
            What::NoRoom { at } => self.no_room(*at),
            What::IpiTaken { handler, sender } => self.ipi_taken(*handler, *sender),
            What::IpiDone { handler, sender } => self.ipi_done(*handler, *sender),
            What::CutIn { handler } => self.cut_in(*handler),
            What::CutInDone { handler } => self.cut_in_done(*handler),
            What::Acquired { loc } => {
                let lock = self.names.loc(self.before, self.cpu, *loc);
                Says::new(self.subject(), format!("takes the lock {lock}"))
                    .because("Taking a lock is a locked operation, so the store buffer is empty.", &[55])
            }
            What::Picked { yes } => {
                let word = if *yes { "yes" } else { "no" };
                Says::new(self.subject(), format!("asks maybe(): this time the answer is {word}"))
            }
            What::BroadcastSent(broadcast) => self.broadcast_sent(broadcast),
            What::Shared { cpus, .. } => self.shared(*cpus),
            What::RarSent { targets, broadcast } => self.rar_sent(*targets, broadcast),
            What::CommandQueued(command) => self.command_queued(command),
            What::PasidAttached { device, mm, pasid } => self.pasid_attached(*device, *mm, *pasid),
            What::Translated { va, entry } => self.translated(*va, entry),
            What::DeviceRefused { va, write } => self.device_refused(*va, *write),
            What::BroadcastDone { broadcast, sender, removed } => {
                self.broadcast_done(broadcast, *sender, removed)
            }
            What::Slept { depth, removed } => self.slept(*depth, removed),
            What::UserWithoutInterrupts => Says::new(self.subject(), IF_CLEAR.to_owned()),
            What::InvariantBroken { label } => Says::new(self.subject(), self.broken(*label)),
            What::BeyondLimit { loc } => Says::new(self.subject(), self.beyond_limit(*loc)),
            What::Claimed { what, mm, start, end, held } => self.claimed(*what, *mm, (*start, *end), held),
            What::StillHeld { held } => self.still_held(held),
            What::Woke => Says::new(self.subject(), "wakes up".to_owned()),
            What::Waited => self.waited(),
            What::Allocated { frame, owner } => self.allocated(*frame, *owner),
            What::Freed { frame, was } => self.freed(*frame, *was),
            What::RootRead { mm } => Says::new(self.subject(), format!("reads {}.pgd", self.names.mm(*mm))),
            What::Switched { from, to, begins } => {
                let (from, to) = (self.names.task(u64::from(*from)), self.names.task(u64::from(*to)));
                let how = if *begins { ", which begins" } else { "" };
                Says::new(self.subject(), format!("switches from {from} to {to}{how}"))
            }
            What::SpaceMade { mm } => {
                let mm = self.names.mm(u64::from(*mm));
                Says::new(self.subject(), format!("makes mm {mm}, with the kernel's half of init_mm"))
            }
            What::SpaceEnded { mm } => {
                Says::new(self.subject(), format!("ends mm {}", self.names.mm(u64::from(*mm))))
            }
            What::FreeQueued { frame, waiting } => self.free_queued(*frame, *waiting),
            What::Mode { to, .. } => Says::new(self.subject(), self.mode(*to)),
            What::Accessed { va, write, value, via, owner, was, given, foreign, backing: _ } => {
                self.accessed(*va, *write, *value, via, (*owner, *was, *given, *foreign))
            }
            What::DirtySet { frame, index, level } => self.dirty_set(*frame, *index, *level),
            What::Faulted { va, write, fault, removed, then } => {
                self.faulted(*va, *write, (*fault, *then), removed)
            }
            What::FaultDone { handler } => self.fault_done(*handler),
            What::GivenUp { handler, va, then } => self.given_up(*handler, *va, *then),
            What::Rewalked { va, write, removed } => self.rewalked(*va, *write, removed),
            What::CheckFailed { fatal, label } => {
                Says::new(self.subject(), self.check_failed(*fatal, *label))
            }
            What::Bug(bug) => Says::new(self.subject(), self.bug(*bug)),
        }
    }

    /// An invariant does not hold any more.
    fn broken(&self, label: u16) -> String {
        format!("breaks the invariant \"{}\"", self.names.label(label).unwrap_or_default())
    }

    /// A run ends at the limit of a variable.
    fn beyond_limit(&self, loc: Loc) -> String {
        let name = self.names.loc(self.after, self.cpu, loc);
        format!(
            "takes {name} beyond the limit that the kernel text declares: the search follows this run no further"
        )
    }

    /// A check failed: which, if it has a label.
    fn check_failed(&self, fatal: bool, label: u16) -> String {
        let what = if fatal { "runs into a BUG_ON" } else { "trips a WARN_ON" };
        match self.names.label(label) {
            Some(label) => format!("{what} (\"{label}\")"),
            None => what.to_owned(),
        }
    }

    /// How a variable that only this CPU looks at has changed, over the whole step.
    fn private(&self, loc: Loc) -> Option<String> {
        let mut writes = self.step.events.iter().filter_map(|event| match &event.what {
            What::Written { loc: there, before, after, .. } if *there == loc => Some((*before, *after)),
            _ => None,
        });
        let (before, first) = writes.next()?;
        let after = writes.next_back().map_or(first, |last| last.1);
        let value = |value| self.names.loc_value(self.after, loc, value);
        let name = self.names.loc(self.after, self.cpu, loc);
        (before != after).then(|| format!("{name}: {} -> {}", value(before), value(after)))
    }

    /// What else happened in the step, if it is worth mentioning.
    fn also(&self, what: &What, says: &mut Says) {
        match what {
            // What software read for itself on the way explains nothing.
            What::Read { .. } => {}
            // The sentence of the access says where its store goes.
            What::Buffered { .. } | What::Written { .. } => says.laws.push(55),
            What::Freed { frame, was } => {
                let freed = self.freed(*frame, *was);
                let name = self.names.frame(*frame);
                says.clauses.push(format!("the grace period is over and {name} is freed"));
                if freed.tone == Tone::Stale {
                    says.tone = freed.tone;
                    says.laws.extend(freed.laws);
                    let gap = if says.because.is_empty() { "" } else { " " };
                    says.because.push_str(&format!("{gap}{}", freed.because));
                }
            }
            What::CheckFailed { fatal, label } => {
                says.clauses.push(format!("{} {}", self.who(says), self.check_failed(*fatal, *label)));
            }
            What::Bug(bug) => says.clauses.push(format!("{} {}", self.who(says), self.bug(*bug))),
            What::Mode { to, .. } => says.clauses.push(format!("{} {}", self.who(says), self.mode(*to))),
            What::UserWithoutInterrupts => says.clauses.push(format!("{} {IF_CLEAR}", self.who(says))),
            // An invariant may stay broken for many steps. The one that breaks it says so.
            What::InvariantBroken { label } => {
                if self.names.machine.label_holds(self.before, *label) {
                    says.clauses.push(format!("{} {}", self.who(says), self.broken(*label)));
                }
            }
            What::BeyondLimit { loc } => {
                says.clauses.push(format!("{} {}", self.who(says), self.beyond_limit(*loc)));
            }
            What::StillHeld { held } => {
                let still = self.still_held(held);
                says.clauses.extend(still.clauses);
                says.laws.extend(still.laws);
                (says.because, says.tone) = (still.because, still.tone);
            }
            other => {
                let other = self.main(other);
                says.laws.extend(other.laws);
                let who = self.who(says);
                says.clauses.extend(other.clauses.first().map(|clause| format!("{who} {clause}")));
                if says.because.is_empty() {
                    says.because = other.because;
                }
            }
        }
    }

    /// Who does what a further clause tells. `it` is who did the thing before; if that clause is about something else (a store, a
    /// variable, a translation), the CPU is named again.
    fn who(&self, says: &Says) -> String {
        let subject = self.subject();
        let before = says.clauses.last().map_or("", String::as_str);
        let alone = says.clauses.len() == 1 && says.subject == subject;
        let own = alone || before.starts_with("it ") || before.starts_with(&format!("{subject} "));
        if own && !before.contains("; ") { "it".to_owned() } else { subject }
    }

    fn mode(&self, to: Mode) -> String {
        match to {
            Mode::User(mm) => format!("runs user code of {}", self.names.mm(u64::from(mm))),
            Mode::Kernel(mm) => format!("enters the kernel on behalf of {}", self.names.mm(u64::from(mm))),
            Mode::Entered(mm) => format!("stays in the kernel on behalf of {}", self.names.mm(u64::from(mm))),
            Mode::Kthread => "runs a kernel thread".to_owned(),
            Mode::Idle => "goes idle".to_owned(),
        }
    }

    /// Says so if this step took a CPU out of danger.
    fn danger_ends(&self, says: &mut Says) {
        let machine = self.names.machine;
        if machine.in_danger(self.before, self.cpu) && !machine.in_danger(self.after, self.cpu) {
            says.tone = Tone::Safe;
            if says.because.is_empty() {
                says.because = format!("CPU {} has no usable stale pointer left.", self.cpu);
            }
        }
    }

    /// The CPUs that could walk into a frame without any right to it, and from where: `CPU 1 (PDE cache)`.
    pub(crate) fn walkers_into(&self, state: &State, frame: u8) -> Vec<Reference> {
        let mut references = reference::to_frame(self.names.machine, state, frame);
        references.retain(Reference::walkable);
        references
    }
}

/// Who holds references, and where: `CPU 1 can still reach it from its PDE cache, and CPU 0 from its CR3`.
pub(crate) fn held(references: &[Reference], can: &str) -> String {
    let mut cpus: Vec<(u8, Vec<String>)> = Vec::new();
    for reference in references {
        if cpus.last().is_none_or(|last| last.0 != reference.cpu) {
            cpus.push((reference.cpu, Vec::new()));
        }
        if let Some(last) = cpus.last_mut() {
            let holder = reference.holder();
            if !last.1.contains(&holder) {
                last.1.push(holder);
            }
        }
    }
    let mut text = String::new();
    for (at, (cpu, holders)) in cpus.iter().enumerate() {
        let holders = name::list(holders);
        text.push_str(&match at {
            0 => format!("CPU {cpu} {can} from its {holders}"),
            _ => format!(", and CPU {cpu} from its {holders}"),
        });
    }
    text
}

/// Where the next operation of a CPU stands.
pub(crate) fn site<'a>(machine: &'a Machine, state: &State, cpu: u8) -> &'a Site {
    &machine.program().sites[state.cpus[cpu as usize].context().pc as usize]
}
