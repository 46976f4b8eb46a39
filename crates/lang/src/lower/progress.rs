//! Loops must make visible progress.
//!
//! Silent operations run in the same step as the visible operation before them. A loop of silent operations alone
//! would never end its step, so such a loop is an error. The check works on the flat code, where nothing can hide.
//! An operation that only this CPU can see (on a per-CPU variable that no text touches from another CPU) counts as
//! silent too.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::effects::{Effects, Flow};
use crate::program::{Op, Pc, Place, Variable};
use crate::source::{SourceId, Span};

/// The most silent operations that may run in a row.
const MAX_SILENT: u64 = 65_536;

/// How often a loop may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// At most so many times.
    Rounds(u64),
    /// It ends, but it is not known when.
    Unknown,
    /// It need not end.
    None,
}

/// A loop in the flat code: from its first operation to its jump back.
#[derive(Clone, Debug)]
pub(crate) struct Loop {
    pub(crate) start: Pc,
    pub(crate) end: Pc,
    pub(crate) bound: Bound,
    pub(crate) source: SourceId,
    pub(crate) span: Span,
}

/// Reports every loop that may run for ever without a visible operation.
pub(crate) fn check(out: &mut Diagnostics, code: &[Op], loops: &[Loop], variables: &[Variable]) {
    let mut rounds = vec![1u64; code.len()];
    let mut reported: Vec<(SourceId, Span)> = Vec::new();
    // Inner loops were recorded before those around them.
    for around in loops {
        if around.end <= around.start || !silent_round(code, around, variables) {
            continue;
        }
        let range = usize::from(around.start)..usize::from(around.end);
        let problem = match around.bound {
            Bound::None => Some((
                "this loop may run for ever without a visible operation",
                "wait with `until condition;`, or count with `for v in 0 .. n { }`",
            )),
            Bound::Unknown => Some((
                "the number of iterations of this loop is not known, and an iteration may have no visible effect",
                "give it constant ends",
            )),
            Bound::Rounds(times) => {
                let work: u64 = rounds[range.clone()]
                    .iter()
                    .fold(0, |sum, &r| sum.saturating_add(r.saturating_mul(times)));
                rounds[range].iter_mut().for_each(|r| *r = r.saturating_mul(times));
                (work > MAX_SILENT).then_some((
                    "this loop does too much without a visible operation",
                    "at most 65536 silent operations may run in a row",
                ))
            }
        };
        if let Some((message, advice)) = problem
            && !reported.contains(&(around.source, around.span))
        {
            reported.push((around.source, around.span));
            out.push(Diagnostic::error(around.source, around.span, message).advice(advice));
        }
    }
}

/// Whether control can come from the loop's first operation back to it through silent operations alone.
fn silent_round(code: &[Op], around: &Loop, variables: &[Variable]) -> bool {
    let (start, end) = (usize::from(around.start), usize::from(around.end));
    let mut seen = vec![false; end - start];
    let mut todo = vec![start];
    while let Some(pc) = todo.pop() {
        if pc < start || pc >= end || std::mem::replace(&mut seen[pc - start], true) {
            continue;
        }
        let row = code[pc].effects();
        if !hidden(&row, variables) {
            continue;
        }
        // The jump back is the last operation of the loop.
        if row.flow == Flow::Jump(around.start) {
            return true;
        }
        todo.extend(row.flow.successors(pc));
    }
    false
}

/// Whether only this CPU can see it, and it waits for no other CPU.
fn hidden(row: &Effects, variables: &[Variable]) -> bool {
    let private = match row.place {
        Some((Place::Cell { var, .. }, _)) => variables.get(usize::from(var)).is_some_and(|v| !v.shared),
        Some((Place::Entry { .. } | Place::Word { .. }, _)) | None => false,
    };
    row.seen.silent() || row.waits.ends_alone() && private
}
