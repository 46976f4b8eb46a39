//! What a text with guests needs, and what it can't have yet.

use super::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::{Crossing, Flow, Touches};
use crate::program::{HandlerKind, MmSpec, Op, Pc};
use crate::source::Site;

/// What a text with guests needs, and what it can't have.
pub(super) fn guests(out: &mut Diagnostics, mms: &[MmSpec], code: &Code, vmexits: &[u8]) {
    let has = |kind: HandlerKind| code.handlers.iter().any(|handler| handler.kind == kind);
    let rows = || code.ops.iter().map(Op::effects).zip(&code.sites);
    // An INVLPGB may name an ASID without a guest.
    let mut guests = rows().filter(|(row, _)| row.touches.any(Touches::GUESTS) && row.sends.is_none());
    let Some((_, site)) = guests.next() else { return };
    let mut error = |site: &Site, message: &str, advice: &str| {
        out.push(Diagnostic::error(site.source, site.span, message).advice(advice));
    };
    if !mms.iter().any(|mm| mm.second) {
        error(site, "this scenario has no guest", "write `guest G;` and `mm A in G { ... }`");
    }
    if !has(HandlerKind::Exit) {
        let advice = "write `exit handle_exit(violation: bool, gpa: va) { ... }`: what the host does before the guest continues";
        error(site, "this kernel does not say what happens at VM exits", advice);
    }
    if let Some(exit) = code.handlers.iter().find(|handler| handler.kind == HandlerKind::Exit) {
        in_exit(&code.ops, exit.entry, |pc, message, advice| error(&code.sites[pc], message, advice));
    }
    if mms.iter().any(|mm| mm.absent) {
        error(
            site,
            "a text with guests cannot make or end address spaces yet",
            "declare the address space so that it exists from the start",
        );
    }
    if has(HandlerKind::Fault) {
        error(site, "a kernel with guests cannot have a handler of page faults yet", "leave `fault` out");
    }
    if has(HandlerKind::Irq) || !code.tasks.is_empty() {
        error(site, "a text with guests cannot have threads yet", "leave `irq` and `thread` out");
    }
    if vmexits.iter().any(|&count| count > 0) {
        let advice = "leave `vmexit cpu` out: an IPI, an NMI or an EPT violation causes a VM exit, and `exit` says what the host does then";
        error(site, "a text with guests cannot have `vmexit`", advice);
    }
    // The roots of a guest's tables are fixed when the machine is laid out.
    for (_, site) in rows().filter(|(row, _)| row.touches.any(Touches::ROOTS) && row.result.is_none()) {
        error(
            site,
            "a text with guests cannot make or end address spaces yet",
            "declare the address space so that it exists from the start, and keep it",
        );
    }
    for (pc, host) in inside(code).into_iter().filter(|&(pc, _)| touches_allocator(&code.ops[pc])) {
        let Site { source, span, .. } = code.sites[pc];
        let advice = "leave the guest by `vmcall()` first: the frames are the host's. The guest's memory is what `mm A in G { }` maps";
        // Whether a CPU has left the guest may hang on a variable, and only a run tells.
        out.push(if host {
            let message =
                "if a guest comes here, it is a `kernel_bug`: the guest allocates and frees nothing";
            Diagnostic::warning(source, span, message).advice(advice)
        } else {
            Diagnostic::error(source, span, "the guest allocates and frees nothing").advice(advice)
        });
    }
}

fn touches_allocator(op: &Op) -> bool {
    op.effects().touches.any(Touches::ALLOCATOR)
}

/// The operations of the guests, in the order of the text: those that blocks can reach between a VM entry and the next `vmcall()`.
/// For each, whether a block can come there as the host too.
fn inside(code: &Code) -> Vec<(usize, bool)> {
    // Whether a block can come to an operation as the host, and as a guest.
    let mut seen = vec![[false; 2]; code.ops.len()];
    // Whether a CPU can begin its next block as the host, and in a guest, where its set-up has left it.
    let mut begins = [[true, false]; 1 << u8::BITS];
    for thread in code.setup.iter().chain(&code.threads) {
        let begins = &mut begins[usize::from(thread.cpu)];
        let as_either = [false, true].into_iter().filter(|&guest| begins[usize::from(guest)]);
        let mut todo: Vec<(usize, bool)> =
            as_either.map(|guest| (usize::from(thread.entry), guest)).collect();
        *begins = [false; 2];
        while let Some((pc, guest)) = todo.pop() {
            if pc >= code.ops.len() || std::mem::replace(&mut seen[pc][usize::from(guest)], true) {
                continue;
            }
            let flow = code.ops[pc].effects().flow;
            if flow == Flow::End {
                begins[usize::from(guest)] = true;
            }
            let after = match code.ops[pc].crossing() {
                Some(Crossing::Entry) => true,
                Some(Crossing::Exit) => false,
                None => guest,
            };
            todo.extend(flow.successors(pc).map(|next| (next, after)));
        }
    }
    seen.iter().enumerate().filter(|(_, seen)| seen[1]).map(|(pc, seen)| (pc, seen[0])).collect()
}

/// What the handler of VM exits can't do: it ends with a VM entry, and with nothing else.
fn in_exit(ops: &[Op], entry: Pc, mut error: impl FnMut(usize, &str, &str)) {
    let mut seen = vec![false; ops.len()];
    let mut todo = vec![usize::from(entry)];
    while let Some(pc) = todo.pop() {
        if pc >= ops.len() || std::mem::replace(&mut seen[pc], true) {
            continue;
        }
        match ops[pc].crossing() {
            Some(Crossing::Exit) => {
                let advice = "leave `vmcall()` to the guest";
                error(pc, "`exit` is the host's: there is no guest to leave", advice);
            }
            Some(Crossing::Entry) => {
                if !ends_after(ops, pc) {
                    let advice = "let it be the last statement of `exit`: the guest continues after it";
                    error(pc, "nothing after a VM entry is executed in `exit`", advice);
                }
                continue;
            }
            None => {}
        }
        todo.extend(ops[pc].effects().flow.successors(pc));
    }
}

/// Whether nothing comes after an operation but the end of its handler.
fn ends_after(ops: &[Op], pc: usize) -> bool {
    let mut after = pc + 1;
    loop {
        match ops.get(after).map(|op| op.effects().flow) {
            Some(Flow::Leave) => return true,
            Some(Flow::Jump(target)) if usize::from(target) > after => after = usize::from(target),
            _ => return false,
        }
    }
}
