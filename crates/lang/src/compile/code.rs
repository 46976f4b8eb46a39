//! From checked bodies to operations.

use crate::check::alike::alike;
use crate::check::env::Env;
use crate::check::finale::CheckedFinale;
use crate::check::hir::Body;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::{Access, By, Flow, Touches};
use crate::lower::progress::Bound;
use crate::lower::simplify::simplify;
use crate::lower::{Lowerer, progress};
use crate::program::{Handler, HandlerKind, Invariant, Op, Operand, Pc, Scope, Thread};
use crate::program::{MmId, TaskSpec};
use crate::source::{Site, Span};
use crate::syntax::FunctionKind;

/// An invariant changes nothing, waits for nothing, and runs on no CPU.
fn only_look(lowerer: &mut Lowerer<'_>, first: usize) {
    for (op, site) in lowerer.code.iter().zip(&lowerer.sites).skip(first) {
        let row = op.effects();
        let loads = row.place.is_none_or(|(_, access)| access == Access::Load);
        let root = row.touches.any(Touches::ROOTS) && row.result.is_some();
        let looks = row.seen.silent() || row.flow == Flow::End || root || (row.place.is_some() && loads);
        let mut operands =
            row.reads.iter().map(|read| read.0).chain(row.place.iter().flat_map(|at| at.0.operands()));
        let message = if !looks || row.touches.any(Touches::MODE) {
            "an invariant only looks: it changes nothing and waits for nothing"
        } else if operands.any(|operand| operand == Operand::ThisCpu) {
            "an invariant runs on no CPU: say whose variable is meant"
        } else {
            continue;
        };
        let advice = "write `for c in online { BUG_ON(per_cpu(x, c) == 1); }`";
        lowerer.out.push(Diagnostic::error(site.source, site.span, message).advice(advice));
    }
}

pub(super) struct Code {
    pub(super) ops: Vec<Op>,
    pub(super) observed: Vec<u64>,
    pub(super) sites: Vec<Site>,
    pub(super) setup: Vec<Thread>,
    pub(super) threads: Vec<Thread>,
    pub(super) tasks: Vec<TaskSpec>,
    pub(super) end: Pc,
    pub(super) handlers: Vec<Handler>,
    pub(super) labels: Vec<String>,
    pub(super) invariants: Vec<Invariant>,
    pub(super) whiles: Vec<(Pc, Pc)>,
}

/// Lowers every function that can be entered from outside, to see whether it fits and makes progress, whether or
/// not this scenario calls it.
pub(super) fn probe(env: &Env, functions: &[Body], out: &mut Diagnostics) {
    let nothing = Body::nothing();
    let mut lowerer = Lowerer::new(env, functions, &nothing, out);
    for (body, signature) in functions.iter().zip(&env.functions) {
        if signature.kind != FunctionKind::Fn {
            lowerer.handler(body, signature.kind.handler().unwrap_or(HandlerKind::Ipi));
        }
    }
    let (ops, loops) = (lowerer.code, lowerer.loops);
    progress::check(out, &ops, &loops, &env.vars);
}

/// A handler of IPIs does not run on a thread, so it cannot switch to another one.
fn stays(lowerer: &mut Lowerer<'_>, first: usize, kind: HandlerKind) {
    let switches = |op: &Op| op.effects().by == By::Thread;
    let Some(at) = (first..lowerer.code.len()).find(|&at| switches(&lowerer.code[at])) else { return };
    if kind == HandlerKind::Ipi {
        let site = &lowerer.sites[at];
        let message = "a handler of IPIs cannot switch to another task: it does not run on the thread";
        let advice = "declare it with irq instead of ipi";
        lowerer.out.push(Diagnostic::error(site.source, site.span, message).advice(advice));
    }
}

