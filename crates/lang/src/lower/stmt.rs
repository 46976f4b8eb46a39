//! Lowering statements.

use crate::check::hir::{Kind, LocalId, Node, Stmt, StmtKind};
use crate::lower::progress::{Bound, Loop};
use crate::lower::{Exit, Lowerer};
use crate::program::{Bin, Op, Operand, Pc};
use crate::source::Span;

impl<'a> Lowerer<'a> {
    /// Lowers one statement. A local it declares keeps its register; temporaries are given back.
    pub(crate) fn stmt(&mut self, stmt: &'a Stmt) {
        self.span = stmt.span;
        let mark = self.next;
        match &stmt.kind {
            StmtKind::Set { local, value, .. } if self.frame.kept.contains(local) => self.keep(*local, value),
            StmtKind::Set { local, value, fresh: true } => return self.declare(*local, value),
            StmtKind::Set { local, value, fresh: false } => {
                if let Operand::Reg(reg) = self.frame.bindings[*local] {
                    let value = self.expr(value, Some(reg));
                    self.move_to(reg, value);
                }
            }
            StmtKind::Store(place, value) => {
                let place = self.place(place);
                let value = self.operand(value);
                self.emit(Op::Store { place, value });
            }
            StmtKind::Value(node) => self.effect(node),
            StmtKind::Act(make, args) => {
                let args: Vec<Operand> = args.iter().map(|arg| self.operand(arg)).collect();
                if let Some(op) = make(&args) {
                    self.emit(op);
                }
            }
            StmtKind::Check(make, args, label) => {
                let args: Vec<Operand> = args.iter().map(|arg| self.operand(arg)).collect();
                let label = label.as_ref().map_or(0, |label| self.check_label(label));
                if let Some(op) = make(&args, label) {
                    self.emit(op);
                }
            }
            StmtKind::If(branches, otherwise) => self.if_stmt(branches, otherwise),
            StmtKind::While(cond, body) => self.while_stmt(cond, body),
            StmtKind::ForSet { local, set, body } => self.for_set(*local, set, body),
            StmtKind::ForRange { local, from, to, step, body } => {
                self.for_range(*local, from, to, *step, body)
            }
            StmtKind::Return(value) => self.return_stmt(value.as_ref()),
            StmtKind::Acquire(place) => {
                let place = self.place(place);
                self.emit(Op::Acquire { place });
            }
            StmtKind::Until { place, cmp, value, bit } => {
                let place = self.place(place);
                let value = self.bit_operand(value, *bit);
                self.emit(Op::Until { place, cmp: *cmp, value });
            }
            StmtKind::Ipi { handler, args, targets, queued, wait } => {
                let args = args.iter().map(|arg| self.operand(arg)).collect();
                let targets = self.operand(targets);
                let (handler, queued) = (self.handlers[*handler], *queued);
                self.emit(Op::SendIpi { handler, targets, args, queued });
                if *wait {
                    self.emit(Op::WaitIpis);
                }
            }
            StmtKind::WaitIpis => self.emit(Op::WaitIpis),
            StmtKind::Block(stmts) => self.stmts(stmts),
        }
        self.next = mark;
    }

    /// Sets a local that a final state observes in one operation, so that it never holds an intermediate value.
    fn keep(&mut self, local: LocalId, value: &'a Node) {
        if let Operand::Reg(reg) = self.frame.bindings[local] {
            let value = self.operand(value);
            self.move_to(reg, value);
        }
    }

    fn declare(&mut self, local: LocalId, value: &'a Node) {
        let mutated = self.frame.body.locals[local].mutated;
        let mark = self.next;
        let stands_for = match &value.kind {
            Kind::Local(other) => !self.frame.body.locals[*other].mutated,
            _ => false,
        };
        let slot = self.alloc();
        let operand = self.expr(value, Some(slot));
        // A thread may continue on another CPU, and the number that it has read stays the same.
        let fixed = operand == Operand::ThisCpu && self.env.machine.threads == 0;
        let constant = fixed || matches!(operand, Operand::Const(_));
        if !mutated && (constant || stands_for) {
            self.next = mark;
            self.frame.bindings[local] = operand;
            return;
        }
        self.move_to(slot, operand);
        self.frame.bindings[local] = Operand::Reg(slot);
        self.next = slot.saturating_add(1);
    }

    fn if_stmt(&mut self, branches: &'a [(Node, Vec<Stmt>)], otherwise: &'a [Stmt]) {
        let end = self.label();
        for (cond, body) in branches {
            if !self.reachable {
                break;
            }
            self.span = cond.span;
            let mark = self.next;
            let skip = self.label();
            self.branch(cond, skip, false);
            self.next = mark;
            self.stmts(body);
            self.span = cond.span;
            self.jump(end);
            self.place_label(skip);
        }
        self.stmts(otherwise);
        self.place_label(end);
    }

