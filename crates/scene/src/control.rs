//! How control came to a statement: the branches that could have led elsewhere, with what their conditions read; the calls that it
//! is in, or has just returned from; the interrupt, the fault or the switch with which its code began; and who woke it where it had
//! to wait.
//!
//! A branch counts if from its other way control may come to an end without coming to the statement. A loop that waits for memory to
//! change counts too, for what stands behind it; one that only counts, or goes through a mask, leads there in any case. Where what a
//! branch tests comes from, `values` knows.

mod wait;

use crate::name::{self, Names};
use crate::reason::Reason;
use crate::text::Sources;
use crate::values::{Source, Values, is_of_faults};
use explore::{System, Trace};
use lang::effects::{Flow, Gives};
use lang::program::{Operand, Pc, Reg};
use lang::source::{SourceId, Span};
use machine::{Action, Aftermath, ContextId, Event, Loc, Machine, State, TrailPart, What};
use std::collections::BTreeMap;
use wait::{Awaited, Waits};

/// The most branches that are told.
const MOST_BRANCHES: usize = 8;

/// A branch that was taken last, one way or the other; or an operation that had to wait.
struct Branch {
    pc: Pc,
    way: Way,
    step: u32,
    tests: Vec<Source>,
}

/// How control left an operation.
#[derive(PartialEq, Eq)]
enum Way {
    /// A branch led to the next operation.
    On,
    /// A branch led to its target.
    Jumped,
    /// It had waited until a step gave what it waited for: the step, if it was none at the beginning, and what it did.
    Woken(Option<(u32, String)>),
}

/// A call that code is in.
struct Call<'a> {
    at: (SourceId, Span),
    function: &'a str,
    /// The step that led into it.
    step: u32,
}

/// How a context began, or went on after others.
struct Began {
    step: u32,
    what: String,
    /// The steps that this rests on.
    rests: Vec<(u32, String)>,
}

/// What is known of a context.
#[derive(Default)]
struct Track<'a> {
    calls: Vec<Call<'a>>,
    branches: Vec<Branch>,
    /// The call that the last operation has returned from.
    back: Option<Call<'a>>,
    began: Option<Began>,
}

struct Follower<'a> {
    names: Names<'a>,
    tracks: BTreeMap<ContextId, Track<'a>>,
    values: Values,
    waits: Waits,
}

/// Why control came to the statement of a step; nothing if no statement took it.
#[must_use]
pub fn control(
    machine: &Machine,
    trace: &Trace<Machine>,
    step: u32,
    sources: Sources<'_>,
) -> Option<Vec<Reason>> {
    let action = trace.steps().get((step as usize).checked_sub(1)?)?.action;
    let (follower, state) = Follower::after(machine, trace, step - 1);
    let cpu = action.cpu();
    match action {
        Action::Interrupt { .. } => {
            let sent = follower.values.sent(cpu);
            Some(sent.map(|on| Reason { step, on, what: "the IPI".to_owned() }).into_iter().collect())
        }
        Action::Drain { .. } => {
            let stored = follower.values.oldest(cpu)?;
            Some(vec![Reason {
                step,
                on: stored,
                what: "the store, which then waited in the store buffer".to_owned(),
            }])
        }
        Action::Broadcast { .. } => None,
        _ if action.unasked() => None,
        _ => Some(follower.reasons(step, &state, cpu, sources)),
    }
}

impl<'a> Follower<'a> {
    /// What is known after so many steps, and the state then.
    fn after(machine: &'a Machine, trace: &Trace<Machine>, steps: u32) -> (Follower<'a>, State) {
        let mut follower = Follower {
            names: Names::new(machine),
            tracks: BTreeMap::new(),
            values: Values::default(),
            waits: Waits::default(),
        };
        let mut state = machine.initial();
        for cpu in 0..state.cpus.len() as u8 {
            follower.arrive(machine.context_id(&state, cpu), state.cpus[usize::from(cpu)].context().pc, 0);
        }
        follower.waits.see(machine, &state);
        for (number, taken) in (1..=steps).zip(trace.steps()) {
            for carried in machine.trail(&state, taken.action) {
                follower.follow(number, taken.action.cpu(), &state, &carried);
            }
            machine.step(&mut state, taken.action, &mut ());
            follower.waits.see(machine, &state);
        }
        (follower, state)
    }

