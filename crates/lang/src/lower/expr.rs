//! Lowering expressions, conditions and calls.

use crate::check::env::Then;
use crate::check::hir::{self, Answer, Body, FnId, Kind, LocalId, MakeTry, Node, RmwOp, Stmt, StmtKind};
use crate::ir::bin::fold;
use crate::lower::{Activation, Exit, Label, Lowerer};
use crate::program::{Bin, Fixup, Leave, MmId, Mode, Op, Operand, Place, Reg, Rmw, RmwResult};
use crate::source::Span;

impl<'a> Lowerer<'a> {
    /// The value of an expression, in a register of its choice.
    pub(crate) fn operand(&mut self, node: &'a Node) -> Operand {
        self.expr(node, None)
    }

    /// The value of an expression. If it has to be computed it is put into `hint`; the caller looks at what
    /// comes back, as a constant or a local may stand for itself.
    pub(crate) fn expr(&mut self, node: &'a Node, hint: Option<Reg>) -> Operand {
        let mut result = Operand::Const(0);
        self.deeper(|s| result = s.computed(node, hint));
        result
    }

    fn computed(&mut self, node: &'a Node, hint: Option<Reg>) -> Operand {
        match &node.kind {
            Kind::Const(value) => Operand::Const(*value),
            Kind::ThisCpu => Operand::ThisCpu,
            Kind::Local(local) => self.frame.bindings[*local],
            Kind::Load(place) => {
                let place = self.place(place);
                let dst = self.dst(hint);
                self.emit(Op::Load { dst, place });
                Operand::Reg(dst)
            }
            Kind::Bin(op, a, b) => {
                let (a, b) = (self.operand(a), self.operand(b));
                self.bin(*op, a, b, hint)
            }
            Kind::Not(a) => {
                let a = self.operand(a);
                self.bin(Bin::Eq, a, Operand::Const(0), hint)
            }
            Kind::And(..) | Kind::Or(..) => self.truth(node, hint),
            Kind::PgdOf(mm) => {
                let mm = self.operand(mm);
                let dst = self.dst(hint);
                self.emit(Op::PgdOf { dst, mm });
                Operand::Reg(dst)
            }
            Kind::Rmw(rmw) => self.rmw(rmw, true, hint),
            Kind::Call(id, args) => self.call(*id, args, true, hint),
            Kind::Operation(make, args) => {
                let args: Vec<Operand> = args.iter().map(|arg| self.operand(arg)).collect();
                let dst = self.dst(hint);
                if let Some(op) = make(&args, dst) {
                    self.emit(op);
                }
                Operand::Reg(dst)
            }
            Kind::Try(make, local, args) => self.attempt(*make, *local, args, hint),
        }
    }

    /// An access with a fixup. The fixup is code of its own, as the kernel's exception table has it.
    fn attempt(
        &mut self,
        make: MakeTry,
        local: Option<LocalId>,
        args: &'a [Node],
        hint: Option<Reg>,
    ) -> Operand {
        let args: Vec<Operand> = args.iter().map(|arg| self.operand(arg)).collect();
        let loaded = match local.map(|local| self.frame.bindings[local]) {
            Some(Operand::Reg(register)) => register,
            // There is none, or a mistake that has been reported.
            Some(Operand::Const(_) | Operand::ThisCpu) | None => 0,
        };
        let (dst, fixup, end) = (self.dst(hint), self.label(), self.label());
        if let Some(op) = make(&args, loaded, Fixup::At(0)) {
            self.fix(fixup, op);
        }
        self.move_to(dst, Operand::Const(0));
        self.jump(end);
        self.place_label(fixup);
        self.move_to(dst, Operand::Const(1));
        self.place_label(end);
        Operand::Reg(dst)
    }

    /// Evaluates an expression whose value is dropped.
    pub(crate) fn effect(&mut self, node: &'a Node) {
        match &node.kind {
            Kind::Rmw(rmw) => {
                self.rmw(rmw, false, None);
            }
            Kind::Call(id, args) => {
                self.call(*id, args, false, None);
            }
            _ => {
                self.operand(node);
            }
        }
    }

    /// `a op b`
    fn bin(&mut self, op: Bin, a: Operand, b: Operand, hint: Option<Reg>) -> Operand {
        if let (Operand::Const(x), Operand::Const(y)) = (a, b) {
            return Operand::Const(fold(op, x, y));
        }
        let dst = self.dst(hint);
        self.emit(Op::Bin { dst, op, a, b });
        Operand::Reg(dst)
    }

    /// The value of `&&` and `||`: 1 or 0, written last, as the operands may still need what `hint` holds.
    fn truth(&mut self, node: &'a Node, hint: Option<Reg>) -> Operand {
        let dst = self.dst(hint);
        let (no, end) = (self.label(), self.label());
        self.branch(node, no, false);
        self.emit(Op::Move { dst, a: Operand::Const(1) });
        self.jump(end);
        self.place_label(no);
        self.emit(Op::Move { dst, a: Operand::Const(0) });
        self.place_label(end);
        Operand::Reg(dst)
    }

