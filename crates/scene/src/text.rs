//! A trace as text: for the command line, for golden files, for a mail to a list.
//!
//! The text has one line per step. Nothing in it depends on a clock or on chance, so `diff` can compare two traces.

use crate::caption;
use crate::name::Names;
use crate::verdict;
use explore::{PropertySet, Step, System, Trace};
use lang::program::HandlerKind;
use lang::source::{Site, SourceId, Span};
use machine::{Action, Event, Machine, Property, State, VIOLATION, What};
use std::fmt::Write as _;

/// The texts that a machine was made from, for line numbers. Without them only functions are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources<'a> {
    /// The scenario's.
    pub scenario: &'a str,
    /// The kernel's, followed by those of the kernels that it extends.
    pub kernel: &'a str,
    /// Where in that each of those begins, and its kernel's name.
    pub joints: &'a [(u32, String)],
}

impl<'a> Sources<'a> {
    /// A text.
    #[must_use]
    pub fn get(self, source: SourceId) -> &'a str {
        match source {
            SourceId::SCENARIO => self.scenario,
            SourceId::KERNEL => self.kernel,
            _ => "",
        }
    }

    /// Where the text of an extended kernel begins that has a place, and that kernel's name.
    pub(crate) fn joint(self, source: SourceId, span: Span) -> Option<&'a (u32, String)> {
        let joints = if source == SourceId::KERNEL { self.joints } else { &[] };
        joints.iter().rev().find(|joint| joint.0 <= span.start)
    }

    /// The name of the extended kernel whose text has a place; nothing if it is in the kernel's own text or the scenario's.
    #[must_use]
    pub fn extended(self, source: SourceId, span: Span) -> Option<&'a str> {
        self.joint(source, span).map(|joint| joint.1.as_str())
    }

    /// The line of a place, in the kernel's own text or in that of the kernel that has it.
    #[must_use]
    pub fn line(self, source: SourceId, span: Span) -> u32 {
        let start = self.joint(source, span).map_or(0, |joint| joint.0);
        let text = self.get(source).get(start as usize..).unwrap_or_default();
        Span { start: span.start - start, end: span.end.saturating_sub(start) }.line_column(text).0
    }
}

/// The greatest width of the column of places. A longer place makes its line longer.
const PLACE: usize = 36;

/// The least width of the column that says who acts.
const WHO: usize = 6;

/// A line of the table.
struct Line {
    cpu: u8,
    who: String,
    place: String,
    sentence: String,
    violations: Vec<&'static str>,
}

/// The whole trace: a heading, then a line for each step with its number, the CPU, who acted there, where in the
/// text it stands, and its sentence. Lines that violate a property begin with `!` and end with its name.
#[must_use]
pub fn text(machine: &Machine, trace: &Trace<Machine>, sources: Sources<'_>) -> String {
    let mut lines = Vec::new();
    let mut before = machine.initial();
    let mut stuck = false;
    for step in trace.steps() {
        let mut after = before.clone();
        machine.step(&mut after, step.action, &mut ());
        // What is permanent is reported where it begins, and not at each step after that.
        let mut told = VIOLATION;
        if stuck {
            told = PropertySet(told.0 & !Property::Deadlock.as_set().0);
        }
        if !breaks(machine, &before, step) {
            told = PropertySet(told.0 & !Property::Invariant.as_set().0);
        }
        stuck = step.properties.intersects(Property::Deadlock.as_set());
        let violated = step.properties.iter().filter(|&number| PropertySet::one(number).intersects(told));
        lines.push(Line {
            cpu: step.action.cpu(),
            who: who_and_thread(machine, &before, step.action),
            place: place(machine, &before, step.action, sources),
            sentence: caption::plain_sentence(machine, &before, step, &after),
            violations: violated.filter_map(Property::from_number).map(Property::name).collect(),
        });
        before = after;
    }
    let digits = lines.len().to_string().len().max(2);
    let places = lines.iter().map(|line| line.place.chars().count()).max().unwrap_or(0).min(PLACE);
    let widest = lines.iter().map(|line| line.who.chars().count()).max().unwrap_or(0).max(WHO);
    let mut out = format!("{}; {}\n", verdict::subject(machine), verdict::bounds(machine, false));
    for (number, line) in (1..).zip(&lines) {
        let mark = if line.violations.is_empty() { ' ' } else { '!' };
        let Line { cpu, who, place, sentence, violations } = line;
        let _ =
            write!(out, "{mark} {number:>digits$}  cpu{cpu} {who:<widest$}  {place:<places$}  {sentence}");
        if !violations.is_empty() {
            let _ = write!(out, " [{}]", violations.join(", "));
        }
        out.push('\n');
    }
    out
}