    fn follow(&mut self, number: u32, cpu: u8, state: &State, carried: &TrailPart) {
        let machine = self.names.machine;
        // Who ended a wait is known before its operation stores something itself.
        let waited = carried.pc.and_then(|pc| self.waits.at(carried.context, pc));
        let woken = waited.map(|awaited| Way::Woken(self.woke(state, cpu, awaited)));
        let tests = self.values.operation(number, machine, carried);
        if let Some(pc) = carried.pc {
            self.waits.goes_on(carried.context);
            let track = self.tracks.entry(carried.context).or_default();
            // What led on from here before leads nowhere now.
            track.branches.retain(|branch| branch.pc != pc);
            let way = match machine.effects(pc).flow {
                Flow::Branch(_) if carried.jumped => Some(Way::Jumped),
                Flow::Branch(_) => Some(Way::On),
                _ => woken,
            };
            track.branches.extend(way.map(|way| Branch { pc, way, step: number, tests: tests.clone() }));
        }
        for event in &carried.events {
            self.event((number, carried.then), cpu, state, event, &tests);
        }
        self.arrive(carried.then, carried.next, number);
    }

    /// A context is at an operation: in further calls, or back from some.
    fn arrive(&mut self, context: ContextId, pc: Pc, step: u32) {
        let calls = calls(self.names.machine, pc);
        let track = self.tracks.entry(context).or_default();
        let common = track.calls.iter().zip(&calls).take_while(|(before, now)| before.at == now.0).count();
        track.back = track.calls.drain(common..).next();
        track.calls.extend(calls.into_iter().skip(common).map(|(at, function)| Call { at, function, step }));
    }

    /// The step that ended a wait, and whom it woke. What was so from the beginning has no step.
    fn woke(&self, state: &State, cpu: u8, awaited: Awaited) -> Option<(u32, String)> {
        let (names, own) = (self.names, state.cpus.get(usize::from(cpu))?);
        let (on, what) = match awaited {
            Awaited::Place(loc) => {
                let memory = match loc {
                    Loc::Cell(cell) => state.cells[usize::from(cell)],
                    Loc::Word(frame, index) => state.memory.word(frame, index),
                };
                let value = own.buffer.forward(loc).unwrap_or(memory);
                (self.values.stored(loc), names.holds(state, cpu, loc, value))
            }
            Awaited::Ipis(_) => (self.waits.given(awaited), "the answer to its IPI".to_owned()),
            Awaited::Queue(_) => (self.waits.given(awaited), "this flush".to_owned()),
            Awaited::Frame => (self.waits.given(awaited), "a free page".to_owned()),
        };
        Some((on?, format!("woke {}, which waited for {what}", name::unit(names.machine, cpu))))
    }

    fn event(&mut self, at: (u32, ContextId), cpu: u8, state: &State, event: &Event, tests: &[Source]) {
        let (number, then) = at;
        self.waits.event(number, event);
        let by = self.values.event(number, (cpu, then), self.names.machine, event);
        match &event.what {
            What::IpiTaken { handler, .. } => {
                let on = by.map(|by| (by, "the IPI".to_owned()));
                self.wake(number, cpu, state, by);
                self.begin(then, number, *handler, on);
            }
            What::Faulted { then: Aftermath::Handled, .. } => {
                let handlers = &self.names.machine.program().handlers;
                if let Some(handler) = handlers.iter().position(|handler| is_of_faults(&handler)) {
                    self.begin(then, number, handler as u8, None);
                }
            }
            What::CutIn { handler } => self.begin(then, number, *handler, None),
            What::Switched { to, .. } => {
                let mut rests = self.tested(state, tests);
                rests.extend(self.wakes(self.names.machine.context_id(state, cpu)));
                let what = format!("the switch to {}", self.names.task((*to).into()));
                self.tracks.entry(ContextId::Task(*to)).or_default().began =
                    Some(Began { step: number, what, rests });
            }
            _ => {}
        }
    }

    /// An IPI is taken by a CPU, which may have slept.
    fn wake(&mut self, number: u32, cpu: u8, state: &State, by: Option<u32>) {
        let own = &state.cpus[usize::from(cpu)];
        if own.asleep.is_some() {
            let track = self.tracks.entry(self.names.machine.context_id(state, cpu)).or_default();
            let woke = format!("woke {}, which slept", name::unit(self.names.machine, cpu));
            let way = Way::Woken(by.map(|by| (by, woke)));
            track.branches.push(Branch { pc: own.context().pc, way, step: number, tests: Vec::new() });
        }
    }

