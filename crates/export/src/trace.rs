//! The run for Perfetto and Chrome's trace viewer: JSON in the Trace Event Format.
//!
//! Each CPU has two threads, one for its software and one for its hardware, which acts by itself. A step is a slice of one
//! millisecond: the order of steps is the only time that a run has. The reads of a page walk are slices within the slice
//! of the walk. IPIs and their answers are flows. Danger windows and the lives of page tables are threads of their own.

use crate::{ExportedRun, Told, by_hardware};
use machine::{Action, Property, What};
use scene::view::{MessageKind, MessageView, Timeline, Tone};
use serde_json::{Map, Value, json};
use x86::{Law, VirtAddr};

/// How long a step is, in microseconds: the format's unit.
const STEP: u64 = 1000;

/// The one process.
const PROCESS: u32 = 1;

/// A slice: from one step to the end of another.
struct Slice {
    thread: u32,
    from: u32,
    to: u32,
    name: String,
    kind: &'static str,
    args: Map<String, Value>,
}

impl Slice {
    fn event(self) -> Value {
        let Slice { thread, from, to, name, kind, args } = self;
        let start = u64::from(from.saturating_sub(1)) * STEP;
        let length = u64::from(to + 1 - from.max(1).min(to)) * STEP;
        json!({ "ph": "X", "pid": PROCESS, "tid": thread, "ts": start, "dur": length, "name": name, "cat": kind, "args": args })
    }
}

/// The thread of a CPU's software or hardware.
fn thread(cpu: u8, hardware: bool) -> u32 {
    1 + u32::from(cpu) * 2 + u32::from(hardware)
}

/// The run as a trace.
#[must_use]
pub fn trace(run: &ExportedRun<'_>) -> String {
    let timeline = scene::timeline(run.machine, run.trace);
    let told = run.told();
    let cpus = timeline.lanes.len().saturating_sub(1) as u8;
    let mut events = vec![named("process_name", 0, &format!("TLBscope: {}", run.name()))];
    for cpu in 0..cpus {
        let name = &timeline.lanes[usize::from(cpu)];
        thread_named(&mut events, thread(cpu, false), name);
        thread_named(&mut events, thread(cpu, true), &format!("{name} hardware, by itself"));
    }
    let slices = walks(&told).into_iter().chain(steps(&told, &timeline));
    events.extend(slices.map(Slice::event));
    violations(&mut events, &told);
    flows(&mut events, &timeline, told.len());
    bands(&mut events, &timeline, told.len(), cpus);
    let left_out = run.left_out();
    let whole = json!({
        "displayTimeUnit": "ms",
        "otherData": {
            "made by": "TLBscope",
            "model": machine::MODEL,
            "scenario": run.subject(),
            "bounds": scene::bounds(run.machine, false),
            "link": format!("#{}", run.link),
            "unit": "one step is one millisecond: only the order of steps has a meaning",
            "steps left out": left_out,
        },
        "traceEvents": events,
    });
    lines(&whole)
}

/// JSON with an event on each line, so that `diff` can compare two files.
fn lines(whole: &Value) -> String {
    let events = whole["traceEvents"].as_array().map_or(&[][..], Vec::as_slice);
    let events: Vec<String> = events.iter().map(Value::to_string).collect();
    format!(
        "{{\"displayTimeUnit\":{},\n\"otherData\":{},\n\"traceEvents\":[\n{}\n]}}\n",
        whole["displayTimeUnit"],
        whole["otherData"],
        events.join(",\n")
    )
}

fn named(what: &str, thread: u32, name: &str) -> Value {
    json!({ "ph": "M", "pid": PROCESS, "tid": thread, "name": what, "args": { "name": lang::legible(name) } })
}

fn thread_named(events: &mut Vec<Value>, thread: u32, name: &str) {
    events.push(named("thread_name", thread, name));
    events.push(json!({
        "ph": "M", "pid": PROCESS, "tid": thread, "name": "thread_sort_index", "args": { "sort_index": thread }
    }));
}

/// The steps, each with the label that it has in the diagram.
fn steps<'a>(told: &'a [Told<'_>], timeline: &'a Timeline) -> impl Iterator<Item = Slice> + 'a {
    let mut marks = timeline.marks.iter();
    told.iter().map(move |told| {
        let hardware = by_hardware(told.step.action);
        let cpu = told.step.action.cpu();
        let label =
            marks.find(|mark| mark.step == told.number && mark.lane == cpu).map(|mark| mark.label.clone());
        Slice {
            thread: thread(cpu, hardware),
            from: told.number,
            to: told.number,
            name: label.unwrap_or_else(|| told.caption.sentence.clone()),
            kind: if hardware { "hardware" } else { "software" },
            args: args(told),
        }
    })
}

fn args(told: &Told<'_>) -> Map<String, Value> {
    let caption = &told.caption;
    let mut args = Map::new();
    let mut add = |name: &str, value: Value| args.insert(name.to_owned(), value);
    add("step", told.number.into());
    add("sentence", caption.sentence.clone().into());
    if !caption.because.is_empty() {
        add("because", caption.because.clone().into());
    }
    let laws = caption.laws.iter().filter_map(|&number| Law::from_number(number));
    let laws: Vec<String> = laws.map(|law| format!("{law} {}", law.title())).collect();
    if !laws.is_empty() {
        add("rules", laws.join("; ").into());
    }
    if !caption.violations.is_empty() {
        add("violates", caption.violations.join(", ").into());
    }
    let tone = match caption.tone {
        Tone::Plain | Tone::Muted | Tone::Speculative => return args,
        Tone::Stale => "stale",
        Tone::Corrupt => "corrupt",
        Tone::Safe => "safe",
    };
    add("meaning", tone.into());
    args
}

