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
    for pc in inside(code) {
        let touches = code.ops[pc].effects().touches;
        if touches.any(Touches::ALLOCATOR) {
            let advice = "leave the guest by `vmcall()` first: the frames are the host's. The guest's memory is what `mm A in G { }` maps";
            error(&code.sites[pc], "the guest allocates and frees nothing", advice);
        }
    }
}

/// The operations of the guests, in the order of the text: those that blocks can reach between a VM entry and the next `vmcall()`.
fn inside(code: &Code) -> Vec<usize> {
    // Whether a block can come to an operation as the host, and as a guest.
    let mut seen = vec![[false; 2]; code.ops.len()];
    // Whether the set-up of a CPU can end in a guest.
    let mut left_in = 0_u64;
    for thread in code.setup.iter().chain(&code.threads) {
        let mut todo = vec![(usize::from(thread.entry), false)];
        if left_in >> thread.cpu & 1 == 1 {
            todo.push((usize::from(thread.entry), true));
        }
        while let Some((pc, guest)) = todo.pop() {
            if pc >= code.ops.len() || std::mem::replace(&mut seen[pc][usize::from(guest)], true) {
                continue;
            }
            let flow = code.ops[pc].effects().flow;
            if guest && flow == Flow::End {
                left_in |= 1 << thread.cpu;
            }
            let after = match code.ops[pc].crossing() {
                Some(Crossing::Entry) => true,
                Some(Crossing::Exit) => false,
                None => guest,
            };
            todo.extend(flow.successors(pc).map(|next| (next, after)));
        }
    }
    (0..seen.len()).filter(|&pc| seen[pc][1]).collect()
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