/// Whether a step breaks an invariant that held before it.
fn breaks(machine: &Machine, before: &State, step: &Step<Action, Event>) -> bool {
    step.events.iter().any(|event| match event.what {
        What::InvariantBroken { label } => machine.label_holds(before, label),
        _ => false,
    })
}

/// The step that a run ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastStep {
    /// What happens in it.
    pub sentence: String,
    /// Which of some properties it shows, by their names.
    pub shown: Vec<&'static str>,
}

/// The last step of a schedule, and which of some properties it shows. Nothing if there is no step.
#[must_use]
pub fn last_step(machine: &Machine, schedule: &[Action], properties: PropertySet) -> Option<LastStep> {
    let (trace, _) = Trace::replay(machine, schedule);
    let (step, earlier) = trace.steps().split_last()?;
    let before = trace.state(machine, earlier.len());
    let sentence = caption::plain_sentence(machine, &before, step, trace.last());
    let shown = step.properties.iter().filter(|&number| PropertySet::one(number).intersects(properties));
    Some(LastStep { sentence, shown: shown.filter_map(Property::from_number).map(Property::name).collect() })
}

/// Who acts; if it is a thread of the scenario, with its name: `kernel T`.
fn who_and_thread(machine: &Machine, before: &State, action: Action) -> String {
    let who = who(machine, before, action);
    let cpu = &before.cpus[action.cpu() as usize];
    // Handlers of interrupts and the host act for nobody.
    let for_its_task = cpu.intruder.is_none()
        && cpu.handler.is_none()
        && !matches!(action, Action::Interrupt { .. } | Action::Nmi { .. } | Action::VmExit { .. });
    match cpu.thread {
        Some(thread) if for_its_task && ["kernel", "user"].contains(&who) => {
            format!("{who} {}", Names::new(machine).task(u64::from(thread)))
        }
        _ => who.to_owned(),
    }
}

/// Who acts: the hardware by itself, the kernel, a user program, the host, or another party that the
/// scenario lets act.
fn who(machine: &Machine, before: &State, action: Action) -> &'static str {
    match action {
        Action::Walk { .. }
        | Action::GuestWalk { .. }
        | Action::NestedWalk { .. }
        | Action::Translate { .. }
        | Action::Drain { .. }
        | Action::Broadcast { .. } => "hw",
        Action::Interrupt { .. } | Action::Nmi { .. } => "kernel",
        Action::VmExit { .. } => "host",
        _ if machine.is_device(action.cpu()) => "device",
        _ if machine.preempted(&before.cpus[action.cpu() as usize]) => "host",
        _ if before.cpus[action.cpu() as usize].intruder.is_some() => "kernel",
        Action::Access { cpu, .. }
        | Action::DirtyWalk { cpu, .. }
        | Action::Fault { cpu }
        | Action::Violation { cpu }
        | Action::ProtectionFault { cpu } => match caption::site(machine, before, cpu).source {
            SourceId::KERNEL => "kernel",
            _ => "user",
        },
        Action::Step { cpu } | Action::Allocate { cpu, .. } | Action::Pick { cpu, .. } => {
            match caption::site(machine, before, cpu).source {
                SourceId::KERNEL => "kernel",
                _ => "other",
            }
        }
    }
}

/// `enter_lazy_tlb:41`, or `-` for hardware.
fn place(machine: &Machine, before: &State, action: Action, sources: Sources<'_>) -> String {
    let site = match action {
        Action::Walk { .. }
        | Action::GuestWalk { .. }
        | Action::NestedWalk { .. }
        | Action::Translate { .. }
        | Action::Drain { .. }
        | Action::Broadcast { .. } => return "-".to_owned(),
        Action::Interrupt { cpu } => {
            let this = &before.cpus[cpu as usize];
            let handler =
                this.pending.first().and_then(|ipi| machine.program().handlers.get(ipi.handler as usize));
            return handler.map_or_else(|| "-".to_owned(), |handler| handler.name.clone());
        }
        Action::Nmi { .. } => return Names::new(machine).handler_of(HandlerKind::Nmi).to_owned(),
        Action::VmExit { .. } => return Names::new(machine).handler_of(HandlerKind::VmExit).to_owned(),
        Action::Step { cpu }
        | Action::Access { cpu, .. }
        | Action::DirtyWalk { cpu, .. }
        | Action::Fault { cpu }
        | Action::Violation { cpu }
        | Action::ProtectionFault { cpu }
        | Action::Allocate { cpu, .. }
        | Action::Pick { cpu, .. } => caption::site(machine, before, cpu),
    };
    let Site { source, span, function, .. } = site;
    let line = match sources.get(*source) {
        "" => return function.clone(),
        _ => sources.line(*source, *span),
    };
    match sources.extended(*source, *span) {
        Some(kernel) => format!("{function}:{line} of {kernel:?}"),
        None => format!("{function}:{line}"),
    }
}
