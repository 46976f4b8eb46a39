//! Which registers an operation and its successors may still read.
//!
//! A register that is not live holds nothing anybody will look at, so a canonical state shows it as zero and two
//! states that differ only there are one.

use crate::program::{Op, Operand, Place, Rmw};

/// For each operation, the registers that may be read when it is about to run or later, as a bit set.
#[must_use]
pub fn live(code: &[Op]) -> Vec<u64> {
    let mut live = vec![0u64; code.len()];
    loop {
        let mut changed = false;
        for pc in (0..code.len()).rev() {
            let after = live_after(code, &live, pc);
            let before =
                if idle(&code[pc], after) { after } else { (after & !written(&code[pc])) | read(&code[pc]) };
            changed |= before != live[pc];
            live[pc] = before;
        }
        if !changed {
            return live;
        }
    }
}

/// Whether it only computes a value that nobody reads. What it reads itself is then not needed either.
pub(crate) fn idle(op: &Op, after: u64) -> bool {
    matches!(op, Op::Move { .. } | Op::Bin { .. } | Op::PgdOf { .. }) && after & written(op) == 0
}

/// What is live after the operation at `pc`.
pub(crate) fn live_after(code: &[Op], live: &[u64], pc: usize) -> u64 {
    let at = |pc: usize| live.get(pc).copied().unwrap_or(0);
    match &code[pc] {
        Op::Halt | Op::Return => 0,
        Op::Jump(target) => at(usize::from(*target)),
        Op::JumpIfZero { target, .. } => at(usize::from(*target)) | at(pc + 1),
        _ => at(pc + 1),
    }
}

/// The register it writes, as a bit.
fn written(op: &Op) -> u64 {
    match op {
        Op::Bin { dst, .. }
        | Op::Move { dst, .. }
        | Op::PgdOf { dst, .. }
        | Op::Load { dst, .. }
        | Op::Rmw { dst: Some((dst, _)), .. }
        | Op::AllocPage { dst }
        | Op::Maybe { dst }
        | Op::IsTable { dst, .. }
        | Op::AllocTable { dst, .. }
        | Op::UserLoad { dst, .. } => 1 << dst,
        _ => 0,
    }
}

/// The registers it reads, as bits.
fn read(op: &Op) -> u64 {
    let mut bits = 0;
    operands(op, |operand| {
        if let Operand::Reg(reg) = operand {
            bits |= 1 << reg;
        }
    });
    bits
}

fn operands(op: &Op, mut see: impl FnMut(Operand)) {
    let see_place = |place: &Place, see: &mut dyn FnMut(Operand)| match *place {
        Place::Cell { owner, index, .. } => [owner, index].into_iter().for_each(see),
        Place::Entry { mm, va, .. } => [mm, va].into_iter().for_each(see),
        Place::Word { frame, index } => [frame, index].into_iter().for_each(see),
    };
    match op {
        Op::Bin { a, b, .. } => [*a, *b].into_iter().for_each(see),
        Op::Move { a, .. } => see(*a),
        Op::PgdOf { mm, .. } => see(*mm),
        Op::JumpIfZero { cond, .. } => see(*cond),
        Op::Load { place, .. } => see_place(place, &mut see),
        Op::Store { place, value } | Op::Until { place, value, .. } => {
            see_place(place, &mut see);
            see(*value);
        }
        Op::Rmw { place, op, value, .. } => {
            see_place(place, &mut see);
            see(*value);
            if let Rmw::CmpXchg { expected } = op {
                see(*expected);
            }
        }
        Op::WriteCr3 { root, pcid, noflush } => [*root, *pcid, *noflush].into_iter().for_each(see),
        Op::Invlpg { va } | Op::UserLoad { va, .. } => see(*va),
        Op::Invpcid { pcid, va, .. } => [*pcid, *va].into_iter().for_each(see),
        Op::SendIpi { targets, args, .. } => {
            args.iter().copied().for_each(&mut see);
            see(*targets);
        }
        Op::AllocTable { mm, .. } => see(*mm),
        Op::Free { frame } | Op::FreeRcu { frame } | Op::IsTable { frame, .. } => see(*frame),
        Op::Acquire { place } => see_place(place, &mut see),
        Op::Invlpgb { pcid, va, pages, final_only, .. } => {
            [*pcid, *va, *pages, *final_only].into_iter().for_each(see);
        }
        Op::UserStore { va, value, .. } => [*va, *value].into_iter().for_each(see),
        Op::Check { cond, .. } => see(*cond),
        Op::Jump(_)
        | Op::Fence
        | Op::Maybe { .. }
        | Op::Tlbsync
        | Op::Sleep(_)
        | Op::TogglePge
        | Op::IrqDisable
        | Op::IrqEnable
        | Op::WaitIpis
        | Op::AllocPage { .. }
        | Op::SetMode(_)
        | Op::EnterKernel
        | Op::LeaveKernel(_)
        | Op::Return
        | Op::Halt => {}
    }
}
