//! Tidies flat code: jumps to jumps, unreachable code, values that are never read.
//!
//! It removes silent operations only. All visible operations stay, in their order.

use crate::ir::effects::{Effects, Flow, Gives, Role};
use crate::lower::live::{idle, live, live_after};
use crate::lower::progress::Loop;
use crate::program::{Op, Operand, Pc};
use crate::source::Site;

/// Simplifies `code`; `sites`, `observed`, `entries` and `loops` are adjusted.
pub(crate) fn simplify(
    code: &mut Vec<Op>,
    sites: &mut Vec<Site>,
    observed: &mut Vec<u64>,
    entries: &mut [&mut Pc],
    loops: &mut [Loop],
) {
    loop {
        thread_jumps(code);
        let keep = wanted(code, observed, entries);
        if keep.iter().all(|&k| k) {
            return;
        }
        compact(code, sites, observed, entries, loops, &keep);
    }
}

/// A jump to a jump goes where that one goes.
fn thread_jumps(code: &mut [Op]) {
    let flows: Vec<Flow> = code.iter().map(|op| op.effects().flow).collect();
    for (op, flow) in code.iter_mut().zip(&flows) {
        if let Some(target) = flow.target() {
            op.retarget(last_target(&flows, target));
        }
    }
}

fn last_target(flows: &[Flow], mut target: Pc) -> Pc {
    // Jumps in a circle lead nowhere anyway; so many in a row are not worth following.
    for _ in 0..64 {
        match flows.get(usize::from(target)) {
            Some(Flow::Jump(next)) => target = *next,
            Some(Flow::Next | Flow::Branch(_) | Flow::Leave | Flow::End) | None => break,
        }
    }
    target
}

/// Which operations are reached and do something.
fn wanted(code: &[Op], observed: &[u64], entries: &[&mut Pc]) -> Vec<bool> {
    let rows: Vec<Effects> = code.iter().map(Op::effects).collect();
    let mut keep = vec![false; code.len()];
    let mut todo: Vec<usize> = entries.iter().map(|entry| usize::from(**entry)).collect();
    while let Some(pc) = todo.pop() {
        if pc >= code.len() || std::mem::replace(&mut keep[pc], true) {
            continue;
        }
        todo.extend(rows[pc].flow.successors(pc));
    }
    let live = live(&rows, observed);
    for (pc, row) in rows.iter().enumerate() {
        if !keep[pc] {
            continue;
        }
        let useless = match row.flow.target() {
            // A jump to where control would go without it is useless. (An access never is, wherever its
            // fixup is.)
            Some(target) if row.seen.silent() => {
                let target = usize::from(target);
                target > pc && !keep[pc + 1..target].iter().any(|&k| k)
            }
            Some(_) => false,
            None => moves_to_itself(row) || idle(row, live_after(row, &live, pc)),
        };
        keep[pc] = !useless;
    }
    keep
}

/// Whether it only puts what a register holds into that register.
fn moves_to_itself(row: &Effects) -> bool {
    row.computes_only()
        && row.result.is_some_and(|(register, gives)| {
            gives == Gives::Read && row.reads == [(Operand::Reg(register), Role::Any)]
        })
}

fn compact(
    code: &mut Vec<Op>,
    sites: &mut Vec<Site>,
    observed: &mut Vec<u64>,
    entries: &mut [&mut Pc],
    loops: &mut [Loop],
    keep: &[bool],
) {
    // Where each operation goes; one that is dropped leads to the next that is kept.
    let mut moved: Vec<Pc> = Vec::with_capacity(keep.len() + 1);
    let mut count: Pc = 0;
    for &kept in keep {
        moved.push(count);
        count += Pc::from(kept);
    }
    moved.push(count);
    let to = |pc: Pc| moved.get(usize::from(pc)).copied().unwrap_or(count);
    for op in code.iter_mut() {
        if let Some(target) = op.effects().flow.target() {
            op.retarget(to(target));
        }
    }
    for entry in entries.iter_mut() {
        **entry = to(**entry);
    }
    for around in loops.iter_mut() {
        (around.start, around.end) = (to(around.start), to(around.end));
    }
    let mut flags = keep.iter();
    code.retain(|_| flags.next().copied().unwrap_or(true));
    let mut flags = keep.iter();
    observed.retain(|_| flags.next().copied().unwrap_or(true));
    let mut flags = keep.iter();
    sites.retain(|_| flags.next().copied().unwrap_or(true));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Bin;
    use crate::source::{SourceId, Span};

    fn tidied(mut code: Vec<Op>) -> Vec<Op> {
        let site = Site {
            source: SourceId::KERNEL,
            span: Span { start: 0, end: 0 },
            function: String::new(),
            callers: Vec::new(),
        };
        let mut sites = vec![site; code.len()];
        let mut entry = 0;
        let mut observed = vec![0; code.len()];
        simplify(&mut code, &mut sites, &mut observed, &mut [&mut entry], &mut []);
        assert_eq!((entry, code.len(), code.len()), (0, sites.len(), observed.len()));
        code
    }

    #[test]
    fn a_chain_nobody_reads_goes_and_what_is_visible_stays() {
        let add = |dst, a| Op::Bin { dst, op: Bin::Add, a: Operand::Reg(a), b: Operand::Const(1) };
        let alloc = Op::AllocPage { dst: 0 };
        let code = vec![alloc.clone(), add(1, 0), add(1, 1), add(2, 1), Op::Fence, Op::Halt];
        assert_eq!(tidied(code), [alloc, Op::Fence, Op::Halt]);
    }

    #[test]
    fn jumps_to_jumps_and_jumps_to_the_next_go() {
        let cond = Operand::Reg(0);
        let alloc = Op::AllocPage { dst: 0 };
        let code = vec![
            alloc.clone(),
            Op::JumpIfZero { cond, target: 4 },
            Op::Fence,
            Op::Jump(5),
            Op::Jump(6),
            Op::Jump(7),
            Op::TogglePge,
            Op::Halt,
        ];
        let expected =
            [alloc, Op::JumpIfZero { cond, target: 4 }, Op::Fence, Op::Jump(5), Op::TogglePge, Op::Halt];
        assert_eq!(tidied(code), expected);
    }

    #[test]
    fn a_value_read_in_the_next_round_of_a_loop_stays() {
        let count = Op::Bin { dst: 0, op: Bin::Add, a: Operand::Reg(0), b: Operand::Const(1) };
        let code = vec![
            Op::Move { dst: 0, a: Operand::Const(0) },
            Op::Free { frame: Operand::Reg(0) },
            count.clone(),
            Op::Jump(1),
        ];
        assert_eq!(tidied(code.clone()), code);
        let rows: Vec<Effects> = code.iter().map(Op::effects).collect();
        assert_eq!(live(&rows, &[]), [0, 1, 1, 1]);
        // What is observed in the end is live before it is written, too.
        assert_eq!(live(&rows, &[2; 4]), [2, 3, 3, 3]);
    }
}
