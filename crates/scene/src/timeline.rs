//! A whole trace at a glance: a space-time diagram, in event order.
//!
//! There is one lane per CPU and one for memory. Software and hardware share a lane and have different marks. Both
//! act at the same time, but hardware walks do not wait for software: that is what the diagram shows. Bands show
//! how long a danger lasts.

mod band;
mod label;
mod message;

use crate::caption;
use crate::name::{self, Names};
use crate::view::{BandView, MarkKind, MarkView, Timeline, Tone};
use explore::{Step, System, Trace};
use machine::{Action, Event, Loc, Machine, State, What};
use x86::{FrameId, Hazard, WordId};

/// The most steps that are drawn, to be divided by the number of CPUs: a step takes longer to read with more
/// CPUs. Longer runs come only from links written by hand.
const MOST_DRAWN: usize = 20_000;

/// How many steps of a run are drawn: the first ones.
#[must_use]
pub fn drawn(machine: &Machine) -> usize {
    MOST_DRAWN / usize::from(machine.program().machine.cpus).max(1)
}

/// The diagram of a trace. Of a very long one, its beginning; a band says so.
#[must_use]
pub fn timeline(machine: &Machine, trace: &Trace<Machine>) -> Timeline {
    let names = Names::new(machine);
    let mut before = machine.initial();
    let cpus = before.cpus.len() as u8;
    let mut lanes: Vec<String> = (0..cpus).map(|cpu| name::unit(machine, cpu)).collect();
    lanes.push("memory".to_owned());
    let mut marks = Vec::new();
    let mut messages = message::Messages::default();
    let mut bands = band::Bands::new(names, &before);
    let drawn = drawn(machine);
    for (number, step) in (1..).zip(trace.steps()).take(drawn) {
        let mut after = before.clone();
        machine.step(&mut after, step.action, &mut ());
        let caption = caption::caption(machine, &before, step, &after);
        marks.push(MarkView {
            step: number,
            lane: step.action.cpu(),
            kind: kind(step),
            tone: caption.tone,
            label: label::label(names, &before, step),
        });
        for label in memory_changes(names, &before, step) {
            marks.push(MarkView {
                step: number,
                lane: cpus,
                kind: MarkKind::Memory,
                tone: caption.tone,
                label,
            });
        }
        messages.step(number, step);
        bands.step(number, step, &after);
        before = after;
    }
    let (steps, drawn) = (trace.len() as u32, trace.len().min(drawn) as u32);
    let mut bands = bands.end(drawn);
    if drawn < steps {
        let label = format!("Steps after {drawn} are not drawn: the run is too long");
        let (from_step, to_step, lane) = (drawn, steps, cpus);
        bands.push(BandView { from_step, to_step, lane, track: 0, label, tone: Tone::Muted });
    }
    Timeline { lanes, marks, arrows: messages.end(), bands, steps }
}

fn kind(step: &Step<Action, Event>) -> MarkKind {
    match step.action {
        _ if step.events.iter().any(|event| matches!(event.what, What::Fenced)) => MarkKind::Fence,
        Action::Walk { .. }
        | Action::GuestWalk { .. }
        | Action::NestedWalk { .. }
        | Action::Translate { .. } => MarkKind::Speculative,
        // Another CPU's instruction, carried out here without an interrupt.
        Action::Broadcast { .. } => MarkKind::Interrupt,
        Action::Drain { .. } => MarkKind::Drain,
        Action::Interrupt { .. } | Action::Nmi { .. } | Action::VmExit { .. } => MarkKind::Interrupt,
        Action::Step { .. }
        | Action::Access { .. }
        | Action::DirtyWalk { .. }
        | Action::Fault { .. }
        | Action::Violation { .. }
        | Action::ProtectionFault { .. }
        | Action::Allocate { .. }
        | Action::Pick { .. } => MarkKind::Software,
    }
}

/// What a step did to memory: frames that changed their owner, words of frames that changed.
fn memory_changes(names: Names<'_>, before: &State, step: &Step<Action, Event>) -> Vec<String> {
    let mut changes = Vec::new();
    for event in &step.events {
        match &event.what {
            What::Freed { frame, .. } => changes.push(format!("{} freed", names.frame(*frame))),
            What::Allocated { frame, .. } => changes.push(format!("{} allocated", names.frame(*frame))),
            What::Written { loc: Loc::Word(frame, index), before: old, after, .. } if old != after => {
                changes.push(written(names, before, *frame, *index, *after));
            }
            What::Walk { walked, .. } if walked.hazards.has(Hazard::ABitCorruption) => {
                if let Some(frame) = walked.sets_accessed {
                    let after = walked.value.0 | x86::Pte::A;
                    changes.push(written(names, before, frame, walked.index, after));
                }
            }
            _ => {}
        }
    }
    changes
}

fn written(names: Names<'_>, state: &State, frame: FrameId, index: WordId, value: u64) -> String {
    let owner = state.memory.frames[frame as usize].owner;
    format!("{}[{index}] := {}", names.frame(frame), names.word(owner, value))
}
