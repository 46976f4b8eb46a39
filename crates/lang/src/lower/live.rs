//! Which registers an operation and its successors may still read.
//!
//! No operation reads a register that is not live. So a canonical state has zero there, and two states that
//! differ only in such registers count as one.

use crate::ir::effects::Effects;

/// For each operation, the registers that may be read when it is about to run or later, as a bit set. What is observed
/// in the end is live all the way: a block may end by a fault at any access.
#[must_use]
pub(crate) fn live(rows: &[Effects], observed: &[u64]) -> Vec<u64> {
    let mut live = observed.to_vec();
    live.resize(rows.len(), 0);
    loop {
        let mut changed = false;
        for (pc, row) in rows.iter().enumerate().rev() {
            let after = live_after(row, &live, pc);
            let before = if idle(row, after) { after } else { (after & !row.written()) | row.read() };
            let before = before | observed.get(pc).copied().unwrap_or(0);
            changed |= before != live[pc];
            live[pc] = before;
        }
        if !changed {
            return live;
        }
    }
}

/// Whether it only computes a value that no operation reads. Then the values that it reads are not
/// needed either.
pub(crate) fn idle(row: &Effects, after: u64) -> bool {
    row.computes_only() && after & row.written() == 0
}

/// What is live after the operation at `pc`.
pub(crate) fn live_after(row: &Effects, live: &[u64], pc: usize) -> u64 {
    row.flow.successors(pc).fold(0, |bits, next| bits | live.get(next).copied().unwrap_or(0))
}