/// The code that runs by itself, each piece on its CPU, and the code that is evaluated in every state.
pub(super) struct Blocks {
    pub(super) setup: Vec<(u8, Body)>,
    pub(super) threads: Vec<(u8, Body)>,
    pub(super) tasks: Vec<(String, Option<MmId>, Body)>,
    pub(super) invariants: Vec<(String, Body)>,
}

pub(super) fn lower<'a>(
    env: &'a Env,
    functions: &'a [Body],
    blocks: &'a Blocks,
    checked: &CheckedFinale,
    (scenario, absent): (Span, bool),
    out: &mut Diagnostics,
) -> Code {
    let Blocks { setup, threads, tasks, invariants } = blocks;
    let nothing = Body::nothing();
    let mut lowerer = Lowerer::new(env, functions, &nothing, out);
    lowerer.setup = true;
    let mut setup: Vec<Thread> =
        setup.iter().map(|(cpu, body)| lowerer.thread(*cpu, body, Vec::new())).collect();
    lowerer.setup = false;
    let mut threads: Vec<Thread> =
        threads.iter().map(|(cpu, body)| lowerer.thread(*cpu, body, checked.kept_of(*cpu))).collect();
    let mut tasks: Vec<TaskSpec> =
        tasks.iter().map(|(name, mm, body)| lowerer.task(name, *mm, body)).collect();
    let mut handlers: Vec<Handler> = Vec::new();
    for (body, signature) in functions.iter().zip(&env.functions) {
        if let Some(kind) = signature.kind.handler() {
            let first = lowerer.code.len();
            handlers.push(lowerer.handler(body, kind));
            stays(&mut lowerer, first, kind);
        }
    }
    let mut end = lowerer.end(scenario);
    // The work of an invariant is bounded as a whole when it is evaluated, and not for each round of a
    // loop.
    let (first, loops) = (lowerer.code.len(), lowerer.loops.len());
    let scopes: Vec<Scope> = env.vars.iter().map(|variable| variable.scope).collect();
    let online = u64::MAX >> (64 - env.machine.processors());
    let invariant = |(name, body): &'a (String, Body)| Invariant {
        alike: alike(body, &scopes, online),
        ..lowerer.invariant(name, body)
    };
    let mut invariants: Vec<Invariant> = invariants.iter().map(invariant).collect();
    lowerer.loops.truncate(loops);
    if absent || lowerer.code.iter().any(|op| op.effects().touches.any(Touches::ROOTS)) {
        lowerer.code.iter_mut().for_each(Op::load_root);
    }
    only_look(&mut lowerer, first);
    let (mut ops, mut sites, mut loops) = (lowerer.code, lowerer.sites, lowerer.loops);
    let mut observed = lowerer.observed;
    let labels = lowerer.check_labels;
    progress::check(out, &ops, &loops, &env.vars);
    let entries = setup.iter_mut().chain(&mut threads).map(|t| &mut t.entry);
    let entries = entries.chain(handlers.iter_mut().map(|h| &mut h.entry));
    let entries = entries.chain(invariants.iter_mut().map(|i| &mut i.entry));
    let entries = entries.chain(tasks.iter_mut().flat_map(|t| [&mut t.entry, &mut t.exit]));
    let mut entries: Vec<&mut Pc> = entries.chain([&mut end]).collect();
    if !out.failed() {
        simplify(&mut ops, &mut sites, &mut observed, &mut entries, &mut loops);
    }
    // One by one: a sort of their own is as much code as a small panel.
    let mut by_cpu = Vec::with_capacity(threads.len());
    for thread in threads {
        let place =
            by_cpu.iter().rposition(|other: &Thread| other.cpu <= thread.cpu).map_or(0, |before| before + 1);
        by_cpu.insert(place, thread);
    }
    let threads = by_cpu;
    let endless = loops.iter().filter(|around| around.bound == Bound::None && around.start < around.end);
    let whiles = endless.map(|around| (around.start, around.end)).collect();
    Code { ops, observed, sites, setup, threads, tasks, end, handlers, labels, invariants, whiles }
}
