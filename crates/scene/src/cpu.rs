//! A CPU's card.

use crate::name::{self, Names};
use crate::view::{Acted, Change, CpuView, PositionView, RegisterView};
use crate::{action, cache, kernel, reference};
use lang::effects::Flow;
use lang::program::{HandlerKind, Mode};
use machine::{Action, CpuState, State};

/// The card of a CPU.
pub(crate) fn cpu(
    names: Names<'_>,
    before: Option<&State>,
    taken: Option<Action>,
    after: &State,
    cpu: u8,
) -> CpuView {
    let this = &after.cpus[cpu as usize];
    let mode = mode(names, after, cpu);
    let mode_before = before.map(|before| self::mode(names, before, cpu)).filter(|was| *was != mode);
    let mut view = CpuView {
        id: format!("cpu{cpu}"),
        cpu,
        name: name::unit(names.machine, cpu),
        mode,
        mode_change: mode_before.map_or(Change::None, Change::Was),
        handler: handler(names, this),
        acted: match taken {
            Some(action) if action.cpu() == cpu && action.speculative() => Acted::Speculatively,
            Some(action) if action.cpu() == cpu => Acted::Software,
            _ => Acted::No,
        },
        cr3: cr3(names, before, after, cpu),
        irqs_on: this.interruptible(),
        psc: cache::psc(names, before, after, cpu),
        tlb: cache::tlb(names, before, after, cpu),
        buffer: cache::buffer(names, before, after, cpu),
        pending: cache::pending(names, before, after, cpu),
        variables: kernel::of_cpu(names, before, after, cpu),
        position: position(names, after, cpu),
        device: names.machine.is_device(cpu),
        danger: danger(names, after, cpu),
    };
    if view.device {
        let pasid = after.cpus[usize::from(cpu)].hw.cr3.pcid;
        (view.cr3.key, view.cr3.tag) = ("PASID", Some(format!("PASID {pasid}")));
        for row in view.psc.iter_mut().chain(&mut view.tlb) {
            row.tag = row.tag.take().map(|tag| tag.replace("PCID", "PASID"));
        }
    }
    view
}

/// What interrupts the CPU's thread: `flush_tlb_func from CPU 0`, `NMI: perf_callchain_user`, `page fault:
/// exc_page_fault`.
fn handler(names: Names<'_>, cpu: &CpuState) -> Option<String> {
    let Some(intruder) = &cpu.intruder else {
        let Some(running) = cpu.handler.as_ref() else {
            let exception = cpu.exception.as_ref()?;
            let handlers = &names.machine.program().handlers;
            let what = match handlers.get(usize::from(exception.handler)).map(|handler| handler.kind) {
                Some(HandlerKind::Irq) => "interrupt",
                Some(HandlerKind::Exit) => "VM exit",
                _ => "page fault",
            };
            return Some(format!("{what}: {}", names.handler(exception.handler)));
        };
        return Some(format!("{} from CPU {}", names.handler(running.handler), running.sender));
    };
    let what = if names.machine.preempted(cpu) { "host" } else { "NMI" };
    Some(format!("{what}: {}", names.handler(intruder.handler)))
}

/// `idle, asleep in C6`; `user A, preempted by the host`; `T: user A` where a thread runs. A CPU that has run no process yet is not
/// idle while it is in a function of the kernel.
fn mode(names: Names<'_>, state: &State, number: u8) -> String {
    let cpu = &state.cpus[usize::from(number)];
    let mut mode = match cpu.mode {
        Mode::Idle if cpu.asleep.is_none() && in_kernel(names, state, number) => "kernel".to_owned(),
        mode => names.mode(mode),
    };
    if let Some(thread) = cpu.thread {
        mode = format!("{}: {mode}", names.task(u64::from(thread)));
    }
    if names.machine.preempted(cpu) {
        mode.push_str(", preempted by the host");
    }
    if let Some(guest) = names.machine.guest_of(&cpu.hw) {
        mode.push_str(&format!(", in guest {}", names.mm(u64::from(guest))));
    }
    match cpu.asleep {
        Some(depth) => format!("{mode}, asleep in {depth:?}"),
        None => mode,
    }
}

/// Where a speculative walk of the CPU may go wrong. What it takes for a pointer, but was none, leads anywhere.
fn danger(names: Names<'_>, state: &State, cpu: u8) -> Option<&'static str> {
    let references = reference::of_cpu(names.machine, state, cpu);
    let freed = references.iter().any(|found| found.walkable() && found.stale());
    match names.machine.in_danger(state, cpu) {
        true if freed => Some("can walk freed memory"),
        true => Some("can walk what is no table"),
        false => None,
    }
}

fn cr3(names: Names<'_>, before: Option<&State>, after: &State, cpu: u8) -> RegisterView {
    let now = after.cpus[cpu as usize].hw.cr3;
    let was = before.map(|before| before.cpus[cpu as usize].hw.cr3);
    let was = was.filter(|was| (was.root, was.pcid) != (now.root, now.pcid));
    RegisterView {
        id: format!("cpu{cpu}/cr3"),
        key: name::root(names.machine, cpu),
        value: names.pfn(now.root),
        tag: names.pcid(now.pcid),
        tone: cache::standing(now.provenance).0,
        change: was.map_or(Change::None, |was| Change::Was(names.cr3(was))),
    }
}

/// Whether what the CPU does next stands in a function that its program calls.
fn in_kernel(names: Names<'_>, state: &State, cpu: u8) -> bool {
    let site = &names.machine.program().sites[state.cpus[usize::from(cpu)].context().pc as usize];
    !site.callers.is_empty() && names.machine.next(state, cpu).flow != Flow::End
}

fn position(names: Names<'_>, state: &State, cpu: u8) -> PositionView {
    let program = names.machine.program();
    let pc = state.cpus[cpu as usize].context().pc as usize;
    let ended = names.machine.next(state, cpu).flow == Flow::End;
    let site = &program.sites[pc];
    let callers = site
        .callers
        .iter()
        .map(|(source, span, function)| (source.0, span.start, span.end, function.clone()));
    PositionView {
        source: site.source.0,
        start: site.span.start,
        end: site.span.end,
        function: site.function.clone(),
        callers: callers.collect(),
        waits: if ended { None } else { action::why_blocked(names.machine, state, cpu) },
        ended,
    }
}