/// The page walks: reads that follow one another on a CPU's hardware, towards one address, each a level further down.
fn walks(told: &[Told<'_>]) -> Vec<Slice> {
    let mut walks: Vec<(Slice, VirtAddr, u8)> = Vec::new();
    // For each CPU, the walk under way: its place in the list.
    let mut open: Vec<Option<usize>> = vec![None; 256];
    for told in told.iter().filter(|told| by_hardware(told.step.action)) {
        let cpu = usize::from(told.step.action.cpu());
        let read = told.step.events.iter().find_map(|event| match &event.what {
            What::Walk { va, walked, .. } => Some((*va, walked.from.level as u8)),
            _ => None,
        });
        let Some((va, level)) = read else {
            open[cpu] = None;
            continue;
        };
        let nested = matches!(told.step.action, Action::NestedWalk { .. });
        let goes_on = open[cpu]
            .and_then(|at| walks.get_mut(at))
            .filter(|walk| walk.1 == va && (level < walk.2 || nested));
        if let Some((slice, _, last)) = goes_on {
            slice.to = told.number;
            *last = level;
            continue;
        }
        open[cpu] = Some(walks.len());
        let slice = Slice {
            thread: thread(told.step.action.cpu(), true),
            from: told.number,
            to: told.number,
            name: format!("page walk to {va}"),
            kind: "walk",
            args: Map::new(),
        };
        walks.push((slice, va, level));
    }
    walks.into_iter().map(|walk| walk.0).collect()
}

/// What is violated, as marks at the steps that do it.
fn violations(events: &mut Vec<Value>, told: &[Told<'_>]) {
    for told in told {
        for name in &told.caption.violations {
            let property = Property::ALL.into_iter().find(|property| property.name() == *name);
            let title = property.map_or(*name, |property| property.title());
            events.push(json!({
                "ph": "i", "s": "g", "pid": PROCESS, "cat": "violation", "name": title,
                "tid": thread(told.step.action.cpu(), by_hardware(told.step.action)),
                "ts": u64::from(told.number) * STEP - STEP / 2,
            }));
        }
    }
}

/// IPIs and their answers, as flows; those that were not sent, or not taken, as marks.
fn flows(events: &mut Vec<Value>, timeline: &Timeline, steps: usize) {
    let written = |arrow: &&MessageView| arrow.to_step as usize <= steps && arrow.from_step as usize <= steps;
    for (number, arrow) in (1_u32..).zip(timeline.arrows.iter().filter(written)) {
        let at = |step: u32| u64::from(step) * STEP - STEP / 2;
        let (from, to) = (thread(arrow.from_lane, false), thread(arrow.to_lane, false));
        let (name, arrived) = match arrow.kind {
            MessageKind::Ipi => ("IPI", arrow.to_step > arrow.from_step),
            MessageKind::Done => ("IPI handled", arrow.to_step > arrow.from_step),
            MessageKind::NotSent => ("no IPI", false),
        };
        if !arrived {
            let name = match arrow.kind {
                MessageKind::Ipi => format!("IPI to CPU {}, not taken in this run", arrow.to_lane),
                MessageKind::Done => format!("IPI of CPU {} handled", arrow.to_lane),
                MessageKind::NotSent => format!("no IPI to CPU {}", arrow.to_lane),
            };
            events.push(json!({
                "ph": "i", "s": "t", "pid": PROCESS, "tid": from, "ts": at(arrow.from_step), "name": name, "cat": "IPI"
            }));
            continue;
        }
        let flow = |phase: &str, thread: u32, step: u32| {
            json!({
                "ph": phase, "id": number, "pid": PROCESS, "tid": thread, "ts": at(step), "name": name, "cat": "IPI",
                "bp": "e",
            })
        };
        events.push(flow("s", from, arrow.from_step));
        events.push(flow("f", to, arrow.to_step));
    }
}

/// Danger windows and the lives of page tables: bands of one track never overlap, so a track is a thread.
fn bands(events: &mut Vec<Value>, timeline: &Timeline, steps: usize, cpus: u8) {
    let steps = u32::try_from(steps).unwrap_or(u32::MAX);
    let mut named = Vec::new();
    for band in timeline.bands.iter().filter(|band| band.from_step < steps && band.tone != Tone::Muted) {
        let track = 1000 + u32::from(band.lane) * 256 + u32::from(band.track);
        if !named.contains(&track) {
            named.push(track);
            let name =
                if band.lane == cpus { "memory".to_owned() } else { format!("CPU {}: danger", band.lane) };
            thread_named(events, track, &name);
        }
        let (start, end) = (u64::from(band.from_step) * STEP, u64::from(band.to_step.min(steps)) * STEP);
        events.push(json!({
            "ph": "X", "pid": PROCESS, "tid": track, "ts": start, "dur": (end - start).max(1), "name": band.label,
            "cat": "band", "args": {},
        }));
    }
}