    /// Jumps to `target` if the condition is `sense`, and goes on otherwise.
    pub(crate) fn branch(&mut self, cond: &'a Node, target: Label, sense: bool) {
        self.deeper(|s| s.branch_on(cond, target, sense));
    }

    fn branch_on(&mut self, cond: &'a Node, target: Label, sense: bool) {
        match &cond.kind {
            Kind::Const(value) => {
                if (*value != 0) == sense {
                    self.jump(target);
                }
            }
            Kind::Not(inner) => self.branch(inner, target, !sense),
            // Both must hold (or, to jump on falsehood, either may fail): the target is the same for both.
            Kind::And(a, b) if !sense => {
                self.branch(a, target, false);
                self.branch(b, target, false);
            }
            Kind::Or(a, b) if sense => {
                self.branch(a, target, true);
                self.branch(b, target, true);
            }
            Kind::And(a, b) | Kind::Or(a, b) => {
                let over = self.label();
                self.branch(a, over, !sense);
                self.branch(b, target, sense);
                self.place_label(over);
            }
            Kind::Bin(op, a, b) if sense && opposite(*op).is_some() => {
                let (a, b) = (self.operand(a), self.operand(b));
                let test = self.bin(opposite(*op).unwrap_or(*op), a, b, None);
                self.jump_if_zero(test, target);
            }
            _ => {
                let value = self.operand(cond);
                let test = if sense { self.bin(Bin::Eq, value, Operand::Const(0), None) } else { value };
                self.jump_if_zero(test, target);
            }
        }
    }

    /// A place, its parts evaluated left to right.
    pub(crate) fn place(&mut self, place: &'a hir::Lvalue) -> Place {
        match place {
            hir::Lvalue::Cell { var, owner, index } => {
                // Only this fixes the order of evaluation, for `per_cpu(slots[i], c)` and for
                // `m.slots[i]`.
                let owner = owner.as_ref().map_or(Operand::Const(0), |node| self.operand(node));
                let index = index.as_ref().map_or(Operand::Const(0), |node| self.operand(node));
                Place::Cell { var: *var, owner, index }
            }
            hir::Lvalue::Entry { level, mm, va } => {
                let (mm, va) = (self.operand(mm), self.operand(va));
                Place::Entry { level: *level, mm, va }
            }
            // Locked operations alone have such a place, and they have been taken apart already.
            hir::Lvalue::Linear { va } => Place::Word { frame: self.operand(va), index: Operand::Const(0) },
            hir::Lvalue::Word { frame, index } => {
                let (frame, index) = (self.operand(frame), self.operand(index));
                Place::Word { frame, index }
            }
        }
    }

    /// A value, or the set of the one CPU it names.
    pub(crate) fn bit_operand(&mut self, node: &'a Node, bit: bool) -> Operand {
        let value = self.operand(node);
        if bit { self.bin(Bin::Shl, Operand::Const(1), value, None) } else { value }
    }

    /// A locked operation on the word at a linear address.
    fn user_rmw(&mut self, rmw: &'a hir::Rmw, va: &'a Node, wanted: bool, hint: Option<Reg>) -> Operand {
        let va = self.operand(va);
        let op = self.rmw_op(&rmw.op);
        let value = self.operand(&rmw.value);
        let which = if rmw.answer == Answer::New { RmwResult::New } else { RmwResult::Old };
        let dst = wanted.then(|| self.dst(hint));
        let fixup = Fixup::Nowhere;
        self.emit(Op::UserRmw { dst: dst.map(|dst| (dst, which)), va, op, value, fixup });
        dst.map_or(Operand::Const(0), Operand::Reg)
    }

    fn rmw_op(&mut self, op: &'a RmwOp) -> Rmw {
        match op {
            RmwOp::Xchg => Rmw::Xchg,
            RmwOp::Add => Rmw::Add,
            RmwOp::Or => Rmw::Or,
            RmwOp::AndNot => Rmw::AndNot,
            RmwOp::CmpXchg(expected) => Rmw::CmpXchg { expected: self.operand(expected) },
        }
    }

