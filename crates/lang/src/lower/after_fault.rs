//! Accesses behind which a block goes on, in a scenario that reckons with page faults.
//!
//! A fault that nothing mends ends the block, so what stands behind such an access does not run after one. Whoever says
//! that page faults are expected may have meant that it does (as it did in the first texts), and is told how to say so.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::Flow;
use crate::program::{Observation, Op};
use crate::source::{Site, SourceId};
use crate::syntax::Scenario;

/// Warns of accesses without a fixup that are not the last of their block.
pub(crate) fn warn(out: &mut Diagnostics, scenario: &Scenario, code: &[Op], sites: &[Site]) {
    let mut expects = scenario.expects.iter().chain(scenario.cases.iter().flat_map(|case| &case.expects));
    let reckoned = |property: &str| property == "page_fault";
    if !expects.any(|e| e.observation != Observation::Never && reckoned(&e.property.text)) {
        return;
    }
    let mut told = None;
    for (pc, (op, site)) in code.iter().zip(sites).enumerate() {
        let row = op.effects();
        let Some(access) = row.taken.access().filter(|access| !access.fixup) else { continue };
        let form = if access.stored.is_some() { "store_nofault" } else { "load_nofault" };
        let in_block = site.source == SourceId::SCENARIO && !site.function.starts_with("setup");
        // What is made of the value that it gives (`BUG_ON(load(va) != 1)`) is not behind it.
        let mut behind = code[pc + 1..].iter().map(Op::effects);
        let last = behind.find(|row| !row.seen.silent()).is_none_or(|next| next.flow == Flow::End);
        if !in_block || last || told == Some(site.span) {
            continue;
        }
        told = Some(site.span);
        let message =
            "where this access faults for good, its block is over: what stands behind it does not run";
        let advice = format!("if it shall run, write `{form}`");
        out.push(Diagnostic::warning(site.source, site.span, message).advice(advice));
    }
}