    /// Who woke a context since it began: it would lead nowhere else without them.
    fn wakes(&self, context: ContextId) -> Vec<(u32, String)> {
        let Some(track) = self.tracks.get(&context) else { return Vec::new() };
        let began = track.began.as_ref().map_or(0, |began| began.step);
        let since = track.branches.iter().filter(|branch| branch.step > began);
        let woken = since.filter_map(|branch| match &branch.way {
            Way::Woken(woken) => woken.clone(),
            Way::On | Way::Jumped => None,
        });
        woken.collect()
    }

    /// A handler begins.
    fn begin(&mut self, context: ContextId, number: u32, handler: u8, on: Option<(u32, String)>) {
        let what = format!("the beginning of {}", self.names.handler(handler));
        let began = Some(Began { step: number, what, rests: on.into_iter().collect() });
        self.tracks.insert(context, Track { began, ..Track::default() });
    }

    /// The steps that gave what was tested, and what they gave. What was so from the beginning has no step.
    fn tested(&self, state: &State, tests: &[Source]) -> Vec<(u32, String)> {
        let mut told: Vec<(u32, String)> = Vec::new();
        for source in tests {
            let one = match *source {
                Source::Read { loc, value, stored } => (stored, self.names.holds(state, 0, loc, value)),
                Source::Step(step) => (step, "a value that is tested".to_owned()),
            };
            if !told.contains(&one) {
                told.push(one);
            }
        }
        told
    }

    fn reasons(&self, step: u32, state: &State, cpu: u8, sources: Sources<'_>) -> Vec<Reason> {
        let machine = self.names.machine;
        let mut reasons = Vec::new();
        let pc = state.cpus[usize::from(cpu)].context().pc;
        let Some(track) = self.tracks.get(&machine.context_id(state, cpu)) else { return reasons };
        let mut add = |step: u32, on: u32, what: String| {
            if on > 0 {
                reasons.push(Reason { step, on, what });
            }
        };
        if let Some(awaited) = self.waits.at(machine.context_id(state, cpu), pc)
            && let Some((on, what)) = self.woke(state, cpu, awaited)
        {
            add(step, on, what);
        }
        if let Some(Began { step: began, what, rests }) = &track.began {
            add(step, *began, what.clone());
            rests.iter().for_each(|(on, what)| add(*began, *on, what.clone()));
        }
        for call in &track.calls {
            add(step, call.step, format!("the call of {}", call.function));
        }
        if let Some(back) = &track.back {
            add(step, back.step, format!("the call of {}, which has returned", back.function));
        }
        // In the order in which they were tested.
        let led = self.led(step, state, track, pc, sources);
        reasons.extend(led.into_iter().rev().flatten());
        reasons
    }

    /// The branches that led to an operation, and the waits before it, the last ones first.
    fn led(
        &self,
        step: u32,
        state: &State,
        track: &Track<'_>,
        pc: Pc,
        sources: Sources<'_>,
    ) -> Vec<Vec<Reason>> {
        let machine = self.names.machine;
        let (mut to, mut told, mut last, mut at_first) = (pc, 0, None, Vec::new());
        let mut led = Vec::new();
        for branch in track.branches.iter().rev() {
            if told == MOST_BRANCHES || !decides(machine, branch, to) {
                continue;
            }
            (to, told) = (branch.pc, told + 1);
            let site = &machine.program().sites[usize::from(branch.pc)];
            let mut what = String::new();
            // Of a condition, the part that was tested last says how it came out.
            if last.replace(site) != Some(site) {
                let text = site.span.of(sources.get(site.source));
                let line = text.lines().next().unwrap_or_default().trim();
                what = format!("\u{201c}{line}\u{201d} {}", came(machine, branch));
            }
            let mut own = Vec::new();
            if let Way::Woken(Some((on, what))) = &branch.way {
                own.push(Reason { step: branch.step, on: *on, what: what.clone() });
            }
            for (on, tested) in self.tested(state, &branch.tests) {
                if on == 0 && at_first.contains(&tested) {
                    continue;
                }
                match on {
                    0 => {
                        let gap = if what.is_empty() { "" } else { ", with " };
                        what += &format!("{gap}{tested} from the beginning");
                        at_first.push(tested);
                    }
                    // A value of the same step.
                    on if on == branch.step => own.push(Reason { step, on, what: tested }),
                    on => own.push(Reason { step: branch.step, on, what: tested }),
                }
            }
            if !what.is_empty() {
                own.push(Reason { step, on: branch.step, what });
            }
            led.push(own);
        }
        led
    }
}