    fn rmw(&mut self, rmw: &'a hir::Rmw, wanted: bool, hint: Option<Reg>) -> Operand {
        if let hir::Lvalue::Linear { va } = &rmw.place {
            return self.user_rmw(rmw, va, wanted, hint);
        }
        // The number of a CPU stands before the place in the text, other operands after it.
        let cpu = rmw.bit.then(|| self.operand(&rmw.value));
        let place = self.place(&rmw.place);
        let op = self.rmw_op(&rmw.op);
        let value = match cpu {
            Some(cpu) => self.bin(Bin::Shl, Operand::Const(1), cpu, None),
            None => self.operand(&rmw.value),
        };
        if !wanted {
            self.emit(Op::Rmw { dst: None, place, op, value });
            return Operand::Const(0);
        }
        if let (Answer::Bit, Some(cpu)) = (rmw.answer, cpu) {
            let old = self.alloc();
            self.emit(Op::Rmw { dst: Some((old, RmwResult::Old)), place, op, value });
            return self.bin(Bin::In, cpu, Operand::Reg(old), hint);
        }
        let result = if rmw.answer == Answer::New { RmwResult::New } else { RmwResult::Old };
        let dst = self.dst(hint);
        self.emit(Op::Rmw { dst: Some((dst, result)), place, op, value });
        Operand::Reg(dst)
    }

    /// Puts the function in place of the call.
    pub(crate) fn call(&mut self, id: FnId, args: &'a [Node], wanted: bool, hint: Option<Reg>) -> Operand {
        let functions: &'a [Body] = self.functions;
        let body = &functions[id];
        let wanted = wanted && self.env.functions[id].returns;
        let dst = if wanted { Some(self.dst(hint)) } else { None };
        let args: Vec<Operand> = args.iter().map(|arg| self.operand(arg)).collect();
        let then = self.env.functions[id].then;
        let named = if let Then::UserOf(param) = then { args.get(param).copied() } else { None };
        let user = self.frame.user;
        if user {
            self.emit(Op::EnterKernel);
        }
        let mark = self.next;
        let result = self.inline(body, args, dst);
        self.next = mark;
        if user {
            self.emit(match (then, named) {
                (Then::UserOf(_), Some(Operand::Const(mm))) => {
                    Op::SetMode(Mode::User(MmId::try_from(mm).unwrap_or(0)))
                }
                (Then::Kthread, _) => Op::SetMode(Mode::Kthread),
                (Then::Idle, _) => Op::SetMode(Mode::Idle),
                (Then::User, _) => Op::LeaveKernel(Leave::ToUser),
                (Then::Kernel, _) => Op::LeaveKernel(Leave::Stay),
                (Then::Before | Then::UserOf(_), _) => Op::LeaveKernel(Leave::Call),
            });
        }
        result
    }

    fn inline(&mut self, body: &'a Body, args: Vec<Operand>, dst: Option<Reg>) -> Operand {
        let end = self.label();
        let mut bindings = vec![Operand::Const(0); body.locals.len()];
        for (n, arg) in args.into_iter().enumerate() {
            // A parameter that is assigned needs a copy; any other stands for its argument.
            bindings[n] = arg;
            // A thread may continue on another CPU.
            let moves = arg == Operand::ThisCpu && self.env.machine.threads > 0;
            if body.locals[n].mutated || moves {
                let copy = self.alloc();
                self.emit(Op::Move { dst: copy, a: arg });
                bindings[n] = Operand::Reg(copy);
            }
        }
        let (span, caller) = (self.span, self.frame.body);
        self.callers.push((caller.source, span, caller.name.clone()));
        let exit = Exit::Inlined { dst, end };
        let frame = Activation { body, bindings, exit, user: false, kept: Vec::new() };
        let frame = std::mem::replace(&mut self.frame, frame);
        let result = match (dst, only_value(&body.stmts)) {
            (Some(dst), Some((value, place))) => {
                self.span = place;
                self.expr(value, Some(dst))
            }
            _ => {
                self.stmts(&body.stmts);
                self.place_label(end);
                dst.map_or(Operand::Const(0), Operand::Reg)
            }
        };
        self.frame = frame;
        self.callers.pop();
        self.span = span;
        result
    }
}

/// The value of a function that, with the present options, only returns it.
fn only_value(stmts: &[Stmt]) -> Option<(&Node, Span)> {
    for stmt in stmts {
        match &stmt.kind {
            StmtKind::Return(Some(value)) => return Some((value, stmt.span)),
            StmtKind::Block(inner) => return only_value(inner),
            StmtKind::If(branches, otherwise) => {
                let mut chosen: &[Stmt] = otherwise;
                for (cond, body) in branches {
                    match cond.kind {
                        Kind::Const(0) => {}
                        Kind::Const(_) => {
                            chosen = body;
                            break;
                        }
                        _ => return None,
                    }
                }
                if !chosen.is_empty() {
                    return only_value(chosen);
                }
            }
            _ => return None,
        }
    }
    None
}

/// The comparison that holds when this one does not.
fn opposite(op: Bin) -> Option<Bin> {
    Some(match op {
        Bin::Eq => Bin::Ne,
        Bin::Ne => Bin::Eq,
        Bin::Lt => Bin::Ge,
        Bin::Le => Bin::Gt,
        Bin::Gt => Bin::Le,
        Bin::Ge => Bin::Lt,
        _ => return None,
    })
}