    fn while_stmt(&mut self, cond: &'a Node, body: &'a [Stmt]) {
        let (head, end) = (self.label(), self.label());
        let start = self.pc();
        self.place_label(head);
        let mark = self.next;
        self.branch(cond, end, false);
        self.next = mark;
        self.stmts(body);
        self.span = cond.span;
        self.jump(head);
        self.remember(start, cond.span, Bound::None);
        self.place_label(end);
    }

    /// The set shrinks by shifting. When no bit is left, no CPU is left.
    fn for_set(&mut self, local: LocalId, set: &'a Node, body: &'a [Stmt]) {
        let span = self.span;
        let set = self.once(set);
        let counter = self.alloc();
        self.emit(Op::Move { dst: counter, a: Operand::Const(0) });
        self.frame.bindings[local] = Operand::Reg(counter);
        let (head, next, end) = (self.label(), self.label(), self.label());
        let start = self.pc();
        self.place_label(head);
        let rest = self.alloc();
        self.emit(Op::Bin { dst: rest, op: Bin::Shr, a: set, b: Operand::Reg(counter) });
        self.jump_if_zero(Operand::Reg(rest), end);
        self.emit(Op::Bin { dst: rest, op: Bin::And, a: Operand::Reg(rest), b: Operand::Const(1) });
        self.jump_if_zero(Operand::Reg(rest), next);
        self.next = rest;
        self.stmts(body);
        self.span = span;
        self.place_label(next);
        self.emit(Op::Bin { dst: counter, op: Bin::Add, a: Operand::Reg(counter), b: Operand::Const(1) });
        self.jump(head);
        self.remember(start, span, Bound::Rounds(self.env.machine.cpus.into()));
        self.place_label(end);
    }

    /// The remaining distance is compared with the step, so that counting never passes the end and wraps.
    fn for_range(&mut self, local: LocalId, from: &'a Node, to: &'a Node, step: u64, body: &'a [Stmt]) {
        let span = self.span;
        let counter = self.alloc();
        let from = self.expr(from, Some(counter));
        self.move_to(counter, from);
        let to = self.once(to);
        let bound = match (from, to) {
            (Operand::Const(from), Operand::Const(to)) => {
                Bound::Rounds(to.saturating_sub(from).div_ceil(step.max(1)))
            }
            _ => Bound::Unknown,
        };
        self.frame.bindings[local] = Operand::Reg(counter);
        let v = Operand::Reg(counter);
        let (head, end) = (self.label(), self.label());
        let test = self.alloc();
        self.emit(Op::Bin { dst: test, op: Bin::Lt, a: v, b: to });
        self.jump_if_zero(Operand::Reg(test), end);
        let start = self.pc();
        self.place_label(head);
        self.next = test;
        self.stmts(body);
        self.span = span;
        let test = self.alloc();
        self.emit(Op::Bin { dst: test, op: Bin::Sub, a: to, b: v });
        self.emit(Op::Bin { dst: test, op: Bin::Gt, a: Operand::Reg(test), b: Operand::Const(step) });
        self.jump_if_zero(Operand::Reg(test), end);
        self.emit(Op::Bin { dst: counter, op: Bin::Add, a: v, b: Operand::Const(step) });
        self.jump(head);
        self.remember(start, span, bound);
        self.place_label(end);
    }

    /// A value that the body of a loop cannot change.
    fn once(&mut self, node: &'a Node) -> Operand {
        let operand = self.operand(node);
        match &node.kind {
            Kind::Local(local) if self.frame.body.locals[*local].mutated => {
                let copy = self.alloc();
                self.emit(Op::Move { dst: copy, a: operand });
                Operand::Reg(copy)
            }
            _ => operand,
        }
    }

    fn remember(&mut self, start: Pc, span: Span, bound: Bound) {
        let source = self.frame.body.source;
        self.loops.push(Loop { start, end: self.pc(), bound, source, span });
    }

    fn return_stmt(&mut self, value: Option<&'a Node>) {
        match self.frame.exit {
            Exit::Halt => self.emit(Op::Halt),
            Exit::Return => self.emit(Op::Return),
            Exit::Inlined { dst, end } => {
                match (value, dst) {
                    (Some(value), Some(dst)) => {
                        let value = self.expr(value, Some(dst));
                        self.move_to(dst, value);
                    }
                    (Some(value), None) => self.effect(value),
                    (None, _) => {}
                }
                self.jump(end);
            }
        }
    }
}