/// The calls that an operation is in, outermost first: where each stands, and the function that it calls.
fn calls(machine: &Machine, pc: Pc) -> Vec<((SourceId, Span), &str)> {
    let site = &machine.program().sites[usize::from(pc)];
    let called = std::iter::once(&site.function).chain(site.callers.iter().map(|call| &call.2));
    let mut calls: Vec<_> = site
        .callers
        .iter()
        .zip(called)
        .map(|(call, function)| ((call.0, call.1), function.as_str()))
        .collect();
    calls.reverse();
    calls
}

/// Whether a branch led to a place, or a wait before it: from its other way, control may come to an end without it, or wait in a loop for memory to change.
fn decides(machine: &Machine, branch: &Branch, to: Pc) -> bool {
    if let Way::Woken(_) = branch.way {
        return true;
    }
    let Some(target) = machine.effects(branch.pc).flow.target() else { return false };
    let mut todo = vec![if branch.way == Way::Jumped { branch.pc + 1 } else { target }];
    let (mut seen, mut again) = (vec![to], false);
    while let Some(pc) = todo.pop() {
        if pc == branch.pc && pc != to {
            again = true;
            continue;
        }
        if seen.contains(&pc) {
            continue;
        }
        seen.push(pc);
        let before = todo.len();
        todo.extend(machine.effects(pc).flow.successors(usize::from(pc)).map(|pc| pc as Pc));
        if todo.len() == before {
            return true;
        }
    }
    again && waits(machine, branch.pc, &seen)
}

/// Whether what a branch tests is read anew among these operations, those of the loop that leads back to it.
fn waits(machine: &Machine, branch: Pc, inside: &[Pc]) -> bool {
    let regs = |pc: Pc| {
        machine.effects(pc).reads.iter().filter_map(|(operand, _)| match *operand {
            Operand::Reg(reg) => Some(reg),
            _ => None,
        })
    };
    let (mut todo, mut seen): (Vec<Reg>, Vec<Reg>) = (regs(branch).collect(), Vec::new());
    while let Some(reg) = todo.pop() {
        if seen.contains(&reg) {
            continue;
        }
        seen.push(reg);
        for &pc in inside {
            match machine.effects(pc).result {
                Some((given, Gives::Held | Gives::Before | Gives::After)) if given == reg => return true,
                Some((given, _)) if given == reg => todo.extend(regs(pc)),
                _ => {}
            }
        }
    }
    false
}

/// How a condition came out: its parts that are tested one after the other share a place in the text, and the last of them leads to
/// where the condition is false.
fn came(machine: &Machine, branch: &Branch) -> &'static str {
    if let Way::Woken(_) = branch.way {
        return "had to wait until then";
    }
    let jumped = branch.way == Way::Jumped;
    let sites = &machine.program().sites;
    let flow = |pc: usize| machine.effects(pc as Pc).flow;
    if machine.effects(branch.pc).taken.access().is_some() {
        return if jumped { "faulted" } else { "did not fault" };
    }
    let (at, site) = (usize::from(branch.pc), &sites[usize::from(branch.pc)]);
    let deeper = |pc: usize| {
        let callers = &sites[pc].callers;
        let own = callers.len().checked_sub(site.callers.len() + 1).and_then(|place| callers.get(place));
        own.is_some_and(|call| (call.0, call.1) == (site.source, site.span))
    };
    let same = |pc: usize| sites[pc].span == site.span && sites[pc].callers == site.callers;
    let inside = (at..sites.len()).take_while(|&pc| same(pc) || deeper(pc));
    let last = inside.filter(|&pc| same(pc) && matches!(flow(pc), Flow::Branch(_))).last().unwrap_or(at);
    match jumped {
        true if flow(at).target() == flow(last).target() => "was false",
        false if at != last => "was being tested",
        _ => "was true",
    }
}
