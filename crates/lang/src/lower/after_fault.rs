//! Warns of accesses whose fault ends a block, in a scenario that expects page faults.
//!
//! A fault that nobody repairs ends the block, so the code after such an access does not run after a fault. An
//! author who expects page faults may want that code to run (as it did in the first texts). The warning says how
//! to write that.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::Flow;
use crate::program::{Fixup, Handler, HandlerKind, Observation, Op};
use crate::source::{Site, SourceId};
use crate::syntax::Scenario;

/// Warns of accesses without a fixup that are not the last of their block.
pub(crate) fn warn(
    out: &mut Diagnostics,
    scenario: &Scenario,
    handlers: &[Handler],
    code: &[Op],
    sites: &[Site],
) {
    // The kernel may repair it.
    if handlers.iter().any(|handler| handler.kind == HandlerKind::Fault) {
        return;
    }
    let mut expects = scenario.expects.iter().chain(scenario.cases.iter().flat_map(|case| &case.expects));
    let reckoned = |property: &str| property == "page_fault";
    if !expects.any(|e| e.observation != Observation::Never && reckoned(&e.property.text)) {
        return;
    }
    let mut told = None;
    for (pc, (op, site)) in code.iter().zip(sites).enumerate() {
        let row = op.effects();
        let Some(access) = row.taken.access().filter(|access| access.fixup == Fixup::Nowhere) else {
            continue;
        };
        let form = match access.stored {
            Some(_) if access.locked.is_some() => "xchg_user",
            Some(_) => "store_nofault",
            None => "load_nofault",
        };
        let in_block = site.source == SourceId::SCENARIO && !site.function.starts_with("setup");
        // Code that uses the value of the access (`BUG_ON(load(va) != 1)`) does not count as code
        // after it.
        let mut behind = code[pc + 1..].iter().map(Op::effects);
        let last = behind.find(|row| !row.seen.silent()).is_none_or(|next| next.flow == Flow::End);
        if !in_block || last || told == Some(site.span) {
            continue;
        }
        told = Some(site.span);
        let message = "if a fault of this access is never repaired, the block ends here, and the code after it does not run";
        let advice = format!("to run that code even then, write `{form}`");
        out.push(Diagnostic::warning(site.source, site.span, message).advice(advice));
    }
}
