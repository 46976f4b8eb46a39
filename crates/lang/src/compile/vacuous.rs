//! What says nothing, or can't show: claims about no address, expectations of properties that nothing in the texts can
//! show, invariants without a check.

use super::code::Code;
use crate::check::machine::Halves;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::Touches;
use crate::program::Operand;
use crate::source::SourceId;
use crate::syntax::Expect;

/// Claims whose addresses are known here: there have to be some, and the space has to have them.
pub(super) fn claims(out: &mut Diagnostics, code: &Code, halves: Halves) {
    for (op, site) in code.ops.iter().zip(&code.sites) {
        let Some((_, mm, Operand::Const(start), end)) = op.claim() else { continue };
        let (message, advice) = match (mm, end) {
            (_, Operand::Const(end)) if end <= start => (
                format!("this claim is about no address: it begins at {start:#x} and ends before {end:#x}"),
                "the end is the first address after the range: `claim_flushed(m, va, va + PAGE_SIZE)`",
            ),
            (Operand::Const(0), _) if start < halves.user_end() => (
                format!("init_mm has no user addresses, and {start:#x} is one"),
                "name the mm that the flush is for",
            ),
            _ => continue,
        };
        out.push(Diagnostic::error(site.source, site.span, message).advice(advice));
    }
}

/// Expectations of what nothing can show, whatever happens; and invariants that check nothing.
pub(super) fn asked(out: &mut Diagnostics, expects: &[Expect], code: &Code) {
    let claimed = code.ops.iter().any(|op| op.effects().touches.any(Touches::MARKS));
    for expect in expects {
        let missing = match expect.property.text.as_str() {
            "missed_flush" | "missed_flush_used" if !claimed => "a claim: `claim_flushed(m, start, end)`",
            "invariant" if code.invariants.is_empty() => {
                "an invariant: `invariant \"name\" { BUG_ON(...); }`"
            }
            _ => continue,
        };
        let message = format!("nothing here can show `{}`", expect.property.text);
        let advice = format!("it takes {missing}");
        out.push(Diagnostic::warning(SourceId::SCENARIO, expect.property.span, message).advice(advice));
    }
    for invariant in &code.invariants {
        let entry = usize::from(invariant.entry);
        let ends = code.invariants.iter().map(|other| usize::from(other.entry));
        let end = ends.filter(|&end| end > entry).min().unwrap_or(code.ops.len());
        let mut body = code.ops[entry.min(end)..end].iter();
        let name = usize::from(invariant.label).checked_sub(1).and_then(|label| code.labels.get(label));
        if let (Some(site), false) =
            (code.sites.get(entry), body.any(|op| op.effects().touches.any(Touches::SHOWN)))
        {
            let message = format!("the invariant \"{}\" checks nothing", name.map_or("", String::as_str));
            let advice = "an invariant is broken where a `BUG_ON` in it fires";
            out.push(Diagnostic::warning(site.source, site.span, message).advice(advice));
        }
    }
}
