//! What a text with devices behind an IOMMU can't have, and what a device can't do.

use super::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::{Effects, Flow, Taken, Touches};
use crate::program::{MachineSpec, MmSpec};
use crate::source::{Site, SourceId, Span};

/// What a machine with devices can't have, and what the blocks of its devices can't do. `scenario` is where the scenario
/// stands.
pub(super) fn devices(
    out: &mut Diagnostics,
    machine: &MachineSpec,
    mms: &[MmSpec],
    code: &Code,
    intrusions: [&[u8]; 2],
    scenario: Span,
) {
    if machine.ats == 0 {
        return;
    }
    let mut whole = |message: &str, advice: &str| {
        out.push(Diagnostic::error(SourceId::SCENARIO, scenario, message).advice(advice));
    };
    if mms.iter().any(|mm| mm.second) {
        whole("a machine with devices cannot have guests yet", "leave `ats` or the guest out");
    }
    if !code.tasks.is_empty() {
        whole(
            "a machine with devices cannot have threads yet",
            "write what the threads do as blocks of CPUs",
        );
    }
    let device = |cpu: usize| u8::try_from(cpu).is_ok_and(|cpu| machine.is_device(cpu));
    if intrusions.iter().any(|counts| counts.iter().enumerate().any(|(cpu, &count)| count > 0 && device(cpu)))
    {
        whole("no NMI and no VM exit comes at a device", "its number is not one of a CPU");
    }
    for thread in code.setup.iter().chain(&code.threads).filter(|thread| machine.is_device(thread.cpu)) {
        for pc in reached(code, usize::from(thread.entry)) {
            if !may(&code.ops[pc].effects()) {
                let Site { source, span, .. } = code.sites[pc];
                let advice = "a device loads and stores by DMA: `load(va)`, `store(va, value)`, and what it computes of them";
                out.push(Diagnostic::error(source, span, "a device cannot do this").advice(advice));
                break;
            }
        }
    }
}

/// What a device does: it accesses memory through its translations, and computes and checks what nobody else can see.
fn may(row: &Effects) -> bool {
    let alone = row.seen.silent() || row.taken == Taken::Picked || row.flow == Flow::End;
    let inside = row.touches == Touches::NOTHING || row.touches == Touches::SHOWN;
    row.taken.access().is_some() || alone && inside && row.place.is_none() && row.sends.is_none()
}

/// The operations that a block comes to, in the order of the text.
fn reached(code: &Code, entry: usize) -> Vec<usize> {
    let mut seen = vec![false; code.ops.len()];
    let mut todo = vec![entry];
    while let Some(pc) = todo.pop() {
        if pc < seen.len() && !std::mem::replace(&mut seen[pc], true) {
            todo.extend(code.ops[pc].effects().flow.successors(pc));
        }
    }
    (0..seen.len()).filter(|&pc| seen[pc]).collect()
}
