//! A trace as text: for the command line, for golden files, for a mail to a list.
//!
//! The text has one line per step. Nothing in it depends on a clock or on chance, so `diff` can compare two traces.

use crate::caption;
use crate::name::Names;
use crate::verdict;
use explore::{PropertySet, System, Trace};
use lang::program::HandlerKind;
use lang::source::{Site, SourceId, Span};
use machine::{Action, Machine, Property, State, VIOLATION};
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

    /// The line of a place, in the kernel's own text or in that of the kernel that has it.
    #[must_use]
    pub fn line(self, source: SourceId, span: Span) -> u32 {
        let joints = if source == SourceId::KERNEL { self.joints } else { &[] };
        let start = joints.iter().rev().find(|joint| joint.0 <= span.start).map_or(0, |joint| joint.0);
        let text = self.get(source).get(start as usize..).unwrap_or_default();
        Span { start: span.start - start, end: span.end.saturating_sub(start) }.line_column(text).0
    }
}

/// The greatest width of the column of places. A longer place makes its line longer.
const PLACE: usize = 36;

/// A line of the table.
struct Line {
    cpu: u8,
    who: &'static str,
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
        // A deadlock is permanent: it is reported where it begins, and not at each step that the hardware still takes.
        let told = if stuck { PropertySet(VIOLATION.0 & !Property::Deadlock.as_set().0) } else { VIOLATION };
        stuck = step.properties.intersects(Property::Deadlock.as_set());
        let violated = step.properties.iter().filter(|&number| PropertySet::one(number).intersects(told));
        lines.push(Line {
            cpu: step.action.cpu(),
            who: who(machine, &before, step.action),
            place: place(machine, &before, step.action, sources),
            sentence: caption::plain_sentence(machine, &before, step, &after),
            violations: violated.filter_map(Property::from_number).map(Property::name).collect(),
        });
        before = after;
    }
    let digits = lines.len().to_string().len().max(2);
    let places = lines.iter().map(|line| line.place.chars().count()).max().unwrap_or(0).min(PLACE);
    let mut out = format!("{}; {}\n", verdict::subject(machine), verdict::bounds(machine, false));
    for (number, line) in (1..).zip(&lines) {
        let mark = if line.violations.is_empty() { ' ' } else { '!' };
        let Line { cpu, who, place, sentence, violations } = line;
        let _ = write!(out, "{mark} {number:>digits$}  cpu{cpu} {who:<6}  {place:<places$}  {sentence}");
        if !violations.is_empty() {
            let _ = write!(out, " [{}]", violations.join(", "));
        }
        out.push('\n');
    }
    out
}

/// Who acts: the hardware by itself, the kernel, a user program, the host, or another party that the
/// scenario lets act.
fn who(machine: &Machine, before: &State, action: Action) -> &'static str {
    match action {
        Action::Walk { .. }
        | Action::GuestWalk { .. }
        | Action::NestedWalk { .. }
        | Action::Drain { .. }
        | Action::Broadcast { .. } => "hw",
        Action::Interrupt { .. } | Action::Nmi { .. } => "kernel",
        Action::VmExit { .. } => "host",
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
    match sources.get(*source) {
        "" => function.clone(),
        _ => format!("{function}:{}", sources.line(*source, *span)),
    }
}
